//! Colours that colour-blind readers can tell apart.

use std::fmt;

use plotters::style::RGBColor;

/// A colour with 8 bits per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rgb(pub [u8; 3]);

impl Rgb {
    /// A colour from 0xrrggbb.
    const fn new(code: u32) -> Self {
        let [_, red, green, blue] = code.to_be_bytes();
        Self([red, green, blue])
    }

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
pub(super) const INK: Rgb = Rgb::new(0x1a_1a_1a);
/// Less important things: captions, zero lines, names of points.
pub(super) const GREY: Rgb = Rgb::new(0x59_59_59);
/// Frames of cells.
pub(super) const PALE: Rgb = Rgb::new(0xb0_b0_b0);
/// Emphasis: least-squares lines, soft maps.
pub(super) const RED: Rgb = Rgb::new(0xd6_27_28);
/// The three forms of a model; blue, orange and green of Okabe and Ito (2008).
pub(super) const FORMS: [Rgb; crate::models::Form::ALL.len()] =
    [Rgb::new(0x00_72_b2), Rgb::new(0xe6_9f_00), Rgb::new(0x00_9e_73)];
/// Initial standard deviations, from small to large; blues of ColorBrewer.
pub(super) const SETTINGS: [Rgb; 3] = [Rgb::new(0x92_c5_de), Rgb::new(0x43_93_c3), Rgb::new(0x05_30_61)];
/// Points.
pub(super) const POINTS: Rgb = FORMS[0];
/// Points if there are thousands.
pub(super) const MANY_POINTS: Rgb = Rgb::new(0x7f_b8_d8);

/// The two halves of ColorBrewer's RdBu, with white in the middle, from 0 to the largest magnitude.
const REDS: [u32; 6] = [0xff_ff_ff, 0xfd_db_c7, 0xf4_a5_82, 0xd6_60_4d, 0xb2_18_2b, 0x67_00_1f];
const BLUES: [u32; 6] = [0xff_ff_ff, 0xd1_e5_f0, 0x92_c5_de, 0x43_93_c3, 0x21_66_ac, 0x05_30_61];

/// The colour of `value` on a scale from -`limit` (dark blue) over 0 (white) to `limit` (dark red).
/// Values outside have the colour of the nearer end. If `limit` is 0, every value is white.
pub(super) fn diverging(value: f64, limit: f64) -> Rgb {
    let stops = if value < 0.0 { BLUES } else { REDS };
    let last = stops.len() - 1;
    let place = if limit > 0.0 { (value.abs() / limit).min(1.0) * last as f64 } else { 0.0 };
    let below = (place.floor() as usize).min(last - 1);
    Rgb::new(stops[below]).towards(Rgb::new(stops[below + 1]), place - below as f64)
}

/// A grey: 0 is black, 1 is white.
pub(super) fn grey(share: f64) -> Rgb {
    Rgb([(share.clamp(0.0, 1.0) * 255.0).round() as u8; 3])
}
