//! `softness train --plan`: one session of a plan, or one share of it, on a machine of many.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::output::print;
use super::plan_named;
use super::progress::Reporter;
use super::signals::Signals;
use super::values::{positive, whole};
use crate::dataset::Dataset;
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::session::shares::{check, shares};
use crate::session::{Observer as _, Plan, Training};
use crate::store::Store;
use crate::text::first_of;
use crate::text::numbers::{is_or_are, numbered};

/// The variables in which batch systems and tools number the tasks of an array: Slurm, HyperQueue, Kubernetes, PBS, Grid Engine, LSF, AWS
/// Batch, Google Batch, GNU parallel. docs/many-machines.md lists them too, and `cluster/` has a job file for some.
const INDEX_VARIABLES: [&str; 9] = [
    "SLURM_ARRAY_TASK_ID",
    "HQ_TASK_ID",
    "JOB_COMPLETION_INDEX",
    "PBS_ARRAY_INDEX",
    "SGE_TASK_ID",
    "LSB_JOBINDEX",
    "AWS_BATCH_JOB_ARRAY_INDEX",
    "BATCH_TASK_INDEX",
    "PARALLEL_SEQ",
];

/// The options of a single session, which a plan has for each of its own.
const OF_ONE: [&str; 5] = ["iterations", "seed", "preset", "evaluate_every", "json"];

/// Which sessions of a plan to train.
#[derive(Debug, Args)]
pub struct Share {
    /// Train the sessions of this plan (quick, paper or a TOML file) one after the other, instead of a single session. Needs --out.
    #[arg(long, value_name = "quick|paper|FILE", value_parser = NonEmptyStringValueParser::new(), requires = "out", conflicts_with_all = OF_ONE)]
    plan: Option<String>,
    /// Train one of N shares of a pinned plan; `softness plan FILE --shares N` shows the shares. A session that fails does not stop
    /// the others.
    #[arg(long, value_name = "N", requires = "plan", conflicts_with = "session", conflicts_with_all = OF_ONE, value_parser = positive::<usize>)]
    shares: Option<usize>,
    /// The number of the share, from 0 to N - 1 or from 1 to N, where N means 0 [default: the task number of the batch system]
    #[arg(long, value_name = "I", requires = "shares", value_parser = whole::<usize>)]
    share: Option<usize>,
    /// Train this session of the plan, by name: 30000-2. If it failed before, it is tried again.
    #[arg(long, value_name = "NAME", requires = "plan", conflicts_with_all = OF_ONE)]
    session: Option<String>,
    /// Seconds between two checkpoints of the sessions of --plan, which it needs [default: 5, or 60 in a share]
    #[arg(long, value_name = "SECONDS", requires = "plan", conflicts_with_all = OF_ONE, value_parser = whole::<u64>)]
    checkpoint_every: Option<u64>,
    /// Train again the sessions of the share that failed before. By default they are left out, and the reason is kept.
    #[arg(long, requires = "shares")]
    retry_failed: bool,
}

impl Share {
    /// The plan, if one is named.
    pub fn plan(&self) -> Result<Option<Plan>> {
        self.plan.as_deref().map(plan_named).transpose()
    }

