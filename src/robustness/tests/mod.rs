//! Sessions and tables that the tests share, and the tests by subject.

use crate::dataset::Dataset;
use crate::network::Architecture;
use crate::robustness::*;
use crate::session::{Session, Training, train_in_memory};
use crate::softness::Measure;

mod assessable;
mod published_files;
mod scores;
mod sensitivity;
mod subsamples;
mod variance;

const PAPER: [u64; 11] = [1, 1, 1, 2_000, 2_000, 2_000, 10_000, 10_000, 30_000, 30_000, 50_000];

/// A table of one measure, made by hand.
fn scores(points: &[(u64, f64)]) -> SessionScores {
    let row = |(place, &(iterations, score)): (usize, &(u64, f64))| SessionScore {
        session: format!("session {place}"),
        iterations,
        layer: 2,
        images: Some("bird".into()),
        measure: Measure::LocalDeviation.into(),
        score,
        constant: 0,
        nulls: Vec::new(),
    };
    SessionScores::from_rows(points.iter().enumerate().map(row).collect())
}

fn drawn(draws: usize) -> RobustnessOptions {
    RobustnessOptions::default().subsamples(SubsampleDesign::default().draws(draws))
}

fn sessions() -> Vec<Session> {
    let dataset = Dataset::tiny();
    let architecture = Architecture { filters: [3, 4], dense: 4, ..Architecture::paper() };
    let training = Training::paper().architecture(architecture).batch(4).learning_rate(1e-3);
    let train = |(iterations, seed): (u64, u64)| {
        // One step that moves nothing stands for the untrained.
        let rate = if iterations == 1 { 1e-30 } else { 1e-3 };
        train_in_memory(&dataset, training.clone().learning_rate(rate).iterations(iterations).seed(seed), &())
            .unwrap()
    };
    [(1, 1), (1, 2), (20, 3), (60, 4)].into_iter().map(train).collect()
}

fn few() -> SessionScoreOptions {
    SessionScoreOptions::default().draws(4)
}
