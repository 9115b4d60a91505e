//! `softness status`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde::Serialize;

use super::output::{print, print_json};
use super::plan_named;
use super::values::positive;
use crate::error::Result;
use crate::files;
use crate::session::shares::check;
use crate::store::Store;
use crate::store::status::PlannedSession;

/// Say which sessions of a pinned plan are in a store, and which are missing.
///
/// The exit status is 0 if all sessions are finished, and 3 if not.
#[derive(Debug, Args)]
pub struct Status {
    /// The folder that `softness train --out` was given. If it does not exist yet, everything is missing.
    #[arg(value_name = "STORE")]
    store: PathBuf,
    /// The pinned plan.
    #[arg(long, value_name = "FILE", value_parser = NonEmptyStringValueParser::new())]
    plan: String,
    /// Name the shares that still have work, in the form that batch systems take: 0,3-5. Failed sessions do not count as work.
    #[arg(long, value_name = "N", value_parser = positive::<usize>)]
    shares: Option<usize>,
    /// Print one JSON document: "sessions", each with its state, "seconds_left" and "array".
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    sessions: &'a [PlannedSession],
    /// Of one core, estimated.
    seconds_left: f64,
    /// What the estimate is from.
    estimated_from: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    array: Option<String>,
}

impl Status {
    /// Runs the command. Returns whether all sessions are finished.
    pub fn run(self) -> Result<bool> {
        files::check_folder("STORE", &self.store)?;
        self.shares.map_or(Ok(()), check)?;
        let plan = plan_named(&self.plan)?;
        let status = Store::new(self.store).status(&plan)?;
        let array = self.shares.map(|count| status.shares_with_work(count));
        if self.json {
            print_json(&Printed {
                sessions: status.planned(),
                seconds_left: status.seconds_left(),
                estimated_from: status.source(),
                array,
            })?;
            return Ok(status.is_finished());
        }
        print(&status.to_string())?;
        array.map_or(Ok(()), |array| print(&format!("array: {array}")))?;
        Ok(status.is_finished())
    }
}
