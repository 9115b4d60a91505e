//! Means, percentiles, and values that are equal.

/// The arithmetic mean, summed in the order of the values. NaN if there are none.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The `percent`-th percentile (0..=100) by linear interpolation between the two closest ranks: numpy's default
/// method "linear", definition 7 of Hyndman and Fan (1996).
///
/// With the n values sorted as v(0) .. v(n - 1) and h = (n - 1) percent / 100, it is
/// v(i) + (h - i) (v(i + 1) - v(i)) with i = floor(h). NaN if there are no values.
pub(crate) fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    percentile_of_sorted(&sorted, percent)
}

/// [`percentile`] of values that are already in ascending order.
pub(crate) fn percentile_of_sorted(sorted: &[f64], percent: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let rank = last as f64 * percent.clamp(0.0, 100.0) / 100.0;
    let below = rank.floor() as usize;
    sorted[below] + (rank - below as f64) * (sorted[(below + 1).min(last)] - sorted[below])
}

/// The places of the values, smallest value first: one list for each distinct value. 0 and -0 are equal.
pub(super) fn levels(values: &[f64]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order.chunk_by(|&a, &b| values[a] == values[b]).map(<[_]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::golden::{json, noise};

    #[derive(Deserialize)]
    struct Golden {
        percentiles: Vec<Percentiles>,
    }

    #[derive(Deserialize)]
    struct Percentiles {
        count: usize,
        salt: u64,
        percents: Vec<f64>,
        values: Vec<f64>,
    }

    #[test]
    fn percentiles_are_those_of_numpy() {
        for Percentiles { count, salt, percents, values } in json::<Golden>("softness.json").percentiles {
            for (percent, expected) in percents.into_iter().zip(values) {
                let ours = percentile(&noise(count, salt), percent);
                // One rounding of values in -0.5..0.5; numpy interpolates from the other end above the middle.
                assert!(
                    (ours - expected).abs() <= f64::EPSILON / 2.0,
                    "{percent} of {count}: {ours} {expected}"
                );
            }
        }
        assert!(percentile(&[], 5.0).is_nan());
    }
}
