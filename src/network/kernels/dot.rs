//! Scalar products of rows with rows: the product with a transposed matrix, for the forward pass of a dense layer.

use super::dispatch::dispatch;
use super::matrices::Product;
use super::product::product;
use super::rows::{row, row_mut};
use super::transpose::{AtLine, BLOCK, transposed};

/// The sizes of the matrices of c = a b^T: a is (rows, depth), b (columns, depth), c (rows, columns),
/// all without gaps.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct Dots {
    /// Rows of a and c, at least 1.
    pub rows: usize,
    /// Rows of b and columns of c, at least 1.
    pub columns: usize,
    /// Values in a row of a and b.
    pub depth: usize,
}

/// Values of the depth that are multiplied before the next are packed: few enough that they stay in the first-level cache.
const PANEL: usize = 128;

/// c = a b^T. LANES rows of b at a time are packed as columns, a part of their depth after the other, and multiplied with
/// ROWS rows of a at a time. Every sum runs over the depth from first to last, so a value depends on nothing but its two
/// rows.
#[inline(always)]
fn dots<const ROWS: usize, const LANES: usize, const FMA: bool, const ZIP: bool>(
    shape: Dots,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    let Dots { rows, columns, depth } = shape;
    assert!(rows > 0 && columns > 0);
    assert_eq!(a.len(), rows * depth);
    assert_eq!(b.len(), columns * depth);
    assert_eq!(c.len(), rows * columns);
    if depth == 0 {
        c.fill(0.0);
    }
    let mut panel = AtLine([[0.0; LANES]; PANEL]);
    for left in (0..columns).step_by(LANES) {
        let width = LANES.min(columns - left);
        for start in (0..depth).step_by(PANEL) {
            let steps = PANEL.min(depth - start);
            pack::<LANES, ZIP>([width, steps, depth], &b[left * depth + start..], &mut panel.0);
            let panel = panel.0.as_flattened();
            for top in (0..rows).step_by(ROWS) {
                let shape = Product::plain(ROWS.min(rows - top), steps, LANES, depth);
                let shape = Product { add: start > 0, ..shape };
                let a = &a[top * depth + start..];
                let c = &mut c[top * columns + left..];
                if width == LANES {
                    let shape = Product { c_row: columns, ..shape };
                    product::<ROWS, LANES, FMA>(shape, a, panel, c);
                    continue;
                }
                let mut part = [[0.0; LANES]; ROWS];
                for (part, c) in part.iter_mut().zip(c.chunks(columns)).take(shape.rows) {
                    part[..width].copy_from_slice(&c[..width]);
                }
                product::<ROWS, LANES, FMA>(shape, a, panel, part.as_flattened_mut());
                for (part, c) in part.iter().zip(c.chunks_mut(columns)).take(shape.rows) {
                    c[..width].copy_from_slice(&part[..width]);
                }
            }
        }
    }
}

/// Copies `steps` values of each of `width` rows of b, `depth` apart, to the panel (steps, LANES).
#[inline(always)]
fn pack<const LANES: usize, const ZIP: bool>(
    [width, steps, depth]: [usize; 3],
    b: &[f32],
    panel: &mut [[f32; LANES]; PANEL],
) {
    assert!(width <= LANES && steps <= PANEL && (width - 1) * depth + steps <= b.len());
    for left in (0..width).step_by(BLOCK) {
        for start in (0..steps).step_by(BLOCK) {
            if left + BLOCK <= width && start + BLOCK <= steps {
                let mut block = AtLine([[0.0; BLOCK]; BLOCK]);
                for column in 0..BLOCK {
                    // SAFETY: left + column < width and start + BLOCK <= steps.
                    block.0[column] = *unsafe { row(b, (left + column) * depth + start) };
                }
                // SAFETY: only the version for AVX-512 zips.
                let block = unsafe { transposed::<ZIP>(&block.0) };
                for step in 0..BLOCK {
                    // SAFETY: left + BLOCK <= LANES.
                    *unsafe { row_mut(&mut panel[start + step], left) } = block.0[step];
                }
            } else {
                for column in left..width.min(left + BLOCK) {
                    for step in start..steps.min(start + BLOCK) {
                        panel[step][column] = b[column * depth + step];
                    }
                }
            }
        }
    }
}

dispatch! {
    /// c = a b^T.
    ///
    /// # Panics
    /// If a slice has another length than the shape says.
    pub(in crate::network) fn dots(shape: Dots, a: &[f32], b: &[f32], c: &mut [f32]);
    avx512 dots::<10, 32, true, true>, avx2 dots::<5, 16, true, false>,
    neon dots::<5, 16, true, false>, portable dots::<4, 16, false, false>
}
