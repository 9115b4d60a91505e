//! The sum of many values, for the gradient of a bias.

use super::dispatch::dispatch;

/// Partial sums of a total: adding them up once, at the end, saves a chain of additions for every list.
pub(in crate::network) const PARTS: usize = 16;

/// Adds the values to `parts`, value i to part i mod [`PARTS`].
#[inline(always)]
fn sum(values: &[f32], parts: &mut [f32; PARTS]) {
    let (chunks, rest) = values.as_chunks::<PARTS>();
    let mut sums = *parts;
    for chunk in chunks {
        for lane in 0..PARTS {
            sums[lane] += chunk[lane];
        }
    }
    for lane in 0..rest.len() {
        sums[lane] += rest[lane];
    }
    *parts = sums;
}

dispatch! {
    /// Adds the values to `parts`, value i to part i mod [`PARTS`].
    pub(in crate::network) fn sum(values: &[f32], parts: &mut [f32; PARTS]);
    avx512 sum, avx2 sum, neon sum, portable sum
}
