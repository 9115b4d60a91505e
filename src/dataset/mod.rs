//! Labelled 32 x 32 colour pictures to train on, and the sample images that filters are shown.

pub(crate) mod cifar;
pub mod fetch;
mod folder;
mod picture;
mod sample;
mod source;
mod split;
mod synthetic;

pub use cifar::places::VARIABLE as CIFAR10_VARIABLE;
pub(crate) use cifar::places::user_folder;
pub use folder::{FolderOptions, ResizeFilter};
pub use picture::{PICTURE_SIDE_LIMIT, Picture, read_luma};
pub use source::Source;
pub use split::Split;
pub use synthetic::{SYNTHETIC_TEST, SYNTHETIC_TRAIN};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Height and width of every picture of a data set, in pixels.
pub const SIDE: usize = 32;

/// A training split, a test split and the names of the classes.
#[derive(Debug, Clone)]
pub struct Dataset {
    train: Split,
    test: Split,
    class_names: Vec<String>,
    description: String,
    fingerprint: String,
    source: Source,
    place: Option<String>,
    bird: Picture,
}

impl Dataset {
    /// A data set from its parts. `description` says in a few words what it is ("CIFAR-10, original
    /// pixels"); `bird` is the picture that the study's filters are applied to.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where a label has no class name, or a split is empty.
    pub fn new(
        train: Split,
        test: Split,
        class_names: Vec<String>,
        description: impl Into<String>,
        bird: Picture,
    ) -> Result<Self> {
        for (name, split) in [("training split", &train), ("test split", &test)] {
            if split.is_empty() {
                return Err(Error::option(name, "empty", "it must hold at least one image"));
            }
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
            bird,
        })
    }

    /// The same data set, known to come from `source`.
    pub(crate) fn with_source(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// The same data set under another description.
    pub(crate) fn described(mut self, description: String) -> Self {
        self.description = description;
        self
    }

    /// The same data set with a remark for [`summary`](Self::summary): where it was found, or why
    /// it was taken.
    pub(crate) fn with_place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The images to train on.
    pub fn train(&self) -> &Split {
        &self.train
    }

    /// The images to measure accuracy on.
    pub fn test(&self) -> &Split {
        &self.test
    }

    /// The name of each class, by label.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// What the data set is, in a few words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// SHA-256 of all labels and pixels of both splits, in hexadecimal: two data sets are the same
    /// if and only if their fingerprints are.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Where the pixels come from.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Whether this is CIFAR-10, its pixels original or not ([`Source::is_cifar10`]).
    pub fn is_cifar10(&self) -> bool {
        self.source.is_cifar10()
    }

    /// One line for a person: what the data set is, where it was found, how large it is, and the
    /// first twelve digits of its fingerprint.
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

    /// The bird that the study applies its filters to.
    pub fn bird(&self) -> Picture {
        self.bird.clone()
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
