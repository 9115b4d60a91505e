//! Training as outputs that are replaced in place.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::display::board::Board;
use crate::display::notebook;
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::figures::Figure;
use crate::session::{Observer, Progress, Session};
use crate::stop::Stop;

/// The least time between two states of an output.
const EVERY: Duration = Duration::from_millis(500);

/// An [`Observer`] that shows how far the sessions are: bars, time left and a curve in one output of a cell, replaced
/// twice a second at most and once at the end.
#[derive(Debug)]
pub(super) struct Live {
    state: Mutex<State>,
    /// Whether the user has interrupted the cell; `None` for training that goes on then.
    stop: Option<Stop>,
}

#[derive(Debug)]
struct State {
    board: Board,
    /// The ids of the outputs that show it.
    outputs: Vec<String>,
    /// When they were shown last.
    shown: Option<Instant>,
}

impl Live {
    /// For sessions that a cell trains, with one output in the cell. The name and the iterations of each.
    pub fn in_cell(planned: impl IntoIterator<Item = (String, u64)>) -> Self {
        let state = State { board: Board::new(planned), outputs: vec![new_id()], shown: None };
        Self { state: Mutex::new(state), stop: Some(Stop::from_environment()) }
    }

    /// For sessions that are trained in the background, with no output yet.
    pub fn in_background(planned: impl IntoIterator<Item = (String, u64)>) -> Self {
        let state = State { board: Board::new(planned), outputs: Vec::new(), shown: None };
        Self { state: Mutex::new(state), stop: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows the state in the cell that runs now, in an output that is kept up to date from then on.
    pub fn show(&self) {
        let mut state = self.state();
        let id = new_id();
        state.show_in([&id], Instant::now());
        state.outputs.push(id);
    }

    /// Shows the final state, after training has returned `result`.
    pub fn end<T>(&self, result: &Result<T>) {
        let mut state = self.state();
        if let Err(error) = result {
            if let Failure::Interrupted { session, iteration } = error.failure() {
                state.board.saved(session, *iteration);
            }
            let interrupted = error.kind() == ErrorKind::Interrupted;
            state.board.end(if interrupted { "interrupted" } else { "ended in an error" });
            if self.stop.is_none() {
                // There is no cell that shows it.
                state.board.note(error.to_string());
            }
        }
        if state.board.begun() > 0 {
            state.show_everywhere(Instant::now());
        }
    }

    /// Optimiser steps done so far, and in all; sessions begun, and in all.
    pub fn counts(&self) -> ((u64, u64), (usize, usize)) {
        let board = &self.state().board;
        (board.iterations(), (board.begun(), board.sessions()))
    }

    /// See [`Board::curves`].
    pub fn curves(&self) -> Result<Figure> {
        // Drawing takes a while, in which training must not wait.
        let board = self.state().board.clone();
        board.curves(if board.has_ended() { "Test accuracy" } else { "Test accuracy so far" })
    }
}

impl State {
    /// Shows the state if the last one is old enough. Sessions that are only loaded are shown at the end.
    fn show_if_due(&mut self, now: Instant) {
        if self.board.has_trained() && self.shown.is_none_or(|shown| now - shown >= EVERY) {
            self.show_everywhere(now);
        }
    }

    fn show_everywhere(&mut self, now: Instant) {
        self.shown = Some(now);
        self.show_in(&self.outputs, now);
    }

    fn show_in<'a>(&self, outputs: impl IntoIterator<Item = &'a String>, now: Instant) {
        let mut outputs = outputs.into_iter().peekable();
        if outputs.peek().is_none() {
            return;
        }
        let (text, html) = (self.board.text(now), self.board.markup(now).into_string());
        for id in outputs {
            notebook::replace(id, [("text/plain", text.as_str()), ("text/html", html.as_str())]);
        }
    }
}

impl Observer for Live {
    fn notice(&self, sentence: &str) {
        let mut state = self.state();
        state.board.note(sentence.to_owned());
        state.show_everywhere(Instant::now());
    }

    fn progress(&self, progress: &Progress) {
        let (mut state, now) = (self.state(), Instant::now());
        state.board.hear(progress, now);
        state.show_if_due(now);
    }

    fn finished(&self, session: &Session) {
        let mut state = self.state();
        state.board.finish(session);
        // The last state is that of `end`.
        if !state.board.has_ended() {
            state.show_if_due(Instant::now());
        }
    }

    fn should_stop(&self) -> bool {
        self.stop.as_ref().is_some_and(Stop::is_asked)
    }
}

/// A new id of an output. The kernel keeps the ids of processes that have ended, so it names the process and the time.
fn new_id() -> String {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("training-{}-{}", std::process::id(), time.as_nanos())
}

/// What a cell says if the user interrupts it while it trains sessions with these names and iterations.
pub(super) fn interrupted(error: Error, planned: &[(String, u64)]) -> Error {
    let Failure::Interrupted { session, iteration } = error.failure() else { return error };
    let all = planned.iter().find(|(name, _)| name == session).map_or(0, |(_, iterations)| *iterations);
    let again = "run the cell again to resume: the result is bit-identical";
    let others = if planned.len() > 1 { ", as are the others" } else { "" };
    let sentence = match iteration {
        0 => format!("session {session} had not begun when the cell was stopped; {again}"),
        _ => format!(
            "session {session} stopped at iteration {iteration} of {all} and is saved{others}; {again}"
        ),
    };
    Error::new(ErrorKind::Interrupted, sentence)
}
