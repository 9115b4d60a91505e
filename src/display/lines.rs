//! Progress in lines on standard output, for kernels that cannot replace an output.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::display::course::Course;
use crate::session::observer::TrainedBy;
use crate::session::{Observer, Progress, Session};

/// Time between two lines about a session, in its first minute.
const EVERY: Duration = Duration::from_secs(5);
/// Later it is this part of the time so far, so that an hour gives about sixty lines.
const PART: u32 = 12;

/// An [`Observer`] that prints a line on standard output every five seconds, less often after the first minute, and
/// when a session starts or ends: the iteration, the time left, the test accuracy.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// How far the sessions are, and when the last line about each was printed.
    sessions: Mutex<HashMap<String, (Course, Instant)>>,
}

impl Lines {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, (Course, Instant)>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Lines {
    fn notice(&self, sentence: &str) {
        println!("{sentence}");
    }

    fn progress(&self, progress: &Progress) {
        let mut sessions = self.sessions();
        let now = Instant::now();
        let begin = || (Course::new(progress.session.clone(), progress.iterations), now);
        let (course, last_line) = sessions.entry(progress.session.clone()).or_insert_with(begin);
        let begins = course.hear(progress, now);
        if let Some(line) = line(course, begins, *last_line, now) {
            *last_line = now;
            println!("{line}");
        }
    }

    fn finished(&self, session: &Session) {
        let mut sessions = self.sessions();
        let Some((course, _)) = sessions.get_mut(session.name()) else { return };
        course.finish(session);
        println!("{}", course.end(Some(course.start.elapsed())));
    }
}

/// The line that is due about a session that is not finished.
fn line(course: &Course, begins: bool, last_line: Instant, now: Instant) -> Option<String> {
    let Course { name, iteration, iterations, .. } = course;
    match course.trained_by {
        // The line comes when it is finished.
        Some(TrainedBy::EarlierCall) => None,
        Some(TrainedBy::AnotherProcess) if begins => Some(course.sentence(None)),
        _ if begins && *iteration > 0 => {
            Some(format!("session {name}: resumes after iteration {iteration} of {iterations}"))
        }
        _ if iteration == iterations => None,
        _ => (now - last_line >= EVERY.max((now - course.start) / PART)).then(|| course.sentence(Some(now))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::course::tests::{progress, trained};

    #[test]
    fn a_line_is_due_every_five_seconds_and_less_often_after_a_minute() {
        let mut course = Course::new("a", 100);
        let start = Instant::now();
        assert!(course.hear(&progress(0, TrainedBy::ThisCall), start));
        assert_eq!(line(&course, true, start, start), None);
        course.hear(&progress(40, TrainedBy::ThisCall), start);
        let after = |seconds| start + Duration::from_secs(seconds);
        let due = line(&course, false, start, after(20)).unwrap();
        assert_eq!(
            due,
            "session a: iteration 40 of 100, about 30 s left, test accuracy 50.0 % on 250 images"
        );
        assert_eq!(line(&course, false, start, after(1)), None);
        // After two minutes a line is due every ten seconds.
        assert_eq!(line(&course, false, after(111), after(120)), None);
        assert!(line(&course, false, after(111), after(122)).is_some());
    }

    #[test]
    fn a_session_that_ends_says_how_long_it_took_and_one_from_the_store_that_it_was_loaded() {
        let session = trained("a", 40);
        let percent = 100.0 * session.test_accuracy().unwrap();
        let last = |trained_by| {
            let mut course = Course::new("a", 40);
            let start = Instant::now();
            course.hear(&Progress { iterations: 40, ..progress(40, trained_by) }, start);
            assert_eq!(line(&course, false, start, start + EVERY), None);
            course.finish(&session);
            course.end(Some(Duration::from_millis(2_700)))
        };
        let done = format!("session a: 40 iterations done in 2.7 s, test accuracy {percent:.2} %");
        assert_eq!(last(TrainedBy::ThisCall), done);
        let loaded = format!("session a: in the store already, loaded, test accuracy {percent:.2} %");
        assert_eq!(last(TrainedBy::EarlierCall), loaded);
    }

    #[test]
    fn a_session_in_another_process_is_followed_and_then_taken_over() {
        let mut course = Course::new("a", 100);
        let start = Instant::now();
        let begins = course.hear(&progress(20, TrainedBy::AnotherProcess), start);
        let text = line(&course, begins, start, start).unwrap();
        let told = "session a: iteration 20 of 100 in another process, test accuracy 50.0 % on 250 images";
        assert_eq!(text, told);
        let begins = course.hear(&progress(30, TrainedBy::ThisCall), start);
        let text = line(&course, begins, start, start).unwrap();
        assert_eq!(text, "session a: resumes after iteration 30 of 100");
    }
}
