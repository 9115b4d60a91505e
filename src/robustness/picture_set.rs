//! Pictures that are averaged within a session.

use crate::dataset::{Dataset, Picture};
use crate::error::{Error, Result};

/// One or more pictures under one name. Scores of a set are means over its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSet {
    name: String,
    pictures: Vec<Picture>,
}

impl PictureSet {
    /// A set from its parts.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for no picture at all, or two of one name.
    pub fn new(name: impl Into<String>, pictures: Vec<Picture>) -> Result<Self> {
        if pictures.is_empty() {
            return Err(Error::option("pictures", 0, "a set holds at least one"));
        }
        for (index, picture) in pictures.iter().enumerate() {
            if pictures[..index].iter().any(|other| other.name() == picture.name()) {
                let requirement = "the pictures of a set need names of their own";
                return Err(Error::option("picture", picture.name(), requirement));
            }
        }
        Ok(Self { name: name.into(), pictures })
    }

    /// A set of one picture, under the picture's name.
    pub fn from_picture(picture: Picture) -> Self {
        Self { name: picture.name().into(), pictures: vec![picture] }
    }

    /// `count` pictures of a data set's test split, evenly spaced over it, from its first: "photographs", each
    /// called "test-index".
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for 0 or more than there are.
    pub fn photographs(dataset: &Dataset, count: usize) -> Result<Self> {
        let test = dataset.test();
        if count == 0 || count > test.len() {
            let requirement = format!("the test split holds {} pictures", test.len());
            return Err(Error::option("number of pictures", count, requirement));
        }
        let pictures = (0..count).map(|place| test.picture("test", place * test.len() / count));
        Self::new("photographs", pictures.collect::<Result<_>>()?)
    }

    /// Static of the seeds 1..=`count`: "static fields", each called "static-seed".
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for 0.
    pub fn static_fields(count: u64) -> Result<Self> {
        let field = |seed: u64| Picture::static_noise(seed).named(format!("static-{seed}"));
        Self::new("static fields", (1..=count).map(field).collect())
    }

    /// Its name, as it appears in tables.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its pictures.
    pub fn pictures(&self) -> &[Picture] {
        &self.pictures
    }
}
