//! Patch rows that begin at a cache line each.

use super::dispatch::dispatch;
use super::rows::{row, row_mut};

/// Values of a patch row, a vector of AVX-512.
pub(in crate::network) const PATCH_ROW: usize = 16;

/// Copies [`PATCH_ROW`] values from every place of `input` on, `places` in each row, `step` apart; rows are `stride` apart.
#[inline(always)]
fn patch_rows([places, step, stride]: [usize; 3], input: &[f32], copies: &mut [f32]) {
    assert!(places > 0);
    let count = copies.len() / (places * PATCH_ROW);
    assert!(count == 0 || (count - 1) * stride + (places - 1) * step + PATCH_ROW <= input.len());
    for line in 0..count {
        for place in 0..places {
            // SAFETY: checked above for the last place of the last row.
            let values: &[f32; PATCH_ROW] = unsafe { row(input, line * stride + place * step) };
            // SAFETY: line < count and place < places.
            *unsafe { row_mut(copies, (line * places + place) * PATCH_ROW) } = *values;
        }
    }
}

dispatch! {
    /// Copies [`PATCH_ROW`] values from each of `sizes[0]` places of every row of `input` on to `copies`, (rows, places,
    /// [`PATCH_ROW`]). Places are `sizes[1]` values apart, rows `sizes[2]`.
    ///
    /// # Panics
    /// If a patch row reaches beyond `input`.
    pub(in crate::network) fn patch_rows(sizes: [usize; 3], input: &[f32], copies: &mut [f32]);
    avx512 patch_rows, avx2 patch_rows, neon patch_rows, portable patch_rows
}
