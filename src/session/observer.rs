//! Progress goes to an observer that the caller passes in; the training loop itself prints nothing.

use super::Evaluation;

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
    /// The latest evaluation, if there was one: the same one until there is another. Of a session that was
    /// loaded: its last loss, and its accuracy on all test images.
    pub evaluation: Option<Evaluation>,
    /// Who does these steps.
    pub trained: Trained,
}

/// Who does the optimiser steps that a [`Progress`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trained {
    /// The call that was given the observer.
    Here,
    /// Another process, or another thread, that this one waits for. This is its latest checkpoint.
    Elsewhere,
    /// Someone before: the session was found finished in a store and is not trained again.
    Before,
}

/// Something that wants to know how training goes. Closures that take a [`Progress`] are observers;
/// `&()` observes nothing. Sessions that run side by side call it from their own threads.
pub trait Observer: Sync {
    /// Called at the start of a session, every few iterations, and at its end; every few seconds while it
    /// is trained elsewhere.
    fn progress(&self, progress: &Progress);

    /// Told, in a sentence, what a person should know and training goes on after: that it waits for
    /// another process, or that a damaged file was set aside. Does nothing unless implemented.
    fn notice(&self, _sentence: &str) {}

    /// Whether training should stop. Asked after every optimiser step and before every 500 test images; training
    /// then ends with [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) and, in a store, a checkpoint. Never unless
    /// implemented.
    fn should_stop(&self) -> bool {
        false
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
