//! Which sessions a study consists of.

use std::collections::HashSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::keep::Keep;
use super::pin::Pin;
use super::training::MAX_ITERATIONS;
use super::{Snapshots, Training};
use crate::dataset::Dataset;
use crate::error::{Error, ErrorKind, Result};
use crate::network::kernels::InstructionPath;
use crate::text::numbers::grouped;
use crate::text::numbers::numbered;

/// A level of a plan: a number of sessions that are trained for the same number of iterations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLevel {
    /// Optimiser steps of each session.
    pub iterations: u64,
    /// Number of sessions, each with its own seed.
    pub sessions: u32,
}

/// The sessions of a study: levels of training, sessions per level, and the options that they share.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PlanFields")]
pub struct Plan {
    name: String,
    seed: u64,
    levels: Vec<PlanLevel>,
    training: Training,
    /// The number of classes that a plan file states; the data set must have as many.
    #[serde(skip)]
    stated_classes: Option<usize>,
    #[serde(skip)]
    pin: Option<Pin>,
    /// The instruction path that a plan file states without a pin.
    #[serde(skip)]
    stated_instructions: Option<InstructionPath>,
    /// What stores keep of its sessions.
    #[serde(skip)]
    keep: Keep,
}

/// The fields of a plan in JSON, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFields {
    name: String,
    seed: u64,
    levels: Vec<PlanLevel>,
    training: Training,
}

impl TryFrom<PlanFields> for Plan {
    type Error = Error;

    fn try_from(fields: PlanFields) -> Result<Self> {
        fields.training.architecture.check()?;
        Self::new(fields.name, fields.seed, fields.levels, fields.training)
    }
}

/// The paper's levels: (iterations, sessions).
const PAPER: [(u64, u32); 5] = [(1, 3), (2_000, 3), (10_000, 2), (30_000, 2), (50_000, 1)];

/// The most sessions of a plan, thousands of times the paper's.
pub(super) const MOST_SESSIONS: u64 = 100_000;

/// How much shorter the trained sessions of [`Plan::quick`] are.
const QUICK: u64 = 25;

impl Plan {
    /// A plan of these levels. For each session, the iterations of `training` are replaced by those of its level and the
    /// seed by one that depends on `seed`, the iterations and the session's number within the level. If
    /// [`snapshots`](Training::snapshots) is a list, each session keeps those up to its end.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no level, a level has no session or no
    /// iteration, two levels have the same iterations, there are more than 100,000 sessions, or the list of snapshots does not
    /// ascend or goes beyond the longest level.
    pub fn new(
        name: impl Into<String>,
        seed: u64,
        levels: Vec<PlanLevel>,
        training: Training,
    ) -> Result<Self> {
        Error::require(!levels.is_empty(), "levels", "empty", "a plan needs at least one level")?;
        let sessions: u64 = levels.iter().map(|level| u64::from(level.sessions)).sum();
        let requirement = format!("a plan may have at most {MOST_SESSIONS}");
        Error::require(sessions <= MOST_SESSIONS, "number of sessions", sessions, requirement)?;
        let mut seen = HashSet::new();
        for level in &levels {
            let value = format!(
                "{} of {}",
                numbered(level.sessions.into(), "session"),
                numbered(level.iterations, "iteration")
            );
            let requirement = format!(
                "the iterations must lie between 1 and {MAX_ITERATIONS}, and there must be at least one session"
            );
            let fits = level.sessions > 0 && (1..=MAX_ITERATIONS).contains(&level.iterations);
            Error::require(fits, "level", value, requirement)?;
            let requirement = "each number of iterations may appear only once; give it more sessions instead";
            let fits = seen.insert(level.iterations);
            Error::require(fits, "level", numbered(level.iterations, "iteration"), requirement)?;
        }
        let plan = Self {
            name: name.into(),
            seed,
            levels,
            training,
            stated_classes: None,
            pin: None,
            stated_instructions: None,
            keep: Keep::All,
        };
        plan.check_snapshots()?;
        Ok(plan)
    }

    /// Checks a list of iterations at which filters are kept against the longest level.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption).
    fn check_snapshots(&self) -> Result<()> {
        let longest = self.levels.iter().map(|level| level.iterations).max().unwrap_or_default();
        self.training.snapshots.check(longest)
    }

    /// The paper's eleven sessions: 3 of 1 iteration, 3 of 2,000, 2 of 10,000, 2 of 30,000 and 1 of
    /// 50,000, in all 136,003 iterations, with [`Training::paper`].
    pub fn paper() -> Self {
        Self::shortened("paper", 1)
    }

