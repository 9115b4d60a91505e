//! Subsamples of eleven sessions, and the share of them in which a claim is true.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::models::Form;
use crate::paper::verdicts::verdict::{CLEAR, Finding, HARDLY, Ruling};
use crate::robustness::SubsampleDesign;
use crate::robustness::subsample_fits::{SubsampleFit, SubsampleFitter};
use crate::robustness::subsamples::resample_within_levels;
use crate::stats::{Interval, percentile};
use crate::table::LayerScore;
use crate::text::numbers::grouped;

/// The four responses: layer and image.
pub(in crate::paper) const RESPONSES: [(usize, &str); 4] =
    [(1, "bird"), (1, "static"), (2, "bird"), (2, "static")];
/// The number of subsamples, and their seed.
const SUBSAMPLES: usize = 10_000;
pub(super) const SEED: u64 = 8;
/// The bootstrap samples of the sessions for the interval of a share, and the subsamples of each.
const RESAMPLES: u64 = 200;
const SUBSAMPLES_OF_RESAMPLE: usize = 1_000;

/// How subsamples are drawn and the intervals of shares computed.
pub(crate) fn in_words() -> String {
    format!(
        "{} sets of eleven, seed {SEED}; intervals of shares from {RESAMPLES} resamples of the sessions with {} sets each",
        grouped(SUBSAMPLES as u64),
        grouped(SUBSAMPLES_OF_RESAMPLE as u64)
    )
}

/// The fits to one subsample, for each response and form in the orders of [`RESPONSES`] and [`Form::ALL`].
pub(in crate::paper) type SubsampleFits = [[SubsampleFit; 3]; 4];

/// The share of the subsamples in which a claim is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::paper) struct Share {
    pub value: f64,
    pub interval: Interval,
}

impl Share {
    /// With the percentile bootstrap interval (95 %) from the shares of the bootstrap samples.
    pub fn new(value: f64, resampled: &[f64]) -> Self {
        let [low, high] = [2.5, 97.5].map(|percent| percentile(resampled, percent));
        Self { value, interval: Interval { low, high } }
    }

    pub fn finding(self, what: &'static str) -> Finding {
        Finding::new(what, self.value, self.interval)
    }

    /// What the share decides by itself.
    pub fn ruling(self) -> Ruling {
        match self.value {
            CLEAR.. => Ruling::Reproduced,
            ..=HARDLY => Ruling::NotReproduced,
            _ => Ruling::CannotBeTested,
        }
    }
}

/// The sessions that subsamples are drawn from.
pub(super) struct Pool {
    iterations: Vec<u64>,
    /// The layer scores of each response, in the order of the sessions.
    scores: [Vec<f64>; 4],
    fitter: SubsampleFitter,
}

impl Pool {
    /// From the layer scores of many sessions.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level has no session more than a subsample
    /// takes, or a score is missing.
    pub fn new(rows: &[LayerScore]) -> Result<Self> {
        let rows_of = |(layer, image): (usize, &'static str)| {
            rows.iter().filter(move |row| row.layer == layer && row.image == image)
        };
        let iterations: Vec<u64> = rows_of(RESPONSES[0]).map(|row| row.iterations).collect();
        let scores = RESPONSES.map(|response| rows_of(response).map(|row| row.sum).collect::<Vec<_>>());
        if let Some(short) = scores.iter().find(|scores| scores.len() != iterations.len()) {
            let requirement =
                format!("each of the {} sessions has one score for each layer and image", iterations.len());
            return Err(Error::option("number of scores", short.len(), requirement));
        }
        let design = SubsampleDesign::default();
        for &(level, take) in &design.levels {
            let there = iterations.iter().filter(|&&other| other == level).count();
            if there <= take {
                let requirement =
                    format!("sets of {take} sessions of {level} iterations need at least {}", take + 1);
                return Err(Error::option("number of sessions", there, requirement));
            }
        }
        Ok(Self { iterations, scores, fitter: SubsampleFitter::new(&design.x()) })
    }

    /// The fits to all subsamples.
    pub fn fits(&self) -> Result<Vec<SubsampleFits>> {
        let all: Vec<usize> = (0..self.iterations.len()).collect();
        self.draw(&all, SUBSAMPLES, SEED)
    }

    /// For each claim, of which there are `claims`, the share of the subsamples in which it is true, with its percentile bootstrap interval
    /// (95 %) over the sessions of each level.
    pub fn shares(
        &self,
        fits: &[SubsampleFits],
        claims: usize,
        is_true: impl Fn(usize, &SubsampleFits) -> bool + Sync,
    ) -> Result<Vec<Share>> {
        let share = |fits: &[SubsampleFits], claim: usize| {
            fits.iter().filter(|fits| is_true(claim, fits)).count() as f64 / fits.len() as f64
        };
        let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
            .into_par_iter()
            .map(|number| {
                let resample = resample_within_levels(&self.iterations, SEED, 1 + number);
                let fits = self.draw(&resample, SUBSAMPLES_OF_RESAMPLE, SEED + 1 + number)?;
                Ok((0..claims).map(|claim| share(&fits, claim)).collect())
            })
            .collect::<Result<_>>()?;
        let with_interval = |claim: usize| {
            let shares: Vec<f64> = resampled.iter().map(|shares| shares[claim]).collect();
            Share::new(share(fits, claim), &shares)
        };
        Ok((0..claims).map(with_interval).collect())
    }

    /// Draws subsamples of the sessions at `places`, whose levels are in the same order as those of the pool, and fits them.
    fn draw(&self, places: &[usize], draws: usize, seed: u64) -> Result<Vec<SubsampleFits>> {
        let subsamples = SubsampleDesign::default().draws(draws).seed(seed).draw(&self.iterations)?;
        let fit = |subsample: &Vec<usize>| self.fit(subsample.iter().map(|&at| places[at]));
        Ok(subsamples.iter().map(fit).collect())
    }

    fn fit(&self, sessions: impl Iterator<Item = usize> + Clone) -> SubsampleFits {
        self.scores.each_ref().map(|scores| {
            let y: Vec<f64> = sessions.clone().map(|session| scores[session]).collect();
            let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
            Form::ALL.map(|form| self.fitter.fit(form, &y, if form.takes_ln_y() { &ln_y } else { &y }))
        })
    }
}
