//! `softness merge`.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::output::print;
use super::plan_named;
use crate::error::Result;
use crate::files;
use crate::store::merge::merge;
use crate::text::numbers::numbered;

/// Copy the sessions and checkpoints of several stores into one.
///
/// All must be of one study: the same data set, instruction path, training code and options. If a session is in two stores, both copies
/// must have the same weights and history. Of two checkpoints, the one with more iterations is taken. Everything is checked before
/// anything is copied.
#[derive(Debug, Args)]
pub struct Merge {
    /// Folders that `softness train --out` was given, on one machine or several. They stay as they are.
    #[arg(value_name = "STORE", required = true)]
    stores: Vec<PathBuf>,
    /// The store that receives the sessions. It may already have some, or not exist yet.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// The pinned plan: sessions must be of its study. Those that it does not list are not copied [default: the study is that of the
    /// first session]
    #[arg(long, value_name = "FILE", value_parser = NonEmptyStringValueParser::new())]
    plan: Option<String>,
}

impl Merge {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        files::check_folder("--into", &self.into)?;
        let plan = self.plan.as_deref().map(plan_named).transpose()?;
        let plan = self.plan.as_deref().map(Path::new).zip(plan.as_ref());
        let merged = merge(&self.stores, &self.into, plan)?;
        merged.damaged.iter().for_each(|problem| eprintln!("left where it is: {problem}"));
        merged.set_aside.iter().for_each(|sentence| eprintln!("{sentence}"));
        print(&format!(
            "{} and {} copied to {}; {} there already with the same bits",
            numbered(merged.copied as u64, "session"),
            numbered(merged.checkpoints as u64, "checkpoint"),
            self.into.display(),
            if merged.same == 1 {
                "1 session was".to_owned()
            } else {
                format!("{} sessions were", merged.same)
            }
        ))?;
        match merged.shared {
            0 => {}
            1 => print("1 session is in several of the stores with the same bits, and is one session here")?,
            some => print(&format!(
                "{some} sessions are in several of the stores with the same bits, and each is one session here"
            ))?,
        }
        if merged.failures > 0 {
            let failures = numbered(merged.failures as u64, "failed session");
            print(&format!("the reasons of {failures} were copied too"))?;
        }
        match merged.passed_over {
            0 => Ok(()),
            1 => print("1 session of the study is not in the plan and stays where it is"),
            others => {
                print(&format!("{others} sessions of the study are not in the plan and stay where they are"))
            }
        }
    }
}
