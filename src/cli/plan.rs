//! `softness plan`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde::Serialize;

use super::data::Data;
use super::output::{print, print_json};
use super::values::positive;
use super::{named, plan_named};
use crate::error::{Error, Result};
use crate::network::kernels::InstructionPath;
use crate::session::pace::{Pace, in_words};
use crate::session::pin::Pin;
use crate::session::run::instructions;
use crate::session::shares::{check, shares};
use crate::store::place_of;
use crate::text::numbers::grouped;
use crate::text::table::Table;

/// Show the sessions of a plan, divide them among machines, or pin the plan.
///
/// A pinned plan names its data set, the processor's instructions, the training code and every option. Each machine then trains
/// the same sessions or refuses, and their keys are known without the data. Pin a plan once, and give the file to all machines:
///
/// softness plan study.toml --pin --dataset DIR > pinned.toml
#[derive(Debug, Args)]
pub struct Plan {
    /// quick, paper or a TOML file.
    #[arg(value_name = "quick|paper|FILE", value_parser = NonEmptyStringValueParser::new())]
    plan: String,
    /// Print the plan as a TOML file, pinned to the data set of --dataset.
    #[arg(long)]
    pin: bool,
    #[command(flatten)]
    data: Data,
    /// With --pin: the processor instructions of all sessions [default: the widest of this machine]
    #[arg(long, value_name = "PATH", requires = "pin", value_parser = named(InstructionPath::ALL.map(InstructionPath::name), str::parse::<InstructionPath>))]
    instructions: Option<InstructionPath>,
    /// Divide the sessions of a pinned plan into N shares, counted from 0: the longest first, each to the share with the fewest iterations.
    #[arg(long, value_name = "N", conflicts_with = "pin", value_parser = positive::<usize>)]
    shares: Option<usize>,
    /// Print one JSON document.
    #[arg(long, conflicts_with = "pin")]
    json: bool,
}

/// One session.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<usize>,
    session: String,
    iterations: u64,
    seed: u64,
    /// Estimated seconds of one core.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Where it will lie in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

impl Plan {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        let plan = plan_named(&self.plan)?;
        if self.pin {
            let path = self.instructions.or(plan.stated_instructions()).map_or_else(instructions, Ok)?;
            let earlier = plan.pin().cloned();
            let pinned = plan.pinned(&self.data.open()?, path)?;
            if let Some((earlier, now)) =
                earlier.as_ref().zip(pinned.pin()).filter(|(earlier, now)| earlier != now)
            {
                eprintln!("note: {} was pinned to {earlier}; what is printed is pinned to {now}", self.plan);
            }
            return print(pinned.to_toml().trim_end());
        }
        let requirement = "only --pin reads a data set: give it too, or leave this out";
        let needless = self.data.given();
        Error::require(needless.is_none(), "option", needless.unwrap_or_default(), requirement)?;
        let requirement = "pin the plan first (softness plan FILE --pin --dataset DIR), so that all machines divide the same sessions";
        if let Some(count) = self.shares {
            Error::require(plan.pin().is_some(), "--shares", count, requirement)?;
            check(count)?;
        }
        plan.pin().map_or(Ok(()), Pin::check_code)?;
        let shares = self.shares.map(|count| shares(&plan, count));
        let keys = plan.keys();
        let pace = plan.pin().map(|pin| Pace::usual(pin.instructions));
        let row = |(place, (session, training)): (usize, (String, crate::session::Training))| Row {
            share: shares.as_ref().map(|shares| shares[place]),
            seconds: pace.as_ref().map(|pace| pace.seconds(&training, 0)),
            path: keys.as_ref().map(|keys| place_of(&keys[place].2)),
            session,
            iterations: training.iterations,
            seed: training.seed,
            key: keys.as_ref().map(|keys| keys[place].2.clone()),
        };
        let mut rows: Vec<Row> = plan.sessions().into_iter().enumerate().map(row).collect();
        rows.sort_by_key(|row| row.share);
        if self.json {
            return print_json(&rows);
        }
        print(&table(&rows).to_string())?;
        let Some((pace, count)) = pace.zip(self.shares) else { return Ok(()) };
        print(&balance(&rows, count))?;
        print(&format!("seconds of one core are estimated from {}", pace.source()))
    }
}

/// The sessions, with the columns that are known: shares if it is divided, seconds and path if it is pinned.
fn table(rows: &[Row]) -> Table {
    type Cell = fn(&Row) -> Option<String>;
    let columns: [(char, &str, Cell); 6] = [
        ('r', "share", |row| row.share.map(|share| share.to_string())),
        ('l', "session", |row| Some(row.session.clone())),
        ('r', "iterations", |row| Some(grouped(row.iterations))),
        ('r', "seed", |row| Some(row.seed.to_string())),
        ('r', "seconds", |row| row.seconds.map(|seconds| format!("{seconds:.0}"))),
        ('l', "path in the store", |row| row.path.clone()),
    ];
    let known = columns.into_iter().filter(|(_, _, cell)| rows.iter().any(|row| cell(row).is_some()));
    let known: Vec<(char, &str, Cell)> = known.collect();
    let sides: String = known.iter().map(|(side, _, _)| side).collect();
    let cells =
        |row: &Row| known.iter().map(|(_, _, cell)| cell(row).unwrap_or_default()).collect::<Vec<_>>();
    Table::new(&sides, known.iter().map(|(_, name, _)| *name), rows.iter().map(cells))
}

/// How evenly the iterations are divided, in a sentence.
fn balance(rows: &[Row], count: usize) -> String {
    let mut loads = vec![0u64; count];
    let mut seconds = vec![0.0; count];
    for row in rows {
        let share = row.share.unwrap_or_default();
        loads[share] = loads[share].saturating_add(row.iterations);
        seconds[share] += row.seconds.unwrap_or_default();
    }
    let largest = loads.iter().max().copied().unwrap_or_default();
    let sum = loads.iter().fold(0u64, |sum, &load| sum.saturating_add(load));
    let longest = in_words(seconds.iter().copied().fold(0.0, f64::max));
    let empty = loads.iter().filter(|&&load| load == 0).count();
    let none = if empty > 0 {
        format!("; {} none", if empty == 1 { "1 share has".into() } else { format!("{empty} shares have") })
    } else {
        String::new()
    };
    format!(
        "{} iterations in {count} shares: the largest has {}, about {longest} of one core; if all were equal, each would have {}{none}",
        grouped(sum),
        grouped(largest),
        grouped(sum / count as u64)
    )
}
