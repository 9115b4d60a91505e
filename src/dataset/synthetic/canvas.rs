//! A 32 x 32 colour picture that is being painted.

use super::spectrum::Texture;
use crate::dataset::SIDE;
use crate::dataset::random::Random;

/// Red, green and blue, 0 (black) to 1 (full).
pub(crate) type Colour = [f64; 3];

/// Red, green and blue of every pixel, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Canvas(Vec<Colour>);

/// Position, rotation and size of a shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pose {
    /// Row and column of the centre, in pixels.
    pub(crate) middle: (f64, f64),
    /// Radius along the shape's own x and y axis, in pixels.
    pub(crate) radius: (f64, f64),
    /// Cosine and sine of the rotation angle.
    pub(crate) turn: (f64, f64),
}

impl Pose {
    /// The point of a pixel in the shape's own coordinates.
    fn inward(&self, row: f64, column: f64) -> (f64, f64) {
        let (down, right) = (row - self.middle.0, column - self.middle.1);
        let (cos, sin) = self.turn;
        ((right * cos + down * sin) / self.radius.0, (down * cos - right * sin) / self.radius.1)
    }
}

impl Canvas {
    /// One colour everywhere.
    pub(crate) fn filled(colour: Colour) -> Self {
        Self(vec![colour; SIDE * SIDE])
    }

    /// Adds `texture` times `weights`, from a corner of the plane on.
    pub(crate) fn add_texture(&mut self, texture: &Texture, corner: (usize, usize), weights: Colour) {
        for (position, pixel) in self.0.iter_mut().enumerate() {
            let value = texture.at(corner.0 + position / SIDE, corner.1 + position % SIDE);
            for (channel, weight) in pixel.iter_mut().zip(weights) {
                *channel += weight * value;
            }
        }
    }

    /// Paints a shape. `colour` gives the colour of a point in the shape's own coordinates; `opacity` 1
    /// hides what is below. Edges are smoothed over one pixel.
    pub(crate) fn paint(
        &mut self,
        pose: Pose,
        opacity: f64,
        distance: impl Fn(f64, f64) -> f64,
        colour: impl Fn(f64, f64) -> Colour,
    ) {
        let pixels_per_unit = pose.radius.0.min(pose.radius.1);
        // No shape extends further than 1.3 from its centre.
        let reach = 1.3 * pose.radius.0.max(pose.radius.1) + 1.0;
        let range = |middle: f64| {
            let clamp = |value: f64| value.max(0.0).min(SIDE as f64) as usize;
            clamp((middle - reach).floor())..clamp((middle + reach).ceil() + 1.0)
        };
        for row in range(pose.middle.0) {
            for column in range(pose.middle.1) {
                let (x, y) = pose.inward(row as f64, column as f64);
                let cover = (0.5 - distance(x, y) * pixels_per_unit).clamp(0.0, 1.0) * opacity;
                if cover > 0.0 {
                    let paint = colour(x, y);
                    for (channel, paint) in self.0[row * SIDE + column].iter_mut().zip(paint) {
                        *channel += cover * (paint - *channel);
                    }
                }
            }
        }
    }

    /// Light from one side: multiplies by 1 + `slope` * (position along `direction`, -1 to 1 over
    /// the picture), and by `gain` for each channel.
    pub(crate) fn light(&mut self, direction: (f64, f64), slope: f64, gain: Colour) {
        let half = (SIDE - 1) as f64 / 2.0;
        for (position, pixel) in self.0.iter_mut().enumerate() {
            let down = ((position / SIDE) as f64 - half) / half;
            let right = ((position % SIDE) as f64 - half) / half;
            let light = 1.0 + slope * (right * direction.0 + down * direction.1);
            for (channel, gain) in pixel.iter_mut().zip(gain) {
                *channel *= light * gain;
            }
        }
    }

    /// Adds triangular noise of at most `size` to every channel of every pixel.
    pub(crate) fn grain(&mut self, random: &mut Random, size: f64) {
        for channel in self.0.as_flattened_mut() {
            // Two 32-bit halves of one draw.
            let bits = random.bits();
            let (high, low) = ((bits >> 32) as f64, (bits & 0xffff_ffff) as f64);
            *channel += size * (high - low) * (1.0 / (1u64 << 32) as f64);
        }
    }

    /// Writes the bytes, (3, 32, 32): a value of 0 becomes 0, 1 becomes 255, nearest in between.
    pub(crate) fn write(&self, bytes: &mut [u8]) {
        for (channel, plane) in bytes.chunks_exact_mut(SIDE * SIDE).enumerate() {
            for (byte, pixel) in plane.iter_mut().zip(&self.0) {
                *byte = (pixel[channel].clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            }
        }
    }
}

/// The colour of a hue (0 to below 1, red at 0), saturation and value (both 0 to 1).
pub(crate) fn from_hue(hue: f64, saturation: f64, value: f64) -> Colour {
    let turn = hue - hue.floor();
    // Each channel is full over a third of the circle and falls off over a sixth on either side.
    let channel = |at: f64| {
        let apart = (turn - at).abs();
        let apart = apart.min(1.0 - apart) * 6.0;
        value * (1.0 - saturation * (1.0 - (2.0 - apart).clamp(0.0, 1.0)))
    };
    [channel(0.0), channel(1.0 / 3.0), channel(2.0 / 3.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::synthetic::shapes;

    #[test]
    fn hues_are_where_the_colour_circle_has_them() {
        let close = |a: Colour, b: Colour| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(from_hue(0.0, 1.0, 1.0), [1.0, 0.0, 0.0]), "red");
        assert!(close(from_hue(1.0 / 6.0, 1.0, 1.0), [1.0, 1.0, 0.0]), "yellow");
        assert!(close(from_hue(1.0 / 3.0, 1.0, 0.5), [0.0, 0.5, 0.0]), "green, half as bright");
        assert!(close(from_hue(0.5, 1.0, 1.0), [0.0, 1.0, 1.0]), "cyan");
        assert!(close(from_hue(-1.0 / 3.0, 0.0, 0.7), [0.7; 3]), "no saturation is grey");
    }

    #[test]
    fn a_painted_disc_covers_its_area() {
        let mut canvas = Canvas::filled([0.0; 3]);
        let pose = Pose { middle: (15.5, 15.5), radius: (8.0, 8.0), turn: (1.0, 0.0) };
        canvas.paint(pose, 1.0, shapes::disc, |_, _| [1.0; 3]);
        let mut bytes = vec![0; 3 * SIDE * SIDE];
        canvas.write(&mut bytes);
        let area: f64 = bytes[..SIDE * SIDE].iter().map(|&byte| f64::from(byte) / 255.0).sum();
        let expected = std::f64::consts::PI * 64.0;
        assert!((area - expected).abs() < 0.02 * expected, "{area} against {expected}");
    }

    #[test]
    fn shapes_far_outside_change_nothing() {
        let mut canvas = Canvas::filled([0.5; 3]);
        let pose = Pose { middle: (-90.0, 300.0), radius: (5.0, 9.0), turn: (0.6, 0.8) };
        canvas.paint(pose, 1.0, shapes::disc, |_, _| [1.0; 3]);
        assert!(canvas.0.iter().flatten().all(|&channel| channel == 0.5));
    }
}
