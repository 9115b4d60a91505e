//! Two pictures that should be the same: how much of them differs, and where.

use std::path::Path;

use image::{Rgb, RgbImage};

/// The largest difference of a channel, of 255, that is not counted. Another processor or compiler may round the last bit of a curve's
/// coordinates, which moves the shade of the pixels at its edge by a few steps; an edge that is moved by a tenth of a pixel changes by 25.
pub const SHADE: u8 = 16;
/// The largest share of pixels that may differ by more: two in ten thousand, about eighty pixels of a picture of 640 × 640, which is
/// less than one letter. A tick, a ring or a colour that changes is more.
pub const AREA: f64 = 2e-4;

/// What differs between a picture and its reference.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// They have other sizes: then, now.
    Size((u32, u32), (u32, u32)),
    /// Some pixels differ: their share, the largest difference, and the box that holds them: left, top, right, bottom (inclusive).
    Pixels { share: f64, largest: u8, place: [u32; 4] },
}

impl Difference {
    /// In a sentence.
    pub fn in_words(&self) -> String {
        match self {
            Self::Size(then, now) => {
                format!("was {} × {} pixels and is {} × {}", then.0, then.1, now.0, now.1)
            }
            Self::Pixels { share, largest, place: [left, top, right, bottom] } => format!(
                "{:.2} % of the pixels changed, by up to {largest} of 255, between {left} and {right} from the left and {top} and {bottom} \
                 from the top",
                100.0 * share
            ),
        }
    }
}

/// Whether two pixels differ by more than [`SHADE`].
fn differ(then: Rgb<u8>, now: Rgb<u8>) -> Option<u8> {
    let most = then.0.iter().zip(now.0).map(|(then, now)| then.abs_diff(now)).max().unwrap_or(0);
    (most > SHADE).then_some(most)
}

/// What differs, if it is more than the tolerances allow.
pub fn difference(then: &RgbImage, now: &RgbImage) -> Option<Difference> {
    if then.dimensions() != now.dimensions() {
        return Some(Difference::Size(then.dimensions(), now.dimensions()));
    }
    let (mut count, mut largest, mut place) = (0_u32, 0, [u32::MAX, u32::MAX, 0, 0]);
    for ((x, y, before), after) in then.enumerate_pixels().zip(now.pixels()) {
        if let Some(most) = differ(*before, *after) {
            count += 1;
            largest = largest.max(most);
            place = [place[0].min(x), place[1].min(y), place[2].max(x), place[3].max(y)];
        }
    }
    let share = f64::from(count) / f64::from((then.width() * then.height()).max(1));
    (share > AREA).then_some(Difference::Pixels { share, largest, place })
}

/// Writes the new picture as `NAME-new.png`, and as `NAME-difference.png` the reference in pale grey with what changed in red.
pub fn write_difference(folder: &Path, name: &str, then: &RgbImage, now: &RgbImage) {
    std::fs::create_dir_all(folder).unwrap();
    now.save(folder.join(format!("{name}-new.png"))).unwrap();
    if then.dimensions() == now.dimensions() {
        let shown = RgbImage::from_fn(then.width(), then.height(), |x, y| {
            let (before, after) = (*then.get_pixel(x, y), *now.get_pixel(x, y));
            let mean = before.0.iter().map(|&channel| u16::from(channel)).sum::<u16>() / 3;
            let pale = (170 + mean / 3).min(255) as u8;
            if differ(before, after).is_some() { Rgb([214, 39, 40]) } else { Rgb([pale; 3]) }
        });
        shown.save(folder.join(format!("{name}-difference.png"))).unwrap();
    }
}
