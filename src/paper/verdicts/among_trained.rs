//! The effect of more training among the trained sessions: rule D.

use crate::error::Result;
use crate::models::{Fit, Form};
use crate::paper::verdicts::subsamples::RESPONSES;
use crate::paper::verdicts::verdict::Ruling;
use crate::stats::{Interval, holm, student_quantile};
use crate::table::LayerScore;

/// The fewest iterations of a trained session: the paper's shortest.
const TRAINED: u64 = 2_000;
/// A slope of ln score on ln iterations this close to 0 changes the score by at most 3.2 % from 2,000 to 50,000 iterations.
const NEGLIGIBLE: f64 = 0.01;
const SIGNIFICANCE: f64 = 0.05;
const LEVEL: f64 = 0.95;

/// The effect of more training on one response.
pub(super) struct Effect {
    /// ln score on ln iterations, for sessions of at least [`TRAINED`] iterations.
    pub trained: Fit,
    pub interval: Interval,
    /// The p-value of its slope after Holm's correction over the four responses.
    pub adjusted_p: f64,
    /// The slope over all levels, and its interval.
    pub all_levels: (f64, Interval),
    /// Mean ln score of trained sessions minus that of sessions of one iteration, and Welch's interval.
    pub any_training: (f64, Interval),
}

impl Effect {
    /// One for each response, in the order of [`RESPONSES`].
    pub fn for_each_response(rows: &[LayerScore]) -> Result<Vec<Self>> {
        let mut effects = RESPONSES
            .iter()
            .map(|&(layer, image)| {
                let rows = rows.iter().filter(|row| row.layer == layer && row.image == image);
                let points: Vec<(f64, f64)> = rows.map(|row| (row.iterations as f64, row.sum)).collect();
                let power = |least: u64| {
                    let kept = points.iter().filter(|(x, _)| *x >= least as f64);
                    let (x, y): (Vec<f64>, Vec<f64>) = kept.copied().unzip();
                    Form::Power.fit(&x, &y)
                };
                let ln_of = |is_side: &dyn Fn(f64) -> bool| -> Vec<f64> {
                    points.iter().filter(|(x, _)| is_side(*x)).map(|(_, y)| y.ln()).collect()
                };
                let (trained, all) = (power(TRAINED)?, power(1)?);
                Ok(Self {
                    interval: trained.slope_interval(LEVEL)?,
                    adjusted_p: trained.p_value(),
                    all_levels: (all.slope(), all.slope_interval(LEVEL)?),
                    any_training: welch(&ln_of(&|x| x >= TRAINED as f64), &ln_of(&|x| x == 1.0)),
                    trained,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let adjusted = holm(&effects.iter().map(|effect| effect.adjusted_p).collect::<Vec<_>>())?;
        for (effect, adjusted) in effects.iter_mut().zip(adjusted) {
            effect.adjusted_p = adjusted;
        }
        Ok(effects)
    }

    /// Rule D.
    pub fn ruling(&self) -> Ruling {
        let significant = self.adjusted_p < SIGNIFICANCE;
        let negligible = self.interval.low > -NEGLIGIBLE && self.interval.high < NEGLIGIBLE;
        match (significant, self.trained.slope() < 0.0) {
            (true, true) => Ruling::Reproduced,
            (true, false) => Ruling::NotReproduced,
            (false, _) if negligible => Ruling::NotReproduced,
            (false, _) => Ruling::CannotBeTested,
        }
    }
}

/// The difference of two means and Welch's interval at 95 %, with Satterthwaite's degrees of freedom.
///
/// Source: B. L. Welch, *Biometrika* 34 (1947), 28-35.
fn welch(a: &[f64], b: &[f64]) -> (f64, Interval) {
    let moments = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n, n)
    };
    let ((mean_a, a, n_a), (mean_b, b, n_b)) = (moments(a), moments(b));
    let freedom = (a + b).powi(2) / (a * a / (n_a - 1.0) + b * b / (n_b - 1.0));
    let (difference, reach) = (mean_a - mean_b, student_quantile(freedom, LEVEL) * (a + b).sqrt());
    (difference, Interval { low: difference - reach, high: difference + reach })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17.1: `ttest_ind([1, 2, 4, 7], [2, 2.5, 3.5], equal_var=False).confidence_interval()`.
    #[test]
    fn welchs_interval_is_scipys() {
        const LAST_DIGIT: f64 = 1e-9; // of the numbers that scipy printed
        let (difference, interval) = welch(&[1.0, 2.0, 4.0, 7.0], &[2.0, 2.5, 3.5]);
        assert!((difference - 0.833_333_333_333).abs() < LAST_DIGIT);
        assert!((interval.low - (-3.195_807_121_474)).abs() < LAST_DIGIT, "{interval:?}");
        assert!((interval.high - 4.862_473_788_141).abs() < LAST_DIGIT, "{interval:?}");
    }
}