    /// The paper's plan with 25 times fewer iterations: 3 sessions of 1 iteration, 3 of 80, 2 of 400, 2 of 1,200 and 1 of
    /// 2,000. A demonstration that takes a minute or two, not a replication.
    pub fn quick() -> Self {
        Self::shortened("quick", QUICK)
    }

    /// The plan of this name: `quick`, `paper`, or a TOML file ([`from_file`](Self::from_file)).
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such file; those of [`from_file`](Self::from_file).
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "quick" => Ok(Self::quick()),
            "paper" => Ok(Self::paper()),
            file => Self::from_file(Path::new(file)).map_err(|error| {
                let sentence = "neither a plan of this program, quick or paper, nor a file: name one of these plans or a TOML file";
                match error.is_missing_file() {
                    true => Error::new(ErrorKind::NotFound, format!("the plan {file:?} is {sentence}")),
                    false => error,
                }
            }),
        }
    }

    /// The paper's plan with iterations divided by `divisor`.
    fn shortened(name: &str, divisor: u64) -> Self {
        let level = |(iterations, sessions): (u64, u32)| PlanLevel {
            iterations: (iterations / divisor).max(1),
            sessions,
        };
        let levels = PAPER.into_iter().map(level).collect();
        Self {
            name: name.to_owned(),
            seed: 1,
            levels,
            training: Training::paper(),
            stated_classes: None,
            pin: None,
            stated_instructions: None,
            keep: Keep::All,
        }
    }

    /// The same plan with other seeds.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same plan, whose sessions keep their filters at these iterations: [`Training::snapshots`] for all of them. If this is
    /// a list, each session keeps those up to its end.
    pub fn snapshots(mut self, snapshots: impl Into<Snapshots>) -> Self {
        self.training.snapshots = snapshots.into();
        self
    }

    /// The same plan with other options that all sessions share.
    pub(crate) fn with_training(self, training: Training) -> Self {
        Self { training, ..self }
    }

    /// The same plan, which states that the data set must have this number of classes.
    pub(super) fn stating_classes(mut self, classes: Option<usize>) -> Self {
        self.stated_classes = classes;
        self
    }

    /// The same plan with the number of classes of the data set.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan file states another number of classes, or a list of
    /// snapshots does not ascend or goes beyond the longest level.
    pub(crate) fn for_dataset(mut self, dataset: &Dataset) -> Result<Self> {
        self.check_snapshots()?;
        let classes = dataset.class_names().len();
        if let Some(stated) = self.stated_classes.filter(|&stated| stated != classes) {
            let requirement = format!(
                "the data set has {classes}: leave `classes` out of the plan, or take another data set"
            );
            return Err(Error::option("number of classes of the plan", stated, requirement));
        }
        self.training = self.training.with_classes_of(dataset);
        Ok(self)
    }

    /// The same plan with a pin.
    pub(super) fn with_pin(self, pin: Pin) -> Self {
        Self { pin: Some(pin), ..self }
    }

    /// The same plan for these instructions, or for those of each machine.
    pub(super) fn stating_instructions(self, stated_instructions: Option<InstructionPath>) -> Self {
        Self { stated_instructions, ..self }
    }

    /// The same plan with another choice of what stores keep of its sessions.
    pub(super) fn keeping(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// What stores keep of its sessions. Their keys do not depend on it.
    pub(crate) fn keep(&self) -> Keep {
        self.keep
    }

    /// The instructions that its file states, pinned or not.
    pub(crate) fn stated_instructions(&self) -> Option<InstructionPath> {
        self.pin.as_ref().map(|pin| pin.instructions).or(self.stated_instructions)
    }

    /// What the plan is pinned to, if it is.
    pub(crate) fn pin(&self) -> Option<&Pin> {
        self.pin.as_ref()
    }

    /// The seed from which the sessions' seeds are derived.
    pub fn plan_seed(&self) -> u64 {
        self.seed
    }

    getters! {
        /// The plan's name.
        pub fn name(&self) -> &str;

        /// The levels of training.
        pub fn levels(&self) -> &[PlanLevel];
    }

    /// The options that all sessions share.
    pub fn training(&self) -> Training {
        self.training.clone()
    }

    /// The plan of only these of its sessions: as many per level as there are. It has another name than the whole plan.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are no sessions.
    pub(crate) fn of_sessions(&self, sessions: &[super::Session]) -> Result<Self> {
        let count = |level: &PlanLevel| {
            let of_level = sessions.iter().filter(|session| session.iterations() == level.iterations);
            PlanLevel { sessions: of_level.count() as u32, ..*level }
        };
        let levels: Vec<PlanLevel> =
            self.levels.iter().map(count).filter(|level| level.sessions > 0).collect();
        let name = format!("{}, {} of {} sessions", self.name, sessions.len(), self.sessions().len());
        Ok(Self::new(name, self.seed, levels, self.training.clone())?.keeping(self.keep))
    }

    /// Whether its levels and options are the paper's. The seed and the snapshots may differ.
    pub fn is_paper_scale(&self) -> bool {
        let paper = Self::paper();
        self.levels == paper.levels && self.training().snapshots(Snapshots::None) == paper.training
    }

    /// The total number of iterations of all sessions.
    pub fn iterations(&self) -> u64 {
        let iterations = |level: &PlanLevel| level.iterations.saturating_mul(level.sessions.into());
        self.levels.iter().map(iterations).fold(0, u64::saturating_add)
    }

    /// All sessions, name and options of each, in the order of the levels. A name consists of the iterations and the
    /// number within the level: "30000-2". Adding levels, or sessions to a level, does not change the other sessions.
    pub fn sessions(&self) -> Vec<(String, Training)> {
        let sessions = |&PlanLevel { iterations, sessions }: &PlanLevel| {
            (1..=sessions).map(move |number| {
                let seed = session_seed(self.seed, iterations, number);
                let mut training = self.training.clone().iterations(iterations).seed(seed);
                training.snapshots = training.snapshots.up_to(iterations);
                (format!("{iterations}-{number}"), training)
            })
        };
        self.levels.iter().flat_map(sessions).collect()
    }
}

