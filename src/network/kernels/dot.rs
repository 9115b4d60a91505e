//! Scalar products of rows with rows, in register tiles: the product with a transposed matrix, for
//! the forward pass of a dense layer.

use std::hint::black_box;

use super::dispatch::dispatch;
use super::multiply_add;
use super::rows::row;

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

/// c = a b^T in tiles of ROWS x COLUMNS. Every sum is taken in LANES parts, so a value depends on
/// nothing but its two rows. If rows or columns end inside a tile, the tile moves back and computes
/// some values again.
#[inline(always)]
fn dots<const ROWS: usize, const COLUMNS: usize, const LANES: usize, const FMA: bool>(
    shape: Dots,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    assert!(shape.rows > 0 && shape.columns > 0);
    assert_eq!(a.len(), shape.rows * shape.depth);
    assert_eq!(b.len(), shape.columns * shape.depth);
    assert_eq!(c.len(), shape.rows * shape.columns);
    let shape = black_box(shape);
    let mut left = 0;
    while left < shape.columns {
        let mut top = 0;
        while top < shape.rows {
            if shape.rows < ROWS || shape.columns < COLUMNS {
                for column in left..shape.columns.min(left + COLUMNS) {
                    tile::<1, 1, LANES, FMA>(shape, top, column, a, b, c);
                }
                top += 1;
            } else {
                let start = [top.min(shape.rows - ROWS), left.min(shape.columns - COLUMNS)];
                tile::<ROWS, COLUMNS, LANES, FMA>(shape, start[0], start[1], a, b, c);
                top += ROWS;
            }
        }
        left += COLUMNS;
    }
}

/// ROWS x COLUMNS values of c from (`top`, `left`) on, all of them inside, as [`dots`] has checked.
#[inline(always)]
fn tile<const ROWS: usize, const COLUMNS: usize, const LANES: usize, const FMA: bool>(
    shape: Dots,
    top: usize,
    left: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    let Dots { columns, depth, .. } = shape;
    let whole = depth / LANES * LANES;
    let (a_start, b_start) = (top * depth, left * depth);
    let mut sums = [[[0.0_f32; LANES]; COLUMNS]; ROWS];
    let mut at = 0;
    while at < whole {
        for line in 0..ROWS {
            // SAFETY: at + LANES is at most the depth, and the row is one of a.
            let mine: &[f32; LANES] = unsafe { row(a, a_start + line * depth + at) };
            for column in 0..COLUMNS {
                // SAFETY: as above, in b.
                let other: &[f32; LANES] = unsafe { row(b, b_start + column * depth + at) };
                for lane in 0..LANES {
                    let sum = &mut sums[line][column][lane];
                    *sum = multiply_add::<FMA>(mine[lane], other[lane], *sum);
                }
            }
        }
        at += LANES;
    }
    for line in 0..ROWS {
        for column in 0..COLUMNS {
            let mine = &a[a_start + line * depth + whole..][..depth - whole];
            let other = &b[b_start + column * depth + whole..][..depth - whole];
            let sum = total::<LANES, FMA>(sums[line][column], mine, other);
            c[(top + line) * columns + left + column] = sum;
        }
    }
}

/// The sum of the lanes, halved until one is left, and of the products that are left over.
#[inline(always)]
fn total<const LANES: usize, const FMA: bool>(mut sums: [f32; LANES], mine: &[f32], other: &[f32]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    let mut total = sums[0];
    for at in 0..mine.len().min(other.len()) {
        total = multiply_add::<FMA>(mine[at], other[at], total);
    }
    total
}

dispatch! {
    /// c = a b^T.
    ///
    /// # Panics
    /// If a slice has another length than the shape says.
    pub(in crate::network) fn dots(shape: Dots, a: &[f32], b: &[f32], c: &mut [f32]);
    avx512 dots::<5, 4, 16, true>, avx2 dots::<3, 4, 8, true>,
    neon dots::<4, 4, 4, true>, portable dots::<2, 4, 4, false>
}
