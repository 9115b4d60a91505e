//! The command line: one file for each command.

mod data;
mod explore;
mod fetch;
mod filters;
mod fit;
mod label;
mod merge;
mod names;
mod output;
mod pictures;
mod plan;
mod progress;
mod replicate;
mod score;
mod sessions;
mod share;
mod signals;
mod snapshots;
mod status;
mod train;
mod values;
mod weights;

use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Error, ErrorKind, Result};

/// What does training do to the filters of a convolutional network, and can it be measured?
///
/// A replication of Fountain & Rasmus (2019): train a small network for 1 to 50,000 iterations, score
/// how soft the images are that its filters produce, and fit the scores against the iterations.
///
/// Start with `softness replicate`: it needs no options and writes a report to open in a browser.
#[derive(Debug, Parser)]
#[command(version, about, long_about, after_help = EXIT_STATUS)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "\
Exit status:
  0     done
  1     an error, such as a session that failed; the same command may work later, or on another machine
  2     the command cannot work: a wrong option or plan, no data set, or a plan that is pinned to something else
  3     `softness status`: a session is not finished
  128+  a signal stopped training (128 plus its number): run the same command again to resume";

#[derive(Debug, Subcommand)]
enum Command {
    Replicate(replicate::Replicate),
    Train(train::Train),
    Plan(plan::Plan),
    Status(status::Status),
    Merge(merge::Merge),
    Score(score::Score),
    Fit(fit::FitTable),
    Filters(filters::Filters),
    Explore(explore::Explore),
    Label(label::Label),
    Fetch(fetch::Fetch),
}

/// The arguments of the process. A negative number is the value of the option before it, so that the option says what it takes.
fn arguments() -> Arguments {
    let command = Arguments::command().mut_subcommands(|command| {
        command.mut_args(|argument| {
            let takes_values = argument.get_action().takes_values();
            argument.allow_negative_numbers(takes_values)
        })
    });
    let read = Arguments::from_arg_matches(&command.get_matches());
    read.unwrap_or_else(|error| error.exit())
}

/// The exit status if the same command can never work here; that of the parser of arguments as well.
const NEVER: u8 = 2;

/// The exit status of `status` if a session is not finished.
const SOMETHING_MISSING: u8 = 3;

/// A parser of the names of enum variants.
fn named<T: Clone + Send + Sync + 'static, const N: usize>(
    names: [&'static str; N],
    parse: fn(&str) -> Result<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| parse(&name))
}

/// The plan of this name, or in this file. What is wrong with a file is wrong with the option that names it: the command cannot work.
///
/// # Errors
/// Those of [`Plan::named`], of the kind [`ErrorKind::InvalidOption`] if the file is no plan.
fn plan_named(name: &str) -> Result<crate::session::Plan> {
    crate::session::Plan::named(name).map_err(wrong_option(ErrorKind::Malformed))
}

/// Makes errors of this kind those of an option, because an option names what is wrong or not there: the command cannot work.
fn wrong_option(kind: ErrorKind) -> impl Fn(Error) -> Error {
    move |error| match error.kind() == kind {
        true => Error::new(ErrorKind::InvalidOption, error.to_string()),
        false => error,
    }
}

/// Runs the command that the arguments of the process name. An error is printed on standard error as one line
/// `error: ..`.
///
/// | exit status | meaning |
/// |--:|---|
/// | 0 | done |
/// | 1 | an error, such as a session that failed; the same command may work later, or on another machine |
/// | 2 | the command cannot work: a wrong option, a wrong plan, no data set, or a plan that is pinned to something else |
/// | 3 | `status` finds a session that is not finished |
/// | 128 + the signal's number | a signal stopped training (INT, TERM, HUP, USR1, USR2 or XCPU): run the same command again to resume |
pub fn main() -> ExitCode {
    let signals = signals::Signals::default();
    let result = match arguments().command {
        Command::Replicate(command) => command.run(&signals),
        Command::Train(command) => command.run(&signals),
        Command::Plan(command) => command.run(),
        Command::Status(command) => match command.run() {
            Ok(false) => return ExitCode::from(SOMETHING_MISSING),
            other => other.map(|_| ()),
        },
        Command::Merge(command) => command.run(),
        Command::Score(command) => command.run(),
        Command::Fit(command) => command.run(),
        Command::Filters(command) => command.run(),
        Command::Explore(command) => command.run(),
        Command::Label(command) => command.run(),
        Command::Fetch(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::InvalidOption | ErrorKind::NoDataset => return ExitCode::from(NEVER),
                _ => return ExitCode::FAILURE,
            }
            eprintln!(
                "run the same command again to resume: replicate always resumes, train if it has --out"
            );
            let status = signals.exit_status().and_then(|status| u8::try_from(status).ok());
            status.map_or(ExitCode::FAILURE, ExitCode::from)
        }
    }
}
