//! One named picture to show to the filters.

use ndarray::Array3;

/// A colour picture with a name. The name becomes the `image` column of the score table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    name: String,
    pixels: Array3<u8>, // (3, h, w)
}

impl Picture {
    /// A picture from red, green and blue bytes of shape (3, h, w).
    ///
    /// # Panics
    /// Where the first axis is not 3 long.
    pub fn new(name: impl Into<String>, pixels: Array3<u8>) -> Self {
        assert_eq!(pixels.dim().0, 3, "a picture has three channels");
        Self { name: name.into(), pixels }
    }

    /// The picture's name, as it appears in tables and captions.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Red, green and blue bytes, (3, h, w).
    pub fn pixels(&self) -> &Array3<u8> {
        &self.pixels
    }

    /// The same picture under another name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}
