//! Ordinary least squares of one variable on another, and Student's t test of its slope.

use linfa::Dataset;
use linfa::traits::Fit as _;
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2};
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::beta_reg;

/// Where every residual is at most this many roundings of the largest y, all of them are rounding: y
/// carries one, and so do b x, the sum a + b x, and the coefficients a few.
pub(super) const EXACT_ROUNDINGS: f64 = 8.0;

/// A least-squares line y = intercept + slope x and what inference says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
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

/// Fits a line. `x` and `y` are finite, of one length of at least 3, and neither is constant.
///
/// Both are moved to mean 0 and scaled to at most 1 before linfa sees them: its QR decomposition
/// of the raw columns loses digits where x is far from 0, and squares of very large or small values
/// would leave the range of `f64`.
pub(super) fn regress(x: &[f64], y: &[f64]) -> Result<Line, linfa_linear::LinearError<f64>> {
    let count = x.len() as f64;
    let (x_unit, x_mean, x_scale) = standardise(x);
    let (y_unit, y_mean, y_scale) = standardise(y);

    let records = Array2::from_shape_fn((x.len(), 1), |(row, _)| x_unit[row]);
    let model = LinearRegression::new().fit(&Dataset::new(records, Array1::from(y_unit.clone())))?;
    let (unit_slope, unit_intercept) = (model.params()[0], model.intercept());
    let slope = unit_slope * (y_scale / x_scale);
    // The unit x has a mean that is zero but for rounding.
    let intercept = y_mean + y_scale * unit_intercept - slope * x_mean;

    let mut unit_residuals: Vec<f64> =
        x_unit.iter().zip(&y_unit).map(|(x, y)| y - unit_intercept - unit_slope * x).collect();
    let largest = |values: &[f64]| values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if largest(&unit_residuals) * y_scale <= EXACT_ROUNDINGS * f64::EPSILON * largest(y) {
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

/// The two-tailed p value of Student's t, 2 sf(|t|): 1 - cdf would lose every digit of a small p. NaN of NaN.
pub(super) fn two_tailed(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN; // statrs panics
    }
    if t.is_infinite() {
        return 0.0;
    }
    if t.abs() < 1.0 {
        // sf starts from freedom / (freedom + t²), which rounding makes 1 where t is near 0.
        return 1.0 - beta_reg(0.5, freedom / 2.0, t * t / (freedom + t * t));
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()))
}

/// Values minus their mean, divided by the largest magnitude of these; the mean; that magnitude.
pub(super) fn standardise(values: &[f64]) -> (Vec<f64>, f64, f64) {
    let count = values.len() as f64;
    // Divided before the sum: the sum of finite values need not be finite.
    let rough = values.iter().map(|value| value / count).sum::<f64>();
    // What rounding left of it is taken from the differences, where it is not rounded away again.
    let left = values.iter().map(|value| (value - rough) / count).sum::<f64>();
    let centred = values.iter().map(|value| (value - rough) - left);
    let scale = centred.clone().map(f64::abs).fold(0.0, f64::max);
    (centred.map(|value| value / scale).collect(), rough + left, scale)
}

pub(super) fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

#[cfg(test)]
mod tests;
