//! A few columns of a wide matrix, copied together.

use super::dispatch::dispatch;
use super::rows::{row, row_mut};

/// Copies the first `width` values of rows that are `stride` apart to `panel`, (rows, width), as many as it has room for.
#[inline(always)]
fn copy_columns<const LANES: usize>([width, stride]: [usize; 2], matrix: &[f32], panel: &mut [f32]) {
    assert!(width > 0);
    let rows = panel.len() / width;
    assert!(rows == 0 || (rows - 1) * stride + width <= matrix.len());
    for line in 0..rows {
        let (from, to) = (line * stride, line * width);
        let mut at = 0;
        macro_rules! all_that_fit {
            ($width:expr) => {
                while width - at >= $width {
                    // SAFETY: line < rows and at + $width <= width.
                    let values: &[f32; $width] = unsafe { row(matrix, from + at) };
                    // SAFETY: as above.
                    *unsafe { row_mut(panel, to + at) } = *values;
                    at += $width;
                }
            };
        }
        all_that_fit!(LANES);
        all_that_fit!(1);
    }
}

dispatch! {
    /// Copies the first `sizes[0]` values of rows that are `sizes[1]` values apart to `panel`, (rows, `sizes[0]`), as many rows
    /// as it has room for.
    ///
    /// # Panics
    /// If `sizes[0]` is 0, or a row reaches beyond `matrix`.
    pub(super) fn copy_columns(sizes: [usize; 2], matrix: &[f32], panel: &mut [f32]);
    avx512 copy_columns::<16>, avx2 copy_columns::<8>, neon copy_columns::<8>, portable copy_columns::<4>
}
