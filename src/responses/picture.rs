//! A picture as the input of a layer.

use ndarray::{Array3, Axis};

use crate::dataset::Picture;

/// Weights of red, green and blue in luma (ITU-R BT.601).
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// Red, green and blue times `scale`, (3, h, w).
pub(super) fn colour(picture: &Picture, scale: f64) -> Array3<f64> {
    picture.pixels().mapv(|byte| f64::from(byte) * scale)
}

/// Luma times `scale`, (1, h, w).
pub(super) fn grey(picture: &Picture, scale: f64) -> Array3<f64> {
    let pixels = picture.pixels();
    let mut grey = Array3::zeros((1, pixels.dim().1, pixels.dim().2));
    for (weight, channel) in LUMA.into_iter().zip(pixels.axis_iter(Axis(0))) {
        grey.index_axis_mut(Axis(0), 0).zip_mut_with(&channel, |sum, &byte| *sum += weight * f64::from(byte));
    }
    grey *= scale;
    grey
}
