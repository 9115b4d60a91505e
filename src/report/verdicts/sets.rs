//! Studies of eleven sessions, drawn from many, and the share of them in which something is true.

use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::lines::{Outcome, Regressor, step_r_squared};
use crate::error::{Error, Result};
use crate::models::{Form, Interval};
use crate::session::Plan;
use crate::table::LayerScore;

/// The four responses: layer and image.
pub(super) const RESPONSES: [(usize, &str); 4] = [(1, "bird"), (1, "static"), (2, "bird"), (2, "static")];
/// The number of sets, and their seed.
const SETS: usize = 10_000;
const SEED: u64 = 8;
/// Resamples of the sessions for the interval of a share, and sets drawn in each.
const RESAMPLES: u64 = 200;
const SETS_OF_RESAMPLE: usize = 1_000;

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

/// The sessions that sets are drawn from.
pub(super) struct Pool {
    /// For each level of the paper's plan: how many sessions a set takes, and the places of all.
    levels: Vec<(usize, Vec<usize>)>,
    /// The layer scores of each response, by session.
    scores: [Vec<f64>; 4],
    regressors: [Regressor; 3],
    /// Which points of a set have the fewest iterations.
    least: Vec<bool>,
}

impl Pool {
    /// From the layer scores of many sessions.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] where a level has no session more than a set takes, or a score is missing.
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
        let paper = Plan::paper();
        let mut levels = Vec::new();
        for level in paper.levels() {
            let take = level.sessions as usize;
            let places: Vec<usize> =
                (0..iterations.len()).filter(|&at| iterations[at] == level.iterations).collect();
            if places.len() <= take {
                let requirement = format!(
                    "sets of {take} sessions of {} iterations need at least {}",
                    level.iterations,
                    take + 1
                );
                return Err(Error::option("number of sessions", places.len(), requirement));
            }
            levels.push((take, places));
        }
        let x: Vec<f64> = paper
            .levels()
            .iter()
            .flat_map(|level| vec![level.iterations as f64; level.sessions as usize])
            .collect();
        let first = x.iter().copied().fold(f64::INFINITY, f64::min);
        Ok(Self {
            levels,
            scores,
            regressors: Form::ALL.map(|form| Regressor::new(form, &x)),
            least: x.iter().map(|&x| x == first).collect(),
        })
    }

    /// The fits of all sets.
    pub fn sets(&self) -> Vec<SetFits> {
        let places: Vec<&[usize]> = self.levels.iter().map(|(_, places)| places.as_slice()).collect();
        self.draw(&places, SETS, &mut ChaCha8Rng::seed_from_u64(SEED))
    }

    /// The share of `sets` in which each statement is true, with its percentile bootstrap interval (95 %) over the
    /// sessions of each level.
    pub fn shares(&self, sets: &[SetFits], statements: &[Statement]) -> Vec<Share> {
        let share = |sets: &[SetFits], statement: &Statement| {
            sets.iter().filter(|set| statement(set)).count() as f64 / sets.len() as f64
        };
        let resampled: Vec<Vec<f64>> = (1..=RESAMPLES)
            .into_par_iter()
            .map(|stream| {
                let mut random = ChaCha8Rng::seed_from_u64(SEED);
                random.set_stream(stream);
                let mut again = |places: &Vec<usize>| -> Vec<usize> {
                    places.iter().map(|_| places[random.random_range(0..places.len())]).collect()
                };
                let places: Vec<Vec<usize>> = self.levels.iter().map(|(_, places)| again(places)).collect();
                let places: Vec<&[usize]> = places.iter().map(Vec::as_slice).collect();
                let sets = self.draw(&places, SETS_OF_RESAMPLE, &mut random);
                statements.iter().map(|statement| share(&sets, statement)).collect()
            })
            .collect();
        let interval = |statement: usize| {
            let shares: Vec<f64> = resampled.iter().map(|shares| shares[statement]).collect();
            Interval { low: quantile(&shares, 0.025), high: quantile(&shares, 0.975) }
        };
        statements
            .iter()
            .enumerate()
            .map(|(place, statement)| Share { value: share(sets, statement), interval: interval(place) })
            .collect()
    }

    /// So many sets, without replacement within the places of each level.
    fn draw(&self, places: &[&[usize]], sets: usize, random: &mut ChaCha8Rng) -> Vec<SetFits> {
        let mut set = Vec::new();
        (0..sets)
            .map(|_| {
                set.clear();
                for ((take, _), places) in self.levels.iter().zip(places) {
                    set.extend(sample(random, places.len(), *take).into_iter().map(|place| places[place]));
                }
                self.fit(&set)
            })
            .collect()
    }

    fn fit(&self, set: &[usize]) -> SetFits {
        self.scores.each_ref().map(|scores| {
            let y: Vec<f64> = set.iter().map(|&session| scores[session]).collect();
            let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
            let step = [step_r_squared(&self.least, &y), step_r_squared(&self.least, &ln_y)];
            self.regressors.each_ref().map(|regressor| regressor.fit(&y, &ln_y, step))
        })
    }
}

/// The quantile of values, by linear interpolation of the order statistics (R's type 7).
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (place - place.floor()) * (above - below)
}
