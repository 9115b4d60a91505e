//! Straight lines: intervals, criteria, influence and residual tests.
use softness::models::Fit;
use softness::stats::{Interval, TestOutcome};

use super::{Golden, Kind, Line};
use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{REORDERED_SUMS, SPECIAL_FUNCTIONS};

fn each_line(mut check: impl FnMut(&str, &Fit, &Line)) {
    let sets = json::<Golden>("statistics.json").lines;
    assert_eq!(sets.len(), 7);
    for set in sets {
        for line in &set.fits {
            let ours = line.form.fit(&set.x, &set.y).unwrap();
            check(&format!("{}, {}", set.name, line.form), &ours, line);
        }
    }
}

#[test]
fn lines_are_those_of_lm_on_nists_sets_cars_ties_leverage_and_unequal_variance() {
    let (mut coefficients, mut p_values) =
        (Kind::new("coefficient of lm", REORDERED_SUMS), Kind::new("p of lm", SPECIAL_FUNCTIONS));
    each_line(|place, ours, line| {
        for (ours, theirs) in [
            (ours.slope(), line.slope),
            (ours.slope_std_err(), line.slope_std_err),
            (ours.intercept_std_err(), line.intercept_std_err),
            (ours.r(), line.r),
            (ours.r_squared(), line.r_squared),
            (ours.t(), line.t),
        ] {
            coefficients.relative(ours, theirs, place);
        }
        coefficients.scaled(ours.intercept(), line.intercept, line.intercept_std_err, place);
        p_values.relative(ours.p_value(), line.p_value, place);
        let spread = ours.residual_std_err();
        for (ours, theirs) in ours.residuals().iter().zip(&line.residuals) {
            coefficients.scaled(*ours, *theirs, spread, place);
        }
    });
}

#[test]
fn intervals_and_bands_are_those_of_confint_and_predict() {
    let (mut ends, mut bands) = (Kind::new("interval", REORDERED_SUMS), Kind::new("band", REORDERED_SUMS));
    let mut tests = Kind::new("p of the intercept", SPECIAL_FUNCTIONS);
    each_line(|place, ours, line| {
        let width = |interval: [f64; 2]| interval[0].abs().max(interval[1].abs());
        let mut compare = |interval: Interval, expected: [f64; 2]| {
            ends.scaled(interval.low, expected[0], width(expected), place);
            ends.scaled(interval.high, expected[1], width(expected), place);
        };
        compare(ours.slope_interval(0.95).unwrap(), line.slope_95);
        compare(ours.intercept_interval(0.9).unwrap(), line.intercept_90);
        tests.scaled(ours.intercept_t(), line.intercept_t, line.intercept_t.abs().max(1.0), place);
        tests.relative(ours.intercept_p_value(), line.intercept_p_value, place);
        for (row, &x) in line.at.iter().enumerate() {
            let confidence = ours.confidence_band(x, 0.95).unwrap();
            let prediction = ours.prediction_band(x, 0.99).unwrap();
            let scale = line.prediction_high[row].abs().max(line.prediction_low[row].abs());
            bands.scaled(confidence.low, line.confidence_low[row], scale, place);
            bands.scaled(confidence.high, line.confidence_high[row], scale, place);
            bands.scaled(prediction.low, line.prediction_low[row], scale, place);
            bands.scaled(prediction.high, line.prediction_high[row], scale, place);
        }
    });
}

