//! A data set: two splits, the names of the classes, and where they come from.

use sha2::{Digest, Sha256};

use super::{Picture, Source, Split};
use crate::error::{Error, Result};
use crate::files::checksums::hexadecimal;

/// A training split, a test split and the names of the classes.
#[derive(Clone)]
pub struct Dataset {
    train: Split,
    test: Split,
    class_names: Vec<String>,
    pub(super) description: String,
    fingerprint: String,
    source: Source,
    /// A remark for [`summary`](Self::summary): where it was found, or why it is used.
    place: Option<String>,
    notes: Vec<String>,
    bird: Picture,
}

impl Dataset {
    /// A data set from its parts. `description` says in a few words what it is ("CIFAR-10, original pixels"); `bird` is the
    /// picture that the study applies filters to.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a label has no class name or a split is empty.
    pub fn new(
        train: Split,
        test: Split,
        class_names: Vec<String>,
        description: impl Into<String>,
        bird: Picture,
    ) -> Result<Self> {
        for (name, split) in [("training split", &train), ("test split", &test)] {
            Error::require(!split.is_empty(), name, "empty", "it must have at least one image")?;
            if let Some(label) = split.labels().iter().find(|&&label| usize::from(label) >= class_names.len())
            {
                let requirement = format!("the data set has {} classes", class_names.len());
                return Err(Error::option("label", label, requirement));
            }
        }
        let mut hash = Sha256::new();
        for split in [&train, &test] {
            hash.update((split.len() as u64).to_le_bytes());
            hash.update(split.labels());
            hash.update(split.bytes());
        }
        Ok(Self {
            train,
            test,
            class_names,
            description: description.into(),
            fingerprint: hexadecimal(&hash.finalize()),
            source: Source::Memory,
            place: None,
            notes: Vec::new(),
            bird,
        })
    }

    /// The same data set from another source.
    pub(super) fn from(self, source: Source, place: Option<String>) -> Self {
        Self { source, place, ..self }
    }

    /// The same data set with these sentences in [`notes`](Self::notes).
    pub(super) fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// The same data set, found where another was found, which it is a part of.
    pub(super) fn placed_like(self, other: &Self, source: Source) -> Self {
        Self { source, place: other.place.clone(), notes: other.notes.clone(), ..self }
    }

    /// The images to train on. A copy of a split costs almost nothing.
    pub fn train(&self) -> Split {
        self.train.clone()
    }

    /// The images on which accuracy is measured.
    pub fn test(&self) -> Split {
        self.test.clone()
    }

    getters! {
        /// The name of each class, by label.
        pub fn class_names(&self) -> &[String];

        /// A short description of the data set.
        pub fn description(&self) -> &str;

        /// What a user of the data set should know, in sentences: for example, which files of an image folder were left out.
        /// Usually empty.
        pub fn notes(&self) -> &[String];

        /// SHA-256 of all labels and pixels of both splits, in hexadecimal. Data sets with equal fingerprints are
        /// equal.
        pub fn fingerprint(&self) -> &str;

        #[doc(hidden)]
        pub fn source(&self) -> Source;
    }

    /// Whether this is CIFAR-10, with original pixels or compressed.
    pub fn is_cifar10(&self) -> bool {
        self.source.is_cifar10()
    }

    /// One line: the description, where the data set was found, its size, and the first twelve digits of its fingerprint.
    pub fn summary(&self) -> String {
        let place = self.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        format!(
            "{}{place}: {} training and {} test images of {} classes, fingerprint {}",
            self.description,
            self.train.len(),
            self.test.len(),
            self.class_names.len(),
            &self.fingerprint[..12]
        )
    }

    /// The picture of a bird that the study applies filters to.
    pub fn bird(&self) -> Picture {
        self.bird.clone()
    }
}
