//! Training in the background of a notebook.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::dataset::Dataset;
use crate::display::live::Live;
use crate::display::notebook;
use crate::display::training::planned;
use crate::error::{Error, ErrorKind, Result};
use crate::figures::Figure;
use crate::session::{Plan, Session};
use crate::stop::Stop;
use crate::store::{Store, default_jobs};
use crate::text::numbers::numbered;

/// Time between two looks whether training has ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A plan that is trained on other threads. Its sessions are saved in the [user's store](Store::user), so that only the last
/// seconds are lost if the process of the notebook ends. An interrupt of a cell does not end the training.
pub struct Background {
    live: Arc<Live>,
    work: Mutex<Work>,
}

/// The thread, and then what it returned.
#[derive(Debug)]
enum Work {
    Running(Option<JoinHandle<Result<Vec<Session>>>>),
    Ended(Result<Vec<Session>>),
}

/// Starts to train the sessions of a plan and returns at once. Prints nothing. If the value is shown in a cell of the
/// "Rust (softness)" kernel, that output shows the progress until training has ended.
///
/// # Errors
/// Those of [`Store::user`]; [`ErrorKind::Io`](crate::ErrorKind::Io). [`Background::wait`] returns the errors of the training.
pub fn train_in_background(dataset: &Dataset, plan: &Plan) -> Result<Background> {
    let store = Store::user()?;
    let live = Arc::new(Live::in_background(planned(plan)));
    let (dataset, task, observer) = (dataset.clone(), plan.clone(), Arc::clone(&live));
    let thread = std::thread::Builder::new()
        .name("training in the background".into())
        .spawn(move || {
            let result = store.train_plan(&dataset, &task, default_jobs(), &*observer);
            observer.end(&result);
            result
        })
        .map_err(Error::no_thread)?;
    Ok(Background { live, work: Mutex::new(Work::Running(Some(thread))) })
}

impl Background {
    /// Whether training has ended: all sessions are done, or one has failed.
    pub fn is_finished(&self) -> bool {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).has_ended()
    }

    /// Optimiser steps done so far, including those of loaded sessions, and in total.
    pub fn iterations(&self) -> (u64, u64) {
        self.live.counts().0
    }

    /// The test accuracy of every session so far. In a long session each point is the mean of several evaluations.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if no session was evaluated twice yet: try again later.
    pub fn curves(&self) -> Result<Figure> {
        self.live.curves()
    }

    /// Waits for the end and returns the sessions in the order of the plan. May be called again.
    ///
    /// # Errors
    /// Those of [`Store::train_plan`](crate::store::Store::train_plan);
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal) if training panicked;
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the user interrupts the cell. Training then continues.
    pub fn wait(&self) -> Result<Vec<Session>> {
        let stop = Stop::from_environment();
        loop {
            if let Some(result) = self.work.lock().unwrap_or_else(PoisonError::into_inner).result() {
                return result;
            }
            if stop.is_asked() {
                let (done, all) = self.iterations();
                let sentence = format!(
                    "training goes on in the background, now at iteration {done} of {all}; run the cell again to wait \
                     for it"
                );
                return Err(Error::new(ErrorKind::Interrupted, sentence));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Shows the progress in a notebook: in the "Rust (softness)" kernel as an output that is updated until training
    /// has ended, else as text.
    pub fn evcxr_display(&self) {
        if notebook::can_replace() {
            self.live.show();
        } else {
            notebook::show([("text/plain", self.to_string().as_str())]);
        }
    }
}

impl Work {
    fn has_ended(&self) -> bool {
        match self {
            Self::Running(thread) => thread.as_ref().is_none_or(JoinHandle::is_finished),
            Self::Ended(_) => true,
        }
    }

    /// What training returned, `None` before its end.
    fn result(&mut self) -> Option<Result<Vec<Session>>> {
        if !self.has_ended() {
            return None;
        }
        if let Self::Running(thread) = self
            && let Some(thread) = thread.take()
        {
            let panicked = |panic: Box<dyn std::any::Any + Send>| {
                Err(Error::panicked("training in the background", &*panic))
            };
            *self = Self::Ended(thread.join().unwrap_or_else(panicked));
        }
        match self {
            Self::Running(_) => None,
            Self::Ended(Ok(sessions)) => Some(Ok(sessions.clone())),
            Self::Ended(Err(error)) => Some(Err(Error::new(error.kind(), error.to_string()))),
        }
    }
}

impl std::fmt::Display for Background {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ((done, all), (begun, sessions)) = self.live.counts();
        let state = if self.is_finished() { "finished" } else { "in training" };
        write!(
            formatter,
            "{state}: {done} of {}, {begun} of {} started",
            numbered(all, "iteration"),
            numbered(sessions as u64, "session")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_training_is_told_as_one_whenever_it_is_waited_for() {
        let thread = std::thread::spawn(|| panic!("out of luck"));
        let live = Arc::new(Live::in_background([("a".into(), 1)]));
        let background = Background { live, work: Mutex::new(Work::Running(Some(thread))) };
        for _ in 0..2 {
            let error = background.wait().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Internal);
            let sentence =
                "training in the background ended in a panic, a fault of this program: out of luck";
            assert_eq!(error.to_string(), sentence);
        }
        assert!(background.is_finished());
    }
}
