//! Progress of training on standard error: a bar with the time left on a terminal, lines otherwise; and signals, which end
//! training after the current step.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::session::observer::TrainedBy;
use crate::session::{Observer, Progress};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::signals::Signals;
use crate::text::numbers::numbered;

/// Time between two lines if there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// Time between two checks for a signal after training.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Tells the user how far the sessions are, and the sessions when to stop.
pub struct Reporter {
    signals: Signals,
    bar: ProgressBar,
    terminal: bool,
    start: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Iterations done, by session.
    done: HashMap<String, u64>,
    /// Iterations that were done before: of loaded and resumed sessions.
    found: u64,
    /// Whether a session was loaded.
    loaded: bool,
    last_line: Option<Instant>,
}

impl Reporter {
    /// For sessions with this number of iterations in total. Catches signals from here on.
    pub fn new(iterations: u64, signals: &Signals) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new(iterations) } else { ProgressBar::hidden() };
        bar.set_length(iterations);
        let style = "{bar:30} {human_pos} of {human_len} iterations, {elapsed} so far, {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        signals.catch();
        Self { signals: signals.clone(), bar, terminal, start: Instant::now(), state: Mutex::default() }
    }

    /// Removes the bar. From here on a signal prints `sentence` and ends the program.
    pub fn finish(&self, sentence: &'static str) {
        self.bar.finish_and_clear();
        let signals = self.signals.clone();
        std::thread::spawn(move || {
            let status = loop {
                match signals.exit_status() {
                    Some(status) => break status,
                    None => std::thread::sleep(LOOK_EVERY),
                }
            };
            eprintln!("error: {sentence}");
            std::process::exit(status);
        });
    }

    /// Whether a session was found finished in the store.
    pub fn has_loaded(&self) -> bool {
        self.state().loaded
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }
}

impl Observer for Reporter {
    fn notice(&self, sentence: &str) {
        self.line(sentence);
    }

    fn should_stop(&self) -> bool {
        self.signals.is_caught()
    }

    fn progress(&self, progress: &Progress) {
        let mut state = self.state();
        let first = state.done.insert(progress.session.clone(), progress.iteration).is_none();
        if first {
            state.found += progress.iteration;
        }
        let done: u64 = state.done.values().sum();
        self.bar.set_position(done);
        let accuracy = match progress.evaluation.map(|latest| 100.0 * latest.test_accuracy) {
            None => "not measured yet".into(),
            // That of all test images, as `train` prints it.
            Some(percent) if progress.trained_by == TrainedBy::EarlierCall => format!("{percent:.2} %"),
            Some(percent) => format!("{percent:.1} % on {}", numbered(progress.test_images as u64, "image")),
        };
        let name = &progress.session;
        if progress.trained_by == TrainedBy::EarlierCall {
            state.loaded = true;
            self.line(&format!("session {name}: already there, test accuracy {accuracy}"));
        } else if first && progress.iteration > 0 && progress.trained_by == TrainedBy::ThisCall {
            self.line(&format!("session {name}: resumes after iteration {}", progress.iteration));
        } else if progress.iteration == progress.iterations {
            self.line(&format!("session {name}: done, {}", numbered(progress.iterations, "iteration")));
        } else if self.terminal {
            self.bar.set_message(format!("{name}: test accuracy {accuracy}"));
        } else {
            let now = Instant::now();
            if now - *state.last_line.get_or_insert(self.start) >= LINE_EVERY {
                state.last_line = Some(now);
                let total = self.bar.length().unwrap_or(done);
                let rate = (done - state.found) as f64 / self.start.elapsed().as_secs_f64();
                let left = Duration::from_secs_f64((total.saturating_sub(done)) as f64 / rate.max(1e-3));
                let left = HumanDuration(Duration::from_secs(left.as_secs()));
                self.line(&format!(
                    "{done} of {total} iterations, about {left} left; {name}: test accuracy {accuracy}"
                ));
            }
        }
    }
}
