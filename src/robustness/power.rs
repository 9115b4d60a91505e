//! How many sessions are needed to see a slope.

use crate::error::{Error, Result};
use crate::models::noncentral_cdf;
use crate::paper::least_r_squared;

/// The most sessions a level that are tried.
const MOST_SESSIONS: usize = 100_000;

/// A study to plan: as many sessions at each of some levels of training, and the slope of score against ln iterations
/// that it should see.
///
/// With k sessions at each level, x = ln iterations and s the standard deviation of sessions of one level, t of the
/// slope b is Student's noncentral t with n - 2 degrees of freedom and the noncentrality b sqrt(Sxx) / s, so t² is
/// noncentral F, and the power is the probability that it lies above its critical value: both tails count, the wrong one
/// too, which matters only where there is hardly any power. Source: Cohen, *Statistical Power Analysis for the Behavioral
/// Sciences*, 2nd ed. (1988), chapter 9, but with the exact distribution for x that are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The levels of training, in iterations; at least two.
    pub levels: Vec<u64>,
    /// The slope to be seen, in units of the score for each e-fold of training.
    pub slope: f64,
    /// The standard deviation of the scores of sessions of one level.
    pub deviation: f64,
    /// The level of significance of the two-tailed t test, such as 0.05.
    pub significance: f64,
}

impl Power {
    /// The chance that a study with so many sessions at each level finds p below the level of significance.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for fewer than two levels or three sessions in all, a level of 0 iterations, a
    /// deviation that is not positive, a slope that is not finite, or a significance outside 0..1.
    ///
    /// # Example
    /// A slope of 1 over 1, e² and e⁴ (about 1, 7 and 55) with a deviation of 2, four sessions each.
    /// ```
    /// use softness::design::Power;
    /// # fn main() -> softness::Result<()> {
    /// let study = Power { levels: vec![1, 7, 55], slope: 1.0, deviation: 2.0, significance: 0.05 };
    /// assert!(study.of(4)? > 0.7 && study.of(8)? > study.of(4)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(&self, sessions_per_level: usize) -> Result<f64> {
        self.check()?;
        let n = self.levels.len() * sessions_per_level;
        if n < 3 {
            return Err(Error::option(
                "sessions per level",
                sessions_per_level,
                "three sessions are the fewest",
            ));
        }
        let x: Vec<f64> = self.levels.iter().map(|&level| (level as f64).ln()).collect();
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let sxx = sessions_per_level as f64 * x.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        let lambda = self.slope * self.slope * sxx / (self.deviation * self.deviation);
        let critical = least_r_squared(self.significance, n - 2)?;
        Ok(1.0 - noncentral_cdf(critical, (n - 2) as f64, lambda))
    }

    /// The fewest sessions a level with at least this power, such as 0.8.
    ///
    /// # Errors
    /// Those of [`of`](Self::of); [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a power outside 0..1, or one that a hundred thousand
    /// sessions a level do not reach.
    pub fn sessions_per_level(&self, power: f64) -> Result<usize> {
        if !(power > 0.0 && power < 1.0) {
            return Err(Error::option("power", power, "it lies between 0 and 1, such as 0.8"));
        }
        self.check()?;
        let fewest = 3usize.div_ceil(self.levels.len());
        // Doubled until it suffices, then halved between.
        let (mut low, mut high) = (fewest - 1, fewest);
        while self.of(high)? < power {
            (low, high) = (high, 2 * high);
            if high > MOST_SESSIONS {
                let requirement = format!("{MOST_SESSIONS} sessions a level do not see this slope");
                return Err(Error::option("power", power, requirement));
            }
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.of(middle)? < power { low = middle } else { high = middle }
        }
        Ok(high)
    }

    fn check(&self) -> Result<()> {
        let mut levels = self.levels.clone();
        levels.sort_unstable();
        levels.dedup();
        if levels.len() < 2 || levels[0] == 0 {
            let requirement = "two or more different levels of at least 1 iteration are needed";
            return Err(Error::option("levels", format!("{:?}", self.levels), requirement));
        }
        if !self.slope.is_finite() {
            return Err(Error::option("slope", self.slope, "it must be a finite number"));
        }
        if !(self.deviation > 0.0 && self.deviation.is_finite()) {
            return Err(Error::option("deviation", self.deviation, "it must be a positive number"));
        }
        Ok(())
    }
}