    /// Trains the sessions that are asked for.
    pub fn train(&self, plan: &Plan, dataset: &Dataset, out: PathBuf, signals: &Signals) -> Result<()> {
        let path = plan.instructions(dataset)?;
        let plan = plan.clone().for_dataset(dataset)?;
        let chosen = self.chosen(&plan)?;
        let default = if self.shares.is_some() { 60 } else { 5 };
        let every = Duration::from_secs(self.checkpoint_every.unwrap_or(default));
        let mut store = Store::new(out).for_plan(&plan).checkpoint_every(every).filters_alone();
        if self.shares.is_some() && !self.retry_failed {
            store = store.sparing_failures();
        }
        let reporter = Reporter::new(chosen.iter().map(|(_, training)| training.iterations).sum(), signals);
        let mut failures = Vec::new();
        for (name, training) in &chosen {
            // Asked here as well, for sessions that are only loaded.
            if reporter.should_stop() {
                return Err(Failure::Interrupted { session: name.clone(), iteration: 0 }.into());
            }
            match store.train_on(path, dataset, training, name, &reporter) {
                Ok(_) => {}
                // Told to stop, or what no other session will do better at.
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::InvalidOption) => {
                    return Err(error);
                }
                Err(error) => {
                    eprintln!("session {name} failed: {error}");
                    failures.push(name.clone());
                }
            }
        }
        reporter.finish("interrupted; all sessions are trained and saved");
        if failures.is_empty() {
            let are = is_or_are(chosen.len() as u64);
            return print(&format!("{} {are} trained and saved", numbered(chosen.len() as u64, "session")));
        }
        let sentence = format!(
            "of {}, {} failed: {}",
            numbered(chosen.len() as u64, "session"),
            failures.len(),
            failures.join(", ")
        );
        Err(Error::new(ErrorKind::Diverged, sentence))
    }

    /// The names and options of the sessions, the longest first.
    fn chosen(&self, plan: &Plan) -> Result<Vec<(String, Training)>> {
        let sessions = plan.sessions();
        let mut chosen: Vec<(String, Training)> = if let Some(name) = &self.session {
            let names = || first_of(&sessions, 3, |(name, _)| name.clone());
            let one = sessions.iter().find(|(other, _)| other == name).cloned();
            let missing =
                || Error::option("--session", format!("{name:?}"), format!("the plan has {}", names()));
            vec![one.ok_or_else(missing)?]
        } else if let Some(count) = self.shares {
            let requirement = "pin the plan first (softness plan FILE --pin --dataset DIR), so that all machines divide the same sessions";
            Error::require(plan.pin().is_some(), "--shares", count, requirement)?;
            check(count)?;
            let share = self.index(count)?;
            let shares = shares(plan, count);
            sessions
                .into_iter()
                .zip(shares)
                .filter(|(_, of)| *of == share)
                .map(|(session, _)| session)
                .collect()
        } else {
            sessions
        };
        chosen.sort_by_key(|(_, training)| std::cmp::Reverse(training.iterations));
        Ok(chosen)
    }

    /// The number of the share, from the option or the environment.
    fn index(&self, count: usize) -> Result<usize> {
        let (source, value) = match self.share {
            Some(share) => ("--share", share.to_string()),
            None => index_of(&|name| std::env::var_os(name))?,
        };
        let number = value.trim().parse::<usize>().ok().filter(|&number| number <= count);
        let requirement = format!("it must be a number from 0 to {}, or from 1 to {count}", count - 1);
        let number = number.ok_or_else(|| Error::option(source, format!("{value:?}"), requirement))?;
        let share = number % count;
        eprintln!("share {share} of {count}, by {source} = {number}");
        Ok(share)
    }
}

/// The number of the task in one of the variables, and its name.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] if none has a number, or several have different ones, because a batch system started the other.
fn index_of(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<(&'static str, String)> {
    let value = |&name: &&'static str| Some((name, variable(name)?.to_string_lossy().into_owned()));
    // Grid Engine says "undefined" and LSF 0 for a job that is no array.
    let is_number = |(name, value): &(&str, String)| {
        let nothing = if *name == "LSB_JOBINDEX" { "0" } else { "undefined" };
        !value.trim().is_empty() && value != nothing
    };
    let mut set = INDEX_VARIABLES.iter().filter_map(value).filter(is_number);
    let first = set.next().ok_or_else(|| {
        let variables = INDEX_VARIABLES.join(", ");
        Error::option(
            "--share",
            "not given",
            format!("none of {variables} is set either: say which share to train"),
        )
    })?;
    match set.find(|(_, value)| *value != first.1) {
        None => Ok(first),
        Some((name, value)) => Err(Error::option(
            first.0,
            format!("{:?}", first.1),
            format!("{name} is {value:?}: say with --share which of the two is the share"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_task_is_that_of_the_one_system_that_gives_one() {
        let index = |set: &[(&str, &str)]| {
            let variable =
                |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into());
            index_of(&variable).map_err(|error| error.to_string())
        };
        let of = |name, value: &str| Ok((name, value.to_owned()));
        assert_eq!(index(&[("PARALLEL_SEQ", "1")]), of("PARALLEL_SEQ", "1"));
        assert_eq!(index(&[("SLURM_ARRAY_TASK_ID", ""), ("HQ_TASK_ID", "2")]), of("HQ_TASK_ID", "2"));
        assert_eq!(index(&[("SGE_TASK_ID", "undefined"), ("PARALLEL_SEQ", "3")]), of("PARALLEL_SEQ", "3"));
        assert_eq!(index(&[("LSB_JOBINDEX", "0"), ("PARALLEL_SEQ", "3")]), of("PARALLEL_SEQ", "3"));
        assert_eq!(index(&[("HQ_TASK_ID", "3"), ("PARALLEL_SEQ", "3")]), of("HQ_TASK_ID", "3"));
        let error = index(&[("SLURM_ARRAY_TASK_ID", "0"), ("HQ_TASK_ID", "1")]).unwrap_err();
        assert_eq!(
            error,
            "SLURM_ARRAY_TASK_ID is \"0\", but HQ_TASK_ID is \"1\": say with --share which of the two is the share"
        );
        for nothing in [&[][..], &[("LSB_JOBINDEX", "0")]] {
            assert!(index(nothing).unwrap_err().contains("none of SLURM_ARRAY_TASK_ID, "));
        }
    }
}
