//! Studies of eleven sessions, drawn from many, and the share of them in which something is true.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::figures::ticks::grouped;
use crate::models::Form;
use crate::paper::verdicts::verdict::Finding;
use crate::robustness::SubsampleDesign;
use crate::stats::{FixedX, Interval, aicc_difference, percentile, step_r_squared};
use crate::table::LayerScore;

/// The four responses: layer and image.
pub(super) const RESPONSES: [(usize, &str); 4] = [(1, "bird"), (1, "static"), (2, "bird"), (2, "static")];
/// The number of sets, and their seed.
const SETS: usize = 10_000;
pub(super) const SEED: u64 = 8;
/// Resamples of the sessions for the interval of a share, and sets drawn in each.
const RESAMPLES: u64 = 200;
const SETS_OF_RESAMPLE: usize = 1_000;

/// How sets are drawn and intervals of shares made.
pub(super) fn in_words() -> String {
    format!(
        "{} sets of eleven, seed {SEED}; intervals of shares from {RESAMPLES} resamples of the sessions with {} sets each",
        grouped(SETS as u64),
        grouped(SETS_OF_RESAMPLE as u64)
    )
}

/// What one form makes of one response of a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// On the linearised scale.
    pub r_squared: f64,
    pub slope: f64,
    /// Grows with the |t| of a quadratic term.
    pub curvature: f64,
    /// AICc of the form minus that of the step model, n ln((1 - R²) / (1 - step R²)).
    pub aicc_over_step: f64,
}

/// What one set says of each response in each form, in the orders of [`RESPONSES`] and [`Form::ALL`].
pub(super) type SetFits = [[Outcome; 3]; 4];

/// Something that is true of a set or not.
pub(super) type Statement<'a> = Box<dyn Fn(&SetFits) -> bool + Sync + 'a>;

/// The share of sets in which a statement is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    pub value: f64,
    pub interval: Interval,
}

impl Share {
    /// With the percentile bootstrap interval (95 %) of its resamples.
    pub fn new(value: f64, resampled: &[f64]) -> Self {
        let [low, high] = [2.5, 97.5].map(|percent| percentile(resampled, percent));
        Self { value, interval: Interval { low, high } }
    }

    pub fn finding(self, what: &'static str) -> Finding {
        Finding { what, value: self.value, interval: Some(self.interval) }
    }
}

/// The sessions that sets are drawn from.
pub(super) struct Pool {
    iterations: Vec<u64>,
    /// The layer scores of each response, by session.
    scores: [Vec<f64>; 4],
    lines: [FixedX; 3],
    /// Which points of a set have the fewest iterations.
    least: Vec<bool>,
}

impl Pool {
    /// From the layer scores of many sessions.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where a level has no session more than a set takes, or a score is missing.
    pub fn new(rows: &[LayerScore]) -> Result<Self> {
        let of = |(layer, image): (usize, &'static str)| {
            rows.iter().filter(move |row| row.layer == layer && row.image == image)
        };
        let iterations: Vec<u64> = of(RESPONSES[0]).map(|row| row.iterations).collect();
        let scores = RESPONSES.map(|response| of(response).map(|row| row.sum).collect::<Vec<_>>());
        if let Some(short) = scores.iter().find(|scores| scores.len() != iterations.len()) {
            let requirement =
                format!("each of the {} sessions has one score for each layer and image", iterations.len());
            return Err(Error::option("number of scores", short.len(), requirement));
        }
        let draw = SubsampleDesign::default();
        for &(level, take) in &draw.levels {
            let there = iterations.iter().filter(|&&other| other == level).count();
            if there <= take {
                let requirement =
                    format!("sets of {take} sessions of {level} iterations need at least {}", take + 1);
                return Err(Error::option("number of sessions", there, requirement));
            }
        }
        let x = draw.x();
        let first = x.iter().copied().fold(f64::INFINITY, f64::min);
        Ok(Self {
            iterations,
            scores,
            lines: Form::ALL
                .map(|form| FixedX::new(&x.iter().map(|&x| form.linearise_x(x)).collect::<Vec<_>>())),
            least: x.iter().map(|&x| x == first).collect(),
        })
    }

    /// The fits of all sets.
    pub fn sets(&self) -> Result<Vec<SetFits>> {
        let all: Vec<usize> = (0..self.iterations.len()).collect();
        self.draw(&all, SETS, SEED)
    }

    /// The share of `sets` in which each statement is true, with its percentile bootstrap interval (95 %) over the
    /// sessions of each level.
    pub fn shares(&self, sets: &[SetFits], statements: &[Statement]) -> Result<Vec<Share>> {
        let share = |sets: &[SetFits], statement: &Statement| {
            sets.iter().filter(|set| statement(set)).count() as f64 / sets.len() as f64
        };
        let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
            .into_par_iter()
            .map(|number| {
                let sets = self.draw(&self.resample(number), SETS_OF_RESAMPLE, SEED + 1 + number)?;
                Ok(statements.iter().map(|statement| share(&sets, statement)).collect())
            })
            .collect::<Result<_>>()?;
        let of = |(place, statement): (usize, &Statement)| {
            let shares: Vec<f64> = resampled.iter().map(|shares| shares[place]).collect();
            Share::new(share(sets, statement), &shares)
        };
        Ok(statements.iter().enumerate().map(of).collect())
    }

    /// For each session one of its level, drawn with replacement.
    fn resample(&self, number: u64) -> Vec<usize> {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        random.set_stream(1 + number);
        let mut one = |level: &u64| {
            let places: Vec<usize> =
                (0..self.iterations.len()).filter(|&at| self.iterations[at] == *level).collect();
            places[random.random_range(0..places.len())]
        };
        self.iterations.iter().map(&mut one).collect()
    }

    /// So many sets of the sessions at `places`, which stand in the order of levels that the pool has.
    fn draw(&self, places: &[usize], draws: usize, seed: u64) -> Result<Vec<SetFits>> {
        let sets = SubsampleDesign { draws, seed, ..SubsampleDesign::default() }.sets(&self.iterations)?;
        let fit = |set: Vec<usize>| self.fit(set.into_iter().map(|at| places[at]));
        Ok(sets.into_iter().map(fit).collect())
    }

    fn fit(&self, set: impl Iterator<Item = usize> + Clone) -> SetFits {
        self.scores.each_ref().map(|scores| {
            let y: Vec<f64> = set.clone().map(|session| scores[session]).collect();
            let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
            let of = |form: usize, line: &FixedX| {
                let linearised = if Form::ALL[form].takes_ln_y() { &ln_y } else { &y };
                let (fit, step) = (line.fit(linearised), step_r_squared(&self.least, linearised));
                Outcome {
                    r_squared: fit.r_squared,
                    slope: fit.slope,
                    curvature: fit.curvature,
                    aicc_over_step: aicc_difference(fit.r_squared, step, y.len()),
                }
            };
            let [linear, exponential, power] = &self.lines;
            [of(0, linear), of(1, exponential), of(2, power)]
        })
    }
}
