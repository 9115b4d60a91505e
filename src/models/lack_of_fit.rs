//! Whether a line is the right shape: against means of repeats, and against a parabola.

use super::inference::f_p_value;
use super::line::{regress, standardise, two_tailed};
use super::{Fit, TestOutcome};

impl Fit {
    /// The lack-of-fit F: do the means at the levels of x lie further from the line than repeats at a level
    /// lie from each other? On the straightened scale, with n points at m levels and SSPE the sum of squares
    /// about the level means, F = ((SSR - SSPE) / (m - 2)) / (SSPE / (n - m)), with m - 2 and n - m degrees
    /// of freedom.
    ///
    /// `None` where it is not available: no level has a repeat, there are only two levels (a line meets any
    /// two means), or neither part is above rounding. Infinite where repeats agree exactly and the line does
    /// not. A small p says that the form is wrong, or that repeats share something besides x. Exact under
    /// normal errors.
    ///
    /// Source: Draper & Smith, *Applied Regression Analysis*, 3rd ed. (1998), section 2.1.
    pub fn lack_of_fit(&self) -> Option<TestOutcome> {
        let straight_x = self.straight_x();
        let (residuals, _, scale) = standardise(self.residuals());
        let mut order: Vec<usize> = (0..self.n()).collect();
        order.sort_by(|&a, &b| straight_x[a].total_cmp(&straight_x[b]));
        let levels: Vec<&[usize]> = order.chunk_by(|&a, &b| straight_x[a] == straight_x[b]).collect();
        let (n, m) = (self.n(), levels.len());
        if m == n || m <= 2 || scale == 0.0 {
            return None;
        }
        // Within a level the line is constant, so residuals differ as y does.
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

    /// Student's t of c in y = a + b x + c x² on the straightened scale, with n - 3 degrees of freedom: the
    /// curvature that the paper judged by eye from residual plots. Positive: the points curve upwards. Exact
    /// under normal errors.
    ///
    /// `None` with fewer than four points or three levels of x, and where the line is exact.
    ///
    /// By the theorem of Frisch, Waugh and Lovell: the residuals of y against those of x², both on x.
    pub fn curvature(&self) -> Option<TestOutcome> {
        let (unit, _, _) = standardise(&self.straight_x());
        let mut levels = unit.clone();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        if self.n() < 4 || levels.len() < 3 {
            return None;
        }
        let squares: Vec<f64> = unit.iter().map(|x| x * x).collect();
        let beyond = regress(&unit, &squares).ok()?.residuals;
        let (residuals, _, scale) = standardise(self.residuals());
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
}
