//! `softness status`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{print, print_json};
use crate::error::{Error, Result};
use crate::session::Plan;
use crate::store::Store;
use crate::store::status::{PlannedSession, StateName, shares_with_work, status};
use crate::text::numbers::grouped;

/// Say which sessions of a pinned plan are in a store, and which are missing.
///
/// The exit status is 0 if all are finished, and 3 if not.
#[derive(Debug, Args)]
pub struct Status {
    /// The folder that `softness train --out` was given.
    #[arg(value_name = "STORE")]
    store: PathBuf,
    /// The pinned plan.
    #[arg(long, value_name = "FILE")]
    plan: String,
    /// Name the shares that still have work, in the form that batch systems take: 0,3-5.
    #[arg(long, value_name = "N")]
    shares: Option<usize>,
    /// Print one JSON document: "sessions", each with its state, and "array".
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    sessions: &'a [PlannedSession],
    #[serde(skip_serializing_if = "Option::is_none")]
    array: Option<String>,
}

impl Status {
    /// Runs the command. Returns whether all sessions are finished.
    pub fn run(self) -> Result<bool> {
        Error::require(self.shares != Some(0), "--shares", 0, "it must be at least 1")?;
        let plan = Plan::named(&self.plan)?;
        let sessions = status(&Store::new(self.store), &plan)?;
        let array = self.shares.map(|count| shares_with_work(&plan, &sessions, count));
        let is_done = sessions.iter().all(|session| session.state == StateName::Finished);
        if self.json {
            print_json(&Printed { sessions: &sessions, array })?;
            return Ok(is_done);
        }
        let iterations = |states: &[StateName]| {
            let of = sessions.iter().filter(|session| states.contains(&session.state));
            of.map(|session| session.iterations).sum::<u64>()
        };
        for state in StateName::ALL {
            let names: Vec<String> =
                sessions.iter().filter(|session| session.state == state).map(shown).collect();
            let shown = names.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            let more = if names.len() > 8 { ", .." } else { "" };
            let list = if state == StateName::Finished || names.is_empty() {
                String::new()
            } else {
                format!(": {shown}{more}")
            };
            print(&format!("{}: {} of {} sessions{list}", state, names.len(), sessions.len()))?;
        }
        let left = iterations(&StateName::ALL[1..]);
        print(&format!(
            "iterations of sessions that are not finished: {} of {}",
            grouped(left),
            grouped(plan.iterations())
        ))?;
        if let Some(array) = array {
            print(&format!("array: {array}"))?;
        }
        Ok(is_done)
    }
}

/// The name of a session; with host and job if it is running, with its iteration if it is unfinished.
fn shown(session: &PlannedSession) -> String {
    let PlannedSession { session: name, iteration, host, job, .. } = session;
    let mut facts: Vec<String> = [host, job].into_iter().flatten().cloned().collect();
    facts.extend(iteration.map(|iteration| format!("iteration {}", grouped(iteration))));
    if facts.is_empty() { name.clone() } else { format!("{name} ({})", facts.join(", ")) }
}
