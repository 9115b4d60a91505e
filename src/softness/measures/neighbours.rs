//! Measures of neighbouring weights within the channel slices of a filter.

use ndarray::{ArrayView3, Axis};

use crate::stats::percentile;

/// Weights whose magnitude is above this percentile of their filter's magnitudes are strong.
pub const STRONG_QUANTILE: f64 = 75.0;

/// The mean squared difference of neighbours over twice the variance.
pub(crate) fn roughness(filter: ArrayView3<f32>) -> Option<f64> {
    let (_, variance) = moments(filter)?;
    let squares = mean_over_pairs(filter, |a, b| (a - b).powi(2))?;
    Some(squares / (2.0 * variance))
}

/// The mean product of neighbours' deviations over the variance.
pub(crate) fn morans_i(filter: ArrayView3<f32>) -> Option<f64> {
    let (mean, variance) = moments(filter)?;
    Some(mean_over_pairs(filter, |a, b| (a - mean) * (b - mean))? / variance)
}

/// The share of strong weights with a strong neighbour of the same sign.
pub(crate) fn strong_neighbours(filter: ArrayView3<f32>) -> Option<f64> {
    let magnitudes: Vec<f64> = filter.iter().map(|&weight| f64::from(weight).abs()).collect();
    let threshold = percentile(&magnitudes, STRONG_QUANTILE);
    let sign = |weight: f32| if f64::from(weight).abs() > threshold { weight.signum() } else { 0.0 };
    let (mut strong, mut together) = (0u32, 0u32);
    for slice in filter.axis_iter(Axis(0)) {
        let signs = slice.mapv(sign);
        for ((row, column), &own) in signs.indexed_iter().filter(|&(_, &own)| own != 0.0) {
            let beside = [
                (row.wrapping_sub(1), column),
                (row + 1, column),
                (row, column.wrapping_sub(1)),
                (row, column + 1),
            ];
            strong += 1;
            together += u32::from(beside.iter().any(|&place| signs.get(place) == Some(&own)));
        }
    }
    (strong > 0).then(|| f64::from(together) / f64::from(strong))
}

/// Mean and population variance of all weights; `None` where they are all the same.
fn moments(filter: ArrayView3<f32>) -> Option<(f64, f64)> {
    let count = filter.len() as f64;
    let mean = filter.iter().map(|&weight| f64::from(weight)).sum::<f64>() / count;
    let variance = filter.iter().map(|&weight| (f64::from(weight) - mean).powi(2)).sum::<f64>() / count;
    (filter.iter().any(|weight| Some(weight) != filter.first())).then_some((mean, variance))
}

/// The mean over all pairs of neighbours; `None` where there is none.
fn mean_over_pairs(filter: ArrayView3<f32>, of_pair: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0u32);
    for slice in filter.axis_iter(Axis(0)) {
        for axis in [0, 1] {
            for lane in slice.lanes(Axis(axis)) {
                for (&a, &b) in lane.iter().zip(lane.iter().skip(1)) {
                    sum += of_pair(f64::from(a), f64::from(b));
                    pairs += 1;
                }
            }
        }
    }
    (pairs > 0).then(|| sum / f64::from(pairs))
}
