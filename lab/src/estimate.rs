//! How much of the builds is left, in minutes: from the crates that cargo has finished, and from how long each crate took when
//! `build_seconds.txt` was measured.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The time between two lines.
const EVERY: Duration = Duration::from_secs(10);
/// Seconds of work after which the machine's own speed is known.
const KNOWN_AFTER: f64 = 30.0;
/// Lines `build crate seconds`. `lab/build_seconds.py` writes them.
const SECONDS: &str = include_str!("../build_seconds.txt");

/// The builds that run side by side, and what is left of them.
#[derive(Debug)]
pub struct Estimate {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// For each running build: the crates that are not finished, and their seconds.
    left: BTreeMap<String, BTreeMap<&'static str, f64>>,
    /// What each running build has begun last.
    current: BTreeMap<String, String>,
    done: f64,
    said: Instant,
}

impl Estimate {
    /// Nothing runs yet.
    pub fn new() -> Self {
        let now = Instant::now();
        let state = State { left: BTreeMap::new(), current: BTreeMap::new(), done: 0.0, said: now };
        Self { start: now, state: Mutex::new(state) }
    }

    /// A build begins: all of it is left.
    pub fn begin(&self, build: &str) {
        let crates = SECONDS.lines().filter_map(|line| {
            let (name, seconds) = line.strip_prefix(build)?.trim_start().split_once(' ')?;
            Some((name, seconds.parse().unwrap_or_default()))
        });
        if let Ok(mut state) = self.state.lock() {
            state.left.insert(build.to_owned(), crates.collect());
        }
    }

    /// Takes note of a line that cargo printed in this build. Now and then returns a line for the user.
    pub fn note(&self, build: &str, line: &str) -> Option<String> {
        let mut state = self.state.lock().ok()?;
        if let Some(begun) = line.trim_start().strip_prefix("Compiling ") {
            let name = begun.split(' ').next().unwrap_or_default();
            state.current.insert(build.to_owned(), name.to_owned());
        } else if line.starts_with('{') {
            state.finish(build, &serde_json::from_str(line).ok()?);
        }
        if state.said.elapsed() < EVERY {
            return None;
        }
        state.said = Instant::now();
        Some(state.line(self.start.elapsed().as_secs_f64(), cores()))
    }

    /// The build has ended: nothing of it is left.
    pub fn end(&self, build: &str) {
        if let Ok(mut state) = self.state.lock() {
            state.current.remove(build);
            state.left.remove(build);
        }
    }
}

impl State {
    /// Takes note of cargo's message that a crate is compiled, now or by an earlier call.
    fn finish(&mut self, build: &str, message: &Value) {
        if message["reason"] != "compiler-artifact" {
            return;
        }
        let name = message["target"]["name"].as_str().unwrap_or_default().replace('-', "_");
        let seconds = self.left.get_mut(build).and_then(|left| left.remove(name.as_str()));
        if message["fresh"] == false {
            self.done += seconds.unwrap_or_default();
        }
    }

    fn line(&self, elapsed: f64, cores: f64) -> String {
        let left: f64 = self.left.values().flat_map(BTreeMap::values).sum();
        let speed = if self.done < KNOWN_AFTER { cores } else { self.done / elapsed };
        let minutes = (left / speed / 60.0).ceil();
        let left = if minutes <= 1.0 { "a minute".to_owned() } else { format!("{minutes} minutes") };
        // While another cargo works in the same folder, a build compiles nothing.
        let named = |build: &String| match self.current.get(build) {
            Some(name) => format!("{build} ({name})"),
            None => build.clone(),
        };
        let current: Vec<_> = self.left.keys().map(named).collect();
        format!("    {elapsed:.0} s: {}; about {left} left", current.join(" and "))
    }
}

/// The crates that are compiled at a time.
fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(name: &str, fresh: bool) -> Value {
        serde_json::json!({ "reason": "compiler-artifact", "target": { "name": name }, "fresh": fresh })
    }

    fn state(crates: [(&'static str, f64); 3]) -> State {
        let left = BTreeMap::from([("the library".to_owned(), BTreeMap::from(crates))]);
        let current = BTreeMap::from([("the library".to_owned(), "c".to_owned())]);
        State { left, current, done: 0.0, said: Instant::now() }
    }

    #[test]
    fn what_is_left_follows_from_what_the_finished_crates_took_on_this_machine() {
        let mut state = state([("a_b", 60.0), ("c", 180.0), ("d", 999.0)]);
        // Before much is done, from the measured seconds alone.
        assert_eq!(state.line(0.0, 2.0), "    0 s: the library (c); about 11 minutes left");
        state.finish("the library", &finished("a-b", false));
        state.finish("the library", &finished("d", true)); // by an earlier call: it says nothing about the speed
        // 60 seconds of work took 120 here, so 180 take 360.
        assert_eq!(state.line(120.0, 2.0), "    120 s: the library (c); about 6 minutes left");
        state.finish("the library", &finished("c", false));
        assert_eq!(state.line(480.0, 2.0), "    480 s: the library (c); about a minute left");
        state.current.clear();
        assert_eq!(state.line(480.0, 2.0), "    480 s: the library; about a minute left");
    }

    #[test]
    fn both_builds_were_measured() {
        let estimate = Estimate::new();
        estimate.begin("the kernel");
        estimate.begin("the library");
        let state = estimate.state.lock().unwrap();
        let names: Vec<_> = state.left.keys().collect();
        assert_eq!(names, ["the kernel", "the library"]);
        assert!(state.left["the kernel"].contains_key("ra_ap_hir_def"));
        assert!(state.left["the library"].contains_key("softness"));
    }
}
