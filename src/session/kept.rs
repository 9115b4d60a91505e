//! A session as it was at iterations at which its filters were kept.

use super::record::{FIRST_CODE_OF_INITIAL_WEIGHTS, TRAINING_CODE};
use super::snapshot::Snapshot;
use super::{Session, Snapshots, Training};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::network::Weights;
use crate::text::numbers::grouped;

impl Session {
    /// The iterations for which [`at`](Self::at) has the filters, ascending. The last is the end of the session; the first is
    /// 0, the initial weights, if these follow from the seed: for every session that was trained by this program or an
    /// earlier one with the same initial weights, not for filters from elsewhere. Those in between are there if the session
    /// was trained with [`Training::snapshots`](super::Training::snapshots), or made of several checkpoints
    /// ([`from_checkpoints`](Self::from_checkpoints)).
    pub fn kept_iterations(&self) -> Vec<u64> {
        let first = self.initial().map(|_| 0);
        let between = self.snapshots.iter().map(|snapshot| snapshot.iteration);
        first.into_iter().chain(between).chain([self.iterations()]).collect()
    }

    /// The session as it was after `iteration` iterations, which must be one of
    /// [`kept_iterations`](Self::kept_iterations): a session like any other, of the same name, with the filters and the
    /// history until then. It has no dense layers, record or accuracy on all test images: these are of the end. `at` the end
    /// is the session itself.
    ///
    /// Weights of the iterations in between were rounded to 16-bit floats when they were kept while training. Softness scores
    /// differ by at most 0.0002 from those of the exact weights. Those of [checkpoints](Self::from_checkpoints) are exact.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if the filters of that iteration were not kept; the sentence
    /// lists those that were.
    ///
    /// # Examples
    /// ```
    /// use softness::dataset::Dataset;
    /// use softness::session::{Training, train_in_memory};
    ///
    /// let training = Training::paper().iterations(6).batch(10).snapshots(true);
    /// let session = train_in_memory(&Dataset::tiny(), training, &())?;
    /// assert_eq!(session.kept_iterations(), [0, 1, 2, 5, 6]);
    /// let early = session.at(2)?;
    /// assert_eq!((early.name(), early.iterations()), (session.name(), 2));
    /// assert_ne!(early.filters(1)?, session.filters(1)?);
    /// # Ok::<(), softness::Error>(())
    /// ```
    pub fn at(&self, iteration: u64) -> Result<Self> {
        if iteration == self.iterations() {
            return Ok(self.clone());
        }
        let filters = match self.snapshots.iter().find(|snapshot| snapshot.iteration == iteration) {
            Some(snapshot) => snapshot.filters(),
            None if iteration == 0 => match self.initial() {
                Some((architecture, seed)) => {
                    FilterBank::from_weights(&Weights::initial(architecture, seed)?)?
                }
                None => return Err(self.not_kept(iteration)),
            },
            None => return Err(self.not_kept(iteration)),
        };
        let before = |evaluation: &&super::Evaluation| evaluation.iteration <= iteration;
        Ok(Self {
            name: self.name.clone(),
            training: self.training.clone().iterations(iteration).snapshots(Snapshots::None),
            filters,
            history: self.history.iter().filter(before).copied().collect(),
            weights: None,
            record: None,
            snapshots: Vec::new(),
        })
    }

    /// The architecture and seed from which the initial weights follow.
    fn initial(&self) -> Option<(&crate::network::Architecture, u64)> {
        let recipe = &self.record.as_ref()?.recipe;
        let is_known = (FIRST_CODE_OF_INITIAL_WEIGHTS..=TRAINING_CODE).contains(&recipe.training_code);
        let architecture = self.architecture().filter(|_| is_known)?;
        Some((architecture, recipe.training.seed))
    }

