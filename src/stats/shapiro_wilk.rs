//! The Shapiro-Wilk test of normality by Royston's algorithm AS R94, as in R and scipy.

use statrs::distribution::{ContinuousCDF, Normal};

use super::TestOutcome;
use crate::error::{Error, Result};

/// The sample sizes that the approximation of the p-value is made for.
const COUNTS: std::ops::RangeInclusive<usize> = 3..=5000;

impl TestOutcome {
    /// Shapiro and Wilk's W of a sample, and the probability of one at most as large from a normal distribution.
    ///
    /// W is nearly the squared correlation of the sorted values with the expected order statistics of a normal sample. A
    /// small p says that the values are not normal. The p-value is Royston's approximation; it is exact for three values.
    ///
    /// **Limits.** With few values the test finds only gross departures. With 11 values and a level of 0.05 it rejects
    /// normality in 50% of samples from an exponential distribution, 9% from a uniform one, 21% from Student's t with 3
    /// degrees of freedom and 5% from a normal one (20,000 samples each, by scipy 1.17). Not to reject is no evidence of
    /// normality.
    ///
    /// Source: Royston, *Remark AS R94*, Applied Statistics 44 (1995) 547-551.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are fewer than 3 or more than 5,000 values, if one
    /// is not finite, or if all are the same.
    pub fn shapiro_wilk(values: &[f64]) -> Result<Self> {
        let n = values.len();
        let requirement = "Shapiro-Wilk's test takes 3 to 5,000";
        Error::require(COUNTS.contains(&n), "the number of values", n, requirement)?;
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(Error::option("values", value, "only finite numbers can be tested"));
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let range = sorted[n - 1] - sorted[0];
        Error::require(range > 0.0, "values", values[0], "values that are all the same cannot be tested")?;
        let weights = weights(n);
        // 1 - W, from the values divided by their range, so that no digits are lost if W is near 1.
        let scaled: Vec<f64> = sorted.iter().map(|value| (value - sorted[0]) / range).collect();
        let mean = scaled.iter().sum::<f64>() / n as f64;
        let weight_of = |place: usize| match place {
            _ if 2 * place + 1 == n => 0.0,
            _ if place < n / 2 => -weights[place],
            _ => weights[n - 1 - place],
        };
        let (mut ssa, mut ssx, mut sax) = (0.0, 0.0, 0.0);
        for (place, value) in scaled.iter().enumerate() {
            let (a, x) = (weight_of(place), value - mean);
            ssa += a * a;
            ssx += x * x;
            sax += a * x;
        }
        let root = (ssa * ssx).sqrt();
        let away = ((root - sax) * (root + sax) / (ssa * ssx)).max(0.0);
        Ok(Self { statistic: 1.0 - away, p_value: p_value(away, n), exact: n == 3 })
    }
}

/// Royston's approximation of the weights of the upper half of the sample, largest first.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let count = n as f64;
    let normal = Normal::standard();
    let half = n / 2;
    let m: Vec<f64> =
        (0..half).map(|i| normal.inverse_cdf((i as f64 + 1.0 - 0.375) / (count + 0.25))).collect();
    let summ2 = 2.0 * m.iter().map(|m| m * m).sum::<f64>();
    let root = summ2.sqrt();
    let u = 1.0 / count.sqrt();
    let first = polynomial(&[0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], u) - m[0] / root;
    let mut weights = vec![first];
    let factor = if n > 5 {
        let second = polynomial(&[0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u) - m[1] / root;
        weights.push(second);
        let free = summ2 - 2.0 * (m[0] * m[0] + m[1] * m[1]);
        (free / (1.0 - 2.0 * (first * first + second * second))).sqrt()
    } else {
        ((summ2 - 2.0 * m[0] * m[0]) / (1.0 - 2.0 * first * first)).sqrt()
    };
    weights.extend(m[weights.len()..].iter().map(|m| -m / factor));
    weights
}

/// The p-value, from 1 - W.
fn p_value(away: f64, n: usize) -> f64 {
    if n == 3 {
        // 6 / pi (asin sqrt W - asin sqrt 3/4), which is exact.
        let least = 0.75f64.sqrt().asin();
        return (6.0 / std::f64::consts::PI * ((1.0 - away).sqrt().asin() - least)).clamp(0.0, 1.0);
    }
    let count = n as f64;
    let (statistic, mean, deviation) = if n <= 11 {
        let gamma = polynomial(&[-2.273, 0.459], count);
        if away.ln() >= gamma {
            return 1e-99;
        }
        (
            -(gamma - away.ln()).ln(),
            polynomial(&[0.544, -0.39978, 0.025054, -6.714e-4], count),
            polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], count).exp(),
        )
    } else {
        let ln = count.ln();
        (
            away.ln(),
            polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], ln),
            polynomial(&[-0.4803, -0.082676, 0.0030302], ln).exp(),
        )
    };
    Normal::standard().sf((statistic - mean) / deviation)
}

/// c0 + c1 x + c2 x² + ...
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}
