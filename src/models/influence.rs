//! Which points, and which levels of x, a fit rests on.
//!
//! Source: Cook & Weisberg, *Residuals and Influence in Regression* (1982); the names are R's in brackets.

use super::Fit;
use super::fit::{Points, fit_group};
use super::line::{standardise, sum_of_squares};
use crate::error::{Failure, Result};

/// Coefficients of a line.
const COEFFICIENTS: f64 = 2.0;

/// A fit without one level of x: every point at that x left out together.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelInfluence {
    /// The x, on the original scale.
    pub level: f64,
    /// The number of points there.
    pub points: usize,
    /// The form fitted to all other points; `None` where fewer than three, or points of a single x or y,
    /// are left.
    pub without: Option<Fit>,
}

impl Fit {
    /// Each point's leverage h = 1 / n + (x - mean)² / Sxx, 1 / n..1 (`hatvalues`). They sum to 2.
    pub fn leverages(&self) -> Vec<f64> {
        let (unit, _, _) = standardise(&self.straight_x());
        let sxx = sum_of_squares(&unit);
        unit.iter().map(|x| 1.0 / self.n() as f64 + x * x / sxx).collect()
    }

    /// Residuals over their own standard errors, e / (s sqrt(1 - h)) (`rstandard`): comparable among
    /// points. NaN where the point alone decides the line (h = 1) and for an exact line.
    pub fn standardised_residuals(&self) -> Vec<f64> {
        let s = self.residual_std_err();
        let pairs = self.residuals().iter().zip(self.leverages());
        pairs.map(|(residual, leverage)| residual / (s * free_share(leverage).sqrt())).collect()
    }

    /// Residuals over the standard error that the other points give, r sqrt((n - 3) / (n - 2 - r²)) with r
    /// the standardised one (`rstudent`): Student's t of n - 3 degrees of freedom under the model. NaN where
    /// r is, and for n = 3.
    pub fn studentised_residuals(&self) -> Vec<f64> {
        let freedom = self.freedom();
        let others = if freedom > 1.0 { freedom - 1.0 } else { f64::NAN };
        self.standardised_residuals().into_iter().map(|r| r * (others / (freedom - r * r)).sqrt()).collect()
    }

    /// Cook's distance, r² h / (2 (1 - h)) (`cooks.distance`): how far all fitted values move, in units of
    /// their error, when the point is left out. 1 and above is usually looked at. NaN where r is.
    pub fn cooks_distances(&self) -> Vec<f64> {
        let pairs = self.standardised_residuals().into_iter().zip(self.leverages());
        pairs.map(|(r, leverage)| r * r * leverage / (COEFFICIENTS * free_share(leverage))).collect()
    }

    /// The fit without each level of x in turn, in the order of x: on the paper's design, whether the
    /// model stands once the untrained sessions, or the one longest, are out.
    ///
    /// # Errors
    /// Those of [`fit`](super::fit()) that are not about too few or constant points: none, in practice.
    pub fn without_each_level(&self) -> Result<Vec<LevelInfluence>> {
        let mut levels = self.x().to_vec();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels.into_iter().map(|level| self.without_level(level)).collect()
    }

    pub(super) fn without_level(&self, level: f64) -> Result<LevelInfluence> {
        let others = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(self.x()).filter(|&(_, &x)| x != level).map(|(&value, _)| value).collect()
        };
        let names =
            Points { group: self.group(), x: "x", y: "y", row_name: &|row| format!("row {}", row + 1) };
        let (x, y) = (others(self.x()), others(self.y()));
        let points = self.n() - x.len();
        let without = match fit_group(self.form(), &x, &y, &names) {
            Ok(fit) => Some(fit),
            Err(error) => match error.failure() {
                Failure::TooFewPoints { .. } | Failure::ConstantColumn { .. } => None,
                _ => return Err(error),
            },
        };
        Ok(LevelInfluence { level, points, without })
    }
}

/// 1 - h; NaN where nothing but rounding is left of it.
fn free_share(leverage: f64) -> f64 {
    let share = 1.0 - leverage;
    if share > 1e-12 { share } else { f64::NAN }
}
