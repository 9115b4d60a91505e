//! The sessions of a plan, several at a time.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::dataset::Dataset;
use crate::error::{Error, Failure, Result};
use crate::session::{Observer, Plan, Session};
use crate::store::Store;

impl Store {
    /// Trains all sessions of `plan`, `jobs` at a time, and returns them in the plan's order. Sessions that are in the store
    /// are loaded; interrupted ones resume. The longest start first, so that none runs alone at the end. The results do not
    /// depend on `jobs`. The number of classes is that of the data set.
    ///
    /// # Errors
    /// The first error of a session; sessions that have not started are not trained then, and what was finished or
    /// checkpointed stays in the store. [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `jobs` is 0, or the
    /// plan file states another number of classes than the data set has, or the plan is pinned to another data set, to instructions that
    /// this machine lacks, or to another version of the training code.
    pub fn train_plan(
        &self,
        dataset: &Dataset,
        plan: &Plan,
        jobs: usize,
        observer: &dyn Observer,
    ) -> Result<Vec<Session>> {
        if jobs == 0 {
            return Err(Error::option("jobs", jobs, "it must be at least 1"));
        }
        let path = plan.instructions(dataset)?;
        let store = self.for_plan(plan);
        let planned = plan.clone().for_dataset(dataset)?.sessions();
        let mut longest_first: Vec<usize> = (0..planned.len()).collect();
        longest_first.sort_by_key(|&index| std::cmp::Reverse(planned[index].1.iterations));
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let finished: Mutex<Vec<Option<Result<Session>>>> =
            Mutex::new(planned.iter().map(|_| None).collect());
        let work = || {
            while !failed.load(Ordering::Relaxed) {
                let Some(&index) = longest_first.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                let (name, training) = &planned[index];
                // Asked here as well, for sessions that are only loaded.
                let result = if observer.should_stop() {
                    Err(Error::from(Failure::Interrupted { session: name.clone(), iteration: 0 }))
                } else {
                    store.train_on(path, dataset, training, name, observer)
                };
                if result.is_err() {
                    failed.store(true, Ordering::Relaxed);
                }
                // The lock is poisoned only if an observer panicked; the sessions in it are complete.
                finished.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[index] = Some(result);
            }
        };
        std::thread::scope(|scope| -> Result<()> {
            for number in 0..jobs.min(planned.len()) {
                let thread = std::thread::Builder::new().name(format!("session worker {number}"));
                thread.spawn_scoped(scope, work).map_err(|error| {
                    failed.store(true, Ordering::Relaxed);
                    Error::no_thread(error)
                })?;
            }
            Ok(())
        })?;
        let finished = finished.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (errors, sessions): (Vec<_>, Vec<_>) = finished.into_iter().flatten().partition(Result::is_err);
        // An interrupted session that has done iterations comes before one that was not started.
        let not_started = |result: &Result<Session>| {
            let failure = result.as_ref().err().map(Error::failure);
            matches!(failure, Some(Failure::Interrupted { iteration: 0, .. }))
        };
        match errors.into_iter().min_by_key(not_started) {
            Some(error) => error.map(|_| Vec::new()),
            None => sessions.into_iter().collect(),
        }
    }
}

/// The default number of sessions that are trained side by side: the number of cores.
pub(crate) fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
