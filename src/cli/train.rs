//! `softness train`.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::session::{SessionRecord, Training, train_in_memory};
use crate::store::Store;
use clap::Args;
use serde::Serialize;

use super::data::{Data, Steps};
use super::output::{print, print_json};
use super::progress::Reporter;
use super::share::Share;
use super::signals::Signals;
use super::snapshots::KeptFilters;
use super::values::{positive, whole};

/// Train one session and print its accuracy; or train sessions of a plan.
#[derive(Debug, Args)]
pub struct Train {
    /// Number of optimiser steps, each on one batch.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = positive::<u64>)]
    iterations: u64,
    /// Seed of the initial weights, the order of the batches and dropout.
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = whole::<u64>)]
    seed: u64,
    /// The network and its options: paper, hvass02 or deep_mnist.
    #[arg(long, value_name = "NAME", default_value = "paper")]
    preset: String,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    steps: Steps,
    #[command(flatten)]
    kept: KeptFilters,
    /// Save the session in this folder. An interrupted session in it resumes; a finished one is loaded.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Record loss and test accuracy every N iterations; 0: at the end only.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<u64>)]
    evaluate_every: u64,
    /// Print one JSON document, and nothing else, on standard output.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    share: Share,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    /// The session's name.
    session: &'a str,
    /// Optimiser steps in all.
    iterations: u64,
    /// Seconds in optimiser steps alone, no evaluation, by this run.
    train_seconds: f64,
    /// The iteration that this run started from.
    resumed_from: u64,
    /// Share of the whole test split that is classified correctly, 0..1.
    test_accuracy: Option<f64>,
    /// Mean cross-entropy of the batches since the evaluation before the last.
    loss: Option<f64>,
    seed: u64,
    dataset: &'a str,
    fingerprint: &'a str,
    instructions: &'a str,
}

impl Train {
    /// Runs the command.
    pub fn run(self, signals: &Signals) -> Result<()> {
        self.out.iter().try_for_each(|out| self.data.check_out(out))?;
        if let Some(plan) = self.share.plan()? {
            let training = self.steps.apply(plan.training());
            Error::require(
                training == plan.training(),
                "--plan",
                "given",
                "it says how sessions are trained: leave out the other training options",
            )?;
            let plan = match self.kept.snapshots() {
                Some(snapshots) => plan.snapshots(snapshots),
                None => plan,
            };
            let out = self.out.expect("--plan requires --out");
            return self.share.train(&plan, &self.data.open()?, out, signals);
        }
        let training = Training::preset(&self.preset)?
            .iterations(self.iterations)
            .seed(self.seed)
            .evaluate_every(self.evaluate_every);
        let training = self.steps.apply(training).snapshots(self.kept.snapshots().unwrap_or_default());
        let dataset = self.data.open()?;
        let reporter = Reporter::new(self.iterations, signals);
        let session = match &self.out {
            None => train_in_memory(&dataset, training, &reporter)?,
            Some(folder) => {
                Store::new(folder).train(&dataset, &training, &training.default_name(), &reporter)?
            }
        };
        let loaded = reporter.has_loaded();
        reporter.finish("interrupted; the session is trained");
        let record = session.record();
        let record = record.as_ref();
        let resumed_from = record.map_or(0, |record| record.resumed_from);
        let outcome = Outcome {
            session: session.name(),
            iterations: session.iterations(),
            // What was loaded was not trained by this run.
            train_seconds: record.filter(|_| !loaded).map_or(0.0, |record| record.train_seconds),
            resumed_from: if loaded { session.iterations() } else { resumed_from },
            test_accuracy: session.test_accuracy(),
            loss: record.map(|record| record.loss),
            seed: session.training().seed,
            dataset: dataset.description(),
            fingerprint: dataset.fingerprint(),
            instructions: record.map_or("", SessionRecord::instructions),
        };
        if self.json {
            return print_json(&outcome);
        }
        let steps = (outcome.iterations - outcome.resumed_from) as f64;
        let each = if steps > 0.0 { outcome.train_seconds * 1000.0 / steps } else { 0.0 };
        print(&format!(
            "session {}: test accuracy {:.2} %, loss {:.4}, {:.1} s in optimiser steps ({each:.2} ms each)",
            outcome.session,
            outcome.test_accuracy.unwrap_or(f64::NAN) * 100.0,
            outcome.loss.unwrap_or(f64::NAN),
            outcome.train_seconds,
        ))
    }
}
