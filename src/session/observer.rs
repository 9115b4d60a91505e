//! Progress goes to an observer that the caller passes in; training itself prints nothing.

use super::{Evaluation, Session};
use crate::stop::Stop;

/// How far a session is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The session's name.
    pub session: String,
    /// Optimiser steps done.
    pub iteration: u64,
    /// Optimiser steps in all.
    pub iterations: u64,
    /// The latest evaluation, repeated until there is a newer one. For a session that was loaded: its last loss and
    /// its accuracy on all test images.
    pub evaluation: Option<Evaluation>,
    /// The number of test images that its accuracy is measured on.
    pub(crate) test_images: usize,
    /// Who does these steps.
    pub(crate) trained_by: TrainedBy,
}

/// Who does the optimiser steps of a [`Progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrainedBy {
    /// The call that was given the observer.
    ThisCall,
    /// Another process or thread, which this one waits for. The progress is that of its latest checkpoint.
    AnotherProcess,
    /// An earlier call: the session was found finished in a store and is not trained again.
    EarlierCall,
}

impl Progress {
    /// Whether the session was found finished in a store and was loaded, not trained.
    pub fn is_from_earlier_call(&self) -> bool {
        self.trained_by == TrainedBy::EarlierCall
    }

    /// Whether another process trains the session and this one waits for it. The numbers are then those of its latest
    /// checkpoint.
    pub fn is_from_another_process(&self) -> bool {
        self.trained_by == TrainedBy::AnotherProcess
    }
}

/// Receives the progress of training. Closures that take a [`Progress`] are observers; `&()` ignores everything.
/// Sessions that run side by side call it from their own threads.
pub trait Observer: Sync {
    /// Called at the start of a session, every ten iterations, after each evaluation and at the end; every few seconds
    /// while another process trains the session.
    fn progress(&self, progress: &Progress);

    /// Called once for each session that is done: trained and, in a store, saved; or loaded. It has the accuracy on all test
    /// images, which a [`Progress`] during training does not have. Does nothing by default.
    fn finished(&self, _session: &Session) {}

    /// Receives a sentence for the user that does not stop training: training waits for another process, or a damaged
    /// file was set aside. Does nothing by default.
    fn notice(&self, _sentence: &str) {}

    /// Whether training should stop. Asked after each optimiser step and before every 500 test images. Training then
    /// ends with [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted); in a store, a checkpoint is saved first.
    /// By default, true after the user interrupted the cell of a notebook, which is the case if the file exists that the
    /// environment variable `SOFTNESS_STOP` names.
    fn should_stop(&self) -> bool {
        Stop::from_environment().is_asked()
    }
}

impl Observer for () {
    fn progress(&self, _: &Progress) {}
}

impl<F: Fn(&Progress) + Sync> Observer for F {
    fn progress(&self, progress: &Progress) {
        self(progress);
    }
}
