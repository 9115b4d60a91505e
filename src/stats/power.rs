//! The power of the t test of a slope, and the number of sessions that a study needs.

use super::distributions::{check_significance, least_r_squared};
use super::mean;
use super::noncentral::noncentral_cdf;
use crate::error::{Error, Result};

/// The largest number of sessions per level that is tried.
const MOST_SESSIONS: usize = 100_000;

/// The design of a study: the same number of sessions at each of some levels of training, and the slope of the score
/// against ln iterations that the study should detect.
///
/// With k sessions at each level, x = ln iterations and s the standard deviation within a level, t of the slope b has
/// Student's noncentral distribution with n - 2 degrees of freedom and noncentrality b sqrt(Sxx) / s. So t² has the
/// noncentral F distribution, and the power is the probability that it exceeds its critical value. Both tails count,
/// also the wrong one, which matters only if there is hardly any power.
///
/// Source: Cohen, *Statistical Power Analysis for the Behavioral Sciences*, 2nd ed. (1988), chapter 9, but with the
/// exact distribution for fixed x.
#[derive(Debug, Clone, PartialEq)]
pub struct SlopePower {
    /// The levels of training, in iterations; at least two.
    pub levels: Vec<u64>,
    /// The slope to detect: the change of the score when training is e times as long.
    pub slope: f64,
    /// The standard deviation of the scores within a level.
    pub deviation: f64,
    /// The level of significance of the two-tailed t test, such as 0.05.
    pub significance: f64,
}

impl SlopePower {
    /// The probability that a study with this many sessions per level finds a p-value below the significance level.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are fewer than two different levels or fewer
    /// than three sessions in all, a level is 0 iterations, the deviation is not positive, the slope is not finite, or
    /// the significance is not between 1e-300 and 1.
    ///
    /// # Example
    /// A slope of 1 over 1, e² and e⁴ (about 1, 7 and 55) with a deviation of 2, four sessions each.
    /// ```
    /// use softness::stats::SlopePower;
    /// # fn main() -> softness::Result<()> {
    /// let study = SlopePower { levels: vec![1, 7, 55], slope: 1.0, deviation: 2.0, significance: 0.05 };
    /// assert!(study.power(4)? > 0.7 && study.power(8)? > study.power(4)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn power(&self, sessions_per_level: usize) -> Result<f64> {
        self.check()?;
        let n = self.levels.len() * sessions_per_level;
        Error::require(
            n >= 3,
            "sessions per level",
            sessions_per_level,
            "at least three sessions are needed in total",
        )?;
        let x: Vec<f64> = self.levels.iter().map(|&level| (level as f64).ln()).collect();
        let mean = mean(&x);
        let sxx = sessions_per_level as f64 * x.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        let lambda = self.slope * self.slope * sxx / (self.deviation * self.deviation);
        let critical = least_r_squared(self.significance, n - 2)?;
        Ok(1.0 - noncentral_cdf(critical, (n - 2) as f64, lambda))
    }

    /// The smallest number of sessions per level with at least this power, such as 0.8.
    ///
    /// # Errors
    /// Those of [`power`](Self::power), and [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the power is
    /// outside 0..1 or 100,000 sessions per level do not reach it.
    pub fn sessions_per_level(&self, power: f64) -> Result<usize> {
        Error::require(power > 0.0 && power < 1.0, "power", power, "it lies between 0 and 1, such as 0.8")?;
        self.check()?;
        let fewest = 3usize.div_ceil(self.levels.len());
        // Double until it suffices, then bisect.
        let (mut low, mut high) = (fewest - 1, fewest);
        while self.power(high)? < power {
            (low, high) = (high, 2 * high);
            let requirement = format!("even {MOST_SESSIONS} sessions per level cannot detect this slope");
            Error::require(high <= MOST_SESSIONS, "power", power, requirement)?;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.power(middle)? < power { low = middle } else { high = middle }
        }
        Ok(high)
    }

    fn check(&self) -> Result<()> {
        let mut levels = self.levels.clone();
        levels.sort_unstable();
        levels.dedup();
        let requirement = "two or more different levels of at least 1 iteration are needed";
        let fits = levels.len() >= 2 && levels[0] > 0;
        Error::require(fits, "levels", format!("{:?}", self.levels), requirement)?;
        Error::require(self.slope.is_finite(), "slope", self.slope, "it must be a finite number")?;
        let fits = self.deviation > 0.0 && self.deviation.is_finite();
        Error::require(fits, "deviation", self.deviation, "it must be a positive number")?;
        check_significance("significance", self.significance)
    }
}
