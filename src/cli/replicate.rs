//! `softness replicate`.

use std::path::PathBuf;
use std::time::Instant;

use crate::dataset::{Dataset, Picture};
use crate::error::{Error, ErrorKind, Result};
use crate::models::LEAST_POINTS;
use crate::report::Study;
use crate::report::record::Replication;
use crate::report::rerun::Earlier;
use crate::responses::{Border, Reading};
use crate::session::{Plan, Session};
use crate::store::status::{PlannedSession, StateName};
use crate::store::{Store, default_jobs};
use crate::text::first_of;
use crate::text::numbers::{is_or_are, numbered};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::data::{Data, Steps};
use super::output::print;
use super::progress::Reporter;
use super::signals::Signals;
use super::snapshots::KeptFilters;
use super::values::{positive, whole};
use super::{named, plan_named};

/// The missing sessions that are named at most.
const NAMED: usize = 20;

/// Run the whole study: train the sessions, score the images, fit the models, draw the figures and
/// write a report.
///
/// By default it trains the quick plan, a demonstration of one or two minutes, on CIFAR-10 if it is found
/// and on synthetic images otherwise. `--plan paper` is the paper's eleven sessions. If you run it again
/// with the same --out, finished sessions are loaded and an interrupted one resumes.
#[derive(Debug, Args)]
pub struct Replicate {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    steps: Steps,
    #[command(flatten)]
    kept: KeptFilters,
    /// quick (a demonstration), paper (11 sessions, 136,003 iterations), a TOML file, or the replication.json of an
    /// earlier run, which is run again and compared.
    #[arg(long, value_name = "quick|paper|FILE", default_value = "quick", value_parser = NonEmptyStringValueParser::new())]
    plan: String,
    /// The folder for sessions, scores, fits, figures and report.html.
    #[arg(long, value_name = "DIR", default_value = "softness-out")]
    out: PathBuf,
    /// Train nothing: score the sessions of the plan that are in --out, and name those that are missing or failed. The report is
    /// about the sessions that are there.
    #[arg(long, conflicts_with = "jobs")]
    trained: bool,
    /// Number of sessions to train in parallel, one thread each [default: the number of cores]. The results
    /// do not depend on it.
    #[arg(long, value_name = "N", value_parser = positive::<usize>)]
    jobs: Option<usize>,
    /// The seed of the plan, which determines the seed of each session and of the static image [default: 1, or
    /// the one in the plan file]
    #[arg(long, value_name = "S", value_parser = whole::<u64>)]
    seed: Option<u64>,
    /// How a filter is applied to an image [default: forward-pass, or that of the replication.json]: in the network's forward
    /// pass; or on the grey image, as the sum of its kernels (kernel-slice-sum), every kernel by itself (each-kernel: the
    /// filter's score is the mean) or only the first kernel (kernel-slice).
    #[arg(long, value_name = "READING", value_parser = named(Reading::ALL.map(Reading::name), str::parse::<Reading>))]
    reading: Option<Reading>,
    /// What lies outside an image [default: same, or that of the replication.json]: zeros (same), or nothing, so that only
    /// windows completely inside count (valid).
    #[arg(long, value_name = "BORDER", value_parser = named(Border::ALL.map(Border::name), str::parse::<Border>))]
    border: Option<Border>,
}

