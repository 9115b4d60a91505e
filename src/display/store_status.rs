//! What a store has of a plan, as a notebook shows it.

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::session::pace::in_words;
use crate::store::StoreStatus;
use crate::store::status::{PlannedSession, StateName};
use crate::text::first_of;
use crate::text::numbers::grouped;
use crate::text::table::Table;

/// The sessions that a row names at most.
const NAMED: usize = 8;

shown_as_tables!(StoreStatus);

impl Tables for StoreStatus {
    fn tables(&self) -> Vec<Table> {
        let all = self.planned().len();
        let row = |state: StateName| {
            let sessions = self.of(state);
            let names = if state == StateName::Finished { String::new() } else { names(&sessions) };
            [state.to_string(), sessions.len().to_string(), names]
        };
        let states = Table::new("lrl", ["state", "sessions", ""], StateName::ALL.map(row)).title(format!(
            "{} of {all} sessions of plan {} are finished",
            self.of(StateName::Finished).len(),
            self.plan().name()
        ));
        let mut notes = Vec::new();
        if self.seconds_left() > 0.0 {
            let left = in_words(self.seconds_left());
            notes.push(format!("about {left} of one core left, estimated from {}", self.source()));
        }
        if !self.of(StateName::Failed).is_empty() {
            notes.push(
                "sessions that have failed are tried again with `softness train --retry-failed`".into(),
            );
        }
        vec![states.notes(notes)]
    }
}

/// The first names, with what is known of each: "30000-1 (at iteration 200, on n1, process 7, SLURM_JOB_ID=12), 30000-2, ..".
fn names(sessions: &[&PlannedSession]) -> String {
    let name = |session: &&PlannedSession| {
        let PlannedSession { session: name, iteration, host, process, job, reason, .. } = session;
        let about: Vec<String> = [
            iteration.map(|iteration| format!("at iteration {}", grouped(iteration))),
            host.as_ref().map(|host| format!("on {host}")),
            process.map(|process| format!("process {process}")),
            job.clone(),
            reason.clone(),
        ]
        .into_iter()
        .flatten()
        .collect();
        if about.is_empty() { name.clone() } else { format!("{name} ({})", about.join(", ")) }
    };
    first_of(sessions, NAMED, name)
}
