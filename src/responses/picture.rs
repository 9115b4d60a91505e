//! A picture as the input of a layer.

use ndarray::{Array3, Axis};

use crate::dataset::Picture;

/// Red, green and blue times `scale`, (3, h, w).
pub(super) fn colour(picture: &Picture, scale: f64) -> Array3<f64> {
    picture.pixels().mapv(|byte| f64::from(byte) * scale)
}

/// Luma times `scale`, (1, h, w).
pub(super) fn grey(picture: &Picture, scale: f64) -> Array3<f64> {
    (picture.luma() * scale).insert_axis(Axis(0))
}