impl Replicate {
    /// Runs the command.
    pub fn run(self, signals: &Signals) -> Result<()> {
        let start = Instant::now();
        self.data.check_out(&self.out)?;
        Study::check_folder(&self.out)?;
        let earlier = Earlier::is_at(&self.plan).then(|| Earlier::read(&self.plan)).transpose()?;
        let mut plan = match &earlier {
            Some(earlier) => earlier.plan().clone(),
            None => plan_named(&self.plan)?,
        };
        if let Some(seed) = self.seed {
            let requirement =
                "the plan is pinned, and its sessions have the seeds of the plan: leave --seed out";
            Error::require(plan.pin().is_none(), "--seed", seed, requirement)?;
            plan = plan.seed(seed);
        }
        let mut options = earlier.as_ref().map(Earlier::options).unwrap_or_default();
        options = options.reading(self.reading.unwrap_or(options.response.reading));
        options = options.border(self.border.unwrap_or(options.response.border));
        let training = self.steps.apply(plan.training());
        let requirement = "the plan is pinned: leave --batch, --learning-rate, --optimiser and --initialisation out, or pin another plan";
        let is_met = plan.pin().is_none() || training == plan.training();
        Error::require(is_met, "training", "other than the plan's", requirement)?;
        let mut plan = plan.with_training(training);
        if let Some(snapshots) = self.kept.snapshots() {
            plan = plan.snapshots(snapshots);
        }
        Study::check_plan(&plan)?;
        let dataset = self.data.open()?;
        let sessions = plan.sessions().len();
        let jobs = self.jobs.unwrap_or_else(default_jobs);
        let (name, iterations, parallel) = (plan.name(), plan.iterations(), jobs.min(sessions));
        if !self.trained {
            let iterations = numbered(iterations, "iteration");
            eprintln!("plan {name}: {sessions} sessions, {iterations}, {parallel} at a time");
        }
        let plan = plan.for_dataset(&dataset)?;
        let reporter = Reporter::new(plan.iterations(), signals);
        // Scores, fits and figures need the filters alone.
        let store = Store::new(&self.out).filters_alone();
        let (plan, sessions) = if self.trained {
            trained(&store, &dataset, plan)?
        } else {
            let sessions = store.train_plan(&dataset, &plan, jobs, &reporter)?;
            (plan, sessions)
        };
        reporter.finish(
            "interrupted; all sessions are trained and saved: run the same command again for scores, fits, figures and report",
        );
        let pictures = [dataset.bird(), Picture::static_noise(plan.plan_seed())];
        let study = options.study(&dataset, &plan, sessions, &pictures)?;
        let record = Replication::new(&study)?;
        let kept = study.write_record(&record, &self.out, Some(start.elapsed().as_secs_f64()))?;
        kept.iter().for_each(|sentence| eprintln!("note: {sentence}"));
        for fit in study.fits().iter() {
            let (form, group, others) = (fit.form(), fit.group().to_string(), fit.beside_in_words());
            let (r_squared, p) = (fit.r_squared(), fit.p_value());
            print(&format!("{form:<12} {group:<22} R² {r_squared:.4}  p {p:.2e}  {others}"))?;
        }
        if let Some(earlier) = earlier {
            print(&earlier.agreement(&record))?;
        }
        print(&format!("report: {}", self.out.join("report.html").display()))
    }
}

/// The sessions of the plan that a store has, and the plan of those alone. A pinned plan may have been trained with instructions that this
/// machine lacks: filters are scored alike everywhere.
fn trained(store: &Store, dataset: &Dataset, plan: Plan) -> Result<(Plan, Vec<Session>)> {
    let plan = match plan.pin() {
        Some(pin) => pin.check_dataset(dataset).map(|()| plan)?,
        None => {
            let path = plan.instructions(dataset)?;
            plan.pinned(dataset, path)?
        }
    };
    let status = store.status(&plan)?;
    let sessions = status.sessions()?;
    if status.is_finished() {
        return Ok((status.plan().clone(), sessions));
    }
    let all = numbered(status.planned().len() as u64, "session");
    let is_missing =
        |planned: &&PlannedSession| !matches!(planned.state, StateName::Finished | StateName::Failed);
    let missing = status.planned().iter().filter(is_missing).collect();
    for (left_out, is_failed) in [(missing, false), (status.of(StateName::Failed), true)] {
        let count = left_out.len();
        let are = is_or_are(count as u64);
        let problem = if is_failed { "failed".into() } else { format!("{are} missing") };
        if count > 0 {
            let named = first_of(&left_out, NAMED, |planned| planned.session.clone());
            eprintln!("{count} of {all} {problem} and {are} left out: {named}");
        }
    }
    let part = (!sessions.is_empty()).then(|| status.plan().of_sessions(&sessions)).transpose()?;
    match part.filter(|part| Study::check_plan(part).is_ok()) {
        Some(part) => Ok((part, sessions)),
        None => Err(Error::new(
            ErrorKind::NotFound,
            format!(
                "{}: {} of {all} of the plan {} {} finished, but the models need at least {LEAST_POINTS}, of two or more \
                 different numbers of iterations: train more of them, or leave --trained out, and they are trained here",
                status.root().display(),
                sessions.len(),
                status.plan().name(),
                is_or_are(sessions.len() as u64),
            ),
        )),
    }
}
