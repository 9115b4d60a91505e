use std::collections::BTreeMap;

use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::questions::{Change, Effects, answers};
use super::shapes::Shapes;
use super::soft::{SoftCounts, ruling};
use super::statements::{by_share, power_law};
use super::study::{ScoreColumn, Study};
use super::worlds::{Effort, NOMINAL, World, coverage};
use super::{SecondStudy, files};
use crate::golden::assert_close;
use crate::paper::Ruling;
use crate::responses::{Border, Reading, ResponseOptions};
use crate::stats::LevelModel;

const LEVELS: [(u64, usize); 6] =
    [(500, 10), (2_000, 20), (5_000, 20), (10_000, 20), (30_000, 20), (50_000, 20)];
/// The scatter of sessions of one level.
const SD: f64 = 0.03;

/// A study with these columns, whose mean ln score after x iterations is 1 + `shape(x)`.
fn study(columns: &[ScoreColumn], shape: impl Fn(f64) -> f64) -> Study {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut draw = |x: f64, count: usize| {
        let normal = || -> f64 { StandardNormal.sample(&mut random) };
        Array2::from_shape_simple_fn((count, columns.len()), normal) * SD + 1.0 + shape(x)
    };
    let untrained = draw(0.0, 500);
    let levels: BTreeMap<u64, Array2<f64>> =
        LEVELS.into_iter().map(|(level, count)| (level, draw(level as f64, count))).collect();
    Study { columns: columns.to_vec(), untrained, levels }
}

fn column(reading: Reading, images: &str, layer: usize) -> ScoreColumn {
    ScoreColumn { options: ResponseOptions::default().reading(reading), images: images.into(), layer }
}

fn step(x: f64) -> f64 {
    if x > 0.0 { -0.1 } else { 0.0 }
}

#[test]
fn a_step_is_softer_by_any_training_and_not_by_more() {
    let columns = [column(Reading::ForwardPass, "bird", 2), column(Reading::EachKernel, "static", 2)];
    let study = study(&columns, step);
    let effects: Vec<Effects> = (0..2).map(|column| Effects::new(&study, column).unwrap()).collect();
    for (any, more) in answers(&effects.iter().collect::<Vec<_>>()).unwrap() {
        assert_eq!(any, Change::Softer);
        assert!(matches!(more, Change::Hardly | Change::NotKnown), "{more}");
    }
    let shapes = Shapes::new(&study.summaries(0), 499);
    assert!(shapes.of(LevelModel::Step).1 > 0.05 && shapes.of(LevelModel::Power).1 < 0.01, "{shapes:?}");
}

#[test]
fn a_power_law_is_softer_by_more_training_and_a_step_is_rejected() {
    let columns = [column(Reading::ForwardPass, "bird", 2)];
    let study = study(&columns, |x| -0.02 * x.max(1.0).ln());
    let effects = Effects::new(&study, 0).unwrap();
    assert_eq!(answers(&[&effects]).unwrap(), [(Change::Softer, Change::Softer)]);
    // The slope of one column within four standard errors, 0.03 / sqrt(100) / 1.15.
    assert_close(effects.more.value, -0.02, 0.0105, 1.0, "slope");
    assert!(effects.more.interval.low < -0.02 && -0.02 < effects.more.interval.high);
    let shapes = Shapes::new(&study.summaries(0), 499);
    assert!(shapes.of(LevelModel::Power).1 > 0.05 && shapes.of(LevelModel::Step).1 < 0.01, "{shapes:?}");
}

#[test]
fn predictive_intervals_cover_what_they_say() {
    let columns = [column(Reading::ForwardPass, "bird", 2)];
    let study = study(&columns, |x| -0.015 * x.max(1.0).ln());
    let effort = Effort { studies: 150, sets: 500, tests: 20 };
    for world in [World::Normal, World::Resampled] {
        let found = coverage(&study, &[0], world, effort).unwrap()[0];
        assert_eq!(NOMINAL[0], 0.95);
        // 150 studies: a standard deviation of about 0.01.
        assert!((0.92..0.98).contains(&found[0]), "{world}: {found:?}");
        assert!(found.is_sorted(), "a higher level covers more: {found:?}");
    }
}

