//! Tests, intervals and bands of a line, its coefficients and its R².
//!
//! Source: Draper & Smith, *Applied Regression Analysis*, 3rd ed. (1998), chapters 1 and 3. s is the residual
//! standard error, h the leverage 1 / n + (x - mean)² / Sxx; Student's t has n - 2 degrees of freedom.

use super::distributions::{f_p_value, two_tailed};
use super::least_squares::{EXACT_ROUNDINGS, Line, norm, standardise, sum_of_squares};
use super::noncentral::r_squared_interval;
use super::{Information, Interval, normal_log_likelihood};
use crate::error::Result;

/// Parameters of a line with normal errors: intercept, slope and variance.
const PARAMETERS: f64 = 3.0;

impl Line {
    /// The number of points.
    pub fn n(&self) -> usize {
        self.x.len()
    }

    /// Whether `f64` has numbers as large as the coefficients and their errors.
    pub fn is_finite(&self) -> bool {
        let numbers = [self.slope, self.intercept, self.slope_std_err, self.intercept_std_err];
        numbers.iter().all(|number| number.is_finite())
    }

    /// Whether the slope or a standard error is nearer to 0 than `f64` has all its digits, but is not 0 itself: no slope has
    /// an r of 0 up to rounding, and an exact line an infinite t. An intercept of 0 is as good as any.
    pub fn lost_digits(&self) -> bool {
        let is_small = |number: f64| number.abs() < f64::MIN_POSITIVE;
        let errors = [self.slope_std_err, self.intercept_std_err];
        let has_slope = self.r.abs() > EXACT_ROUNDINGS * f64::EPSILON;
        (has_slope && is_small(self.slope)) || (self.t.is_finite() && errors.into_iter().any(is_small))
    }

    /// n - 2.
    pub fn freedom(&self) -> f64 {
        self.n() as f64 - 2.0
    }

    /// Student's t of the intercept against zero. Infinite for an exact line that misses the origin, NaN for an
    /// exact line through it.
    pub fn intercept_t(&self) -> f64 {
        let largest = self.y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
        let is_rounding = self.intercept.abs() <= EXACT_ROUNDINGS * f64::EPSILON * largest;
        if self.intercept_std_err == 0.0 && is_rounding {
            return f64::NAN;
        }
        self.intercept / self.intercept_std_err
    }

    /// The two-tailed p-value of a zero intercept.
    pub fn intercept_p_value(&self) -> f64 {
        two_tailed(self.intercept_t(), self.freedom())
    }

    pub fn slope_interval(&self, level: f64) -> Result<Interval> {
        Interval::student(self.slope, self.slope_std_err, self.freedom(), level)
    }

    pub fn intercept_interval(&self, level: f64) -> Result<Interval> {
        Interval::student(self.intercept, self.intercept_std_err, self.freedom(), level)
    }

    /// line ± t s sqrt(h) at x.
    pub fn confidence_band(&self, x: f64, level: f64) -> Result<Interval> {
        self.band(x, level, self.leverage_at(x).sqrt())
    }

    /// line ± t s sqrt(1 + h) at x.
    pub fn prediction_band(&self, x: f64, level: f64) -> Result<Interval> {
        self.band(x, level, self.leverage_at(x).sqrt().hypot(1.0))
    }

    fn band(&self, x: f64, level: f64, width: f64) -> Result<Interval> {
        let std_err = self.residual_std_err() * width;
        Interval::student(self.predict(x), std_err, self.freedom(), level)
    }

    /// The line's y at x.
    pub fn predict(&self, x: f64) -> f64 {
        let (_, mean, scale) = standardise(&self.x);
        match self.nearest_of_far(x, mean, scale) {
            Some(nearest) => self.fitted[nearest] + self.slope * (x - self.x[nearest]),
            None => self.intercept + self.slope * x,
        }
    }

    /// The point whose x is nearest, if all are so far from 0 that intercept + slope x, and x minus a rounded mean, would lose
    /// digits. The difference of two near x is exact.
    fn nearest_of_far(&self, x: f64, mean: f64, scale: f64) -> Option<usize> {
        const FAR: f64 = 100.0;
        let distance = |point: &usize| (self.x[*point] - x).abs();
        let nearest = (0..self.n()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.filter(|_| mean.abs() > FAR * scale)
    }

    /// h = 1 / n + (x - mean)² / Sxx.
    fn leverage_at(&self, x: f64) -> f64 {
        let (unit, mean, scale) = standardise(&self.x);
        let distance = match self.nearest_of_far(x, mean, scale) {
            Some(nearest) => unit[nearest] + (x - self.x[nearest]) / scale,
            None => (x - mean) / scale,
        };
        1.0 / self.n() as f64 + distance * distance / sum_of_squares(&unit)
    }

    /// s = sqrt(SSR / (n - 2)).
    pub fn residual_std_err(&self) -> f64 {
        norm(&self.residuals) / self.freedom().sqrt()
    }

    /// 1 - (1 - R²)(n - 1) / (n - 2).
    pub fn adjusted_r_squared(&self) -> f64 {
        1.0 - (1.0 - self.r_squared) * (self.n() as f64 - 1.0) / self.freedom()
    }

    /// F with 1 and n - 2 degrees of freedom, t² of the slope.
    pub fn f(&self) -> f64 {
        self.t * self.t
    }

    pub fn f_p_value(&self) -> f64 {
        f_p_value(self.f(), 1.0, self.freedom())
    }

    pub fn r_squared_interval(&self, level: f64) -> Result<Interval> {
        r_squared_interval(self.r_squared, self.n(), level)
    }

    /// The information criteria. `log_jacobian` is added to ln L: it carries the likelihood from the line's y to
    /// another scale.
    pub fn information(&self, log_jacobian: f64) -> Information {
        Information::new(normal_log_likelihood(&self.residuals) + log_jacobian, PARAMETERS, self.n())
    }
}
