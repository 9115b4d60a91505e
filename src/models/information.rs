//! How well a form predicts y itself: likelihood and information criteria that can be compared
//! between forms, and errors on the original scale.

use super::Fit;
use super::inference::norm;

/// Parameters of a line with normal errors: intercept, slope, and the variance.
const PARAMETERS: f64 = 3.0;

/// Information criteria from one likelihood of the original y; smaller is better, and only differences between
/// models of the same y mean anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Information {
    /// ln of the largest likelihood.
    pub log_likelihood: f64,
    /// Akaike's: 2 k - 2 ln L, with k parameters, the variance among them.
    pub aic: f64,
    /// AIC with the correction for few points, AIC + 2 k (k + 1) / (n - k - 1) (Hurvich & Tsai 1989); NaN
    /// where n <= k + 1.
    pub aicc: f64,
    /// Schwarz's: k ln n - 2 ln L.
    pub bic: f64,
}

impl Information {
    pub(super) fn of(log_likelihood: f64, parameters: f64, n: usize) -> Self {
        let n = n as f64;
        let aic = 2.0 * parameters - 2.0 * log_likelihood;
        let left = n - parameters - 1.0;
        let correction = if left > 0.0 { 2.0 * parameters * (parameters + 1.0) / left } else { f64::NAN };
        Self { log_likelihood, aic, aicc: aic + correction, bic: parameters * n.ln() - 2.0 * log_likelihood }
    }
}

/// ln L of normal errors at their largest: -n / 2 (ln(2 pi SSR / n) + 1); infinite for an exact fit.
pub(super) fn normal_log_likelihood(residuals: &[f64]) -> f64 {
    let n = residuals.len() as f64;
    let deviation = norm(residuals) / n.sqrt();
    -n * (deviation.ln() + 0.5 * (2.0 * std::f64::consts::PI).ln() + 0.5)
}

impl Fit {
    /// The information criteria, comparable between the three forms on the same points and with
    /// a [`CurveFit`](super::CurveFit) of them.
    ///
    /// The likelihood is of y itself: forms with normal errors of ln y have the density of ln y over
    /// y, so sum ln y is taken from their ln L (the Jacobian). k is 3. For an exact line ln L is infinite.
    pub fn information(&self) -> Information {
        let straight = normal_log_likelihood(self.residuals());
        let jacobian = if self.form().takes_ln_y() { self.straight_y().iter().sum() } else { 0.0 };
        Information::of(straight - jacobian, PARAMETERS, self.n())
    }

    /// The root of the mean squared y - prediction on the original scale, over n. Forms that take ln y predict
    /// the median of y.
    pub fn rmse(&self) -> f64 {
        let errors = self.y().iter().zip(self.fitted()).map(|(y, &fitted)| y - self.original_y(fitted));
        root_mean_square(errors.collect())
    }

    /// The root of the mean squared error, on the original scale, of predicting each point by the form
    /// fitted to all others; `None` where leaving one out leaves a single x.
    ///
    /// The straightened prediction without point i is its y - e / (1 - h), so no refit is needed.
    pub fn leave_one_out_error(&self) -> Option<f64> {
        let leverages = self.leverages();
        if leverages.iter().any(|&leverage| leverage > 1.0 - 1e-12) {
            return None;
        }
        let straight_y = self.straight_y();
        let errors = (0..self.n()).map(|point| {
            let without = straight_y[point] - self.residuals()[point] / (1.0 - leverages[point]);
            self.y()[point] - self.original_y(without)
        });
        Some(root_mean_square(errors.collect()))
    }
}

fn root_mean_square(errors: Vec<f64>) -> f64 {
    norm(&errors) / (errors.len() as f64).sqrt()
}
