//! Colours that colour-blind readers can tell apart.

use std::fmt;

use plotters::style::RGBColor;

/// A colour with 8 bits per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rgb(pub [u8; 3]);

impl Rgb {
    pub const WHITE: Self = Self([255, 255, 255]);

    /// The same colour for plotters.
    pub const fn ink(self) -> RGBColor {
        RGBColor(self.0[0], self.0[1], self.0[2])
    }

    /// The colour `share` (0..1) of the way to another.
    fn towards(self, other: Self, share: f64) -> Self {
        Self(std::array::from_fn(|channel| {
            let (from, to) = (f64::from(self.0[channel]), f64::from(other.0[channel]));
            (from + (to - from) * share).round() as u8
        }))
    }
}

impl fmt::Display for Rgb {
    /// "#rrggbb".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Text and axes.
pub(super) const INK: Rgb = Rgb([0x1a, 0x1a, 0x1a]);
/// Less important things: captions, zero lines, names of points.
pub(super) const GREY: Rgb = Rgb([0x59, 0x59, 0x59]);
/// Frames of cells.
pub(super) const PALE: Rgb = Rgb([0xb0, 0xb0, 0xb0]);
/// Emphasis: least-squares lines, soft maps.
pub(super) const RED: Rgb = Rgb([0xd6, 0x27, 0x28]);
/// The three forms of a model; blue, orange and green of Okabe and Ito (2008).
pub(super) const FORMS: [Rgb; crate::models::Form::ALL.len()] =
    [Rgb([0x00, 0x72, 0xb2]), Rgb([0xe6, 0x9f, 0x00]), Rgb([0x00, 0x9e, 0x73])];
/// Points.
pub(super) const POINTS: Rgb = FORMS[0];
/// Points if there are thousands.
pub(super) const MANY_POINTS: Rgb = Rgb([0x7f, 0xb8, 0xd8]);

/// The two halves of ColorBrewer's RdBu, with white in the middle, from 0 to the largest magnitude.
const REDS: [Rgb; 6] = [
    Rgb::WHITE,
    Rgb([0xfd, 0xdb, 0xc7]),
    Rgb([0xf4, 0xa5, 0x82]),
    Rgb([0xd6, 0x60, 0x4d]),
    Rgb([0xb2, 0x18, 0x2b]),
    Rgb([0x67, 0x00, 0x1f]),
];
const BLUES: [Rgb; 6] = [
    Rgb::WHITE,
    Rgb([0xd1, 0xe5, 0xf0]),
    Rgb([0x92, 0xc5, 0xde]),
    Rgb([0x43, 0x93, 0xc3]),
    Rgb([0x21, 0x66, 0xac]),
    Rgb([0x05, 0x30, 0x61]),
];

/// The colour of `value` on a scale from -`limit` (dark blue) over 0 (white) to `limit` (dark red).
/// Values outside have the colour of the nearer end. If `limit` is 0, every value is white.
pub(super) fn diverging(value: f64, limit: f64) -> Rgb {
    let stops = if value < 0.0 { BLUES } else { REDS };
    let last = stops.len() - 1;
    let place = if limit > 0.0 { (value.abs() / limit).min(1.0) * last as f64 } else { 0.0 };
    let below = (place.floor() as usize).min(last - 1);
    stops[below].towards(stops[below + 1], place - below as f64)
}

/// A grey: 0 is black, 1 is white.
pub(super) fn grey(share: f64) -> Rgb {
    Rgb([(share.clamp(0.0, 1.0) * 255.0).round() as u8; 3])
}
