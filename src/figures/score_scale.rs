//! The colours of softness scores, in figures that show many.

use std::ops::Range;

use super::palette::{Rgb, between};

/// From the softest score to the least soft: the first four fifths of matplotlib's plasma, reversed. Lightness falls
/// all the way, so that the order can be seen without colours, and no colour is as light as the ground.
const STOPS: [u32; 5] = [0xfc_a6_36, 0xe1_64_62, 0xb1_2a_90, 0x6a_00_a8, 0x0d_08_87];

/// The colour of a score on a scale over `range`, soft orange, not soft dark blue. Scores outside have the colour of the nearer
/// end.
pub(super) fn score_colour(score: f64, range: &Range<f64>) -> Rgb {
    let share = ((score - range.start) / (range.end - range.start)).clamp(0.0, 1.0);
    between(&STOPS, share)
}
