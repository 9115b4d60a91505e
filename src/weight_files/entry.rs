//! What a file says of one of its arrays.

/// One array of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub name: String,
    pub shape: Vec<usize>,
    /// The type of its values, if it is none that is read.
    pub unread: Option<String>,
}

impl Entry {
    /// Whether its values are Python objects, a pickle.
    pub fn is_of_objects(&self) -> bool {
        self.unread.as_deref() == Some("|O")
    }
}
