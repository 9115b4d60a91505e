//! Permutation tests and bootstraps held against numpy going through every arrangement and every set of signs.
use serde::Deserialize;
use softness::models::{Fit, Form, max_t};
use softness::stats::{Bootstrap, BootstrapScheme, Permutations};

use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{
    COUNTS, DRAWN_DEVIATIONS, DRAWN_QUANTILES, DRAWN_SHARES, SPECIAL_FUNCTIONS,
};

/// Bootstraps of this many sets ...
const DRAWS: u32 = 40_000;

#[derive(Deserialize)]
struct Golden {
    fits: Vec<OneFit>,
    tied: Vec<OneFit>,
    max_t: MaxT,
    wild: Wild,
}

#[derive(Deserialize)]
struct OneFit {
    x: Vec<f64>,
    y: Vec<f64>,
    arrangements: u32,
    linear: f64,
    power: f64,
    spearman: f64,
    rho: f64,
    tau: f64,
    kendall: f64,
}

#[derive(Deserialize)]
struct MaxT {
    x: Vec<f64>,
    y: [Vec<f64>; 2],
    adjusted: Vec<f64>,
}

#[derive(Deserialize)]
struct Wild {
    x: Vec<f64>,
    y: Vec<f64>,
    hc2: f64,
    breusch_pagan: [f64; 2],
    p: f64,
    low: f64,
    high: f64,
    residual_std_err: f64,
}

#[test]
fn permutation_tests_count_every_distinct_arrangement() {
    let Golden { fits, tied, .. } = json("resampling.json");
    assert_eq!(fits.last().unwrap().arrangements, 277_200, "the paper's design");
    let repeated = |y: &[f64]| y.iter().enumerate().any(|(at, value)| y[..at].contains(value));
    assert!(
        tied.iter().all(|set| repeated(&set.y)) && tied.iter().any(|set| repeated(&set.x)),
        "in y, and in both"
    );
    for set in fits.into_iter().chain(tied) {
        let place = format!("{} arrangements, {:?}", set.arrangements, set.y);
        for (form, expected) in [(Form::Linear, set.linear), (Form::Power, set.power)] {
            let ours = form.fit(&set.x, &set.y).unwrap().permutation_test(Permutations::default());
            assert_close(ours.p_value, expected, COUNTS, expected, &format!("{place}, {form}"));
            assert!(ours.exact);
        }
        let ours = Form::Linear.fit(&set.x, &set.y).unwrap();
        let (rho, tau) = (ours.spearman().unwrap(), ours.kendall().unwrap());
        assert!(rho.exact && tau.exact);
        assert_close(rho.statistic, set.rho, COUNTS, 1.0, &place);
        assert_close(tau.statistic, set.tau, COUNTS, 1.0, &place);
        assert_close(rho.p_value, set.spearman, COUNTS, set.spearman, &place);
        assert_close(tau.p_value, set.kendall, COUNTS, set.kendall, &place);
    }
}

#[test]
fn many_points_are_permuted_by_seed() {
    let x: Vec<f64> = (1..=20).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| 5.0 + 0.04 * x + (7.0 * x).sin()).collect();
    let ours = Form::Linear.fit(&x, &y).unwrap();
    let test = |seed| ours.permutation_test(Permutations::default().draws(20_000).seed(seed));
    assert!(!test(1).exact);
    assert_eq!(test(1), test(1));
    assert_ne!(test(1).p_value, test(2).p_value);
    // Normal or not, t's p is near: sin's values are not far from an even distribution.
    assert_close(test(1).p_value, ours.p_value(), 0.03, 1.0, "t");
}

fn six_fits() -> (Vec<Fit>, Vec<f64>) {
    let MaxT { x, y, adjusted } = json::<Golden>("resampling.json").max_t;
    let fits = y.iter().flat_map(|y| Form::ALL.map(|form| form.fit(&x, y).unwrap())).collect();
    (fits, adjusted)
}