#[test]
fn goodness_and_information_criteria_are_those_of_summary_and_aic_with_the_jacobian() {
    let (mut goodness, mut criteria) =
        (Kind::new("goodness", REORDERED_SUMS), Kind::new("criterion", REORDERED_SUMS));
    let (mut p_values, mut errors) =
        (Kind::new("p of F", SPECIAL_FUNCTIONS), Kind::new("error of y", REORDERED_SUMS));
    each_line(|place, ours, line| {
        goodness.relative(ours.residual_std_err(), line.residual_std_err, place);
        goodness.scaled(ours.adjusted_r_squared(), line.adjusted_r_squared, 1.0, place);
        goodness.relative(ours.f(), line.f, place);
        p_values.relative(ours.f_p_value(), line.f_p_value, place);
        assert_close(ours.f_p_value(), ours.p_value(), SPECIAL_FUNCTIONS, ours.p_value(), "p of F is p of t");
        let information = ours.information();
        // A likelihood is right to within its ln of the residuals' size: absolute, and n of them.
        let n = ours.n() as f64;
        criteria.scaled(information.log_likelihood, line.log_likelihood, n, place);
        criteria.scaled(information.aic, line.aic, n, place);
        criteria.scaled(information.aicc, line.aicc, n, place);
        criteria.scaled(information.bic, line.bic, n, place);
        errors.relative(ours.rmse(), line.rmse, place);
        errors.relative(ours.leave_one_out_error().unwrap(), line.leave_one_out, place);
    });
}

#[test]
fn leverage_studentised_residuals_cooks_distance_and_refits_are_rs() {
    let mut leverages = Kind::new("leverage", REORDERED_SUMS);
    let (mut residuals, mut slopes) =
        (Kind::new("residual", REORDERED_SUMS), Kind::new("slope without a level", REORDERED_SUMS));
    let mut distances = Kind::new("Cook's distance", REORDERED_SUMS);
    each_line(|place, ours, line| {
        let compare = |kind: &mut Kind, ours: Vec<f64>, theirs: &[f64], scale: f64| {
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                kind.scaled(*ours, *theirs, scale, place);
            }
        };
        let largest = line.cooks.iter().copied().fold(0.0, f64::max);
        compare(&mut leverages, ours.leverages(), &line.leverages, 1.0);
        compare(&mut residuals, ours.standardised_residuals(), &line.standardised, 1.0);
        compare(&mut residuals, ours.studentised_residuals(), &line.studentised, 10.0);
        compare(&mut residuals, ours.normal_scores(), &line.normal_scores, 1.0);
        compare(&mut distances, ours.cooks_distances(), &line.cooks, largest);
        let without = ours.without_each_level().unwrap();
        assert_eq!(without.iter().map(|level| level.level).collect::<Vec<_>>(), line.levels, "{place}");
        assert_eq!(without.iter().map(|level| level.points).sum::<usize>(), ours.n());
        for (level, &slope) in without.iter().zip(&line.slopes_without) {
            slopes.scaled(level.without.as_ref().unwrap().slope(), slope, ours.slope().abs(), place);
        }
    });
}

#[test]
fn lack_of_fit_curvature_and_residual_tests_are_rs() {
    let (mut statistics, mut p_values) =
        (Kind::new("statistic", REORDERED_SUMS), Kind::new("p", SPECIAL_FUNCTIONS));
    let (mut without_repeats, mut with_repeats) = (0, 0);
    each_line(|place, ours, line| {
        let mut compare = |outcome: TestOutcome, expected: [f64; 2], what: &str| {
            let place = format!("{place}, {what}");
            statistics.scaled(outcome.statistic, expected[0], expected[0].abs().max(1.0), &place);
            p_values.scaled(outcome.p_value, expected[1], expected[1], &place);
        };
        match (ours.lack_of_fit(), line.lack_of_fit) {
            (Some(outcome), Some(expected)) => {
                with_repeats += 1;
                compare(outcome, expected, "lack of fit");
            }
            (None, None) => without_repeats += 1,
            (ours, theirs) => panic!("{place}: {ours:?} beside {theirs:?}"),
        }
        compare(ours.curvature().unwrap(), line.quadratic, "curvature");
        compare(ours.breusch_pagan().unwrap(), line.breusch_pagan, "Breusch-Pagan");
        compare(ours.normality().unwrap(), line.shapiro, "Shapiro-Wilk");
    });
    assert!(with_repeats > 0 && without_repeats > 0);
}
