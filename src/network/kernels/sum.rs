//! The sum of many values, for the gradient of a bias.

use super::dispatch::dispatch;

/// Adds the sum of `values` to `total`, in LANES partial sums.
#[inline(always)]
fn sum<const LANES: usize>(values: &[f32], total: &mut f32) {
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

dispatch! {
    /// Adds the sum of `values` to `total`.
    pub(in crate::network) fn sum(values: &[f32], total: &mut f32);
    avx512 sum::<16>, avx2 sum::<16>, neon sum::<16>, portable sum::<16>
}