#[test]
fn max_t_steps_down_over_all_fits_together() {
    let (fits, adjusted) = six_fits();
    let ours = max_t(&fits, Permutations::default()).unwrap();
    assert_eq!(ours.len(), adjusted.len());
    for ((ours, theirs), fit) in ours.iter().zip(&adjusted).zip(&fits) {
        assert_close(ours.p_value, *theirs, COUNTS, *theirs, "adjusted p");
        assert!(ours.p_value >= fit.permutation_test(Permutations::default()).p_value && ours.exact);
    }
    assert!(max_t(&[], Permutations::default()).unwrap().is_empty());
    let other = Form::Linear.fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]).unwrap();
    let error = max_t(&[fits[0].clone(), other], Permutations::default()).unwrap_err().to_string();
    assert!(error.contains("the same x values"), "{error}");
}

#[test]
fn bootstraps_have_the_errors_and_p_values_of_all_their_sets() {
    let Wild { x, y, hc2, p, low, high, residual_std_err, .. } = json::<Golden>("resampling.json").wild;
    let ours = Form::Linear.fit(&x, &y).unwrap();
    let bootstrap = |scheme| ours.bootstrap_slope(Bootstrap::default().scheme(scheme).draws(DRAWS)).unwrap();
    let (signs, webb, residual) = (
        bootstrap(BootstrapScheme::Rademacher),
        bootstrap(BootstrapScheme::Webb),
        bootstrap(BootstrapScheme::Residual),
    );
    assert_close(signs.std_err, hc2, DRAWN_DEVIATIONS, hc2, "Rademacher: HC2 of statsmodels");
    assert_close(webb.std_err, hc2, DRAWN_DEVIATIONS, hc2, "Webb: HC2 of statsmodels");
    assert_close(residual.std_err, residual_std_err, DRAWN_DEVIATIONS, residual_std_err, "residuals");
    assert_close(signs.p_value, p, DRAWN_SHARES, 1.0, "p of all signs");
    assert_close(signs.interval.low, low, DRAWN_QUANTILES, hc2, "2.5%");
    assert_close(signs.interval.high, high, DRAWN_QUANTILES, hc2, "97.5%");
    for other in [webb, residual] {
        assert!(other.interval.contains(ours.slope()) && (0.0..=1.0).contains(&other.p_value));
    }
    assert_eq!(bootstrap(BootstrapScheme::Webb), webb, "the same seed");
    let other_seed = ours.bootstrap_slope(Bootstrap::default().seed(1)).unwrap();
    assert_ne!(other_seed, ours.bootstrap_slope(Bootstrap::default()).unwrap());
}

#[test]
fn the_test_of_breusch_and_pagan_is_koenkers_in_statsmodels() {
    let Wild { x, y, breusch_pagan: [statistic, p_value], .. } = json::<Golden>("resampling.json").wild;
    let ours = Form::Linear.fit(&x, &y).unwrap().breusch_pagan().unwrap();
    assert_close(ours.statistic, statistic, COUNTS, statistic, "n R²");
    assert_close(ours.p_value, p_value, SPECIAL_FUNCTIONS, p_value, "p");
}

#[test]
fn too_few_draws_and_impossible_levels_are_refused() {
    let ours = Form::Linear.fit(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 4.0, 3.0]).unwrap();
    for (options, part) in [
        (Bootstrap::default().draws(10), "draws is 10"),
        (Bootstrap::default().level(95.0), "level is 95"),
        (Bootstrap::default().level(f64::NAN), "level is NaN"),
    ] {
        let error = ours.bootstrap_slope(options).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let sentence = ours.slope_interval(0.0).unwrap_err().to_string();
    assert!(sentence.starts_with("level is 0, but "), "{sentence}");
    let sentence = ours.prediction_band(1.0, 1.5).unwrap_err().to_string();
    assert!(sentence.starts_with("level is 1.5, but "), "{sentence}");
}
