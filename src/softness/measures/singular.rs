//! How many patterns the channels of a filter are made of.

use linfa_linalg::svd::SVD;
use ndarray::ArrayView3;

/// The entropy of the singular values of the (in, k k) matrix of a filter, over the largest it can be: one row
/// a channel slice, singular values as shares of their sum.
pub(crate) fn singular_entropy(filter: ArrayView3<f32>) -> Option<f64> {
    let (channels, height, width) = filter.dim();
    let values: Vec<f64> = filter.iter().map(|&weight| f64::from(weight)).collect();
    let largest = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let count = channels.min(height * width);
    if largest == 0.0 || count < 2 {
        return None;
    }
    let matrix = ndarray::Array2::from_shape_vec((channels, height * width), values).ok()? / largest;
    let (_, singular, _) = matrix.svd(false, false).ok()?;
    let sum = singular.sum();
    let entropy: f64 =
        singular.iter().map(|value| value / sum).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    Some(entropy / (count as f64).ln())
}
