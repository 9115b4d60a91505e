//! Which sessions of a pinned plan are in a store.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::names::names;
use crate::session::Plan;
use crate::session::shares::shares;
use crate::store::Store;
use crate::store::state::SessionState;

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
    /// It diverged.
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
    /// Where it is running, if it is: host, and the batch system's job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl PlannedSession {
    fn new(session: String, iterations: u64, key: String, state: SessionState) -> Self {
        let name = match state {
            SessionState::Finished(_) => StateName::Finished,
            SessionState::Running(_) => StateName::Running,
            SessionState::Unfinished { .. } => StateName::Unfinished,
            SessionState::Failed { .. } => StateName::Failed,
            SessionState::Missing => StateName::Missing,
        };
        let (mut iteration, mut host, mut job, mut reason) = (None, None, None, None);
        match state {
            SessionState::Running(running) => {
                (iteration, host, job) = (Some(running.iteration), Some(running.host), running.job);
            }
            SessionState::Unfinished { iteration: done } => iteration = Some(done),
            SessionState::Failed { reason: why } => reason = Some(why),
            SessionState::Finished(_) | SessionState::Missing => {}
        }
        Self { session, iterations, key, state: name, iteration, host, job, reason }
    }
}

/// The sessions of a pinned plan in a store.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned;
/// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
pub(crate) fn status(store: &Store, plan: &Plan) -> Result<Vec<PlannedSession>> {
    let requirement =
        "pin the plan first (softness plan FILE --pin --dataset DIR): its keys are not known otherwise";
    let keys = plan.keys().ok_or_else(|| Error::option("plan", "not pinned", requirement))?;
    let planned = |(session, training, key): (String, crate::session::Training, String)| {
        let state = store.state(&key)?;
        Ok(PlannedSession::new(session, training.iterations, key, state))
    };
    keys.into_iter().map(planned).collect()
}

/// The shares that still have work, as a batch system takes them: "0,3-5".
pub(crate) fn shares_with_work(plan: &Plan, sessions: &[PlannedSession], count: usize) -> String {
    let mut has_work = vec![false; count];
    for (share, session) in shares(plan, count).into_iter().zip(sessions) {
        has_work[share] |= session.state != StateName::Finished;
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
                let state =
                    if is_finished { SessionState::Finished("".into()) } else { SessionState::Missing };
                PlannedSession::new(session.clone(), training.iterations, String::new(), state)
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
