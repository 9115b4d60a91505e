//! Progress goes to an observer that the caller passes in; the training loop itself prints nothing.

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
    /// The latest evaluation's mean loss, if there was one.
    pub loss: Option<f64>,
    /// The latest evaluation's test accuracy, 0..1, if there was one.
    pub test_accuracy: Option<f64>,
    /// Whether the session was found finished in a store and not trained again.
    pub loaded: bool,
}

/// Something that wants to know how training goes. Closures that take a [`Progress`] are observers;
/// `&()` observes nothing. Sessions that run side by side call it from their own threads.
pub trait Observer: Sync {
    /// Called at the start of a session, every few iterations, and at its end.
    fn progress(&self, progress: &Progress);

    /// Told, in a sentence, what a person should know and training goes on after: that it waits for
    /// another process, or that a damaged file was set aside. Does nothing unless implemented.
    fn notice(&self, _sentence: &str) {}

    /// Whether training should stop. Asked after every optimiser step; training then ends with
    /// [`Error::Interrupted`](crate::Error::Interrupted) and, in a store, a checkpoint. Never unless implemented.
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
