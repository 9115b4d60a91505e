//! The drawn bird, for data sets that have none of their own.

use ndarray::Array3;

use super::canvas::{Canvas, Colour, Pose};
use super::shapes;
use super::spectrum::Texture;
use crate::dataset::random::Random;
use crate::dataset::{Picture, SIDE};

const GREEN: Colour = [0.33, 0.55, 0.36];
const BARK: Colour = [0.36, 0.29, 0.24];
const SLATE: Colour = [0.30, 0.34, 0.40];
const BLACK: Colour = [0.08, 0.08, 0.09];
const ORANGE: Colour = [0.82, 0.45, 0.16];
const CREAM: Colour = [0.90, 0.87, 0.78];

/// A bird on a twig before a green background with a 1/f spectrum: the same picture for every seed,
/// so that synthetic runs can be compared with one another.
pub(crate) fn drawn_bird() -> Picture {
    let mut random = Random::new(b"softness bird   ", 0, 0);
    let [brightness, colour] = Texture::pair(&mut random);
    let mut canvas = Canvas::filled(GREEN);
    canvas.add_texture(&brightness, (40, 90), [0.05; 3]);
    canvas.add_texture(&colour, (11, 7), [0.02, 0.01, -0.03]);
    // (row, column), (radius along, across), turn as a slope (down for one right).
    let mut part = |distance: shapes::Distance, middle, radius, slope: f64, colour: Colour| {
        let length = (1.0 + slope * slope).sqrt();
        let pose = Pose { middle, radius, turn: (1.0 / length, slope / length) };
        // The light comes from above.
        canvas.paint(pose, 1.0, distance, |x, y| {
            let down = (x * slope + y) / length;
            colour.map(|channel| channel * (1.0 - 0.15 * down))
        });
    };
    part(shapes::bar, (27.5, 15.5), (19.0, 4.0), -0.12, BARK);
    part(shapes::bar, (24.5, 25.0), (6.0, 5.0), 0.75, SLATE); // tail
    part(shapes::bar, (25.5, 14.5), (2.5, 1.8), 6.0, BARK); // legs
    part(shapes::bar, (25.5, 17.5), (2.5, 1.8), 6.0, BARK);
    part(shapes::disc, (17.5, 15.5), (8.0, 5.6), 0.75, ORANGE); // body
    part(shapes::disc, (22.0, 18.5), (3.6, 2.4), 0.6, CREAM); // belly
    part(shapes::disc, (16.5, 18.5), (7.0, 3.0), 0.8, SLATE); // wing
    part(shapes::bar, (18.0, 19.8), (5.0, 1.5), 0.8, CREAM); // wing bar
    part(shapes::triangle, (9.8, 5.0), (1.7, 3.0), 1.0e9, BLACK); // beak
    part(shapes::disc, (9.5, 10.0), (4.2, 4.0), 0.0, BLACK); // head
    part(shapes::disc, (6.9, 10.5), (3.0, 1.2), 0.1, SLATE); // crown
    part(shapes::disc, (9.0, 8.4), (0.9, 0.9), 0.0, CREAM); // eye
    canvas.grain(&mut random, 0.02);
    let mut bytes = vec![0; 3 * SIDE * SIDE];
    canvas.write(&mut bytes);
    let pixels = Array3::from_shape_vec((3, SIDE, SIDE), bytes).expect("one byte per channel and pixel");
    Picture::rgb("bird", pixels)
}
