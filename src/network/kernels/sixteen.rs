//! Sixteen rows of a product with AVX-512, for the strides of the usual layers.
//!
//! The same sums in the same order as in the tiles of [`product`](super::product), in twice as many registers, which hide the
//! latency of a multiply-add, and with the stride of a known to the compiler: every value of a is then part of an instruction,
//! without computing its place. A plain loop of this kind is compiled along the wrong axis.

use std::arch::x86_64::*;

use super::matrices::Product;

/// Rows.
pub(super) const SIXTEEN: usize = 16;

/// Rows and columns of the tile of AVX-512 of which this does two at a time.
pub(super) const HALF: [usize; 2] = [8, 16];

/// Rows of c from `top` on, of 16 columns, if rows of a have one of the strides that are known here. The matrices begin at
/// `start`.
///
/// # Safety
/// The processor must have AVX-512, and everything that `shape` says of these rows must lie inside of the slices.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) unsafe fn sixteen(
    shape: Product,
    start: [usize; 3],
    top: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) -> bool {
    // SAFETY: the caller's promise, with the stride that `shape` has.
    unsafe {
        match shape.a_row {
            3 => sixteen_rows::<3>(shape, start, top, a, b, c),
            48 => sixteen_rows::<48>(shape, start, top, a, b, c),
            64 => sixteen_rows::<64>(shape, start, top, a, b, c),
            _ => return false,
        }
    }
    true
}

/// Rows of c from `top` on, of 16 columns. The matrices begin at `start`.
///
/// # Safety
/// Everything that `shape` says of these rows must lie inside of the slices, with rows of a A_ROW values apart.
#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn sixteen_rows<const A_ROW: usize>(
    shape: Product,
    start: [usize; 3],
    top: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    let Product { segments, depth, a_segment, a_step, b_row, c_row, add, .. } = shape;
    let mut sums = [_mm512_setzero_ps(); SIXTEEN];
    let c_start = start[2] + top * c_row;
    let mut b_at = start[1];
    // SAFETY: the caller promises that all rows of c, all values of a and all rows of b are there.
    unsafe {
        if add {
            for line in 0..SIXTEEN {
                sums[line] = _mm512_loadu_ps(c.as_ptr().add(c_start + line * c_row));
            }
        }
        for segment in 0..segments {
            let mut a_at = start[0] + top * A_ROW + segment * a_segment;
            for _ in 0..depth {
                let right = _mm512_loadu_ps(b.as_ptr().add(b_at));
                let left = a.as_ptr().add(a_at);
                for line in 0..SIXTEEN {
                    let left = _mm512_set1_ps(*left.add(line * A_ROW));
                    sums[line] = _mm512_fmadd_ps(left, right, sums[line]);
                }
                a_at += a_step;
                b_at += b_row;
            }
        }
        for line in 0..SIXTEEN {
            _mm512_storeu_ps(c.as_mut_ptr().add(c_start + line * c_row), sums[line]);
        }
    }
}
