//! Ordinary least squares: the line of one variable on another, and a linear system of several columns.
//!
//! Both are solved by `linfa_linear`'s QR decomposition. linfa finds the coefficients and nothing else: standard
//! errors, t, R² and residuals are computed here. Thousands of lines on the same x are the job of
//! [`FixedX`](super::FixedX).

use linfa::Dataset;
use linfa::traits::Fit as _;
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2};

use super::distributions::two_tailed;

/// If every residual is at most this many roundings of the largest y, all of them are rounding: y carries one,
/// and so do b x, the sum a + b x, and the coefficients a few.
pub(super) const EXACT_ROUNDINGS: f64 = 8.0;

/// Residuals are rounding only if they are also at most this share of the largest deviation of y from its mean. If y varies by little more
/// than roundings, what is left of it counts as it is.
const EXACT_SHARE: f64 = 1e-6;

/// A least-squares line y = intercept + slope x with its points. The inference of this module is methods of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub slope: f64,
    pub intercept: f64,
    pub slope_std_err: f64,
    pub intercept_std_err: f64,
    pub r: f64,
    pub r_squared: f64,
    pub t: f64,
    pub p_value: f64,
    pub fitted: Vec<f64>,
    pub residuals: Vec<f64>,
}

/// Fits a line. `x` and `y` must be finite, of the same length of at least 3, and neither may be constant.
///
/// Both are centred and scaled to at most 1 before linfa sees them. Otherwise its QR decomposition would lose
/// digits if x is far from 0, and squares of very large or small values would leave the range of `f64`.
pub(crate) fn regress(x: &[f64], y: &[f64]) -> Result<Line, linfa_linear::LinearError<f64>> {
    let count = x.len() as f64;
    let (x_unit, x_mean, x_scale) = standardise(x);
    let (y_unit, y_mean, y_scale) = standardise(y);

    let records = Array2::from_shape_fn((x.len(), 1), |(row, _)| x_unit[row]);
    let model = LinearRegression::new().fit(&Dataset::new(records, Array1::from(y_unit.clone())))?;
    let (unit_slope, unit_intercept) = (model.params()[0], model.intercept());
    let slope = unit_slope * (y_scale / x_scale);
    // The mean of the unit x is zero up to rounding.
    let intercept = y_mean + y_scale * unit_intercept - slope * x_mean;

    let mut unit_residuals: Vec<f64> =
        x_unit.iter().zip(&y_unit).map(|(x, y)| y - unit_intercept - unit_slope * x).collect();
    let most = largest(&unit_residuals);
    if most <= EXACT_SHARE && most * y_scale <= EXACT_ROUNDINGS * f64::EPSILON * largest(y) {
        unit_residuals.fill(0.0);
    }

    let (sxx, syy) = (sum_of_squares(&x_unit), sum_of_squares(&y_unit));
    let sxy: f64 = x_unit.iter().zip(&y_unit).map(|(x, y)| x * y).sum();
    let ssr = sum_of_squares(&unit_residuals);
    let freedom = count - 2.0;
    let unit_slope_std_err = (ssr / freedom / sxx).sqrt();
    let t = if ssr == 0.0 { f64::INFINITY.copysign(unit_slope) } else { unit_slope / unit_slope_std_err };
    // sqrt(1 / n + mean² / Sxx), in units of x.
    let at_zero = (1.0 / count).sqrt().hypot(x_mean / x_scale / sxx.sqrt());
    let residuals: Vec<f64> = unit_residuals.iter().map(|residual| residual * y_scale).collect();
    Ok(Line {
        x: x.to_vec(),
        y: y.to_vec(),
        slope,
        intercept,
        slope_std_err: unit_slope_std_err * (y_scale / x_scale),
        intercept_std_err: (ssr / freedom).sqrt() * at_zero * y_scale,
        r: if ssr == 0.0 { 1f64.copysign(sxy) } else { (sxy / (sxx * syy).sqrt()).clamp(-1.0, 1.0) },
        r_squared: (1.0 - ssr / syy).clamp(0.0, 1.0),
        t,
        p_value: two_tailed(t, freedom),
        fitted: y.iter().zip(&residuals).map(|(y, residual)| y - residual).collect(),
        residuals,
    })
}

/// The range of values that differ by no more than the rounding of what they were computed from; `None` if they are all the same, or vary
/// more. Whole numbers that `f64` represents exactly have no rounding.
pub(crate) fn rounding(values: &[f64]) -> Option<f64> {
    range_within(values, 0.0)
}

/// The same for values that have relative errors of up to `error`, or of `f64` if these are larger.
pub(crate) fn range_within(values: &[f64], error: f64) -> Option<f64> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (range, largest) = (high - low, low.abs().max(high.abs()));
    let is_exact = values.iter().all(|value| value.fract() == 0.0 && value.abs() <= LARGEST_EXACT);
    let is_finite = values.iter().all(|value| value.is_finite());
    let is_rounding = range > 0.0 && range <= error.max(EXACT_ROUNDINGS * f64::EPSILON) * largest;
    (is_finite && is_rounding && !is_exact).then_some(range)
}

/// Solves a linear least-squares problem without an intercept. `None` if the columns or the target are not
/// finite or the columns depend on one another.
pub(super) fn solve(columns: Array2<f64>, target: Vec<f64>) -> Option<Vec<f64>> {
    if columns.iter().chain(&target).any(|value| !value.is_finite()) {
        return None;
    }
    let regression = LinearRegression::new().with_intercept(false);
    let model = regression.fit(&Dataset::new(columns, Array1::from(target))).ok()?;
    Some(model.params().to_vec())
}

/// Centres values and divides them by their largest magnitude. Returns them with their mean and that magnitude.
pub(super) fn standardise(values: &[f64]) -> (Vec<f64>, f64, f64) {
    let count = values.len() as f64;
    // Divide before summing: the sum of finite values need not be finite.
    let rough = values.iter().map(|value| value / count).sum::<f64>();
    // The rounding error of that mean is the mean of the differences.
    let left = values.iter().map(|value| (value - rough) / count).sum::<f64>();
    let centred = values.iter().map(|value| (value - rough) - left);
    let scale = centred.clone().map(f64::abs).fold(0.0, f64::max);
    (centred.map(|value| value / scale).collect(), rough + left, scale)
}

/// The largest magnitude.
pub(super) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

pub(super) fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

/// The square root of the sum of squares, which may itself lie outside the range of `f64`. Infinite if a value is.
pub(super) fn norm(values: &[f64]) -> f64 {
    let scale = largest(values);
    if scale == 0.0 || scale == f64::INFINITY {
        return scale;
    }
    scale * values.iter().map(|value| (value / scale) * (value / scale)).sum::<f64>().sqrt()
}

/// The root mean square of errors.
pub(super) fn root_mean_square(errors: &[f64]) -> f64 {
    norm(errors) / (errors.len() as f64).sqrt()
}

#[cfg(test)]
mod tests;
