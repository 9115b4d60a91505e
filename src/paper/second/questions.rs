//! Does any training, and does more training, change a score? Questions 1 and 2 of `docs/rules-2.md`.

use super::study::Study;
use crate::error::Result;
use crate::names::names;
use crate::stats::{FixedX, Interval, LevelSummary, holm, kendall, two_tailed};

/// The paper's shortest training, from which on sessions count as trained.
pub(super) const TRAINED: u64 = 2_000;
/// From here on the slope is reported as well.
const LATE: u64 = 10_000;
const SIGNIFICANCE: f64 = 0.05;
const LEVEL: f64 = 0.95;
/// A slope within ±0.01 is hardly one: 3.2 % from 2,000 to 50,000 iterations.
const HARDLY: f64 = 0.01;

/// The answer to a question about one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// The score falls.
    Softer,
    /// The score rises.
    Harder,
    /// It changes by less than matters.
    Hardly,
    /// None of these is known.
    NotKnown,
}

names!(Change, "change", { Softer: "softer", Harder: "harder", Hardly: "hardly", NotKnown: "not known" });

/// A number, its interval (95 %) and its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub value: f64,
    pub interval: Interval,
    pub p_value: f64,
}

/// What training does to one response.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effects {
    /// The mean ln score of the trained, levels weighted equally, minus that of the untrained.
    pub any: Estimate,
    /// The slope of the ln score on ln iterations among the trained, by least squares.
    pub more: Estimate,
    /// The p-value of the same slope with HC3 standard errors, and that of Kendall's tau-b, with the sign of tau.
    pub robust: Estimate,
    pub tau: f64,
    pub tau_p: f64,
    /// The slope from 10,000 iterations on.
    pub late: Estimate,
}

impl Effects {
    pub fn new(study: &Study, column: usize) -> Result<Self> {
        let (x, y) = study.trained(column, TRAINED);
        let ln_x: Vec<f64> = x.iter().map(|x| x.ln()).collect();
        let (late_x, late_y) = study.trained(column, LATE);
        let late_x: Vec<f64> = late_x.iter().map(|x| x.ln()).collect();
        let rank = kendall(&x, &y).map_or((f64::NAN, 1.0), |found| (found.statistic, found.p_value));
        Ok(Self {
            any: any_training(study, column)?,
            more: slope(&ln_x, &y)?,
            robust: robust_slope(&ln_x, &y)?,
            tau: rank.0,
            tau_p: rank.1,
            late: slope(&late_x, &late_y)?,
        })
    }
}

/// The answers to both questions for the responses of a family, with Holm's correction over the family.
pub(super) fn answers(effects: &[&Effects]) -> Result<Vec<(Change, Change)>> {
    let corrected =
        |p: fn(&Effects) -> f64| holm(&effects.iter().map(|effects| p(effects)).collect::<Vec<_>>());
    let any = corrected(|effects| effects.any.p_value)?;
    let tests = [
        corrected(|effects| effects.more.p_value)?,
        corrected(|effects| effects.robust.p_value)?,
        corrected(|effects| effects.tau_p)?,
    ];
    let direction = |value: f64| if value < 0.0 { Change::Softer } else { Change::Harder };
    let answer = |(place, effects): (usize, &&Effects)| {
        let is_any = any[place] < SIGNIFICANCE;
        let any = if is_any { direction(effects.any.value) } else { Change::NotKnown };
        let agree = effects.more.value * effects.tau > 0.0;
        let is_more = agree && tests.iter().all(|p| p[place] < SIGNIFICANCE);
        let Interval { low, high } = effects.more.interval;
        let more = match () {
            () if is_more => direction(effects.more.value),
            () if low >= -HARDLY && high <= HARDLY => Change::Hardly,
            () => Change::NotKnown,
        };
        (any, more)
    };
    Ok(effects.iter().enumerate().map(answer).collect())
}

/// The difference of means with Welch's degrees of freedom: the mean of the levels' means against the untrained.
fn any_training(study: &Study, column: usize) -> Result<Estimate> {
    let summaries = study.summaries(column);
    let (untrained, others) = summaries.split_first().expect("the untrained come first");
    let trained: Vec<&LevelSummary> = others.iter().filter(|level| level.x >= TRAINED as f64).collect();
    let share = 1.0 / trained.len() as f64;
    let part = |level: &LevelSummary, share: f64| {
        let variance = (share * level.sd).powi(2) / level.n as f64;
        (variance, variance * variance / (level.n as f64 - 1.0))
    };
    let parts = trained.iter().map(|level| part(level, share)).chain([part(untrained, 1.0)]);
    let (variance, squares) = parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let value = trained.iter().map(|level| share * level.mean).sum::<f64>() - untrained.mean;
    estimate(value, variance.sqrt(), variance * variance / squares)
}

fn slope(x: &[f64], y: &[f64]) -> Result<Estimate> {
    let (value, error) = FixedX::new(x).slope_and_error(y, None);
    estimate(value, error, x.len() as f64 - 2.0)
}

fn robust_slope(x: &[f64], y: &[f64]) -> Result<Estimate> {
    let fixed = FixedX::new(x);
    let (value, error) = fixed.slope_and_error(y, Some(&fixed.hc3_factors()));
    estimate(value, error, x.len() as f64 - 2.0)
}

fn estimate(value: f64, error: f64, freedom: f64) -> Result<Estimate> {
    let interval = Interval::student(value, error, freedom, LEVEL)?;
    Ok(Estimate { value, interval, p_value: two_tailed(value / error, freedom) })
}
