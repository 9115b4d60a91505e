//! Bias, ReLU and 2 x 2 max-pool of two rows of maps, with the place of each maximum.

use super::dispatch::dispatch;
use super::patch_list::DEAD;
use super::rows::{row, row_mut};

/// Two rows of maps, (2, side, maps), the maps side by side, and where the patches that made them
/// start in the layer's padded input.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct PoolRow<'a> {
    /// (2, side, maps)
    pub maps: &'a [f32],
    /// (maps), a multiple of the granule.
    pub bias: &'a [f32],
    /// The patch of the first position of the upper row.
    pub start: u32,
    /// From the patch of one position to that of its right neighbour.
    pub right: u32,
    /// From the patch of one position to that of the one below.
    pub down: u32,
}

/// One row of pooled maps, (side / 2, maps): the values to `pooled`, and to `offsets` where the patch
/// of the largest one (the first of equals) starts, or [`DEAD`] where the result is not above 0.
/// LANES maps at a time.
#[inline(always)]
fn pool<const LANES: usize>(input: PoolRow, pooled: &mut [f32], offsets: &mut [u32]) {
    let PoolRow { maps, bias, start, right, down } = input;
    let count = bias.len();
    let half = pooled.len() / count;
    let lower = 2 * half * count;
    assert!(count % LANES == 0 && pooled.len() == half * count);
    assert!(offsets.len() == pooled.len() && maps.len() == 4 * half * count);
    for place in 0..half {
        let start = start + 2 * place as u32 * right;
        let mut map = 0;
        while map < count {
            let at = 2 * place * count + map;
            // SAFETY: place < half and map + LANES <= count, so all four lie inside the two rows.
            let candidates: [&[f32; LANES]; 4] = unsafe {
                [row(maps, at), row(maps, at + count), row(maps, lower + at), row(maps, lower + at + count)]
            };
            // SAFETY: map + LANES <= count.
            let bias: &[f32; LANES] = unsafe { row(bias, map) };
            let mut best = *candidates[0];
            let mut offset = [start; LANES];
            let moves = [0, right, down, down + right];
            for other in 1..4 {
                for lane in 0..LANES {
                    let value = candidates[other][lane];
                    let better = value > best[lane];
                    best[lane] = if better { value } else { best[lane] };
                    offset[lane] = if better { start + moves[other] } else { offset[lane] };
                }
            }
            for lane in 0..LANES {
                let value = best[lane] + bias[lane];
                // A comparison, not `max`, so that NaN stays NaN.
                best[lane] = if value < 0.0 { 0.0 } else { value };
                offset[lane] = if value > 0.0 { offset[lane] } else { DEAD };
            }
            // SAFETY: place < half and map + LANES <= count.
            *unsafe { row_mut(pooled, place * count + map) } = best;
            // SAFETY: as above.
            *unsafe { row_mut(offsets, place * count + map) } = offset;
            map += LANES;
        }
    }
}

dispatch! {
    /// One row of pooled maps, (side / 2, maps): the values to `pooled`, and to `offsets` where the
    /// patch of the largest one (the first of equals) starts, or [`DEAD`] where the result is not
    /// above 0. The maps must be a multiple of the [`granule`](super::Instructions::granule).
    ///
    /// # Panics
    /// Where the lengths do not fit each other.
    pub(in crate::network) fn pool(input: PoolRow, pooled: &mut [f32], offsets: &mut [u32]);
    avx512 pool::<16>, avx2 pool::<8>, neon pool::<8>, portable pool::<4>
}
