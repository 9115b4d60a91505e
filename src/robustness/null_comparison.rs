//! A score compared with a null distribution.

use serde::Serialize;

use crate::filters::Null;
use crate::stats::Interval;

/// The level of the interval of [`NullComparison::z`].
const LEVEL: f64 = 0.95;

/// How far a score lies from the scores of filters that training did not make.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NullComparison {
    /// The null distribution.
    pub null: Null,
    /// The number of draws.
    pub draws: u64,
    /// What the score is compared with: the mean of the draws, or for [`Null::Initial`] the score of the session's own
    /// initial filters.
    pub mean: f64,
    /// The standard deviation of the draws (divisor draws - 1), for [`Null::Initial`] of other initial filters.
    pub std_dev: f64,
    /// (score - mean) / standard deviation. NaN if all draws are the same.
    pub z: f64,
    /// The 95% interval of z that follows from the number of draws, if they are normal:
    /// z -/+ t sqrt(1 / draws + z² / (2 (draws - 1))), without 1 / draws for [`Null::Initial`], whose mean is not
    /// an estimate. Source: Hedges & Olkin, *Statistical Methods for Meta-Analysis* (1985), chapter 5. It
    /// does not include the variation between sessions.
    pub interval: Interval,
}

impl NullComparison {
    /// `start` is the score of the session's own initial filters, for [`Null::Initial`].
    pub(super) fn new(null: Null, score: f64, draws: &[f64], start: Option<f64>) -> Self {
        let count = draws.len() as f64;
        let average = draws.iter().sum::<f64>() / count;
        let squares: f64 = draws.iter().map(|draw| (draw - average).powi(2)).sum();
        let mean = start.unwrap_or(average);
        let std_dev = (squares / (count - 1.0)).sqrt();
        // Draws that differ only by rounding count as the same.
        let z = if std_dev > 1e-12 * average.abs() { (score - mean) / std_dev } else { f64::NAN };
        let of_mean = if start.is_some() { 0.0 } else { 1.0 / count };
        let std_err = (of_mean + z * z / (2.0 * (count - 1.0))).sqrt();
        let nothing = Interval { low: f64::NAN, high: f64::NAN };
        let interval = Interval::student(z, std_err, count - 1.0, LEVEL).unwrap_or(nothing);
        Self { null, draws: draws.len() as u64, mean, std_dev, z, interval }
    }
}
