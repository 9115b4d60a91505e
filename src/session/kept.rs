//! A session as it was at iterations at which its filters were kept.

use super::record::{FIRST_CODE_OF_INITIAL_WEIGHTS, TRAINING_CODE};
use super::snapshot::Snapshot;
use super::{Session, Snapshots};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::network::Weights;
use crate::text::numbers::grouped;

impl Session {
    /// The iterations for which [`at`](Self::at) has the filters, ascending. The last is the end of the session; the first is
    /// 0, the initial weights, if these follow from the seed: for every session that was trained by this program or an
    /// earlier one with the same initial weights, not for filters from elsewhere. Those in between are there if the session
    /// was trained with [`Training::snapshots`](super::Training::snapshots).
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
    /// Weights of the iterations in between were rounded to 16-bit floats when they were kept. Softness scores differ by at
    /// most 0.0002 from those of the exact weights.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if the filters of that iteration were not kept; the sentence
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
            Some(snapshot) => snapshot.filters()?,
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
        let hint =
            "Training::snapshots, `--snapshots` or `snapshots` in a plan file keeps more while it trains";
        let sentence = format!(
            "session {} did not keep its filters at iteration {}, but at {}: {hint}",
            self.name,
            grouped(iteration),
            kept.join("; ")
        );
        Error::new(ErrorKind::NotFound, sentence)
    }

    /// The same session with the filters of these iterations, in place of those that it has.
    pub(crate) fn with_snapshots(self, snapshots: Vec<Snapshot>) -> Self {
        Self { snapshots, ..self }
    }
}
