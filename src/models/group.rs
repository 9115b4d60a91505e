//! The group of rows of one fit.

use std::fmt;

use serde::ser::{Serialize, Serializer};

use crate::text::named;

/// The (column, value) pairs that distinguish a group of rows, in order. The group of all rows has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Group(pub Vec<(String, String)>);

impl Group {
    /// The group of the study's fits: one layer (from 1) and image.
    pub fn of_layer(layer: usize, image: &str) -> Self {
        Self(vec![("layer".into(), layer.to_string()), ("image".into(), image.to_string())])
    }

    /// The group's value in a column; `None` if the column is not among those of the group.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Group {
    /// "layer 2, image bird"; "all rows" if there are no columns. Names and values that are not words are in quotes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("all rows");
        }
        let pairs: Vec<String> =
            self.0.iter().map(|(column, value)| format!("{} {}", named(column), named(value))).collect();
        formatter.write_str(&pairs.join(", "))
    }
}

impl Serialize for Group {
    /// An object with one text per column, in order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(column, value)| (column, value)))
    }
}
