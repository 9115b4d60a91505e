//! Values and rows of fixed length from long slices, without bounds checks: a kernel checks once, at its entry, that all
//! its accesses are within bounds. With checks in the loops the compiler does not turn them into vector instructions (4.8 ms
//! instead of 2.6 ms for a whole step in a trial).

/// The value at `at`.
///
/// # Safety
/// `at` must be below the length of `values`.
#[inline(always)]
pub(super) unsafe fn one<T: Copy>(values: &[T], at: usize) -> T {
    debug_assert!(at < values.len());
    // SAFETY: the caller promises that `at` lies inside the slice.
    unsafe { *values.get_unchecked(at) }
}

/// The `W` values from `at` on.
///
/// # Safety
/// `at + W` must be at most the length of `values`.
#[inline(always)]
pub(super) unsafe fn row<T: Copy, const W: usize>(values: &[T], at: usize) -> &[T; W] {
    debug_assert!(at + W <= values.len());
    // SAFETY: the caller promises that the W values from `at` on lie inside the slice; an array has
    // the alignment of its elements.
    unsafe { &*values.as_ptr().add(at).cast() }
}

/// The `W` values from `at` on, to be changed.
///
/// # Safety
/// `at + W` must be at most the length of `values`.
#[inline(always)]
pub(super) unsafe fn row_mut<T: Copy, const W: usize>(values: &mut [T], at: usize) -> &mut [T; W] {
    debug_assert!(at + W <= values.len());
    // SAFETY: as in `row`; the exclusive borrow of the slice passes on to the array.
    unsafe { &mut *values.as_mut_ptr().add(at).cast() }
}
