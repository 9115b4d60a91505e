//! Leverage, scaled residuals and the influence of single points on a line.
//!
//! Source: Cook & Weisberg, *Residuals and Influence in Regression* (1982).

use statrs::distribution::{ContinuousCDF, Normal};

use super::least_squares::{Line, root_mean_square, standardise, sum_of_squares};

/// Coefficients of a line.
const COEFFICIENTS: f64 = 2.0;

/// If 1 - h is at most this, nothing but rounding is left of it.
pub(super) const NO_SHARE: f64 = 1e-12;

impl Line {
    /// h = 1 / n + (x - mean)² / Sxx of each point.
    pub fn leverages(&self) -> Vec<f64> {
        let (unit, _, _) = standardise(&self.x);
        let sxx = sum_of_squares(&unit);
        unit.iter().map(|x| 1.0 / self.n() as f64 + x * x / sxx).collect()
    }

    /// e / (s sqrt(1 - h)).
    pub fn standardised_residuals(&self) -> Vec<f64> {
        let s = self.residual_std_err();
        let pairs = self.residuals.iter().zip(self.leverages());
        pairs.map(|(residual, leverage)| residual / (s * free_share(leverage).sqrt())).collect()
    }

    /// r sqrt((n - 3) / (n - 2 - r²)); infinite if all other points lie on one line, NaN for three points.
    pub fn studentised_residuals(&self) -> Vec<f64> {
        let freedom = self.freedom();
        let studentised = |r: f64| {
            let left = freedom - r * r;
            match freedom > 1.0 {
                true if left <= NO_SHARE * freedom => f64::INFINITY.copysign(r),
                true => r * ((freedom - 1.0) / left).sqrt(),
                false => f64::NAN,
            }
        };
        self.standardised_residuals().into_iter().map(studentised).collect()
    }

    /// r² h / (2 (1 - h)).
    pub fn cooks_distances(&self) -> Vec<f64> {
        let pairs = self.standardised_residuals().into_iter().zip(self.leverages());
        pairs.map(|(r, leverage)| r * r * leverage / (COEFFICIENTS * free_share(leverage))).collect()
    }

    /// The root mean squared difference of the `original` y and the fitted values. `to_original` takes a y of the line to
    /// the scale of `original`.
    pub fn root_mean_squared_error(&self, original: &[f64], to_original: impl Fn(f64) -> f64) -> f64 {
        let errors: Vec<f64> =
            original.iter().zip(&self.fitted).map(|(y, &fitted)| y - to_original(fitted)).collect();
        root_mean_square(&errors)
    }

    /// The root mean squared error of predicting each `original` y by the line through the other points;
    /// `to_original` takes a y of the line to the scale of `original`. `None` if a point alone decides the slope.
    ///
    /// The prediction without point i is y - e / (1 - h), so no refit is needed.
    pub fn leave_one_out_error(&self, original: &[f64], to_original: impl Fn(f64) -> f64) -> Option<f64> {
        let leverages = self.leverages();
        if leverages.iter().any(|&leverage| leverage > 1.0 - NO_SHARE) {
            return None;
        }
        let error = |point: usize| {
            let without = self.y[point] - self.residuals[point] / (1.0 - leverages[point]);
            original[point] - to_original(without)
        };
        Some(root_mean_square(&(0..self.n()).map(error).collect::<Vec<f64>>()))
    }

    /// The standard normal quantile for the rank of each standardised residual, in the order of the points.
    pub fn normal_scores(&self) -> Vec<f64> {
        let residuals = self.standardised_residuals();
        let mut order: Vec<usize> = (0..self.n()).filter(|&point| !residuals[point].is_nan()).collect();
        order.sort_by(|&a, &b| residuals[a].total_cmp(&residuals[b]));
        let count = order.len() as f64;
        let a = if order.len() <= 10 { 0.375 } else { 0.5 };
        let mut scores = vec![f64::NAN; self.n()];
        for (rank, point) in order.into_iter().enumerate() {
            scores[point] = Normal::standard().inverse_cdf((rank as f64 + 1.0 - a) / (count + 1.0 - 2.0 * a));
        }
        scores
    }
}

/// 1 - h; NaN if nothing but rounding is left of it.
fn free_share(leverage: f64) -> f64 {
    let share = 1.0 - leverage;
    if share > NO_SHARE { share } else { f64::NAN }
}