/// The seed of a session: the first 53 bits of a SHA-256 of the plan's seed, the level and the number within the level.
/// A JSON number represents 53 bits exactly.
fn session_seed(plan: u64, iterations: u64, number: u32) -> u64 {
    let digest = Sha256::digest(format!("softness session {plan} {iterations} {number}"));
    let (first, _) = digest.as_chunks::<8>();
    u64::from_be_bytes(first[0]) >> 11
}

/// Levels as text, sessions × iterations: "3 × 1, 3 × 2,000".
pub(crate) fn levels_in_words(levels: &[PlanLevel]) -> String {
    let level = |level: &PlanLevel| format!("{} × {}", level.sessions, grouped(level.iterations));
    levels.iter().map(level).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_plan_has_eleven_sessions_and_136003_iterations() {
        let plan = Plan::paper();
        assert_eq!((plan.sessions().len(), plan.iterations()), (11, 136_003));
        assert!(plan.is_paper_scale() && plan.clone().seed(9).is_paper_scale());
        assert!(!Plan::quick().is_paper_scale());
    }

    #[test]
    fn a_plan_can_grow_without_changing_the_sessions_it_has() {
        let small =
            Plan::new("a", 5, vec![PlanLevel { iterations: 10, sessions: 2 }], Training::paper()).unwrap();
        let levels =
            vec![PlanLevel { iterations: 3, sessions: 1 }, PlanLevel { iterations: 10, sessions: 3 }];
        let large = Plan::new("b", 5, levels, Training::paper()).unwrap().sessions();
        for session in small.sessions() {
            assert!(large.contains(&session), "{}", session.0);
        }
    }

    #[test]
    fn no_two_sessions_of_a_plan_share_a_seed() {
        let mut seeds: Vec<u64> =
            Plan::paper().sessions().iter().map(|(_, training)| training.seed).collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 11);
    }

    #[test]
    fn empty_and_repeated_levels_are_refused() {
        let plan = |levels: &[(u64, u32)]| {
            let level = |&(iterations, sessions): &(u64, u32)| PlanLevel { iterations, sessions };
            Plan::new("x", 1, levels.iter().map(level).collect(), Training::paper())
        };
        for levels in [&[][..], &[(0, 1)], &[(1, 0)], &[(5, 1), (5, 2)]] {
            assert!(plan(levels).is_err(), "{levels:?}");
        }
    }

    #[test]
    fn more_sessions_or_iterations_than_there_can_be_are_refused() {
        let plan = |levels: &[(u64, u32)]| {
            let level = |&(iterations, sessions): &(u64, u32)| PlanLevel { iterations, sessions };
            Plan::new("x", 1, levels.iter().map(level).collect(), Training::paper())
        };
        let error = plan(&[(1, u32::MAX), (2, u32::MAX)]).unwrap_err().to_string();
        assert!(error.contains("number of sessions is 8589934590") && error.contains("100000"), "{error}");
        let most = i32::MAX as u64;
        let error = plan(&[(most + 1, 3)]).unwrap_err().to_string();
        assert!(
            error.contains("3 sessions of 2147483648 iterations") && error.contains("2147483647"),
            "{error}"
        );
        assert_eq!(plan(&[(most, 100_000)]).unwrap().iterations(), 100_000 * most);
    }
}
