//! Cross-correlation in f64 with the same bits on every path, for the responses.

use std::hint::black_box;

use super::dispatch::dispatch;
use super::rows::{one, row, row_mut};

/// Filters that share every value that is read.
pub(crate) const FILTERS: usize = 4;

/// Positions of a row whose sums are in registers together, and what a row of maps is rounded up to.
pub(crate) const POSITIONS: usize = 16;

/// Where the values of a cross-correlation lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExactShape {
    /// Channels of the picture and of each filter.
    pub channels: usize,
    /// Side of a filter.
    pub kernel: usize,
    /// Rows of a map.
    pub height: usize,
    /// Length of a row of maps, a multiple of [`POSITIONS`].
    pub width: usize,
    /// From one channel of the picture to the next; 0 if all share one.
    pub channel_step: usize,
    /// From one row of the picture to the next, at least `width` + `kernel` - 1.
    pub row_step: usize,
}

impl ExactShape {
    /// Weights of one filter.
    pub fn taps(self) -> usize {
        self.channels * self.kernel * self.kernel
    }

    /// The lengths that [`correlate`] needs: values of the picture, weights, values of the maps.
    fn lengths(self) -> [usize; 3] {
        let last = (self.height + self.kernel - 2) * self.row_step + self.width + self.kernel - 1;
        let picture = self.channels.saturating_sub(1) * self.channel_step + last;
        [picture, self.taps() * FILTERS, FILTERS * self.height * self.width]
    }
}

/// [`FILTERS`] maps, (filter, height, width): map(f, y, x) = sum over c, i, j of
/// weights(f, c, i, j) picture(c, y + i, x + j), plus bias(f).
///
/// The sum starts at 0 and takes its products in the order of c, i and j, each rounded before it is
/// added, the bias last. LANES positions are summed side by side, which changes no sum.
#[inline(always)]
fn correlate<const LANES: usize>(
    shape: ExactShape,
    picture: &[f64],
    weights: &[f64],
    bias: &[f64; FILTERS],
    maps: &mut [f64],
) {
    let [pixels, values, places] = shape.lengths();
    assert!(shape.kernel > 0 && shape.height > 0 && shape.width.is_multiple_of(LANES));
    assert!(picture.len() >= pixels && weights.len() >= values && maps.len() >= places);
    // With the weights of one tap next to each other, the compiler turns the filters into vectors instead of the positions, fifteen
    // times slower, if it sees the crate in one piece (`codegen-units = 1`).
    let (shape, taps) = (black_box(shape), black_box(shape.taps()));
    for y in 0..shape.height {
        let mut x = 0;
        while x < shape.width {
            let mut sums = [[0.0; LANES]; FILTERS];
            let mut tap = 0;
            for channel in 0..shape.channels {
                for i in 0..shape.kernel {
                    let start = channel * shape.channel_step + (y + i) * shape.row_step + x;
                    for j in 0..shape.kernel {
                        // SAFETY: the largest start is that of the last channel, row and place, and
                        // LANES values from start + kernel - 1 on end where `lengths` says.
                        let window: &[f64; LANES] = unsafe { row(picture, start + j) };
                        for filter in 0..FILTERS {
                            // SAFETY: filter < FILTERS, tap < taps.
                            let factor = unsafe { one(weights, filter * taps + tap) };
                            for lane in 0..LANES {
                                sums[filter][lane] += factor * window[lane];
                            }
                        }
                        tap += 1;
                    }
                }
            }
            for filter in 0..FILTERS {
                // SAFETY: filter < FILTERS, y < height, x + LANES <= width.
                let map: &mut [f64; LANES] =
                    unsafe { row_mut(maps, (filter * shape.height + y) * shape.width + x) };
                for lane in 0..LANES {
                    map[lane] = sums[filter][lane] + bias[filter];
                }
            }
            x += LANES;
        }
    }
}

dispatch! {
    /// The maps of [`FILTERS`] filters, with the same bits on every path.
    ///
    /// # Panics
    /// If a slice is too short, or the width not a multiple of [`POSITIONS`].
    pub(crate) fn correlate_exactly(
        shape: ExactShape, picture: &[f64], weights: &[f64], bias: &[f64; FILTERS], maps: &mut [f64],
    );
    avx512 correlate::<16>, avx2 correlate::<8>, neon correlate::<4>, portable correlate::<4>
}
