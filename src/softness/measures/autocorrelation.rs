//! How far apart pixels of a map still resemble one another.

use std::f64::consts::E;

use ndarray::{Array2, Axis};

/// The lag at which the autocorrelation, mean of rows and columns, first falls to 1/e, linearly interpolated; half
/// the shorter side where it does not.
pub(crate) fn autocorrelation_length(map: &Array2<f64>) -> f64 {
    let mean = map.mean().unwrap_or(0.0);
    let centred = map.mapv(|value| value - mean);
    let variance = centred.mapv(|value| value * value).mean().unwrap_or(0.0);
    let most = map.nrows().min(map.ncols()) / 2;
    let mut before = 1.0;
    for lag in 1..=most {
        let r = 0.5 * (along(&centred, 0, lag) + along(&centred, 1, lag)) / variance;
        if r <= 1.0 / E {
            return (lag - 1) as f64 + (before - 1.0 / E) / (before - r);
        }
        before = r;
    }
    most as f64
}

/// The mean product of values `lag` apart along an axis.
fn along(map: &Array2<f64>, axis: usize, lag: usize) -> f64 {
    let reach = map.len_of(Axis(axis)) - lag;
    let here = map.slice_axis(Axis(axis), (0..reach).into());
    let there = map.slice_axis(Axis(axis), (lag..lag + reach).into());
    let rows = here.rows().into_iter().zip(there.rows());
    rows.map(|(here, there)| here.dot(&there)).sum::<f64>() / here.len() as f64
}
