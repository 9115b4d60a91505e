//! Progress in whole lines on standard output, for notebooks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::session::{Observer, Progress};

/// Time between two lines about a session.
const EVERY: Duration = Duration::from_secs(5);

/// An [`Observer`] that prints a whole line on standard output every five seconds, and one at the
/// beginning and end of each session: how far it is, how long it will still take, its test accuracy.
#[derive(Debug, Default)]
pub struct Lines {
    sessions: Mutex<HashMap<String, State>>,
}

#[derive(Debug)]
struct State {
    start: Instant,
    /// The iteration it started from.
    from: u64,
    last_line: Instant,
}

impl Lines {
    /// An observer that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Observer for Lines {
    fn notice(&self, sentence: &str) {
        println!("{sentence}");
    }

    fn progress(&self, progress: &Progress) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let first = !sessions.contains_key(&progress.session);
        let state = sessions.entry(progress.session.clone()).or_insert(State {
            start: now,
            from: progress.iteration,
            last_line: now,
        });
        if let Some(line) = line(progress, first, state, now) {
            state.last_line = now;
            println!("{line}");
        }
    }
}

fn line(progress: &Progress, first: bool, state: &State, now: Instant) -> Option<String> {
    let Progress { session, iteration, iterations, .. } = progress;
    let accuracy = progress
        .test_accuracy
        .map_or_else(String::new, |accuracy| format!(", test accuracy {:.1} %", 100.0 * accuracy));
    if progress.loaded {
        return Some(format!("session {session}: in the store already, loaded{accuracy}"));
    }
    if iteration == iterations {
        let seconds = (now - state.start).as_secs_f64();
        return Some(format!("session {session}: {iterations} iterations done in {seconds:.1} s{accuracy}"));
    }
    if first && *iteration > 0 {
        return Some(format!("session {session}: goes on after iteration {iteration} of {iterations}"));
    }
    if now - state.last_line < EVERY {
        return None;
    }
    let done = (iteration - state.from).max(1) as f64;
    let left = (now - state.start).as_secs_f64() / done * (iterations - iteration) as f64;
    Some(format!(
        "session {session}: iteration {iteration} of {iterations}, about {left:.0} s left{accuracy}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(iteration: u64, loaded: bool) -> Progress {
        Progress {
            session: "a".into(),
            iteration,
            iterations: 100,
            loss: None,
            test_accuracy: Some(0.5),
            loaded,
        }
    }

    #[test]
    fn a_line_tells_the_time_left_from_the_pace_of_this_run() {
        let start = Instant::now();
        let state = State { start, from: 20, last_line: start };
        // 20 iterations in 10 s, 60 to go: 30 s left.
        let text = line(&progress(40, false), false, &state, start + Duration::from_secs(10)).unwrap();
        assert_eq!(text, "session a: iteration 40 of 100, about 30 s left, test accuracy 50.0 %");
        assert_eq!(line(&progress(40, false), false, &state, start + Duration::from_secs(1)), None);
    }

    #[test]
    fn a_session_from_the_store_says_so() {
        let start = Instant::now();
        let state = State { start, from: 100, last_line: start };
        let text = line(&progress(100, true), true, &state, start).unwrap();
        assert_eq!(text, "session a: in the store already, loaded, test accuracy 50.0 %");
    }
}
