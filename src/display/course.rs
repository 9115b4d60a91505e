//! The course of a session as its observer hears of it, and what is said about it.

use std::time::{Duration, Instant};

use crate::session::observer::TrainedBy;
use crate::session::{Evaluation, Progress, Session};

/// How far a session is.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub name: String,
    /// Optimiser steps in all.
    pub iterations: u64,
    /// Optimiser steps done.
    pub iteration: u64,
    /// The evaluations on parts of the test images.
    pub history: Vec<Evaluation>,
    /// Who trains the session; `None` before the first word of it.
    pub trained_by: Option<TrainedBy>,
    /// Whether it is trained and saved, or loaded.
    pub is_finished: bool,
    /// Accuracy on all test images, 0..1, of a finished session.
    test_accuracy: Option<f64>,
    /// The number of test images of an evaluation.
    test_images: usize,
    /// When this one began to train it, and the iteration it began from.
    pub start: Instant,
    pub from: u64,
}

impl Course {
    /// A session that has not begun.
    pub fn new(name: impl Into<String>, iterations: u64) -> Self {
        Self {
            name: name.into(),
            iterations,
            iteration: 0,
            history: Vec::new(),
            trained_by: None,
            is_finished: false,
            test_accuracy: None,
            test_images: 0,
            start: Instant::now(),
            from: 0,
        }
    }

    /// Records how far the session is, and its latest evaluation if that is a new one. Returns whether it begins here:
    /// it was not heard of before, or another process left it unfinished.
    pub fn hear(&mut self, progress: &Progress, now: Instant) -> bool {
        let begins = self.trained_by != Some(progress.trained_by);
        if begins {
            (self.start, self.from) = (now, progress.iteration);
        }
        if progress.iteration < self.iteration {
            // It was started again.
            self.history.clear();
        }
        (self.trained_by, self.test_images) = (Some(progress.trained_by), progress.test_images);
        self.iteration = progress.iteration;
        // A loaded session's is not a part of its history; `finish` brings that.
        if progress.trained_by != TrainedBy::EarlierCall {
            let latest = self.history.last().map_or(0, |evaluation| evaluation.iteration);
            self.history.extend(progress.evaluation.filter(|evaluation| evaluation.iteration > latest));
        }
        begins
    }

    /// Records that the session is done. The history is then the whole one, also that of a resumed session.
    pub fn finish(&mut self, session: &Session) {
        self.is_finished = true;
        self.iteration = session.iterations();
        self.history = session.history().to_vec();
        self.test_accuracy = session.test_accuracy();
    }

    /// Whether an earlier call or another process trained it.
    pub fn is_loaded(&self) -> bool {
        self.is_finished && self.trained_by == Some(TrainedBy::EarlierCall)
    }

    /// Whether it has begun and is not done.
    pub fn is_in_training(&self) -> bool {
        self.trained_by.is_some() && !self.is_finished
    }

    /// One sentence about the session: how far it is, the time left, the test accuracy. That of a finished session has
    /// no time in it, so it is the same in every run. `now` is `None` if training has ended.
    pub fn sentence(&self, now: Option<Instant>) -> String {
        let Self { name, iteration, iterations, .. } = self;
        let accuracy = self.accuracy();
        if self.is_finished {
            return self.end(None);
        }
        let place =
            if self.trained_by == Some(TrainedBy::AnotherProcess) { " in another process" } else { "" };
        let left = now.and_then(|now| self.seconds_left(now));
        let left = left.map_or_else(String::new, |seconds| format!(", about {seconds:.0} s left"));
        format!("session {name}: iteration {iteration} of {iterations}{place}{left}{accuracy}")
    }

    /// The sentence about a finished session, with the time that it took here if there is one.
    pub fn end(&self, time: Option<Duration>) -> String {
        let (name, accuracy) = (&self.name, self.accuracy());
        if self.is_loaded() {
            return format!("session {name}: in the store already, loaded{accuracy}");
        }
        let unit = if self.iterations == 1 { "iteration" } else { "iterations" };
        let time = time.map_or_else(String::new, |time| format!(" in {:.1} s", time.as_secs_f64()));
        format!("session {name}: {} {unit} done{time}{accuracy}", self.iterations)
    }

    /// Seconds left at the pace of this run; `None` before the first steps and after the last.
    fn seconds_left(&self, now: Instant) -> Option<f64> {
        let (done, rest) = (self.iteration.saturating_sub(self.from), self.iterations - self.iteration);
        let pace = (now - self.start).as_secs_f64() / done as f64;
        (done > 0 && rest > 0).then_some(pace * rest as f64)
    }

