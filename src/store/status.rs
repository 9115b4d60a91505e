//! Which sessions of a pinned plan are in a store.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::files::lock::{Attempt, attempt};
use crate::names::names;
use crate::session::Plan;
use crate::session::shares::shares;
use crate::store::Store;

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
    /// Nothing.
    Missing,
}

names!(SessionState, "state", {
    Finished: "finished", Running: "running", Unfinished: "unfinished", Missing: "missing",
});

/// A session of a plan, and what the store has of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedSession {
    pub session: String,
    pub iterations: u64,
    pub key: String,
    pub state: SessionState,
}

/// The sessions of a pinned plan in a store. The store is listed twice, whatever the number of sessions.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned;
/// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
pub(crate) fn status(store: &Store, plan: &Plan) -> Result<Vec<PlannedSession>> {
    let requirement =
        "pin the plan first (softness plan FILE --pin --dataset DIR): its keys are not known otherwise";
    let keys = plan.keys().ok_or_else(|| Error::option("plan", "not pinned", requirement))?;
    // A finished session's folder is NAME-KEY.
    let finished: HashSet<String> = listed(&store.root().join("sessions"))?
        .into_iter()
        .filter_map(|name| name.rsplit_once('-').map(|(_, key)| key.to_owned()))
        .collect();
    let unfinished: HashSet<String> = listed(&store.root().join("unfinished"))?.into_iter().collect();
    let state = |key: &str| -> Result<SessionState> {
        if finished.contains(key) {
            return Ok(SessionState::Finished);
        }
        let lock = format!("{key}.lock");
        if unfinished.contains(&lock) && is_locked(&store.root().join("unfinished").join(lock))? {
            return Ok(SessionState::Running);
        }
        let has_checkpoint = unfinished.contains(&format!("{key}.checkpoint"));
        Ok(if has_checkpoint { SessionState::Unfinished } else { SessionState::Missing })
    };
    let planned = |(session, training, key): (String, crate::session::Training, String)| {
        Ok(PlannedSession { state: state(&key)?, session, iterations: training.iterations, key })
    };
    keys.into_iter().map(planned).collect()
}

/// The shares that still have work, as a batch system takes them: "0,3-5".
pub(crate) fn shares_with_work(plan: &Plan, sessions: &[PlannedSession], count: usize) -> String {
    let mut has_work = vec![false; count];
    for (share, session) in shares(plan, count).into_iter().zip(sessions) {
        has_work[share] |= session.state != SessionState::Finished;
    }
    let numbers: Vec<usize> = (0..count).filter(|&share| has_work[share]).collect();
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let text = |run: &[usize]| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    };
    runs.map(text).collect::<Vec<_>>().join(",")
}

/// The names in a folder; none if there is no such folder.
fn listed(folder: &Path) -> Result<Vec<String>> {
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
fn is_locked(path: &Path) -> Result<bool> {
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        file => file.map_err(Error::io(path, "open the lock"))?,
    };
    Ok(matches!(attempt(&file, path, std::fs::File::try_lock)?, Attempt::Busy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_with_work_are_written_as_ranges() {
        let plan = Plan::paper();
        let all = plan.sessions();
        let sessions = |finished: &[usize]| -> Vec<PlannedSession> {
            let of = shares(&plan, 4);
            let session = |(place, (session, training)): (usize, &(String, crate::session::Training))| {
                let is_finished = finished.contains(&of[place]);
                let state = if is_finished { SessionState::Finished } else { SessionState::Missing };
                PlannedSession {
                    session: session.clone(),
                    iterations: training.iterations,
                    key: String::new(),
                    state,
                }
            };
            all.iter().enumerate().map(session).collect()
        };
        for (finished, expected) in [(&[][..], "0-3"), (&[1], "0,2-3"), (&[0, 2], "1,3"), (&[0, 1, 2, 3], "")]
        {
            assert_eq!(shares_with_work(&plan, &sessions(finished), 4), expected);
        }
    }

    #[test]
    fn an_unpinned_plan_has_no_keys() {
        let error = status(&Store::new("no such store"), &Plan::paper()).unwrap_err().to_string();
        assert!(error.contains("plan is not pinned") && error.contains("--pin"), "{error}");
    }
}
