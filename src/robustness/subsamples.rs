//! Sets of sessions drawn as the paper's were made.

use rand::SeedableRng;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::session::Plan;

/// How many sessions of which length make a set, and how many sets are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubsampleDesign {
    /// Iterations and number of sessions of each level, in any order. Default: the paper's, 3 of 1, 3 of 2,000, 2 of
    /// 10,000, 2 of 30,000 and 1 of 50,000.
    pub levels: Vec<(u64, usize)>,
    /// The number of sets. Default 10,000.
    pub draws: usize,
    /// The seed of the draws. Default 8, that of `docs/verdicts.md`.
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
    /// Sets the iterations of each level, and how many of its sessions a subsample takes.
    pub fn levels(self, levels: impl Into<Vec<(u64, usize)>>) -> Self {
        Self { levels: levels.into(), ..self }
    }

    /// Sets the number of subsamples.
    pub fn draws(self, draws: usize) -> Self {
        Self { draws, ..self }
    }

    /// Sets the seed of the draws.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets of the sessions of a plan that are as large as can be and still differ: of each level one session fewer than the
    /// plan has, but at least one.
    ///
    /// # Examples
    /// ```
    /// use softness::prelude::*;
    ///
    /// let draw = SubsampleDesign::for_plan(&Plan::paper());
    /// assert_eq!(draw.levels, [(1, 2), (2_000, 2), (10_000, 1), (30_000, 1), (50_000, 1)]);
    /// ```
    pub fn for_plan(plan: &Plan) -> Self {
        let levels = plan.levels().iter();
        let fewer = |sessions: u32| (sessions as usize).saturating_sub(1).max(1);
        let levels = levels.map(|level| (level.iterations, fewer(level.sessions))).collect();
        Self { levels, ..Self::default() }
    }

    /// The sets: places in `iterations`, within levels without replacement, in the order of the levels.
    pub(crate) fn sets(&self, iterations: &[u64]) -> Result<Vec<Vec<usize>>> {
        let levels = self.available(iterations)?;
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut draw = || {
            let mut set = Vec::new();
            for ((_, count), places) in self.levels.iter().zip(&levels) {
                let mut taken = sample(&mut random, places.len(), *count).into_vec();
                taken.sort_unstable();
                set.extend(taken.into_iter().map(|place| places[place]));
            }
            set
        };
        Ok((0..self.draws).map(|_| draw()).collect())
    }

    /// The number of different sets that there are, the product of the binomial coefficients; f64 since it is large.
    pub(super) fn different(&self, iterations: &[u64]) -> Result<f64> {
        let levels = self.available(iterations)?;
        let of = |((_, count), places): (&(u64, usize), &Vec<usize>)| {
            (0..*count).map(|k| (places.len() - k) as f64 / (k + 1) as f64).product::<f64>()
        };
        Ok(self.levels.iter().zip(&levels).map(of).product::<f64>().round())
    }

    /// The x values of a set.
    pub(crate) fn x(&self) -> Vec<f64> {
        self.levels.iter().flat_map(|&(level, count)| vec![level as f64; count]).collect()
    }

    /// The places of each level's sessions.
    fn available(&self, iterations: &[u64]) -> Result<Vec<Vec<usize>>> {
        if self.draws == 0 {
            return Err(Error::option("draws", 0, "at least one set is needed"));
        }
        let of = |&(level, count): &(u64, usize)| {
            let places: Vec<usize> = (0..iterations.len()).filter(|&at| iterations[at] == level).collect();
            if places.len() < count {
                let requirement = format!("a set takes {count} sessions of {level} iterations");
                return Err(Error::option("number of sessions of a level", places.len(), requirement));
            }
            Ok(places)
        };
        self.levels.iter().map(of).collect()
    }
}
