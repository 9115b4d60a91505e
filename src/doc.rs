//! What the examples in this documentation, tests and fuzzing need.

use std::path::Path;

use ndarray::{Array3, Array4};

use crate::dataset::{Dataset, Picture, SIDE, Split};
use crate::error::Result;

/// Forty training and twenty test pictures of ten classes: a square whose place and colour tell the
/// class, on a gradient. Too small to learn much from, made in no time.
///
/// # Errors
/// None in practice; the type is that of every data set.
pub fn tiny_dataset() -> Result<Dataset> {
    let split = |count: usize, shift: usize| {
        let pixel = |(image, channel, row, column): (usize, usize, usize, usize)| {
            let class = image % 10;
            let inside = row / 8 == class % 4 && column / 8 == class / 4;
            let ground = (row * 3 + column * (channel + 1) + (image + shift) * 7) % 128;
            (if inside { 255 - 20 * channel - class } else { ground }) as u8
        };
        let images = Array4::from_shape_fn((count, 3, SIDE, SIDE), pixel);
        Split::new(images, (0..count).map(|image| (image % 10) as u8).collect())
    };
    let bird = Array3::from_shape_fn((3, SIDE, SIDE), |(channel, row, column)| {
        let (dy, dx) = (row as i32 - 16, column as i32 - 14);
        (if dy * dy * 2 + dx * dx < 90 { 60 + 40 * channel } else { 200 - row }) as u8
    });
    let names = (0..10).map(|class| format!("class {class}")).collect();
    Dataset::new(split(40, 0)?, split(20, 40)?, names, "a tiny example", Picture::new("bird", bird))
}

/// Reads the checkpoint of an unfinished session, which is otherwise a store's business.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming the file.
pub fn read_checkpoint(path: &Path) -> Result<()> {
    crate::store::read_checkpoint(path)
}
