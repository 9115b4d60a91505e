//! Which sessions of a pinned plan are in a store, and what is left to do.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::failure::Failed;
use super::runner::Runner;
use super::{Store, checkpoint};
use crate::error::{Error, Result};
use crate::files;
use crate::files::lock::{Attempt, attempt};
use crate::names::names;
use crate::session::pace::Pace;
use crate::session::shares::shares;
use crate::session::{Plan, Session, SessionRecord, Training};

/// The finished sessions whose times tell how long the others take, at most.
const TIMED: usize = 32;

/// What a store has of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SessionState {
    /// The session.
    Finished,
    /// A lock: a process trains it. Seen only where file systems share their locks.
    Running,
    /// A checkpoint.
    Unfinished,
    /// The reason of its failure: it is not tried again unasked.
    Failed,
    /// Nothing.
    Missing,
}

names!(SessionState, "state", {
    Finished: "finished", Running: "running", Unfinished: "unfinished", Failed: "failed", Missing: "missing",
});

/// A session of a plan, and what the store has of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedSession {
    pub session: String,
    pub iterations: u64,
    pub key: String,
    pub state: SessionState,
    /// The iteration of its checkpoint; 0 without.
    pub iteration: u64,
    /// Who trains it, or trained it when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Runner>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Estimated seconds of one core that are left; 0 if it is finished or has failed.
    pub seconds_left: f64,
    #[serde(skip)]
    folder: PathBuf,
}

/// Which sessions of a pinned plan are in a store, and about how long the rest takes: [`Store::status`]. In a notebook it shows itself.
#[derive(Clone)]
pub struct StoreStatus {
    root: PathBuf,
    plan: Plan,
    sessions: Vec<PlannedSession>,
    pace: Pace,
}

