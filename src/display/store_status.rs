//! What a store has of a plan, as a notebook shows it.

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::session::pace::in_words;
use crate::store::StoreStatus;
use crate::store::status::{PlannedSession, StateName};
use crate::text::first_of;
use crate::text::numbers::grouped;
use crate::text::table::Table;

/// The missing sessions that are named, and the others that have a row of their own, at most.
const NAMED: usize = 8;
const ROWS: usize = 40;

/// The states of sessions of which more is known than their names, those first that somebody should look at.
const BEGUN: [StateName; 3] = [StateName::Failed, StateName::Running, StateName::Unfinished];

shown_as_tables!(StoreStatus);

impl Tables for StoreStatus {
    fn tables(&self) -> Vec<Table> {
        let all = self.planned().len() as u64;
        let count = |state| grouped(self.of(state).len() as u64);
        let row = |state: StateName| [state.to_string(), count(state)];
        let states = Table::new("lr", ["state", "sessions"], StateName::ALL.map(row)).title(format!(
            "{} of {} sessions of plan {} are finished",
            count(StateName::Finished),
            grouped(all),
            self.plan().name()
        ));
        let mut notes = Vec::new();
        let missing = self.of(StateName::Missing);
        if !missing.is_empty() {
            notes.push(format!("missing: {}", first_of(&missing, NAMED, |planned| planned.session.clone())));
        }
        if self.seconds_left() > 0.0 {
            let left = in_words(self.seconds_left());
            notes.push(format!("about {left} of one core left, estimated from {}", self.source()));
        }
        if !self.of(StateName::Failed).is_empty() {
            notes.push(
                "sessions that have failed are tried again if you add `--retry-failed` to the command that trained their share \
                 (softness train --plan .. --shares ..), or name one of them with `--session` in place of the share"
                    .into(),
            );
        }
        let mut tables = vec![states.notes(notes)];
        let begun: Vec<&PlannedSession> = BEGUN.into_iter().flat_map(|state| self.of(state)).collect();
        if !begun.is_empty() {
            let header = ["session", "state", "iteration", "where", "why"];
            tables.push(Table::new("llrll", header, begun.into_iter().map(cells)).at_most(ROWS));
        }
        tables
    }
}

/// What is known of a session: name, state, "200 of 30,000", "n1, process 7, SLURM_JOB_ID=12", and why it failed.
fn cells(planned: &PlannedSession) -> [String; 5] {
    let PlannedSession { session, state, iterations, iteration, host, process, job, reason, .. } = planned;
    let of_all = |iteration: u64| format!("{} of {}", grouped(iteration), grouped(*iterations));
    let place = [host.clone(), process.map(|process| format!("process {process}")), job.clone()];
    [
        session.clone(),
        state.to_string(),
        iteration.map(of_all).unwrap_or_default(),
        place.into_iter().flatten().collect::<Vec<_>>().join(", "),
        reason.clone().unwrap_or_default(),
    ]
}