#[test]
fn shares_near_a_limit_decide_nothing() {
    let rulings = [0.83, 0.81, 0.79, 0.5, 0.21, 0.19, 0.17].map(by_share);
    use Ruling::{CannotBeTested as Open, NotReproduced as No, Reproduced as Yes};
    assert_eq!(rulings, [Yes, Open, Open, Open, Open, Open, No]);
}

#[test]
fn a_power_law_needs_more_training_to_soften_and_the_step_to_be_rejected() {
    use Ruling::{CannotBeTested as Open, NotReproduced as No, Reproduced as Yes};
    // More training; whether the power model and the step model are rejected.
    let cases = [
        (Change::Softer, [false, true], Yes),
        (Change::Softer, [false, false], Open),
        (Change::Softer, [true, true], No),
        (Change::Hardly, [false, true], No),
        (Change::Harder, [false, false], No),
        (Change::NotKnown, [false, true], Open),
        (Change::NotKnown, [true, false], No),
    ];
    for (more, rejected, expected) in cases {
        assert_eq!(power_law(more, rejected), expected, "{more} {rejected:?}");
    }
}

#[test]
fn pairs_are_compared_with_pairs_of_untrained_networks() {
    let rows = [0, 0, 1, 2].map(|count| (0, vec![count]));
    let counts = SoftCounts::new(rows.to_vec());
    // By hand: five of six pairs differ.
    assert_close(counts.untrained_share(0), 5.0 / 6.0, f64::EPSILON, 1.0, "by hand");
    let spread: Vec<usize> = (0..20).collect();
    assert_eq!(ruling(&spread, 0.5), (1.0, Ruling::Reproduced));
    assert_eq!(ruling(&[3; 20], 0.5), (0.0, Ruling::NotReproduced));
    let mixed: Vec<usize> = (0..20).map(|session| session % 2).collect();
    assert_eq!(ruling(&mixed, 0.5).1, Ruling::CannotBeTested);
}

#[test]
fn scores_are_read_back_to_the_same_bits_and_bad_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let columns = [column(Reading::ForwardPass, "bird", 2), column(Reading::KernelSlice, "static fields", 1)];
    let sessions: Vec<(String, u64, Vec<f64>)> =
        (1..=3).map(|number| (format!("100-{number}"), 100, vec![0.1 * f64::from(number), 4.0])).collect();
    let untrained = Array2::from_elem((2, 2), 3.5);
    files::write(folder.path(), &columns, &sessions, &untrained).unwrap();
    let study = files::read(folder.path()).unwrap();
    assert_eq!(study.columns, columns);
    assert_eq!(study.levels[&100].column(0).to_vec(), [0.1, 0.2, 0.1 * 3.0].map(f64::ln));
    assert_eq!(study.untrained, untrained.mapv(f64::ln));
    assert_eq!(study.column(Reading::KernelSlice, Border::Same, "static fields", 1), Some(1));

    let error = SecondStudy::answer(folder.path()).unwrap_err().to_string();
    assert!(error.contains("at least 5 of 2000 iterations"), "{error}");
    files::write(folder.path(), &columns, &[("100-1".into(), 100, vec![0.0, 1.0])], &untrained).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("column \"forward-pass/same/bird/2\"") && error.contains("not above 0"),
        "{error}"
    );
    files::write(folder.path(), &columns, &sessions, &Array2::from_elem((2, 1), 1.0)).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("untrained.npy") && error.contains("scores.csv has 2"), "{error}");
    files::write(folder.path(), &columns, &sessions, &Array2::from_elem((2, 2), -1.0)).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("row 0 has a score that is not above 0"), "{error}");
}
