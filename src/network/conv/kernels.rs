//! The inner loops, as plain loops over rows of fixed length that the compiler turns into vector
//! instructions; [`dispatch`](super::dispatch) compiles each once for every set of instructions.
//!
//! They keep to a form that is known to come out well: sums in an array of fixed size that fits the
//! registers, the loop over its lanes innermost, loops instead of iterator chains, bounds checked at
//! the entry. `benches/conv.rs` shows when a change loses that.

use super::patches::{DEAD, PatchList};
use super::rows::{row, row_mut};

/// a x b + c, rounded once where `FMA` says that the machine can; `mul_add` is a slow library call
/// where it cannot.
#[inline(always)]
fn multiply_add<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// Cross-correlates `input` (channels, side + kernel - 1, side + kernel - 1) with `FILTERS` filters,
/// whose `weights` are (channels, kernel, kernel, FILTERS), to `maps` (FILTERS, side, side).
/// It goes in tiles of all filters, `ROWS` rows and `W` columns.
#[inline(always)]
pub(super) fn convolve<const FILTERS: usize, const ROWS: usize, const W: usize, const FMA: bool>(
    input: &[f32],
    weights: &[f32],
    channels: usize,
    kernel: usize,
    side: usize,
    maps: &mut [f32],
) {
    let padded = side + kernel - 1;
    assert_eq!(input.len(), channels * padded * padded);
    assert_eq!(weights.len(), channels * kernel * kernel * FILTERS);
    assert_eq!(maps.len(), FILTERS * side * side);
    assert!(side % ROWS == 0 && side % W == 0);
    for top in (0..side).step_by(ROWS) {
        for left in (0..side).step_by(W) {
            let mut sums = [[[0.0_f32; W]; ROWS]; FILTERS];
            let mut tap = 0;
            for channel in 0..channels {
                for tap_row in 0..kernel {
                    let start = (channel * padded + top + tap_row) * padded + left;
                    for tap_column in 0..kernel {
                        // SAFETY: `tap` counts the channels x kernel x kernel taps, of which
                        // `weights` has FILTERS values each.
                        let weights: &[f32; FILTERS] = unsafe { row(weights, tap) };
                        tap += FILTERS;
                        for line in 0..ROWS {
                            // SAFETY: the row is at most side - ROWS + kernel - 1 + ROWS - 1 =
                            // padded - 1 in its channel, the last column at most
                            // side - W + kernel - 1 + W = padded.
                            let values: &[f32; W] = unsafe { row(input, start + line * padded + tap_column) };
                            for filter in 0..FILTERS {
                                for lane in 0..W {
                                    let sum = &mut sums[filter][line][lane];
                                    *sum = multiply_add::<FMA>(weights[filter], values[lane], *sum);
                                }
                            }
                        }
                    }
                }
            }
            for filter in 0..FILTERS {
                for line in 0..ROWS {
                    let at = (filter * side + top + line) * side + left;
                    // SAFETY: filter < FILTERS, top + line < side and left + W <= side.
                    *unsafe { row_mut(maps, at) } = sums[filter][line];
                }
            }
        }
    }
}

/// Where the pooled values of one map go.
#[derive(Debug, Clone, Copy)]
pub(super) struct PoolTarget {
    /// From one row of the pooled map to the next.
    pub stride: usize,
    /// From one position of the channel-last padded input to its right neighbour.
    pub right: u32,
    /// From one position of the channel-last padded input to the one below.
    pub down: u32,
}

