//! What a fit's coefficients, its line and its R² may be: tests, intervals and bands.
//!
//! Source: Draper & Smith, *Applied Regression Analysis*, 3rd ed. (1998), chapters 1 and 3, with s the residual
//! standard error, h the leverage 1 / n + (x - mean)² / Sxx and Student's t of n - 2 degrees of freedom.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::line::{EXACT_ROUNDINGS, standardise, sum_of_squares, two_tailed};
use super::noncentral::r_squared_interval;
use super::{Fit, Interval};
use crate::error::Result;

impl Fit {
    /// Student's t of the intercept against zero; infinite for an exact line that misses the origin, NaN for
    /// one through it.
    pub fn intercept_t(&self) -> f64 {
        let largest = self.straight_y().iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
        let is_rounding = self.intercept().abs() <= EXACT_ROUNDINGS * f64::EPSILON * largest;
        if self.intercept_std_err() == 0.0 && is_rounding {
            return f64::NAN;
        }
        self.intercept() / self.intercept_std_err()
    }

    /// The two-tailed p value of a zero intercept, 0..1; NaN for an exact line through the origin.
    pub fn intercept_p_value(&self) -> f64 {
        two_tailed(self.intercept_t(), self.freedom())
    }

    /// The interval of the slope, slope -/+ t x its standard error. `level` is 0.95 for a 95% interval.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a level that is not between 0 and 1.
    pub fn slope_interval(&self, level: f64) -> Result<Interval> {
        Interval::student(self.slope(), self.slope_std_err(), self.freedom(), level)
    }

    /// The interval of the intercept, on the straightened scale.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a level that is not between 0 and 1.
    pub fn intercept_interval(&self, level: f64) -> Result<Interval> {
        Interval::student(self.intercept(), self.intercept_std_err(), self.freedom(), level)
    }

    /// The confidence band at an x of the original scale: where the model's y lies, line -/+ t s sqrt(h).
    ///
    /// It is carried to the original scale by exp for forms that take ln y, and holds the median of y
    /// there, since the mean of exp is not exp of the mean. Pointwise, not for all x at once.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a level that is not between 0 and 1.
    pub fn confidence_band(&self, x: f64, level: f64) -> Result<Interval> {
        self.band(x, level, self.leverage_at(x).sqrt())
    }

    /// The prediction band at an x of the original scale: where one new y lies, line -/+ t s sqrt(1 + h),
    /// carried to the original scale.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a level that is not between 0 and 1.
    pub fn prediction_band(&self, x: f64, level: f64) -> Result<Interval> {
        self.band(x, level, self.leverage_at(x).sqrt().hypot(1.0))
    }

    fn band(&self, x: f64, level: f64, width: f64) -> Result<Interval> {
        let std_err = self.residual_std_err() * width;
        let straight = Interval::student(self.straight_prediction(x), std_err, self.freedom(), level)?;
        Ok(Interval { low: self.original_y(straight.low), high: self.original_y(straight.high) })
    }

    /// The residual standard error s = sqrt(SSR / (n - 2)), on the straightened scale.
    pub fn residual_std_err(&self) -> f64 {
        norm(self.residuals()) / self.freedom().sqrt()
    }

    /// Adjusted R² = 1 - (1 - R²)(n - 1) / (n - 2); below 0 where the line explains less than chance would.
    pub fn adjusted_r_squared(&self) -> f64 {
        1.0 - (1.0 - self.r_squared()) * (self.n() as f64 - 1.0) / self.freedom()
    }

    /// F of the whole fit, with 1 and n - 2 degrees of freedom: t² of the slope.
    pub fn f(&self) -> f64 {
        self.t() * self.t()
    }

    /// The p value of F, 0..1: that of t, since a line has one slope.
    pub fn f_p_value(&self) -> f64 {
        f_p_value(self.f(), 1.0, self.freedom())
    }

    /// The interval of the population's R², from the noncentral F distribution for x values that
    /// were chosen, not drawn. Its lower end is 0 where F is not significant at (1 - level) / 2; its
    /// upper end is 0 too where F is smaller than chance leaves it. 1 to 1 for an exact line.
    ///
    /// An end is lambda / (lambda + n), with the noncentrality lambda that puts F at the quantile (1 + level)
    /// / 2 for the lower, (1 - level) / 2 for the upper. Source: Steiger, *Beyond the F test*, Psychological
    /// Methods 9 (2004) 164-182.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a level that is not between 0 and 1.
    pub fn r_squared_interval(&self, level: f64) -> Result<Interval> {
        r_squared_interval(self.r_squared(), self.n(), level)
    }

    /// h = 1 / n + (x - mean)² / Sxx at an x of the original scale.
    pub(super) fn leverage_at(&self, x: f64) -> f64 {
        let (unit, mean, scale) = standardise(&self.straight_x());
        let distance = (self.straight_x_of(x) - mean) / scale;
        1.0 / self.n() as f64 + distance * distance / sum_of_squares(&unit)
    }

    pub(super) fn freedom(&self) -> f64 {
        self.degrees_of_freedom() as f64
    }
}

/// The share of the F distribution above `f`.
pub(crate) fn f_p_value(f: f64, numerator: f64, denominator: f64) -> f64 {
    match FisherSnedecor::new(numerator, denominator) {
        Ok(fisher) if f.is_finite() => fisher.sf(f),
        Ok(_) if f == f64::INFINITY => 0.0,
        _ => f64::NAN,
    }
}

/// sqrt of the sum of squares, which may itself lie outside the range of `f64`.
pub(super) fn norm(values: &[f64]) -> f64 {
    let scale = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if scale == 0.0 {
        return 0.0;
    }
    scale * values.iter().map(|value| (value / scale) * (value / scale)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
