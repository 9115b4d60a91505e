//! The gradient of maps before ReLU and max-pooling: each gradient at the position that its pooled value came from.

use super::dispatch::dispatch;
use super::rows::{row, row_mut};

/// Writes two rows of the gradient of `count` maps, at the beginning of `maps` and `stride` values later, (side, pixel) each:
/// of the four positions of a window the one that `winners` (side / 2, `winner_step`) names gets the gradient in `pooled`
/// (side / 2, count), the others 0. LANES maps at a time.
#[inline(always)]
fn unpool<const LANES: usize>(sizes: [usize; 4], pooled: &[f32], winners: &[u8], maps: &mut [f32]) {
    let [count, winner_step, pixel, stride] = sizes;
    assert!(count > 0 && winner_step >= count && pixel >= count);
    let half = pooled.len() / count;
    assert!(pooled.len() == half * count && winners.len() >= half * winner_step);
    assert!(half == 0 || maps.len() >= stride + (2 * half - 1) * pixel + count);
    for place in 0..half {
        let mut map = 0;
        macro_rules! all_that_fit {
            ($width:expr) => {
                while count - map >= $width {
                    unpool_lanes::<{ $width }>([place, map], sizes, pooled, winners, maps);
                    map += $width;
                }
            };
        }
        all_that_fit!(LANES);
        all_that_fit!(4);
        all_that_fit!(1);
    }
}

/// LANES maps from `map` on at one place. [`unpool`] has checked that place < half, that map + LANES is at most the count, and
/// the lengths.
#[inline(always)]
fn unpool_lanes<const LANES: usize>(
    [place, map]: [usize; 2],
    [count, winner_step, pixel, stride]: [usize; 4],
    pooled: &[f32],
    winners: &[u8],
    maps: &mut [f32],
) {
    // SAFETY: place < half and map + LANES <= count.
    let values: [f32; LANES] = *unsafe { row(pooled, place * count + map) };
    // SAFETY: as above; `winner_step` is at least the count.
    let winners: [u8; LANES] = *unsafe { row(winners, place * winner_step + map) };
    let moves = [0, pixel, stride, stride + pixel];
    for position in 0..4 {
        let mut window = [0.0_f32; LANES];
        for lane in 0..LANES {
            window[lane] = if u32::from(winners[lane]) == position as u32 { values[lane] } else { 0.0 };
        }
        // SAFETY: the window is inside of both rows, whose lengths were checked.
        *unsafe { row_mut(maps, 2 * place * pixel + map + moves[position]) } = window;
    }
}

dispatch! {
    /// Undoes the pooling of one row of pooled maps. `sizes` are the number of maps, the length of a row of `winners` (those
    /// of [`pool`](super::Instructions::pool)), the length of a pixel of `maps`, and from one row of `maps` to the next.
    /// `pooled` is (side / 2, number of maps). Two rows of gradients are written to `maps`, from its beginning on.
    ///
    /// # Panics
    /// If the lengths do not fit each other.
    pub(in crate::network) fn unpool(sizes: [usize; 4], pooled: &[f32], winners: &[u8], maps: &mut [f32]);
    avx512 unpool::<16>, avx2 unpool::<8>, neon unpool::<8>, portable unpool::<4>
}
