//! Blocks of 16 x 16 values, rows and columns exchanged.

/// Rows and columns of a block.
pub(super) const BLOCK: usize = 16;

/// An array none of whose vectors crosses a cache line.
#[repr(align(64))]
pub(super) struct AtLine<T>(pub T);

/// The block with its rows and columns exchanged.
///
/// # Safety
/// If `ZIP`, the machine must have AVX-512.
#[inline(always)]
pub(super) unsafe fn transposed<const ZIP: bool>(
    block: &[[f32; BLOCK]; BLOCK],
) -> AtLine<[[f32; BLOCK]; BLOCK]> {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if ZIP {
        // SAFETY: the caller promises it.
        return unsafe { zipped(block) };
    }
    let mut columns = AtLine([[0.0; BLOCK]; BLOCK]);
    for row in 0..BLOCK {
        for column in 0..BLOCK {
            columns.0[column][row] = block[row][column];
        }
    }
    columns
}

/// Four times the rows of both halves alternate, value by value.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn zipped(block: &[[f32; BLOCK]; BLOCK]) -> AtLine<[[f32; BLOCK]; BLOCK]> {
    use std::arch::x86_64::*;
    let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    let mut rows = [_mm512_setzero_ps(); BLOCK];
    for row in 0..BLOCK {
        // SAFETY: an array of 16 values is read.
        rows[row] = unsafe { _mm512_loadu_ps(block[row].as_ptr()) };
    }
    for _ in 0..4 {
        let mut mixed = [_mm512_setzero_ps(); BLOCK];
        for half in 0..BLOCK / 2 {
            let (upper, lower) = (rows[half], rows[half + BLOCK / 2]);
            mixed[2 * half] = _mm512_permutex2var_ps(upper, low, lower);
            mixed[2 * half + 1] = _mm512_permutex2var_ps(upper, high, lower);
        }
        rows = mixed;
    }
    let mut columns = AtLine([[0.0; BLOCK]; BLOCK]);
    for column in 0..BLOCK {
        // SAFETY: an array of 16 values is written.
        unsafe { _mm512_storeu_ps(columns.0[column].as_mut_ptr(), rows[column]) };
    }
    columns
}
