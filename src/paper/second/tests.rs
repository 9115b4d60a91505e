use std::collections::BTreeMap;

use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::archive::{read_filters, write_filters};
use super::questions::{Change, Effects, answers};
use super::shapes::Shapes;
use super::soft::{SoftCounts, ruling};
use super::statements::{by_share, power_law};
use super::study::{ScoreColumn, Study};
use super::worlds::{Effort, NOMINAL, World, coverage};
use super::{SecondStudy, files};
use crate::dataset::Dataset;
use crate::filters::FilterBank;
use crate::golden::assert_close;
use crate::network::{Architecture, Weights};
use crate::paper::Ruling;
use crate::responses::{Border, Reading, ResponseOptions, responses};
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::LevelModel;
use crate::table::CsvTable;

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
    files::write_scores(folder.path(), &columns, &sessions).unwrap();
    files::write_untrained(folder.path(), &untrained).unwrap();
    let study = files::read(folder.path()).unwrap();
    assert_eq!(study.columns, columns);
    assert_eq!(study.levels[&100].column(0).to_vec(), [0.1, 0.2, 0.1 * 3.0].map(f64::ln));
    assert_eq!(study.untrained, untrained.mapv(f64::ln));
    assert_eq!(study.column(Reading::KernelSlice, Border::Same, "static fields", 1), Some(1));

    let error = SecondStudy::answer(folder.path()).unwrap_err().to_string();
    assert!(error.contains("at least 5 of 2000 iterations"), "{error}");
    files::write_scores(folder.path(), &columns, &[("100-1".into(), 100, vec![0.0, 1.0])]).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("column \"forward-pass/same/bird/2\"") && error.contains("not above 0"),
        "{error}"
    );
    files::write_scores(folder.path(), &columns, &sessions).unwrap();
    files::write_untrained(folder.path(), &Array2::from_elem((2, 1), 1.0)).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("untrained.npy") && error.contains("scores.csv has 2"), "{error}");
    files::write_untrained(folder.path(), &Array2::from_elem((2, 2), -1.0)).unwrap();
    let error = files::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("row 0 has a score that is not above 0"), "{error}");
}

/// A session with the initial filters of a seed.
fn untrained(name: &str, seed: u64) -> Session {
    let architecture = Architecture { dense: 1, classes: 1, ..Architecture::paper() };
    let banks = FilterBank::from_weights(&Weights::initial(&architecture, seed).unwrap()).unwrap();
    Session::from_filters(name, 1, banks).unwrap()
}

#[test]
fn filters_come_back_from_an_archive_and_the_same_sessions_make_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filters.npz");
    let sessions = [untrained("100-1", 1), untrained("100-2", 2)];
    write_filters(&sessions, &path).unwrap();
    let found = read_filters(&path).unwrap();
    assert_eq!(found.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["100-1", "100-2"]);
    for ((_, banks), session) in found.iter().zip(&sessions) {
        assert_eq!(banks, &session.filters);
    }
    let bytes = std::fs::read(&path).unwrap();
    write_filters(&sessions, &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = read_filters(&path).unwrap_err().to_string();
    assert!(error.contains("filters.npz"), "{error}");
}

#[test]
fn the_course_of_a_setting_is_in_two_tables() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = Dataset::synthetic(0).unwrap();
    // Two sessions of one setting: seeds in place of training.
    for number in [1u64, 2] {
        let course =
            [("0", 10), ("2000", 20), ("10000", 30)].map(|(name, seed)| untrained(name, seed + number));
        write_filters(&course, &folder.path().join(format!("sd-0.05-{number}.npz"))).unwrap();
    }
    SecondStudy::settings(folder.path(), &dataset, folder.path()).unwrap();
    let scores = CsvTable::open(folder.path().join("settings.csv")).unwrap();
    assert_eq!(scores.len(), 6);
    let column = "kernel-slice-sum/same/bird/2";
    let expected = |seed: u64| {
        let reading = Reading::KernelSliceSum;
        let options = ScoringOptions::default().response(ResponseOptions::default().reading(reading));
        let maps = responses(&untrained("x", seed), 2, &dataset.bird(), options.response).unwrap();
        maps.iter().map(|map| options.score(map).unwrap().value()).sum::<f64>()
    };
    for (row, seed) in [11, 21, 31, 12, 22, 32].into_iter().enumerate() {
        // exp of ln of a sum: two roundings, of about 1e-16 each.
        assert_close(scores.number(row, column).unwrap(), expected(seed), 1e-14, 4.0, &format!("{row}"));
    }
    // The figure shows the mean change of the two since their own start.
    let courses = SecondStudy::setting_courses(folder.path(), "bird").unwrap();
    assert_eq!(courses.len(), Reading::ALL.len());
    let summed = courses.iter().find(|course| course.reading == Reading::KernelSliceSum).unwrap();
    assert_eq!((summed.setting.as_str(), summed.points.len()), ("sd-0.05", 2));
    let mean = ((expected(21) / expected(11)).ln() + (expected(22) / expected(12)).ln()) / 2.0;
    assert_eq!(summed.points[0].0, 2_000.0);
    assert_close(summed.points[0].1, mean, 1e-14, 1.0, "course");

    let effects = CsvTable::open(folder.path().join("settings_effects.csv")).unwrap();
    assert_eq!(effects.len(), 16);
    let row = (0..16).find(|&row| effects.text(row, "response").unwrap() == column).unwrap();
    let change = ((expected(31) / expected(11)).ln() + (expected(32) / expected(12)).ln()) / 2.0;
    assert_close(effects.number(row, "change").unwrap(), change, 1e-14, 1.0, "change");
    assert!(effects.number(row, "change_low").unwrap() < change);
    std::fs::rename(folder.path().join("sd-0.05-2.npz"), folder.path().join("two.npz")).unwrap();
    let error = SecondStudy::settings(folder.path(), &dataset, folder.path()).unwrap_err().to_string();
    assert!(error.contains("two.npz") && error.contains("SETTING-NUMBER.npz"), "{error}");
}
