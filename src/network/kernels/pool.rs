//! Bias, ReLU and 2 x 2 max-pool of two rows of maps, with the place of each maximum.

use std::hint::black_box;

use super::dispatch::dispatch;
use super::patch_list::DEAD;
use super::rows::{row, row_mut};

/// Pools two rows of maps, (2, side, count), to one, (side / 2, count), adding `bias` (count) and
/// taking ReLU: the values to `pooled`, and to `winners` which of the four positions each came from
/// (0 upper left, 1 right of it, 2 below it, 3 both; the first of equals), or [`DEAD`] if the
/// result is not above 0. LANES maps at a time.
#[inline(always)]
fn pool<const LANES: usize>(maps: &[f32], bias: &[f32], pooled: &mut [f32], winners: &mut [u8]) {
    let count = bias.len();
    assert!(count > 0);
    let half = pooled.len() / count;
    assert!(pooled.len() == half * count && winners.len() == half * count);
    assert!(maps.len() == 4 * half * count);
    for place in 0..half {
        let mut map = 0;
        macro_rules! all_that_fit {
            ($width:expr) => {
                while count - map >= $width {
                    pool_lanes::<{ $width }>([half, place, map], maps, bias, pooled, winners);
                    map += $width;
                }
            };
        }
        all_that_fit!(LANES);
        all_that_fit!(8);
        all_that_fit!(1);
    }
}

/// LANES maps from `map` on at one place. [`pool`] has checked that place < half, that
/// map + LANES is at most the count, and the lengths.
#[inline(always)]
fn pool_lanes<const LANES: usize>(
    [half, place, map]: [usize; 3],
    maps: &[f32],
    bias: &[f32],
    pooled: &mut [f32],
    winners: &mut [u8],
) {
    let count = bias.len();
    let (at, lower) = (2 * place * count + map, 2 * half * count);
    // SAFETY: place < half and map + LANES <= count, so all four lie inside the two rows.
    let candidates: [&[f32; LANES]; 4] = unsafe {
        [row(maps, at), row(maps, at + count), row(maps, lower + at), row(maps, lower + at + count)]
    };
    // SAFETY: map + LANES <= count.
    let bias: &[f32; LANES] = unsafe { row(bias, map) };
    let mut best = *candidates[0];
    let mut winner = [0_u32; LANES];
    for other in 1..4 {
        for lane in 0..LANES {
            let value = candidates[other][lane];
            let better = value > best[lane];
            best[lane] = if better { value } else { best[lane] };
            winner[lane] = if better { other as u32 } else { winner[lane] };
        }
    }
    for lane in 0..LANES {
        let value = best[lane] + bias[lane];
        // A comparison, not `max`, so that NaN stays NaN.
        best[lane] = if value < 0.0 { 0.0 } else { value };
        winner[lane] = if value > 0.0 { winner[lane] } else { u32::from(DEAD) };
    }
    // SAFETY: place < half and map + LANES <= count.
    *unsafe { row_mut(pooled, place * count + map) } = best;
    // Opaque, because the compiler otherwise computes the winners as bytes as well, which takes twice as long on AVX2.
    let winner = black_box(winner);
    let mut bytes = [0_u8; LANES];
    for lane in 0..LANES {
        bytes[lane] = winner[lane] as u8;
    }
    // SAFETY: as above.
    *unsafe { row_mut(winners, place * count + map) } = bytes;
}

dispatch! {
    /// Pools two rows of maps, (2, side, count), to one, (side / 2, count), adding `bias` (count) and
    /// taking ReLU: the values to `pooled`, and to `winners` which of the four positions each came
    /// from (0 upper left, 1 right of it, 2 below it, 3 both; the first of equals), or [`DEAD`] where
    /// the result is not above 0.
    ///
    /// # Panics
    /// If the lengths do not fit each other.
    pub(in crate::network) fn pool(maps: &[f32], bias: &[f32], pooled: &mut [f32], winners: &mut [u8]);
    avx512 pool::<16>, avx2 pool::<8>, neon pool::<8>, portable pool::<4>
}