/// Bias, ReLU and 2 x 2 max-pool of one map (SIDE, SIDE), HALF being SIDE / 2. Row by row the pooled
/// values go to `pooled`, and to `offsets` where the patch of the largest one (the first of equals)
/// starts in the layer's padded input, or [`DEAD`] where the result is not above 0.
#[inline(always)]
pub(super) fn pool<const SIDE: usize, const HALF: usize>(
    map: &[f32],
    bias: f32,
    target: PoolTarget,
    pooled: &mut [f32],
    offsets: &mut [u32],
) {
    assert_eq!(map.len(), SIDE * SIDE);
    let PoolTarget { stride, right, down } = target;
    let rows = map.chunks_exact(2 * SIDE).zip(pooled.chunks_mut(stride));
    for (line, ((pair, pooled), offsets)) in (0..).zip(rows.zip(offsets.chunks_exact_mut(HALF))) {
        let (upper, lower) = pair.split_at(SIDE);
        let (upper, lower) = (&upper[..2 * HALF], &lower[..2 * HALF]);
        let (pooled, offsets) = (&mut pooled[..HALF], &mut offsets[..HALF]);
        let start = 2 * line * down;
        for place in 0..HALF {
            let (mut best, mut offset) = (upper[2 * place], 0);
            let next = upper[2 * place + 1];
            (best, offset) = if next > best { (next, right) } else { (best, offset) };
            let next = lower[2 * place];
            (best, offset) = if next > best { (next, down) } else { (best, offset) };
            let next = lower[2 * place + 1];
            (best, offset) = if next > best { (next, down + right) } else { (best, offset) };
            let value = best + bias;
            // A comparison, not `max`, so that NaN stays NaN.
            pooled[place] = if value < 0.0 { 0.0 } else { value };
            let offset = start + 2 * place as u32 * right + offset;
            offsets[place] = if value > 0.0 { offset } else { DEAD };
        }
    }
}

/// Adds to `grad` (ROWS rows, `space` apart, of LANES values) the patches of `list` in `input`, each
/// times its gradient. Both begin at the lanes and rows to be done.
#[inline(always)]
pub(super) fn sum_patches<const ROWS: usize, const LANES: usize, const FMA: bool>(
    list: &PatchList,
    input: &[f32],
    stride: usize,
    grad: &mut [f32],
    space: usize,
) {
    assert!(list.largest() + (ROWS - 1) * stride + LANES <= input.len());
    assert!((ROWS - 1) * space + LANES <= grad.len());
    let mut sums = [[0.0_f32; LANES]; ROWS];
    for (&offset, &value) in list.offsets().iter().zip(list.values()) {
        for line in 0..ROWS {
            // SAFETY: no offset is above `largest`, and the last row of its patch was checked above.
            let values: &[f32; LANES] = unsafe { row(input, offset as usize + line * stride) };
            for lane in 0..LANES {
                sums[line][lane] = multiply_add::<FMA>(value, values[lane], sums[line][lane]);
            }
        }
    }
    for line in 0..ROWS {
        // SAFETY: checked above for the last row.
        let grad: &mut [f32; LANES] = unsafe { row_mut(grad, line * space) };
        for lane in 0..LANES {
            grad[lane] += sums[line][lane];
        }
    }
}

/// Adds to `grad_input`, at the patches of `list`, the filter's `weights` (ROWS rows, `space` apart,
/// of LANES values), each time times the gradient. Both begin at the lanes and rows to be done.
#[inline(always)]
pub(super) fn scatter<const ROWS: usize, const LANES: usize, const FMA: bool>(
    list: &PatchList,
    weights: &[f32],
    space: usize,
    grad_input: &mut [f32],
    stride: usize,
) {
    assert!(list.largest() + (ROWS - 1) * stride + LANES <= grad_input.len());
    assert!((ROWS - 1) * space + LANES <= weights.len());
    let mut filter = [[0.0_f32; LANES]; ROWS];
    for line in 0..ROWS {
        // SAFETY: checked above for the last row.
        filter[line] = *unsafe { row(weights, line * space) };
    }
    for (&offset, &value) in list.offsets().iter().zip(list.values()) {
        for line in 0..ROWS {
            // SAFETY: no offset is above `largest`, and the last row of its patch was checked above.
            let grad: &mut [f32; LANES] = unsafe { row_mut(grad_input, offset as usize + line * stride) };
            for lane in 0..LANES {
                grad[lane] = multiply_add::<FMA>(value, filter[line][lane], grad[lane]);
            }
        }
    }
}

/// The sum of `values`, in LANES partial sums.
#[inline(always)]
pub(super) fn sum<const LANES: usize>(values: &[f32], total: &mut f32) {
    let mut sums = [0.0_f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    for lane in 0..rest.len() {
        sums[lane] += rest[lane];
    }
    for lane in 0..LANES {
        *total += sums[lane];
    }
}
