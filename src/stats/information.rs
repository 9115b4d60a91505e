//! The normal likelihood and information criteria.

use super::least_squares::norm;

/// The difference of AICc from which one model counts as clearly better, 2: beyond it the other model has
/// considerably less support.
///
/// Source: Burnham & Anderson, *Model Selection and Multimodel Inference*, 2nd ed. (2002), section 2.6.
pub(crate) const CLEARLY_BETTER: f64 = 2.0;

/// Information criteria from one likelihood. Smaller is better, and only differences between models of the same y
/// mean anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Information {
    /// ln L, the logarithm of the largest likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion, 2 k - 2 ln L. The variance counts among the k parameters.
    pub aic: f64,
    /// AIC corrected for few points, AIC + 2 k (k + 1) / (n - k - 1) (Hurvich & Tsai 1989). NaN if n <= k + 1.
    pub aicc: f64,
    /// Schwarz's criterion, k ln n - 2 ln L.
    pub bic: f64,
}

impl Information {
    pub(super) fn new(log_likelihood: f64, parameters: f64, n: usize) -> Self {
        let n = n as f64;
        let aic = 2.0 * parameters - 2.0 * log_likelihood;
        let left = n - parameters - 1.0;
        let correction = if left > 0.0 { 2.0 * parameters * (parameters + 1.0) / left } else { f64::NAN };
        Self { log_likelihood, aic, aicc: aic + correction, bic: parameters * n.ln() - 2.0 * log_likelihood }
    }
}

/// The largest ln L of normal errors, -n / 2 (ln(2 pi SSR / n) + 1). Infinite for an exact fit.
pub(super) fn normal_log_likelihood(residuals: &[f64]) -> f64 {
    let n = residuals.len() as f64;
    let deviation = norm(residuals) / n.sqrt();
    -n * (deviation.ln() + 0.5 * (2.0 * std::f64::consts::PI).ln() + 0.5)
}

/// AICc of one model minus AICc of another of the same y with as many parameters: n ln((1 - R²) / (1 - other R²)).
///
/// Negative if the first model is better, -infinity if it alone is exact, 0 if both are.
pub(crate) fn aicc_difference(r_squared: f64, other: f64, n: usize) -> f64 {
    let (left, other_left) = (1.0 - r_squared, 1.0 - other);
    if left == other_left { 0.0 } else { n as f64 * (left / other_left).ln() }
}

#[cfg(test)]
mod tests {
    use super::aicc_difference;

    #[test]
    fn two_exact_models_do_not_differ() {
        assert_eq!(aicc_difference(1.0, 1.0, 11), 0.0);
        assert_eq!(aicc_difference(1.0, 0.5, 11), f64::NEG_INFINITY);
        assert_eq!(aicc_difference(0.5, 1.0, 11), f64::INFINITY);
        assert_eq!(aicc_difference(0.75, 0.5, 2), 2.0 * 0.5f64.ln());
    }
}
