//! Progress in lines on standard output, for notebooks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::session::observer::TrainedBy;
use crate::session::{Evaluation, Observer, Progress};

/// Time between two lines about a session, in its first minute.
const EVERY: Duration = Duration::from_secs(5);
/// Later it is this part of the time so far, so that an hour gives about sixty lines.
const PART: u32 = 12;

/// An [`Observer`] that prints a line on standard output every five seconds, less often after the first minute, and
/// when a session starts or ends: the iteration, the time left, the test accuracy.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    sessions: Mutex<HashMap<String, State>>,
}

#[derive(Debug)]
struct State {
    start: Instant,
    /// The iteration it started from.
    from: u64,
    last_line: Instant,
    trained_by: TrainedBy,
}

impl Observer for Lines {
    fn notice(&self, sentence: &str) {
        println!("{sentence}");
    }

    fn progress(&self, progress: &Progress) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        // A session that another process left unfinished starts here again.
        let first =
            sessions.get(&progress.session).is_none_or(|state| state.trained_by != progress.trained_by);
        if first {
            let Progress { iteration: from, trained_by, .. } = *progress;
            let state = State { start: now, from, last_line: now, trained_by };
            sessions.insert(progress.session.clone(), state);
        }
        let Some(state) = sessions.get_mut(&progress.session) else { return };
        if let Some(line) = line(progress, first, state, now) {
            state.last_line = now;
            println!("{line}");
        }
    }
}

fn line(progress: &Progress, first: bool, state: &State, now: Instant) -> Option<String> {
    let Progress { session, iteration, iterations, .. } = progress;
    let percent = |latest: Evaluation| format!(", test accuracy {:.1} %", 100.0 * latest.test_accuracy);
    let accuracy = progress.evaluation.map_or_else(String::new, percent);
    let place = match progress.trained_by {
        TrainedBy::EarlierCall => {
            return Some(format!("session {session}: in the store already, loaded{accuracy}"));
        }
        TrainedBy::AnotherProcess => " in another process",
        TrainedBy::ThisCall => "",
    };
    if first && progress.trained_by == TrainedBy::AnotherProcess {
        return Some(format!("session {session}: iteration {iteration} of {iterations}{place}{accuracy}"));
    }
    if iteration == iterations {
        let seconds = (now - state.start).as_secs_f64();
        return Some(format!("session {session}: {iterations} iterations done in {seconds:.1} s{accuracy}"));
    }
    if first && *iteration > 0 {
        return Some(format!("session {session}: resumes after iteration {iteration} of {iterations}"));
    }
    if now - state.last_line < EVERY.max((now - state.start) / PART) {
        return None;
    }
    let done = (iteration - state.from).max(1) as f64;
    let left = (now - state.start).as_secs_f64() / done * (iterations - iteration) as f64;
    Some(format!(
        "session {session}: iteration {iteration} of {iterations}{place}, about {left:.0} s left{accuracy}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(iteration: u64, trained_by: TrainedBy) -> Progress {
        let evaluation = Some(Evaluation { iteration, loss: 1.0, test_accuracy: 0.5 });
        Progress { session: "a".into(), iteration, iterations: 100, evaluation, trained_by }
    }

    #[test]
    fn a_line_tells_the_time_left_from_the_pace_of_this_run() {
        let start = Instant::now();
        let trained_by = TrainedBy::ThisCall;
        let state = State { start, from: 20, last_line: start, trained_by };
        // 20 iterations in 10 s, 60 to go: 30 s left.
        let text = line(&progress(40, trained_by), false, &state, start + Duration::from_secs(10)).unwrap();
        assert_eq!(text, "session a: iteration 40 of 100, about 30 s left, test accuracy 50.0 %");
        assert_eq!(line(&progress(40, trained_by), false, &state, start + Duration::from_secs(1)), None);
        // After two minutes a line is due every ten seconds.
        let minutes = start + Duration::from_secs(120);
        let state = State { last_line: minutes - Duration::from_secs(9), ..state };
        assert_eq!(line(&progress(40, trained_by), false, &state, minutes), None);
        assert!(line(&progress(40, trained_by), false, &state, minutes + Duration::from_secs(2)).is_some());
    }

    #[test]
    fn a_session_from_the_store_says_so() {
        let start = Instant::now();
        let trained_by = TrainedBy::EarlierCall;
        let state = State { start, from: 100, last_line: start, trained_by };
        let text = line(&progress(100, trained_by), true, &state, start).unwrap();
        assert_eq!(text, "session a: in the store already, loaded, test accuracy 50.0 %");
    }

    #[test]
    fn a_session_in_another_process_is_followed_and_then_taken_over() {
        let start = Instant::now();
        let trained_by = TrainedBy::AnotherProcess;
        let state = State { start, from: 20, last_line: start, trained_by };
        let text = line(&progress(20, trained_by), true, &state, start).unwrap();
        assert_eq!(text, "session a: iteration 20 of 100 in another process, test accuracy 50.0 %");
        // 10 iterations in 5 s, 70 to go: 35 s left.
        let text = line(&progress(30, trained_by), false, &state, start + Duration::from_secs(5)).unwrap();
        let left = "session a: iteration 30 of 100 in another process, about 35 s left, test accuracy 50.0 %";
        assert_eq!(text, left);
        let text = line(&progress(30, TrainedBy::ThisCall), true, &state, start).unwrap();
        assert_eq!(text, "session a: resumes after iteration 30 of 100");
    }
}
