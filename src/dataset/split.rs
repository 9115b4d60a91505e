//! One part of a data set: images and their labels.

use std::sync::Arc;

use ndarray::{Array4, ArrayView3, Axis};

use super::{Picture, SIDE};
use crate::error::{Error, Result};

/// Images (n, 3, 32, 32) of red, green and blue bytes, in standard layout, and one label per image. Clones share both.
#[derive(Clone)]
pub struct Split {
    images: Arc<Array4<u8>>, // (n, 3, 32, 32)
    labels: Arc<Vec<u8>>,
}

impl Split {
    /// A split from images and their labels.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the images are not (number of labels,
    /// 3, 32, 32).
    pub fn new(images: Array4<u8>, labels: Vec<u8>) -> Result<Self> {
        let requirement = format!("{} labels need ({}, 3, {SIDE}, {SIDE})", labels.len(), labels.len());
        let fits = images.dim() == (labels.len(), 3, SIDE, SIDE);
        Error::require(fits, "shape of the images", format!("{:?}", images.dim()), requirement)?;
        let images =
            if images.is_standard_layout() { images } else { images.as_standard_layout().to_owned() };
        Ok(Self { images: Arc::new(images), labels: Arc::new(labels) })
    }

    /// A split of pixel bytes (n, 3, 32, 32), with 3,072 for each label.
    pub(super) fn from_bytes(bytes: Vec<u8>, labels: Vec<u8>) -> Self {
        let images = Array4::from_shape_vec((labels.len(), 3, SIDE, SIDE), bytes);
        Self {
            images: Arc::new(images.expect("every picture has 3 x 32 x 32 bytes")),
            labels: Arc::new(labels),
        }
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    getters! {
        /// All images, (n, 3, 32, 32).
        pub fn images(&self) -> &Array4<u8>;

        /// All labels, one per image.
        pub fn labels(&self) -> &[u8];
    }

    /// Image `index`, (3, 32, 32).
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len); [`picture`](Self::picture) gives an error instead.
    #[track_caller]
    pub fn image(&self, index: usize) -> ArrayView3<'_, u8> {
        assert!(
            index < self.len(),
            "there are {} images, counted from 0, so there is no image {index}",
            self.len()
        );
        self.images.index_axis(Axis(0), index)
    }

    /// Image `index`, counted from 0, as a picture with the name "name-index".
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `index` is not below [`len`](Self::len).
    pub fn picture(&self, name: &str, index: usize) -> Result<Picture> {
        let requirement = format!("there are {} images, counted from 0", self.len());
        Error::require(index < self.len(), "image", index, requirement)?;
        Ok(Picture::rgb(format!("{name}-{index}"), self.image(index).to_owned()))
    }

    /// The pixels of all images, one after the other, in (n, 3, 32, 32) order.
    pub fn bytes(&self) -> &[u8] {
        self.images.as_slice().expect("images are in standard layout")
    }
}
