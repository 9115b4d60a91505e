//! Which sessions of a pinned plan are in a store, and what is left to do.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::Result;
use crate::names::names;
use crate::session::keep::Keep;
use crate::session::pace::Pace;
use crate::session::shares::shares;
use crate::session::{Plan, Session, Training};
use crate::store::Store;
use crate::store::state::{Running, SessionState};

/// The finished sessions whose times tell how long the others take, at most.
const TIMED: usize = 32;

/// What a store has of a session, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StateName {
    /// The session.
    Finished,
    /// A process that trains it.
    Running,
    /// A checkpoint.
    Unfinished,
    /// It diverged, and is not tried again unasked.
    Failed,
    /// Nothing.
    Missing,
}

names!(StateName, "state", {
    Finished: "finished", Running: "running", Unfinished: "unfinished", Failed: "failed", Missing: "missing",
});

/// A session of a plan, and what the store has of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedSession {
    pub session: String,
    pub iterations: u64,
    pub key: String,
    pub state: StateName,
    /// The iteration of its checkpoint, if it is running or unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iteration: Option<u64>,
    /// Where it is running, or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The number of the process that trains it on that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
    /// The batch system's job that trains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Estimated seconds of one core that are left; 0 if it is finished or has failed.
    pub seconds_left: f64,
    /// The finished session.
    #[serde(skip)]
    path: Option<PathBuf>,
}

impl PlannedSession {
    fn new(session: String, training: &Training, key: String, state: SessionState) -> Self {
        let mut planned = Self {
            session,
            iterations: training.iterations,
            key,
            state: StateName::Missing,
            iteration: None,
            host: None,
            process: None,
            job: None,
            reason: None,
            seconds_left: 0.0,
            path: None,
        };
        planned.state = match state {
            SessionState::Finished(path) => {
                planned.path = Some(path);
                StateName::Finished
            }
            SessionState::Running(Running { host, process, job, iteration }) => {
                (planned.host, planned.process, planned.job) = (Some(host), Some(process), job);
                planned.iteration = Some(iteration);
                StateName::Running
            }
            SessionState::Unfinished { iteration } => {
                planned.iteration = Some(iteration);
                StateName::Unfinished
            }
            SessionState::Failed { reason, host } => {
                (planned.reason, planned.host) = (Some(reason), Some(host));
                StateName::Failed
            }
            SessionState::Missing => StateName::Missing,
        };
        planned
    }

    /// Whether somebody has to train it.
    fn is_work(&self) -> bool {
        !matches!(self.state, StateName::Finished | StateName::Failed)
    }
}

/// Which sessions of a pinned plan are in a store, and about how long the rest takes: [`Store::status`]. A notebook shows it as tables.
#[derive(Clone)]
pub struct StoreStatus {
    root: PathBuf,
    plan: Plan,
    sessions: Vec<PlannedSession>,
    pace: Pace,
}

impl Store {
    /// Which sessions of a pinned plan the store has: finished, running, unfinished, failed or missing. Each is found by its key, by
    /// looking at a few files.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned (`softness plan FILE --pin`);
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
    pub fn status(&self, plan: &Plan) -> Result<StoreStatus> {
        let keys = plan.known_keys()?;
        let usual = plan.pin().map(|pin| Pace::usual(pin.instructions)).expect("a plan with keys is pinned");
        let mut sessions = Vec::with_capacity(keys.len());
        for (name, training, key) in &keys {
            let state = self.state(key)?;
            sessions.push(PlannedSession::new(name.clone(), training, key.clone(), state));
        }
        let pace = pace(&sessions).unwrap_or(usual);
        for (planned, (_, training, _)) in sessions.iter_mut().zip(&keys) {
            if planned.is_work() {
                planned.seconds_left = pace.seconds(training, planned.iteration.unwrap_or(0));
            }
        }
        Ok(StoreStatus { root: self.root().to_owned(), plan: plan.clone(), sessions, pace })
    }
}

impl StoreStatus {
    /// All sessions, in the plan's order.
    pub(crate) fn planned(&self) -> &[PlannedSession] {
        &self.sessions
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the estimate of seconds is from.
    pub(crate) fn source(&self) -> &str {
        self.pace.source()
    }

    /// The sessions in this state.
    pub(crate) fn of(&self, state: StateName) -> Vec<&PlannedSession> {
        self.sessions.iter().filter(|session| session.state == state).collect()
    }

    /// Whether all sessions are finished.
    pub fn is_finished(&self) -> bool {
        self.sessions.iter().all(|session| session.state == StateName::Finished)
    }

    /// The names of the sessions that are not finished, in the plan's order: running, unfinished, failed and missing ones.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.sessions.iter().filter(|session| session.state != StateName::Finished);
        missing.map(|session| session.session.clone()).collect()
    }

    /// About how many seconds of one core the sessions take that are not finished and have not failed. The estimate is from the times of
    /// finished sessions or, if these took less than a second, from those in `docs/speed.md`.
    pub fn seconds_left(&self) -> f64 {
        self.sessions.iter().map(|session| session.seconds_left).sum()
    }

    /// Loads the finished sessions, in the plan's order, without their dense layers, which are most of their size.
    ///
    /// # Errors
    /// Those of [`Session::load`]; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if another session is in the place of one. Training
    /// the session in this store sets aside what is there.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        let finished = self.sessions.iter().filter_map(|session| Some((session, session.path.as_ref()?)));
        let load = |(PlannedSession { session: name, key, .. }, path): (&PlannedSession, &PathBuf)| {
            let what_to_do = || {
                format!(
                    "train session {name} of the plan in this store (softness train --session {name}), which sets aside what is there"
                )
            };
            let session = Session::load_with_key(path, key, Keep::Filters)
                .map_err(|error| error.advising(what_to_do()))?;
            Ok(session.named(name.as_str()))
        };
        finished.map(load).collect()
    }

    /// The shares that still have work, in the form that batch systems take: "0,3-5". Failed sessions do not count as work.
    pub(crate) fn shares_with_work(&self, count: usize) -> String {
        let mut has_work = vec![false; count];
        for (share, session) in shares(&self.plan, count).into_iter().zip(&self.sessions) {
            has_work[share] |= session.is_work();
        }
        ranges(&has_work)
    }
}

/// The places that are true: "0,3-5".
fn ranges(places: &[bool]) -> String {
    let numbers: Vec<usize> = (0..places.len()).filter(|&place| places[place]).collect();
    let text = |run: &[usize]| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    };
    numbers.chunk_by(|a, b| a + 1 == *b).map(text).collect::<Vec<_>>().join(",")
}

/// The pace of the longest finished sessions that can be read.
fn pace(sessions: &[PlannedSession]) -> Option<Pace> {
    let mut finished: Vec<(u64, &Path)> =
        sessions.iter().filter_map(|session| Some((session.iterations, session.path.as_deref()?))).collect();
    finished.sort_by_key(|(iterations, _)| std::cmp::Reverse(*iterations));
    let timed = |(_, path): &(u64, &Path)| {
        let record = Session::load_part(path, Keep::Filters).ok()?.record()?;
        let training = record.recipe.training;
        let iterations = training.iterations.saturating_sub(record.resumed_from);
        Some((training, iterations, record.train_seconds))
    };
    let timed: Vec<(Training, u64, f64)> = finished.iter().take(TIMED).filter_map(timed).collect();
    Pace::measured(timed.iter().map(|(training, iterations, seconds)| (training, *iterations, *seconds)))
}

#[cfg(test)]
mod tests;
