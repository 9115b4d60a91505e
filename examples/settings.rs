//! Does the course of training depend on the network? Trains the seven settings of `docs/rules-2.md`, four sessions of
//! 10,000 iterations each, and keeps the filters at eight iterations.
//!
//! `cargo run --release --example settings -- OUT [JOBS] [SHORTER]` writes OUT/SETTING-NUMBER.npz. For each number of
//! iterations, it has the arrays 2000/layer1/weights, (out, in, k, k), and 2000/layer1/bias, (out), and those of layer 2, all f32. Files that
//! are there are kept, so it can be started again.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use softness::internals::{filters_along, write_filters};
use softness::prelude::*;
use softness::session::{Initialisation, Optimiser, PlanLevel};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The iterations at which filters are kept.
const KEPT: [u64; 8] = [0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/// The level whose seeds the sessions have, whatever the trial's number of iterations.
const LEVEL: PlanLevel = PlanLevel { iterations: 10_000, sessions: 4 };

/// The seed of the plan "settings".
const PLAN_SEED: u64 = 17;

/// The settings by name, on batches of 50.
fn settings() -> [(&'static str, Training); 7] {
    let paper = || Training::paper().learning_rate(1e-4).evaluate_every(0);
    let truncated = |sd| paper().initialisation(Initialisation::Truncated { sd });
    [
        ("sd-0.02", truncated(0.02)),
        ("sd-0.05", truncated(0.05)),
        ("sd-0.1", truncated(0.1)),
        ("he", paper().initialisation(Initialisation::He)),
        ("glorot", paper().initialisation(Initialisation::Glorot)),
        ("adam-1e-3", truncated(0.05).learning_rate(1e-3)),
        ("sgd-1e-2", truncated(0.05).optimiser(Optimiser::Sgd).learning_rate(1e-2)),
    ]
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().ok_or("usage: settings OUT [JOBS] [SHORTER]")?);
    let jobs = match arguments.next() {
        Some(text) => text.parse()?,
        None => std::thread::available_parallelism()?.get(),
    };
    // For a trial: a part of the iterations, but as many lengths.
    let shorter: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut kept = KEPT.map(|iterations| iterations / shorter.max(1));
    kept.iter_mut().zip(0..).for_each(|(iterations, least)| *iterations = least.max(*iterations));
    let dataset = Dataset::auto()?;
    println!("data: {}", dataset.summary());
    // The first session of every setting, then the second, ..: whatever is done when it is stopped is balanced.
    let plan = Plan::new("settings", PLAN_SEED, vec![LEVEL], Training::paper())?;
    let seeds: Vec<u64> = plan.sessions().into_iter().map(|(_, training)| training.seed).collect();
    let work: Vec<(String, Training)> = seeds
        .into_iter()
        .zip(1..)
        .flat_map(|(seed, number)| {
            settings().map(|(setting, training)| (format!("{setting}-{number}"), training.seed(seed)))
        })
        .collect();
    let one = |(name, training): &(String, Training)| {
        let said = train(name, training, &kept, &dataset, &out).map_err(|error| format!("{name}: {error}"));
        match &said {
            Ok(sentence) => println!("{name}: {sentence}"),
            Err(sentence) => println!("{sentence}"),
        }
        said.err()
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let failed: Vec<String> = pool.install(|| work.iter().par_bridge().filter_map(one).collect());
    // The others are there all the same.
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

/// Trains one session and writes its file, unless it is there. Returns what there is to say.
fn train(
    name: &str,
    training: &Training,
    kept: &[u64],
    dataset: &Dataset,
    out: &Path,
) -> Result<String, Failure> {
    let path = out.join(format!("{name}.npz"));
    if path.exists() {
        return Ok("it is there".into());
    }
    let sessions = filters_along(dataset, training.clone(), kept, &())?;
    let named = |session: Session| {
        let iterations = session.iterations();
        session.named(iterations.to_string())
    };
    let sessions: Vec<Session> = sessions.into_iter().map(named).collect();
    write_filters(&sessions, &path)?;
    let record = sessions.last().and_then(Session::record).ok_or("the last session is complete")?;
    Ok(format!(
        "seed {}, loss {:.4}, test accuracy {:.2} %, {:.0} s in optimiser steps",
        training.seed,
        record.loss,
        100.0 * record.test_accuracy,
        record.train_seconds
    ))
}
