//! Tests of a line by its residuals: lack of fit, curvature, equal variance, normality.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::TestOutcome;
use super::distributions::{f_p_value, two_tailed};
use super::least_squares::{EXACT_ROUNDINGS, Line, largest, regress, standardise};
use super::quantiles::levels;

impl Line {
    /// F = ((SSR - SSPE) / (m - 2)) / (SSPE / (n - m)), with m levels of x and SSPE the sum of squares about their
    /// means. `None` if no level has a repeat, there are only two levels, or all residuals are 0.
    ///
    /// Source: Draper & Smith, *Applied Regression Analysis*, 3rd ed. (1998), section 2.1.
    pub fn lack_of_fit(&self) -> Option<TestOutcome> {
        let (residuals, _, scale) = standardise(&self.residuals);
        let levels = levels(&self.x);
        let (n, m) = (self.n(), levels.len());
        if m == n || m <= 2 || scale == 0.0 {
            return None;
        }
        // The line is constant within a level, so residuals differ as y does.
        let (mut pure, mut lack) = (0.0, 0.0);
        for level in levels {
            let mean = level.iter().map(|&point| residuals[point]).sum::<f64>() / level.len() as f64;
            lack += level.len() as f64 * mean * mean;
            pure += level.iter().map(|&point| (residuals[point] - mean).powi(2)).sum::<f64>();
        }
        let (numerator, denominator) = ((m - 2) as f64, (n - m) as f64);
        let f = (lack / numerator) / (pure / denominator);
        Some(TestOutcome { statistic: f, p_value: f_p_value(f, numerator, denominator), exact: true })
    }

    /// Student's t of c in y = a + b x + c x², with n - 3 degrees of freedom. `None` with fewer than four points
    /// or three levels of x, or if the line is exact.
    ///
    /// By the theorem of Frisch, Waugh and Lovell: the residuals of y on those of x², both on x.
    pub fn curvature(&self) -> Option<TestOutcome> {
        let (unit, _, _) = standardise(&self.x);
        if self.n() < 4 || levels(&unit).len() < 3 {
            return None;
        }
        let squares: Vec<f64> = unit.iter().map(|x| x * x).collect();
        let beyond = regress(&unit, &squares).ok()?.residuals;
        let (residuals, _, scale) = standardise(&self.residuals);
        if scale == 0.0 {
            return None;
        }
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let size = product(&beyond, &beyond);
        let curvature = product(&beyond, &residuals) / size;
        let left: Vec<f64> = residuals.iter().zip(&beyond).map(|(e, q)| e - curvature * q).collect();
        let freedom = self.freedom() - 1.0;
        let t = curvature / (product(&left, &left) / freedom / size).sqrt();
        Some(TestOutcome { statistic: t, p_value: two_tailed(t, freedom), exact: true })
    }

    /// n R² of the squared residuals on x, chi-squared with one degree of freedom. `None` with fewer than four points, or if all
    /// residuals have the same size up to rounding.
    ///
    /// Source: Koenker, *A note on studentizing a test for heteroscedasticity*, J. Econometrics 17 (1981)
    /// 107-112.
    pub fn breusch_pagan(&self) -> Option<TestOutcome> {
        let (residuals, _, scale) = standardise(&self.residuals);
        let squares: Vec<f64> = residuals.iter().map(|e| e * e).collect();
        // What the rounding of y, and so of a residual, makes of a square.
        let rounding = 2.0 * EXACT_ROUNDINGS * f64::EPSILON * largest(&self.y) / scale;
        let is_even = squares.iter().all(|square| (square - squares[0]).abs() <= rounding);
        if self.n() < 4 || scale == 0.0 || is_even {
            return None;
        }
        let statistic = self.n() as f64 * regress(&self.x, &squares).ok()?.r_squared;
        let p_value = ChiSquared::new(1.0).map_or(f64::NAN, |chi| chi.sf(statistic));
        Some(TestOutcome { statistic, p_value, exact: false })
    }

    /// [`TestOutcome::shapiro_wilk`] of the residuals. `None` with fewer than four points, whose residuals x alone decides but for their
    /// size, if all residuals are the same, or if there are more than 5,000.
    pub fn normality(&self) -> Option<TestOutcome> {
        // Scaled first, so that squares stay in the range of f64.
        let (residuals, _, scale) = standardise(&self.residuals);
        if self.n() < 4 || scale == 0.0 { None } else { TestOutcome::shapiro_wilk(&residuals).ok() }
    }
}
