//! Subsamples of many sessions, with the design of the paper's study.

use std::collections::BTreeSet;

use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::session::Plan;
use crate::text::numbers::numbered;

/// How many sessions of each level make a subsample, and how many subsamples are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubsampleDesign {
    /// The iterations of each level, in any order and each once, and how many of its sessions a subsample takes. Default: the paper's
    /// eleven sessions, 3 of 1 iteration, 3 of 2,000, 2 of 10,000, 2 of 30,000 and 1 of 50,000.
    pub levels: Vec<(u64, usize)>,
    /// The number of subsamples, at least 1. Default: 10,000.
    pub draws: usize,
    /// The seed of the draws. Default: 8, as in `docs/verdicts.md`.
    pub seed: u64,
}

impl Default for SubsampleDesign {
    fn default() -> Self {
        let paper = Plan::paper();
        let levels = paper.levels().iter().map(|level| (level.iterations, level.sessions as usize)).collect();
        Self { levels, draws: 10_000, seed: 8 }
    }
}

impl SubsampleDesign {
    /// The largest subsamples of a plan's sessions that can differ: from each level one session fewer than the plan has,
    /// but at least one.
    ///
    /// # Examples
    /// ```
    /// use softness::robustness::SubsampleDesign;
    /// use softness::session::Plan;
    ///
    /// let design = SubsampleDesign::for_plan(&Plan::paper());
    /// assert_eq!(design.levels, [(1, 2), (2_000, 2), (10_000, 1), (30_000, 1), (50_000, 1)]);
    /// ```
    pub fn for_plan(plan: &Plan) -> Self {
        let fewer = |sessions: u32| (sessions as usize).saturating_sub(1).max(1);
        let levels = plan.levels().iter().map(|level| (level.iterations, fewer(level.sessions)));
        Self::default().levels(levels.collect::<Vec<_>>())
    }

    setters! {
        /// Sets the iterations of each level, and how many of its sessions a subsample takes.
        pub fn levels(self, levels: impl Into<Vec<(u64, usize)>>);

        /// Sets the number of subsamples.
        pub fn draws(self, draws: usize);

        /// Sets the seed of the draws.
        pub fn seed(self, seed: u64);
    }

    /// The subsamples: places in `iterations`, drawn without replacement within each level, in the order of the levels.
    pub(crate) fn draw(&self, iterations: &[u64]) -> Result<Vec<Vec<usize>>> {
        let levels = self.available(iterations)?;
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut draw = || {
            let mut subsample = Vec::new();
            for ((_, count), places) in self.levels.iter().zip(&levels) {
                let mut taken = sample(&mut random, places.len(), *count).into_vec();
                taken.sort_unstable();
                subsample.extend(taken.into_iter().map(|place| places[place]));
            }
            subsample
        };
        Ok((0..self.draws).map(|_| draw()).collect())
    }

    /// The number of different subsamples, the product of the binomial coefficients; as f64 since it is large.
    pub(super) fn different(&self, iterations: &[u64]) -> Result<f64> {
        let levels = self.available(iterations)?;
        let of_level = |((_, count), places): (&(u64, usize), &Vec<usize>)| {
            (0..*count).map(|k| (places.len() - k) as f64 / (k + 1) as f64).product::<f64>()
        };
        Ok(self.levels.iter().zip(&levels).map(of_level).product::<f64>().round())
    }

    /// Whether each level has more sessions than a subsample takes, so that subsamples differ in each.
    pub(crate) fn has_sessions_to_spare(&self, iterations: &[u64]) -> bool {
        self.levels.iter().all(|&(level, take)| places_of_level(iterations, level).len() > take)
    }

    /// The number of levels that a subsample takes sessions from.
    pub(crate) fn levels_with_sessions(&self) -> usize {
        self.levels.iter().filter(|(_, count)| *count > 0).count()
    }

    /// The iterations of the sessions of a subsample.
    pub(crate) fn x(&self) -> Vec<f64> {
        self.levels.iter().flat_map(|&(level, count)| vec![level as f64; count]).collect()
    }

    /// A level that is named twice would give the same session twice.
    fn check_levels(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        let twice = self.levels.iter().find(|(level, _)| !seen.insert(level));
        let Some((level, _)) = twice else { return Ok(()) };
        let requirement = "each number of iterations may appear only once; give it more sessions instead";
        Err(Error::option("design of the subsamples", format!("level {level} twice"), requirement))
    }

    /// The places of the sessions of each level.
    fn available(&self, iterations: &[u64]) -> Result<Vec<Vec<usize>>> {
        Error::require(self.draws > 0, "draws", 0, "at least one set is needed")?;
        self.check_levels()?;
        let of_level = |&(level, count): &(u64, usize)| {
            let places = places_of_level(iterations, level);
            let (sessions, of) = (numbered(count as u64, "session"), numbered(level, "iteration"));
            let requirement = format!("a subsample needs {sessions} of {of}");
            let fits = places.len() >= count;
            Error::require(fits, "number of sessions of a level", places.len(), requirement)?;
            Ok(places)
        };
        self.levels.iter().map(of_level).collect()
    }
}

/// A bootstrap sample of the sessions: for each session one of its level, drawn with replacement.
pub(crate) fn resample_within_levels(iterations: &[u64], seed: u64, stream: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    let mut one = |&level: &u64| {
        let places = places_of_level(iterations, level);
        places[random.random_range(0..places.len())]
    };
    iterations.iter().map(&mut one).collect()
}

fn places_of_level(iterations: &[u64], level: u64) -> Vec<usize> {
    (0..iterations.len()).filter(|&at| iterations[at] == level).collect()
}
