//! Times what follows training: scoring filters on an image, and fitting models to scores.
//!
//! `cargo bench --bench analysis`

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use softness::Result;
use softness::internals::Weights;
use softness::models::fit_models;
use softness::prelude::*;
use softness::responses::responses;
use softness::session::Architecture;
use softness::softness::ScoringOptions;
use softness::table::{FilterScore, ScoreTable};

/// An untrained session of the paper's network that claims to have trained for `iterations`.
fn untrained(seed: u64, iterations: u64) -> Result<Session> {
    let mut banks = FilterBank::from_weights(&Weights::initial(&Architecture::paper(), seed)?)?;
    let (second, first) = (banks.remove(1), banks.remove(0));
    Session::from_filters(format!("seed {seed}"), iterations, [first, second])
}

/// The scores of all filters of a session on one image.
fn score(session: &Session, picture: &Picture) -> Result<Vec<FilterScore>> {
    let options = ScoringOptions::default();
    let mut rows = Vec::new();
    for layer in 1..=session.layers() {
        for response in responses(session, layer, picture, options.response)? {
            let score = options.score(&response)?;
            rows.push(FilterScore {
                session: session.name().to_owned(),
                iterations: session.iterations(),
                layer,
                image: picture.name().to_owned(),
                filter: response.filter(),
                score: score.value(),
                constant: score.is_constant(),
                soft: false,
                soft_threshold: None,
            });
        }
    }
    Ok(rows)
}

/// All 52 filters on one image. The goal is at most 2 s for a thousand images.
fn scoring(criterion: &mut Criterion) {
    let session = untrained(1, 1).expect("initial filters are in order");
    let picture = softness::dataset::Dataset::tiny().bird();
    criterion.bench_function("52 filters scored on an image", |bencher| {
        bencher.iter(|| score(&session, black_box(&picture)).expect("nothing is constant"));
    });
}

/// The six fits to the scores of eleven sessions on one image.
fn fitting(criterion: &mut Criterion) {
    let picture = softness::dataset::Dataset::tiny().bird();
    let sessions = (0..11).map(|seed| untrained(seed, 1 + 1_000 * seed));
    let rows = sessions.map(|session| score(&session?, &picture)).collect::<Result<Vec<_>>>();
    let table = ScoreTable::from_rows(rows.expect("nothing is constant").concat()).expect("distinct");
    criterion.bench_function("6 fits to 11 sessions", |bencher| {
        bencher.iter(|| fit_models(black_box(&table)).expect("scores differ"));
    });
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = quick(); targets = scoring, fitting }
criterion_main!(benches);
