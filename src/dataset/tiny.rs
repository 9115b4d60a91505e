//! A data set for examples and tests.

use ndarray::{Array3, Array4};

use super::{Dataset, Picture, SIDE, Split};

impl Dataset {
    /// Forty training and twenty test pictures of ten classes, for examples in documentation and for tests: on a gradient, a
    /// square whose place and colour depend on the class. It takes no time to generate and too small to learn much from.
    pub fn tiny() -> Self {
        let split = |count: usize, shift: usize| {
            let pixel = |(image, channel, row, column): (usize, usize, usize, usize)| {
                let class = image % 10;
                let inside = row / 8 == class % 4 && column / 8 == class / 4;
                let ground = (row * 3 + column * (channel + 1) + (image + shift) * 7) % 128;
                (if inside { 255 - 20 * channel - class } else { ground }) as u8
            };
            let images = Array4::from_shape_fn((count, 3, SIDE, SIDE), pixel);
            Split::new(images, (0..count).map(|image| (image % 10) as u8).collect())
                .expect("one label per image")
        };
        let bird = Array3::from_shape_fn((3, SIDE, SIDE), |(channel, row, column)| {
            let (dy, dx) = (row as i32 - 16, column as i32 - 14);
            (if dy * dy * 2 + dx * dx < 90 { 60 + 40 * channel } else { 200 - row }) as u8
        });
        let names = (0..10).map(|class| format!("class {class}")).collect();
        Dataset::new(split(40, 0), split(20, 40), names, "a tiny example", Picture::rgb("bird", bird))
            .expect("every label has a name and no split is empty")
    }
}
