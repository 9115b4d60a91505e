//! A score beside one of its nulls.

use serde::Serialize;

use crate::filters::Null;
use crate::stats::Interval;

/// The level of the interval of [`NullComparison::z`].
const LEVEL: f64 = 0.95;

/// How far a score lies from what filters that training did not make have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NullComparison {
    /// The null.
    pub null: Null,
    /// The number of draws.
    pub draws: u64,
    /// What the score is held against: the mean of the draws, or for [`Null::Initial`] the score of the session's
    /// own start.
    pub mean: f64,
    /// The standard deviation of the draws (divisor draws - 1), for [`Null::Initial`] of other starts.
    pub std_dev: f64,
    /// (score - mean) / standard deviation. NaN where all draws are the same.
    pub z: f64,
    /// The 95% interval of z that the number of draws leaves, for normal draws:
    /// z -/+ t sqrt(1 / draws + z² / (2 (draws - 1))), without 1 / draws for [`Null::Initial`], whose mean is no
    /// estimate. Source: Hedges & Olkin, *Statistical Methods for Meta-Analysis* (1985), chapter 5. How z
    /// varies between sessions is not in it; the sessions tell.
    pub interval: Interval,
}

impl NullComparison {
    /// `start` is the score of the session's own start, for [`Null::Initial`].
    pub(super) fn new(null: Null, score: f64, draws: &[f64], start: Option<f64>) -> Self {
        let count = draws.len() as f64;
        let average = draws.iter().sum::<f64>() / count;
        let squares: f64 = draws.iter().map(|draw| (draw - average).powi(2)).sum();
        let mean = start.unwrap_or(average);
        let std_dev = (squares / (count - 1.0)).sqrt();
        // Draws that differ by rounding alone are the same.
        let z = if std_dev > 1e-12 * average.abs() { (score - mean) / std_dev } else { f64::NAN };
        let of_mean = if start.is_some() { 0.0 } else { 1.0 / count };
        let std_err = (of_mean + z * z / (2.0 * (count - 1.0))).sqrt();
        let nothing = Interval { low: f64::NAN, high: f64::NAN };
        let interval = Interval::student(z, std_err, count - 1.0, LEVEL).unwrap_or(nothing);
        Self { null, draws: draws.len() as u64, mean, std_dev, z, interval }
    }
}
