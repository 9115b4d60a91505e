//! Measures of a filter.

use linfa_linalg::svd::SVD;
use ndarray::{Array2, ArrayView3, Axis};
use serde::{Deserialize, Serialize};

use crate::names::names;
use crate::stats::percentile;

/// Weights whose magnitude is above this percentile of their filter's magnitudes are strong.
const STRONG_PERCENTILE: f64 = 75.0;

/// A measure of the weights of one filter (in, k, k). It does not depend on a picture.
///
/// Neighbours are weights that share a side within one k x k channel slice (the rook's move), 2 k (k - 1)
/// pairs in each slice. Mean and variance are those of all in x k x k weights.
///
/// | measure | formula | range | random weights | smoother |
/// |---|---|---|---|---|
/// | roughness | mean squared difference of neighbours / (2 x population variance) | 0..some 2 | near 1 | lower |
/// | Moran's I | mean product of neighbours' deviations from the mean / population variance | -1..1 | near 0 | higher |
/// | strong neighbours | share of strong weights with a strong neighbour of the same sign | 0..1 | near 0.35 for k = 5 | higher |
/// | singular entropy | - sum p ln p / ln(number of p), p = s / sum of s, s the singular values of the (in, k k) matrix | 0..1 | near 1 | lower |
/// | distance travelled | \|w - w0\| / \|w0\|, w0 the weights at iteration 0 | 0.. | | |
///
/// Strong weights are those whose magnitude is above the 75th percentile of their filter's magnitudes.
///
/// Sources: Geary, Incorporated Statistician 5 (1954) 115-145 (whose c is the roughness, except that
/// its variance has the divisor n - 1); Moran, Biometrika 37 (1950) 17-23; Roy & Vetterli, EUSIPCO (2007) 606-610 (effective rank). Strong
/// neighbours are what the paper describes: groups of strong weights of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FilterMeasure {
    /// How much neighbours differ.
    Roughness,
    /// The autocorrelation of neighbours.
    MoransI,
    /// How often strong weights are neighbours.
    StrongNeighbours,
    /// How many patterns a filter's channels are made of: 0 if all channels are multiples of one pattern.
    SingularEntropy,
    /// How far training has moved the filter. It needs the filter at iteration 0.
    DistanceTravelled,
}

names!(FilterMeasure, "filter measure", {
    Roughness: "roughness",
    MoransI: "morans-i",
    StrongNeighbours: "strong-neighbours",
    SingularEntropy: "singular-entropy",
    DistanceTravelled: "distance-travelled",
});

impl FilterMeasure {
    /// The measure of a filter (in, k, k). `start` is the same filter at iteration 0, if it is known.
    ///
    /// `None` if the measure is not defined:
    /// - all weights are the same (roughness, Moran's I) or zero (singular entropy),
    /// - there is only one singular value (singular entropy),
    /// - kernels have one weight, and so no neighbours,
    /// - the start is unknown, zero or of another shape (distance travelled).
    pub fn value(self, filter: ArrayView3<f32>, start: Option<ArrayView3<f32>>) -> Option<f64> {
        match self {
            Self::Roughness => roughness(filter),
            Self::MoransI => morans_i(filter),
            Self::StrongNeighbours => strong_neighbours(filter),
            Self::SingularEntropy => singular_entropy(filter),
            Self::DistanceTravelled => distance_travelled(filter, start?),
        }
        .filter(|value| value.is_finite())
    }
}

/// The mean squared difference of neighbours over twice the variance.
fn roughness(filter: ArrayView3<f32>) -> Option<f64> {
    let (_, variance) = moments(filter)?;
    Some(mean_over_pairs(filter, |a, b| (a - b).powi(2))? / (2.0 * variance))
}

/// The mean product of neighbours' deviations over the variance.
fn morans_i(filter: ArrayView3<f32>) -> Option<f64> {
    let (mean, variance) = moments(filter)?;
    Some(mean_over_pairs(filter, |a, b| (a - mean) * (b - mean))? / variance)
}

/// The share of strong weights with a strong neighbour of the same sign.
fn strong_neighbours(filter: ArrayView3<f32>) -> Option<f64> {
    let magnitudes: Vec<f64> = filter.iter().map(|&weight| f64::from(weight).abs()).collect();
    let threshold = percentile(&magnitudes, STRONG_PERCENTILE);
    let sign = |weight: f32| if f64::from(weight).abs() > threshold { weight.signum() } else { 0.0 };
    let (mut strong, mut together) = (0u32, 0u32);
    for slice in filter.axis_iter(Axis(0)) {
        let signs = slice.mapv(sign);
        for ((row, column), &own) in signs.indexed_iter().filter(|&(_, &own)| own != 0.0) {
            // Places outside the slice wrap to indices that `get` refuses.
            let neighbours = [(0, 1), (2, 1), (1, 0), (1, 2)];
            let place = |(y, x): (usize, usize)| ((row + y).wrapping_sub(1), (column + x).wrapping_sub(1));
            strong += 1;
            together += u32::from(neighbours.map(place).iter().any(|&at| signs.get(at) == Some(&own)));
        }
    }
    (strong > 0).then(|| f64::from(together) / f64::from(strong))
}

/// Mean and population variance of all weights; `None` if they are all the same.
fn moments(filter: ArrayView3<f32>) -> Option<(f64, f64)> {
    let count = filter.len() as f64;
    let mean = filter.iter().map(|&weight| f64::from(weight)).sum::<f64>() / count;
    let variance = filter.iter().map(|&weight| (f64::from(weight) - mean).powi(2)).sum::<f64>() / count;
    (filter.iter().any(|weight| Some(weight) != filter.first())).then_some((mean, variance))
}

/// The mean over all pairs of neighbours; `None` if there is no pair.
fn mean_over_pairs(filter: ArrayView3<f32>, of_pair: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0u32);
    for slice in filter.axis_iter(Axis(0)) {
        for lane in slice.lanes(Axis(0)).into_iter().chain(slice.lanes(Axis(1))) {
            for (&a, &b) in lane.iter().zip(lane.iter().skip(1)) {
                sum += of_pair(f64::from(a), f64::from(b));
                pairs += 1;
            }
        }
    }
    (pairs > 0).then(|| sum / f64::from(pairs))
}

/// The entropy of the singular values of the (in, k k) matrix of a filter, relative to its maximum. Each channel
/// slice is a row of the matrix, and the singular values are shares of their sum.
fn singular_entropy(filter: ArrayView3<f32>) -> Option<f64> {
    let (channels, height, width) = filter.dim();
    let values: Vec<f64> = filter.iter().map(|&weight| f64::from(weight)).collect();
    let largest = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let count = channels.min(height * width);
    if largest == 0.0 || count < 2 {
        return None;
    }
    let matrix = Array2::from_shape_vec((channels, height * width), values);
    let matrix = matrix.expect("a row of k x k weights for each channel") / largest;
    let (_, singular, _) = matrix.svd(false, false).ok()?;
    let sum = singular.sum();
    let entropy: f64 =
        singular.iter().map(|value| value / sum).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    Some(entropy / (count as f64).ln())
}

/// |w - w0| / |w0|.
fn distance_travelled(filter: ArrayView3<f32>, start: ArrayView3<f32>) -> Option<f64> {
    let square = |value: f64| value * value;
    let moved: f64 = filter.iter().zip(start).map(|(&w, &w0)| square(f64::from(w) - f64::from(w0))).sum();
    let size: f64 = start.iter().map(|&w0| square(f64::from(w0))).sum();
    (filter.dim() == start.dim() && size > 0.0).then(|| (moved / size).sqrt())
}
