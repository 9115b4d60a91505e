//! What a notebook shows of sessions in training: bars, a curve, a sentence for each.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::display::course::Course;
use crate::figures::Figure;
use crate::session::observer::TrainedBy;
use crate::session::{Evaluation, Progress, Session};
use crate::store::waiting_for;
use crate::text::numbers::numbered;

/// The most points of a curve. Of longer histories, each point is the mean of several evaluations in a row.
const POINTS: usize = 200;

/// The width of the curve's picture in pixels.
const WIDTH: u32 = 480;

/// The sessions of a plan, or one session, and how far they are.
#[derive(Debug, Clone)]
pub(super) struct Board {
    /// In the order of the plan.
    courses: Vec<Course>,
    start: Instant,
    /// Iterations that were done before: of loaded and resumed sessions.
    found: u64,
    /// What else the user is told.
    notes: Vec<String>,
    /// How training ended, if it ended before all sessions were done: "interrupted".
    end: Option<&'static str>,
}

impl Board {
    /// Sessions that have not begun: the name and the iterations of each.
    pub fn new(planned: impl IntoIterator<Item = (String, u64)>) -> Self {
        let courses = planned.into_iter().map(|(name, iterations)| Course::new(name, iterations)).collect();
        Self { courses, start: Instant::now(), found: 0, notes: Vec::new(), end: None }
    }

    fn course(&mut self, name: &str) -> Option<&mut Course> {
        self.courses.iter_mut().find(|course| course.name == name)
    }

    /// Records how far a session is.
    pub fn hear(&mut self, progress: &Progress, now: Instant) {
        let Some(course) = self.course(&progress.session) else { return };
        let before = course.iteration;
        let begins = course.hear(progress, now);
        // What others do is no part of this one's pace.
        if begins || progress.trained_by != TrainedBy::ThisCall {
            self.found += progress.iteration.saturating_sub(before);
        }
    }

    /// Records that a session is done. Nothing waits for it any more.
    pub fn finish(&mut self, session: &Session) {
        let waiting = waiting_for(session.name());
        self.notes.retain(|note| *note != waiting);
        if let Some(course) = self.course(session.name()) {
            course.finish(session);
        }
    }