    /// The test accuracy as the end of a sentence: on all images if the session is finished, else on how many.
    fn accuracy(&self) -> String {
        if self.is_finished {
            let percent = |accuracy| format!(", test accuracy {:.2} %", 100.0 * accuracy);
            return self.test_accuracy.map_or_else(String::new, percent);
        }
        let images = self.test_images;
        let percent = |latest: &Evaluation| {
            format!(", test accuracy {:.1} % on {images} images", 100.0 * latest.test_accuracy)
        };
        self.history.last().map_or_else(String::new, percent)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::dataset::Dataset;
    use crate::session::{Training, train_in_memory};

    /// A word about session a, which has 100 iterations.
    pub fn progress(iteration: u64, trained_by: TrainedBy) -> Progress {
        let evaluation = Some(Evaluation { iteration, loss: 1.0, test_accuracy: 0.5 });
        let session = "a".into();
        Progress { session, iteration, iterations: 100, evaluation, test_images: 250, trained_by }
    }

    /// A finished session of this name.
    pub fn trained(name: &str, iterations: u64) -> Session {
        let training = Training::paper().iterations(iterations).batch(5).evaluate_every(10);
        train_in_memory(&Dataset::tiny(), training, &()).unwrap().named(name)
    }

    #[test]
    fn the_course_of_a_session_is_its_history_and_no_evaluation_twice() {
        // Observers are called every 10 iterations, so twice between two evaluations.
        let training = Training::paper().iterations(70).batch(5).evaluate_every(30);
        let course = Mutex::new(Course::new("a", 70));
        let observer = |progress: &Progress| {
            course.lock().unwrap().hear(progress, Instant::now());
        };
        let session = train_in_memory(&Dataset::tiny(), training, &observer).unwrap();
        let course = course.into_inner().unwrap();
        assert_eq!(course.iteration, 70);
        assert!(course.history.iter().map(|evaluation| evaluation.iteration).eq([30, 60, 70]));
        assert_eq!(course.history, session.history());
    }

    #[test]
    fn the_time_left_follows_from_the_pace_of_this_run() {
        let mut course = Course::new("a", 100);
        let start = Instant::now();
        assert!(course.hear(&progress(20, TrainedBy::ThisCall), start));
        // 20 iterations in 10 s, 60 to go: 30 s left.
        let later = start + Duration::from_secs(10);
        assert!(!course.hear(&progress(40, TrainedBy::ThisCall), later));
        let sentence = "session a: iteration 40 of 100, about 30 s left, test accuracy 50.0 % on 250 images";
        assert_eq!(course.sentence(Some(later)), sentence);
        assert_eq!(course.sentence(None), sentence.replace(", about 30 s left", ""));
    }

    #[test]
    fn a_finished_session_is_told_with_its_accuracy_on_all_test_images_and_without_a_time() {
        let session = trained("a", 40);
        let percent = 100.0 * session.test_accuracy().unwrap();
        let mut course = Course::new("a", 40);
        let heard = Progress { iterations: 40, ..progress(40, TrainedBy::ThisCall) };
        course.hear(&heard, Instant::now());
        course.finish(&session);
        let told = course.sentence(Some(Instant::now()));
        assert_eq!(told, format!("session a: 40 iterations done, test accuracy {percent:.2} %"));
        // As the card says it.
        assert!(session.to_string().ends_with(&format!(", test accuracy {percent:.2} %")));

        let mut course = Course::new("a", 40);
        course.hear(&Progress { trained_by: TrainedBy::EarlierCall, ..heard }, Instant::now());
        course.finish(&session);
        let told = course.sentence(None);
        assert_eq!(told, format!("session a: in the store already, loaded, test accuracy {percent:.2} %"));
        assert_eq!(course.history, session.history());
    }

    #[test]
    fn a_session_that_another_process_left_begins_again_here() {
        let mut course = Course::new("a", 100);
        let start = Instant::now();
        assert!(course.hear(&progress(20, TrainedBy::AnotherProcess), start));
        let later = start + Duration::from_secs(5);
        course.hear(&progress(30, TrainedBy::AnotherProcess), later);
        // 10 iterations in 5 s, 70 to go: 35 s left.
        let sentence = "session a: iteration 30 of 100 in another process, about 35 s left, test accuracy 50.0 % on 250 images";
        assert_eq!(course.sentence(Some(later)), sentence);
        assert!(course.hear(&progress(30, TrainedBy::ThisCall), later));
        assert_eq!((course.from, course.start), (30, later));
    }
}
