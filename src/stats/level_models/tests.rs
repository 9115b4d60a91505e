use serde::Deserialize;
use std::collections::BTreeMap;

use super::*;
use crate::golden::{assert_close, json};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    truth: String,
    x: Vec<f64>,
    mean: Vec<f64>,
    sd: Vec<f64>,
    n: Vec<usize>,
    models: BTreeMap<String, Theirs>,
}

#[derive(Deserialize)]
struct Theirs {
    coefficients: Vec<f64>,
    tau: Option<f64>,
    q: f64,
}

/// Ten weighted means and at most three columns: a few hundred roundings.
const LINEAR: f64 = 1e-10;
/// Q is flat at its minimum, so tau has half of its digits: 1e-7 of ln tau in the search here, about the same by scipy.
const FLAT: f64 = 1e-5;
/// The share of 20,000 draws varies by 0.0035 (one standard deviation); four of them.
const MONTE_CARLO: f64 = 0.014;

fn levels(case: &Case) -> Vec<LevelSummary> {
    let level =
        |at: usize| LevelSummary { x: case.x[at], mean: case.mean[at], sd: case.sd[at], n: case.n[at] };
    (0..case.x.len()).map(level).collect()
}

#[test]
fn fits_are_those_of_statsmodels_and_scipy() {
    for case in json::<Golden>("level_models.json").cases {
        for model in LevelModel::ALL {
            let what = format!("{} by {}", case.truth, model.name());
            let (ours, theirs) = (model.fit(&levels(&case)), &case.models[model.name()]);
            assert_eq!(ours.tau.is_some(), theirs.tau.is_some());
            let (tolerance, scale) = if theirs.tau.is_some() { (FLAT, 1.0) } else { (LINEAR, 1.0) };
            assert_eq!(ours.coefficients.len(), theirs.coefficients.len());
            for (our, their) in ours.coefficients.iter().zip(&theirs.coefficients) {
                assert_close(*our, *their, tolerance, scale, &what);
            }
            if let (Some(our), Some(their)) = (ours.tau, theirs.tau) {
                assert_close(our, their, 100.0 * FLAT, their, &what);
            }
            assert_close(ours.q, theirs.q, LINEAR * 100.0, theirs.q.max(1.0), &what);
        }
    }
}

#[test]
fn a_true_model_is_rejected_as_often_as_its_level_says() {
    // 200 studies from a saturating curve: at 0.05 about ten are rejected; 3.1 is one standard deviation.
    let truth =
        LevelFit { model: LevelModel::Saturating, coefficients: vec![1.5, -0.2], tau: Some(900.0), q: 0.0 };
    let design = levels(&json::<Golden>("level_models.json").cases.remove(0));
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let rejected = |model: LevelModel, random: &mut ChaCha8Rng| {
        let study: Vec<LevelSummary> =
            design.iter().map(|level| level.simulated(truth.at(level.x), random)).collect();
        model.fit(&study).lack_of_fit(&study, 199, 1) <= 0.05
    };
    let count = (0..200).filter(|_| rejected(LevelModel::Saturating, &mut random)).count();
    assert!((1..=22).contains(&count), "{count} of 200");
    let count = (0..20).filter(|_| rejected(LevelModel::Step, &mut random)).count();
    assert_eq!(count, 20, "a step is no exponential approach");
}

#[test]
fn with_large_levels_q_has_a_chi_squared_distribution() {
    use statrs::distribution::{ChiSquared, ContinuousCDF};
    let mut study = levels(&json::<Golden>("level_models.json").cases.remove(1));
    study.iter_mut().for_each(|level| level.n = 100_000);
    let fit = LevelModel::Power.fit(&study);
    let fit = LevelFit { q: 9.0, ..fit };
    let expected = ChiSquared::new(8.0).unwrap().sf(9.0);
    assert_close(
        fit.lack_of_fit(&study, 20_000, 1),
        expected,
        MONTE_CARLO,
        1.0,
        "ten levels, two coefficients",
    );
}

#[test]
fn the_interval_of_tau_is_where_q_exceeds_its_minimum_by_3_84() {
    let case = json::<Golden>("level_models.json").cases.remove(0);
    let study = levels(&case);
    let fit = LevelModel::Saturating.fit(&study);
    let interval = fit.tau_interval(&study).unwrap();
    assert!(interval.low < fit.tau.unwrap() && fit.tau.unwrap() < interval.high, "{interval:?}");
    for end in [interval.low, interval.high] {
        let q = LevelModel::Saturating.solve(&study, end).1;
        assert_close(q - fit.q, CHI_SQUARED_95, 1e-6, 1.0, "by hand");
    }
    assert!(LevelModel::Power.fit(&study).tau_interval(&study).is_none());
    // Data that say nothing about tau: the range of the search.
    let flat: Vec<LevelSummary> = study.iter().map(|level| LevelSummary { mean: 1.0, ..*level }).collect();
    let interval = LevelModel::Saturating.fit(&flat).tau_interval(&flat).unwrap();
    assert_close(interval.low, 10.0, 1e-9, 10.0, "low");
    assert_close(interval.high, 100_000.0, 1e-9, 100_000.0, "high");
}

#[test]
fn a_summary_is_the_mean_and_the_standard_deviation() {
    let summary = LevelSummary::new(100.0, &[1.0, 2.0, 3.0, 4.0]);
    assert_eq!((summary.mean, summary.n), (2.5, 4));
    assert_close(summary.sd, (5.0f64 / 3.0).sqrt(), f64::EPSILON, 2.0, "by hand");
}