    /// Adds a sentence below the sessions. They are in order of the alphabet, since sessions side by side end in any.
    pub fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
        self.notes.sort();
    }

    /// Records that training ended before all sessions were done: "interrupted".
    pub fn end(&mut self, how: &'static str) {
        self.end = Some(how);
    }

    /// Records the iteration that an interrupted session was saved at.
    pub fn saved(&mut self, name: &str, iteration: u64) {
        if let Some(course) = self.course(name) {
            course.iteration = course.iteration.max(iteration);
        }
    }

    /// Whether all sessions are done, or training has ended.
    pub fn has_ended(&self) -> bool {
        self.end.is_some() || self.finished() == self.courses.len()
    }

    /// Whether a session is being trained, or was in this call.
    pub fn has_trained(&self) -> bool {
        self.courses.iter().any(|course| course.trained_by.is_some_and(|by| by != TrainedBy::EarlierCall))
    }

    /// The number of sessions that have begun.
    pub fn begun(&self) -> usize {
        self.courses.iter().filter(|course| course.trained_by.is_some()).count()
    }

    /// The number of sessions.
    pub fn sessions(&self) -> usize {
        self.courses.len()
    }

    fn finished(&self) -> usize {
        self.courses.iter().filter(|course| course.is_finished).count()
    }

    /// Optimiser steps done, including those of loaded sessions, and in all.
    pub fn iterations(&self) -> (u64, u64) {
        let sum = |count: fn(&Course) -> u64| self.courses.iter().map(count).fold(0, u64::saturating_add);
        (sum(|course| course.iteration), sum(|course| course.iterations))
    }

    /// The test accuracy of every session so far, as [`Figure::accuracy_curves`] draws it.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if no session was evaluated twice yet.
    pub fn curves(&self, title: &str) -> crate::Result<Figure> {
        let history = |course: &Course| (course.name.clone(), thinned(&course.history));
        Figure::accuracy_curves(title, &self.courses.iter().map(history).collect::<Vec<_>>())
    }

    /// One sentence for a plan: how many sessions are done, the iterations, the time left. In a plan that is done there
    /// is no time in it.
    fn headline(&self, now: Instant) -> String {
        let (finished, sessions) = (self.finished(), self.courses.len());
        let loaded = self.courses.iter().filter(|course| course.is_loaded()).count();
        let (done, all) = self.iterations();
        let named = numbered(sessions as u64, "session");
        let from_store = match loaded {
            0 => String::new(),
            _ if loaded == sessions => return format!("{named}: in the store already, loaded"),
            _ => format!(", {loaded} of them in the store already, loaded"),
        };
        if finished == sessions {
            return format!("{named}: {} done{from_store}", numbered(all, "iteration"));
        }
        let (here, rest) = (done.saturating_sub(self.found), all.saturating_sub(done));
        let left = match self.end {
            Some(how) => format!(", {how}"),
            None if here > 0 && rest > 0 => {
                let seconds = (now - self.start).as_secs_f64() / here as f64 * rest as f64;
                format!(", about {seconds:.0} s left")
            }
            None => String::new(),
        };
        format!("{finished} of {named} done{from_store}; iteration {done} of {all}{left}")
    }

    /// The sentences below each other, each with the iterations done and in all if a bar belongs to it.
    fn rows(&self, now: Instant) -> Vec<(String, Option<(u64, u64)>)> {
        let now_if_going_on = Some(now).filter(|_| self.end.is_none());
        let bar = |done, all| Some((done, all)).filter(|_| !self.is_done());
        let mut rows = Vec::new();
        match &self.courses[..] {
            [course] => {
                let end = self.end.filter(|_| !course.is_finished);
                let end = end.map_or_else(String::new, |how| format!(", {how}"));
                let sentence = course.sentence(now_if_going_on) + &end;
                rows.push((sentence, bar(course.iteration, course.iterations)));
            }
            courses => {
                let (done, all) = self.iterations();
                rows.push((self.headline(now), bar(done, all)));
                rows.extend(courses.iter().filter(|course| course.is_in_training()).map(|course| {
                    (course.sentence(now_if_going_on), bar(course.iteration, course.iterations))
                }));
            }
        }
        rows.extend(self.notes.iter().map(|note| (note.clone(), None)));
        rows
    }

    fn is_done(&self) -> bool {
        self.finished() == self.courses.len()
    }

    /// All of it as text, in lines.
    pub fn text(&self, now: Instant) -> String {
        self.rows(now).into_iter().map(|(sentence, _)| sentence).collect::<Vec<_>>().join("\n")
    }

    /// All of it as HTML, with the curve if a session was trained.
    pub fn markup(&self, now: Instant) -> Markup {
        let curve = Some("Test accuracy").filter(|_| self.has_trained());
        let curve = curve.and_then(|title| self.curves(title).ok());
        html! {
            @for (sentence, bar) in self.rows(now) {
                div {
                    @if let Some((done, all)) = bar {
                        progress value=(done) max=(all) style="width:12em;vertical-align:middle" {} " "
                    }
                    (sentence)
                }
            }
            @if let Some(figure) = &curve { (picture(figure)) }
        }
    }
}

/// The figure as a small picture.
fn picture(figure: &Figure) -> Markup {
    let source = format!("data:image/svg+xml;base64,{}", STANDARD.encode(figure.svg()));
    html! { img src=(source) alt=(figure.title()) width=(WIDTH); }
}

/// At most [`POINTS`] evaluations: means of so many in a row, at the iteration of the last.
fn thinned(history: &[Evaluation]) -> Vec<Evaluation> {
    let mean = |part: &[Evaluation]| {
        let of = |value: fn(&Evaluation) -> f64| part.iter().map(value).sum::<f64>() / part.len() as f64;
        let iteration = part[part.len() - 1].iteration;
        Evaluation { iteration, loss: of(|one| one.loss), test_accuracy: of(|one| one.test_accuracy) }
    };
    history.chunks(history.len().div_ceil(POINTS).max(1)).map(mean).collect()
}

#[cfg(test)]
mod tests;