impl Store {
    /// Which sessions of a pinned plan the store has: finished, running, unfinished, failed or missing. The store's two folders are
    /// listed once, whatever the number of sessions, and no filters are read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned (`softness plan FILE --pin`);
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
    pub fn status(&self, plan: &Plan) -> Result<StoreStatus> {
        let planned = plan.known_keys()?;
        let path = plan.pin().map(|pin| pin.instructions);
        let (mut finished, place) = (finished(self.root())?, self.root().join("unfinished"));
        let unfinished: std::collections::HashSet<String> = listed(&place)?.into_iter().collect();
        let mut sessions = Vec::with_capacity(planned.len());
        for (session, training, key) in &planned {
            let has = |kind: &str| unfinished.contains(&format!("{key}.{kind}"));
            let lock = place.join(format!("{key}.lock"));
            let mut planned = PlannedSession {
                session: session.clone(),
                iterations: training.iterations,
                key: key.clone(),
                state: SessionState::Missing,
                iteration: 0,
                by: None,
                reason: None,
                seconds_left: 0.0,
                folder: finished.remove(key).unwrap_or_default(),
            };
            if has("checkpoint") {
                // One that is being replaced or is damaged is as good as none here; training says so.
                planned.iteration = checkpoint::peek(&place.join(format!("{key}.checkpoint"))).unwrap_or(0);
            }
            planned.state = if !planned.folder.as_os_str().is_empty() {
                SessionState::Finished
            } else if has("lock") && is_locked(&lock)? {
                planned.by = Runner::read(&lock);
                SessionState::Running
            } else if let Some(failed) =
                has("failed").then(|| Failed::read(self.root(), key)).transpose()?.flatten()
            {
                (planned.by, planned.reason) = (Some(failed.by), Some(failed.reason));
                SessionState::Failed
            } else if has("checkpoint") {
                SessionState::Unfinished
            } else {
                SessionState::Missing
            };
            sessions.push(planned);
        }
        let pace = pace(&sessions).or_else(|| path.map(Pace::usual)).expect("a plan with keys is pinned");
        for (planned, (_, training, _)) in sessions.iter_mut().zip(&planned) {
            if !matches!(planned.state, SessionState::Finished | SessionState::Failed) {
                planned.seconds_left = pace.seconds(training, planned.iteration);
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
    pub(crate) fn of(&self, state: SessionState) -> Vec<&PlannedSession> {
        self.sessions.iter().filter(|session| session.state == state).collect()
    }

    /// Whether all sessions are finished.
    pub fn is_finished(&self) -> bool {
        self.sessions.iter().all(|session| session.state == SessionState::Finished)
    }

    /// The names of the sessions that are not finished, in the plan's order: running, unfinished, failed and missing ones.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.sessions.iter().filter(|session| session.state != SessionState::Finished);
        missing.map(|session| session.session.clone()).collect()
    }

    /// About how many seconds of one core the sessions take that are not finished and have not failed: from the times of finished ones,
    /// or, if there are none, from those in `docs/speed.md`.
    pub fn seconds_left(&self) -> f64 {
        self.sessions.iter().map(|session| session.seconds_left).sum()
    }

    /// Loads the finished sessions, in the plan's order, without their dense layers, which are most of their size.
    ///
    /// # Errors
    /// Those of [`Session::load`].
    pub fn sessions(&self) -> Result<Vec<Session>> {
        let finished = self.sessions.iter().filter(|session| session.state == SessionState::Finished);
        let load = |planned: &PlannedSession| {
            let session = Session::load(&planned.folder)?;
            Ok(session.without_dense_layers().named(&*planned.session))
        };
        finished.map(load).collect()
    }

    /// The shares that still have work, as a batch system takes them: "0,3-5". Sessions that have failed are none.
    pub(crate) fn shares_with_work(&self, count: usize) -> String {
        let mut has_work = vec![false; count];
        for (share, session) in shares(&self.plan, count).into_iter().zip(&self.sessions) {
            has_work[share] |= !matches!(session.state, SessionState::Finished | SessionState::Failed);
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

/// The folders of the finished sessions of a store, NAME-KEY, by key.
pub(super) fn finished(root: &Path) -> Result<HashMap<String, PathBuf>> {
    let folder = root.join("sessions");
    let names = listed(&folder)?.into_iter().filter(|name| !name.starts_with(files::TEMPORARY));
    let by_key = |name: String| name.rsplit_once('-').map(|(_, key)| (key.to_owned(), folder.join(&name)));
    Ok(names.filter_map(by_key).collect())
}

/// The pace of the longest finished sessions.
fn pace(sessions: &[PlannedSession]) -> Option<Pace> {
    let mut finished: Vec<&PlannedSession> =
        sessions.iter().filter(|session| session.state == SessionState::Finished).collect();
    finished.sort_by_key(|session| std::cmp::Reverse(session.iterations));
    let record = |session: &&PlannedSession| -> Option<SessionRecord> {
        serde_json::from_slice(&std::fs::read(session.folder.join("session.json")).ok()?).ok()
    };
    let records: Vec<SessionRecord> = finished.iter().take(TIMED).filter_map(record).collect();
    let timed = |record: &SessionRecord| {
        let training: Training = record.recipe.training.clone();
        let iterations = training.iterations.saturating_sub(record.resumed_from);
        (training, iterations, record.train_seconds)
    };
    let timed: Vec<(Training, u64, f64)> = records.iter().map(timed).collect();
    Pace::measured(timed.iter().map(|(training, iterations, seconds)| (training, *iterations, *seconds)))
}

/// The names in a folder; none if there is no such folder.
pub(super) fn listed(folder: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io(folder, "list the folder"))?,
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.map_err(Error::io(folder, "list the folder"))?;
        Ok(entry.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

/// Whether another process has the lock.
pub(super) fn is_locked(path: &Path) -> Result<bool> {
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        file => file.map_err(Error::io(path, "open the lock"))?,
    };
    Ok(matches!(attempt(&file, path, std::fs::File::try_lock)?, Attempt::Busy))
}

#[cfg(test)]
mod tests;