    fn not_kept(&self, iteration: u64) -> Error {
        let kept: Vec<String> = self.kept_iterations().into_iter().map(grouped).collect();
        let hint = if self.record.is_some() {
            "Training::snapshots, `--snapshots` or `snapshots` in a plan file keeps more while it trains"
        } else {
            "Session::from_checkpoints makes a session of more checkpoints"
        };
        let sentence = format!(
            "session {} did not keep its filters at iteration {}, but at {}: {hint}",
            self.name,
            grouped(iteration),
            kept.join("; ")
        );
        Error::new(ErrorKind::NotFound, sentence)
    }

    /// Whether it has the filters of all iterations that these options ask for.
    pub(crate) fn has_snapshots_of(&self, training: &Training) -> bool {
        self.lacking(training).is_empty()
    }

    /// The iterations whose filters these options ask for, and which it does not have.
    pub(crate) fn lacking(&self, training: &Training) -> Vec<u64> {
        let has = |iteration: u64| self.snapshots.iter().any(|kept| kept.iteration == iteration);
        let asked = training.snapshots.before(self.iterations());
        asked.into_iter().filter(|&iteration| !has(iteration)).collect()
    }

    /// These options, with the filters that the session has in addition to those that they ask for.
    pub(crate) fn joined_with(&self, training: Training) -> Training {
        let mut iterations = training.snapshots.before(self.iterations());
        let asked = iterations.len();
        iterations.extend(self.snapshots.iter().map(|snapshot| snapshot.iteration));
        iterations.sort_unstable();
        iterations.dedup();
        if iterations.len() == asked { training } else { training.snapshots(iterations) }
    }

    /// Whether it has everything that `other`, the same session, has in addition to its filters: dense layers and snapshots.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let has = |kept: &Snapshot| self.snapshots.iter().any(|own| own.iteration == kept.iteration);
        (self.weights.is_some() || other.weights.is_none()) && other.snapshots.iter().all(has)
    }

    /// The same session, with what `other`, the same session, has in addition: dense layers and filters of iterations. Its
    /// record then says that these were kept.
    pub(crate) fn joined(mut self, other: &Self) -> Self {
        self.weights = self.weights.or_else(|| other.weights.clone());
        let has = |kept: &Snapshot| self.snapshots.iter().any(|own| own.iteration == kept.iteration);
        let more: Vec<Snapshot> = other.snapshots.iter().filter(|kept| !has(kept)).cloned().collect();
        if !more.is_empty() {
            self.snapshots.extend(more);
            self.snapshots.sort_by_key(|snapshot| snapshot.iteration);
            self.training.snapshots = if self.snapshots.len() == other.snapshots.len() {
                other.training.snapshots.clone()
            } else {
                self.snapshots.iter().map(|snapshot| snapshot.iteration).collect::<Vec<_>>().into()
            };
            if let Some(record) = &mut self.record {
                record.recipe.training.snapshots = self.training.snapshots.clone();
            }
        }
        self
    }
}

/// The same session, with these filters of iterations on the way in place of those that it has: as if they had been kept while
/// it was trained. Weights are rounded as they are then.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the iterations do not ascend from 1 at least to the last but
/// one at most, or the layers have other shapes than the session's.
pub fn with_kept_filters(session: Session, kept: &[(u64, Vec<FilterBank>)]) -> Result<Session> {
    let iterations: Vec<u64> = kept.iter().map(|(iteration, _)| *iteration).collect();
    Snapshots::from(iterations).check(session.iterations().saturating_sub(1))?;
    let rounded = |(iteration, banks): &(u64, Vec<FilterBank>)| {
        let snapshot = Snapshot::rounded(*iteration, banks)?;
        let requirement = "its layers must have the shapes of the session's";
        let fits = snapshot.fits(&session.filters);
        Error::require(fits, "snapshot of iteration", *iteration, requirement)?;
        Ok(snapshot)
    };
    let snapshots = kept.iter().map(rounded).collect::<Result<_>>()?;
    Ok(Session { snapshots, ..session })
}
