//! Training in the background of a notebook.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::dataset::Dataset;
use crate::display::notebook;
use crate::error::{Error, Result};
use crate::figures::Figure;
use crate::session::{Evaluation, Plan, Progress, Session};
use crate::store::{Store, default_jobs};

/// A plan that is trained on threads of its own. Its sessions are saved in the [user's store](Store::user), so that no more than the
/// last seconds are lost if the process of the notebook ends.
pub struct Background {
    progress: Arc<Mutex<BTreeMap<String, Course>>>,
    sessions: usize,
    iterations: u64,
    thread: JoinHandle<Result<Vec<Session>>>,
}

/// The progress of one session.
#[derive(Debug, Default, Clone)]
struct Course {
    iteration: u64,
    history: Vec<Evaluation>,
}

impl Course {
    /// Records how far the session is, and its latest evaluation if that is a new one.
    fn hear(&mut self, progress: &Progress) {
        if progress.iteration < self.iteration {
            // It was started again.
            self.history.clear();
        }
        self.iteration = progress.iteration;
        let latest = self.history.last().map_or(0, |evaluation| evaluation.iteration);
        self.history.extend(progress.evaluation.filter(|evaluation| evaluation.iteration > latest));
    }
}

/// Starts to train the sessions of a plan and returns at once. Prints nothing.
///
/// # Errors
/// Those of [`Store::user`]; [`ErrorKind::Io`](crate::ErrorKind::Io). [`Background::wait`] returns the errors of the training.
pub fn train_in_background(dataset: &Dataset, plan: &Plan) -> Result<Background> {
    let store = Store::user()?;
    let progress: Arc<Mutex<BTreeMap<String, Course>>> = Arc::default();
    let (dataset, task, heard) = (dataset.clone(), plan.clone(), Arc::clone(&progress));
    let observer = move |progress: &Progress| {
        lock(&heard).entry(progress.session.clone()).or_default().hear(progress);
    };
    let thread = std::thread::Builder::new()
        .name("training in the background".into())
        .spawn(move || store.train_plan(&dataset, &task, default_jobs(), &observer))
        .map_err(Error::no_thread)?;
    Ok(Background { progress, sessions: plan.sessions().len(), iterations: plan.iterations(), thread })
}

impl Background {
    /// Whether training has ended: all sessions are done, or one has failed.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Optimiser steps done so far, including those of loaded sessions, and in total.
    pub fn iterations(&self) -> (u64, u64) {
        (lock(&self.progress).values().map(|course| course.iteration).sum(), self.iterations)
    }

    /// The test accuracy of every session so far.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if no session was evaluated twice yet: try again later.
    pub fn curves(&self) -> Result<Figure> {
        let history = |(name, course): (&String, &Course)| (name.clone(), course.history.clone());
        let courses: Vec<_> = lock(&self.progress).iter().map(history).collect();
        Figure::accuracy_curves("Test accuracy so far", &courses)
    }

    /// Waits for the end and returns the sessions in the order of the plan.
    ///
    /// # Errors
    /// Those of [`Store::train_plan`](crate::store::Store::train_plan);
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal) if training panicked.
    pub fn wait(self) -> Result<Vec<Session>> {
        self.thread.join().map_err(|panic| Error::panicked("training in the background", &*panic))?
    }

    /// Shows the progress in a notebook, as text.
    pub fn evcxr_display(&self) {
        notebook::show([("text/plain", self.to_string().as_str())]);
    }
}

impl std::fmt::Display for Background {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (done, all) = self.iterations();
        let begun = lock(&self.progress).len();
        let (state, sessions) = (if self.is_finished() { "finished" } else { "in training" }, self.sessions);
        write!(formatter, "{state}: {done} of {all} iterations, {begun} of {sessions} sessions started")
    }
}

fn lock(progress: &Mutex<BTreeMap<String, Course>>) -> MutexGuard<'_, BTreeMap<String, Course>> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Training, train_in_memory};

    #[test]
    fn the_progress_of_a_session_is_its_history_and_no_evaluation_twice() {
        // Observers are called every 10 iterations, so twice between two evaluations.
        let training = Training::paper().iterations(70).batch(5).evaluate_every(30);
        let course = Mutex::new(Course::default());
        let observer = |progress: &Progress| course.lock().unwrap().hear(progress);
        let session = train_in_memory(&Dataset::tiny(), training, &observer).unwrap();
        let course = course.into_inner().unwrap();
        assert_eq!(course.iteration, 70);
        assert!(course.history.iter().map(|evaluation| evaluation.iteration).eq([30, 60, 70]));
        assert_eq!(course.history, session.history());
    }

    #[test]
    fn a_panic_in_training_is_told_as_one() {
        let thread = std::thread::spawn(|| panic!("out of luck"));
        let background = Background { progress: Arc::default(), sessions: 1, iterations: 1, thread };
        let error = background.wait().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Internal);
        let sentence = "training in the background ended in a panic, a fault of this program: out of luck";
        assert_eq!(error.to_string(), sentence);
    }
}
