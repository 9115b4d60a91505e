//! What residuals would be if they were normal.

use statrs::distribution::{ContinuousCDF, Normal};

use super::Fit;

impl Fit {
    /// The standard normal quantile that belongs to the rank of each [standardised
    /// residual](Self::standardised_residuals): the x of a normal quantile plot (R's `qqnorm`), in the order of the points.
    ///
    /// Rank i of n stands at the probability (i - a) / (n + 1 - 2 a), a = 3/8 for up to ten points and 1/2 for more (R's
    /// `ppoints`). Residuals without a standard error (NaN) have none either, and do not count.
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
