//! Sets of pictures, over which scores are averaged within a session.

use crate::dataset::{Dataset, Picture};
use crate::error::{Error, Result};

/// One or more pictures under one name. The score of a set is the mean over its pictures.
#[derive(Clone, PartialEq, Eq)]
pub struct PictureSet {
    name: String,
    pictures: Vec<Picture>,
}

impl PictureSet {
    /// A set of this name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no picture, or if two have the same name.
    pub fn new(name: impl Into<String>, pictures: Vec<Picture>) -> Result<Self> {
        Error::require(!pictures.is_empty(), "pictures", 0, "a set has at least one")?;
        for (index, picture) in pictures.iter().enumerate() {
            let fits = pictures[..index].iter().all(|other| other.name() != picture.name());
            let requirement = "each picture of a set needs a name of its own";
            Error::require(fits, "picture", picture.name(), requirement)?;
        }
        Ok(Self { name: name.into(), pictures })
    }

    /// A set of one picture, under the picture's name.
    pub fn from_picture(picture: Picture) -> Self {
        Self { name: picture.name().into(), pictures: vec![picture] }
    }

    /// The set "photographs": `count` pictures of a data set's test split at equal distances, from the first one on. Each is
    /// called "test-" and its index.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `count` is 0 or larger than the test split.
    pub fn photographs(dataset: &Dataset, count: usize) -> Result<Self> {
        let test = dataset.test();
        let requirement = format!("the test split has {} pictures", test.len());
        Error::require((1..=test.len()).contains(&count), "number of pictures", count, requirement)?;
        let pictures = (0..count).map(|place| test.picture("test", place * test.len() / count));
        Self::new("photographs", pictures.collect::<Result<_>>()?)
    }

    /// The set "static fields": static of the seeds 1 to `count`. Each is called "static-" and its seed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `count` is 0.
    pub fn static_fields(count: u64) -> Result<Self> {
        let field = |seed: u64| Picture::static_noise(seed).named(format!("static-{seed}"));
        Self::new("static fields", (1..=count).map(field).collect())
    }

    getters! {
        /// The name of the set in tables.
        pub fn name(&self) -> &str;

        /// The pictures.
        pub fn pictures(&self) -> &[Picture];
    }
}
