//! Worlds that a study could come from: simulated studies show what the rules of `docs/rules-2.md` are worth.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::questions::TRAINED;
use super::sets::new_sets;
use super::study::Study;
use crate::error::Result;
use crate::models::Form;
use crate::names::names;
use crate::robustness::SubsampleDesign;
use crate::robustness::new_sets::{DrawnLevel, Source};
use crate::stats::{FixedX, percentile_of_sorted};

/// How much is simulated to find a coverage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Simulated studies.
    pub studies: u64,
    /// The sets of eleven behind each interval.
    pub sets: usize,
    /// The new sets that each interval is tested with.
    pub tests: usize,
}

/// The effort of the study.
pub(super) const EFFORT: Effort = Effort { studies: 1_000, sets: 4_000, tests: 20 };

/// The nominal levels that are tried: 95 % and more, in steps of 0.5 %.
pub(super) const NOMINAL: [f64; 10] = [0.95, 0.955, 0.96, 0.965, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995];

/// A world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum World {
    /// Sessions are normal with the study's means and covariances.
    Normal,
    /// Sessions are those of the study, drawn with replacement.
    Resampled,
    /// Every session is an untrained network.
    NoEffect,
    /// Every trained session has the same mean: that of all levels from 2,000 iterations on.
    PureStep,
}

names!(World, "world", { Normal: "normal", Resampled: "resampled", NoEffect: "no effect", PureStep: "pure step" });

/// What sessions are drawn from in a world, by level: the levels of 2,000 iterations and more.
struct Truth {
    study: Study,
    source: Source,
    /// The same levels, ready to draw from, and how many sessions of each a study has.
    drawn: BTreeMap<u64, (usize, DrawnLevel)>,
}

impl Truth {
    /// A world made from a study's columns.
    fn new(study: &Study, columns: &[usize], world: World) -> Self {
        let select = |scores: &Array2<f64>| scores.select(Axis(1), columns);
        let untrained = select(&study.untrained);
        let trained: Vec<(u64, Array2<f64>)> = study
            .fitted_levels()
            .filter(|&(iterations, _)| iterations >= TRAINED)
            .map(|(iterations, scores)| (iterations, select(scores)))
            .collect();
        let means: Vec<_> =
            trained.iter().map(|(_, scores)| scores.mean_axis(Axis(0)).expect("sessions")).collect();
        let common = means.iter().fold(means[0].mapv(|_| 0.0), |sum, mean| sum + mean) / means.len() as f64;
        let of_level = |((iterations, scores), mean): ((u64, Array2<f64>), &ndarray::Array1<f64>)| {
            let scores = match world {
                World::Normal | World::Resampled => scores,
                World::NoEffect => untrained.clone(),
                World::PureStep => scores - mean + &common,
            };
            (iterations, scores)
        };
        let levels: BTreeMap<u64, Array2<f64>> = trained.into_iter().zip(&means).map(of_level).collect();
        let columns = columns.iter().map(|&column| study.columns[column].clone()).collect();
        let source = match world {
            World::Normal | World::PureStep => Source::Normal,
            World::Resampled | World::NoEffect => Source::Sessions,
        };
        let ready = |(&iterations, scores): (&u64, &Array2<f64>)| {
            (iterations, (study.levels[&iterations].nrows(), DrawnLevel::new(source, scores.clone())))
        };
        let drawn = levels.iter().map(ready).collect();
        Self { study: Study { columns, untrained, levels }, source, drawn }
    }

    /// A study from this world, with as many sessions of each level as the study that the world was made from.
    fn simulate(&self, random: &mut ChaCha8Rng) -> Study {
        let columns = self.study.columns.clone();
        let level = |(&iterations, (sessions, level)): (&u64, &(usize, DrawnLevel))| {
            let mut scores = Array2::zeros((*sessions, columns.len()));
            level.draw(random, scores.view_mut());
            (iterations, scores)
        };
        let levels = self.drawn.iter().map(level).collect();
        Study { columns, untrained: self.study.untrained.clone(), levels }
    }
}

/// What `evaluate` makes of each of `count` studies that are simulated in a world, given a seed of its own. They have the levels of 2,000
/// iterations and more, and `columns` as their columns.
pub(super) fn simulated_studies<T: Send>(
    study: &Study,
    columns: &[usize],
    world: World,
    count: u64,
    evaluate: impl Fn(&Study, u64) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let truth = Truth::new(study, columns, world);
    let one = |number: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(number);
        evaluate(&truth.simulate(&mut random), number)
    };
    (0..count).into_par_iter().map(one).collect()
}

/// The share of new sets of eleven whose R² of the power model lies in the predictive interval of a simulated study, for each column and each
/// nominal level.
pub(super) fn coverage(
    study: &Study,
    columns: &[usize],
    world: World,
    effort: Effort,
) -> Result<Vec<[f64; NOMINAL.len()]>> {
    let x = SubsampleDesign::default().x();
    let ln_x: Vec<f64> = x.iter().map(|x| Form::Power.linearise_x(*x)).collect();
    let line = FixedX::new(&ln_x);
    let r_squared = |set: ndarray::ArrayView2<f64>| -> Vec<f64> {
        set.columns().into_iter().map(|scores| line.fit(&scores.to_vec()).r_squared).collect()
    };
    let truth = Truth::new(study, columns, world);
    let all: Vec<usize> = (0..columns.len()).collect();
    let new = new_sets(&truth.study, &all, truth.source)?;
    let inside = |simulated: &Study, seed: u64| {
        let predicted = new_sets(simulated, &all, Source::Predictive)?.map(effort.sets, seed, r_squared);
        // Tests have streams of random numbers that no interval has.
        let tests = new.map(effort.tests, seed + (1 << 32), r_squared);
        let of_column = |column: usize| {
            let mut sorted: Vec<f64> = predicted.iter().map(|set| set[column]).collect();
            sorted.sort_by(f64::total_cmp);
            NOMINAL.map(|level| {
                let tail = 50.0 * (1.0 - level);
                let [low, high] = [tail, 100.0 - tail].map(|percent| percentile_of_sorted(&sorted, percent));
                tests.iter().filter(|set| (low..=high).contains(&set[column])).count()
            })
        };
        Ok(all.iter().map(|&column| of_column(column)).collect::<Vec<_>>())
    };
    let counts = simulated_studies(study, columns, world, effort.studies, inside)?;
    let share = |column: usize, level: usize| {
        counts.iter().map(|study| study[column][level]).sum::<usize>() as f64
            / (effort.studies as usize * effort.tests) as f64
    };
    Ok(all.iter().map(|&column| std::array::from_fn(|level| share(column, level))).collect())
}
