//! Intervals, bands, tests, influence and curves held against R's, mpmath's and NIST's.

use crate::support::golden::{assert_close, json};
use serde::Deserialize;
use softness::models::{
    Curve, Fit, Form, Interval, TestOutcome, benjamini_hochberg, fit, fit_curve, holm, shapiro_wilk,
};

/// What is asked for of coefficients and what is made of them, relative: R and we round differently, and
/// Norris' residuals are a thousandth of its y.
const LINEAR: f64 = 1e-11;

/// p values pass through incomplete beta and gamma functions that sum other series, and amplify t's error.
const P_VALUES: f64 = 1e-9;

/// nls stops at steps of 1e-7 standard errors; the least sum of squares itself is flat there.
const CURVES: f64 = 2e-7;
const SUMS: f64 = 1e-12;

/// NIST certifies eleven digits of parameters and of their errors.
const CERTIFIED: f64 = 1e-10;

#[derive(Deserialize)]
struct Golden {
    lines: Vec<Set>,
    ranks: Vec<Ranks>,
    tied: Vec<Tied>,
    shapiro: Vec<Shapiro>,
    adjusted: Adjusted,
    curves: Vec<CurveRow>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    fits: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    form: Form,
    slope: f64,
    slope_std_err: f64,
    intercept: f64,
    intercept_std_err: f64,
    r: f64,
    r_squared: f64,
    t: f64,
    p_value: f64,
    residuals: Vec<f64>,
    intercept_t: f64,
    intercept_p_value: f64,
    slope_95: [f64; 2],
    intercept_90: [f64; 2],
    at: Vec<f64>,
    confidence_low: Vec<f64>,
    confidence_high: Vec<f64>,
    prediction_low: Vec<f64>,
    prediction_high: Vec<f64>,
    residual_std_err: f64,
    adjusted_r_squared: f64,
    f: f64,
    f_p_value: f64,
    log_likelihood: f64,
    aic: f64,
    aicc: f64,
    bic: f64,
    rmse: f64,
    leave_one_out: f64,
    leverages: Vec<f64>,
    standardised: Vec<f64>,
    normal_scores: Vec<f64>,
    studentised: Vec<f64>,
    cooks: Vec<f64>,
    levels: Vec<f64>,
    slopes_without: Vec<f64>,
    lack_of_fit: Option<[f64; 2]>,
    quadratic: [f64; 2],
    breusch_pagan: [f64; 2],
    shapiro: [f64; 2],
}

#[derive(Deserialize)]
struct Ranks {
    x: Vec<f64>,
    y: Vec<f64>,
    spearman: [f64; 2],
    kendall: [f64; 2],
}

#[derive(Deserialize)]
struct Tied {
    x: Vec<f64>,
    y: Vec<f64>,
    kendall: [f64; 2],
    spearman_rho: f64,
    spearman_p: f64,
}

#[derive(Deserialize)]
struct Shapiro {
    values: Vec<f64>,
    w: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Adjusted {
    p: Vec<f64>,
    holm: Vec<f64>,
    bh: Vec<f64>,
}

#[derive(Deserialize)]
struct CurveRow {
    name: String,
    curve: String,
    x: Vec<f64>,
    y: Vec<f64>,
    parameters: Vec<f64>,
    std_errs: Vec<f64>,
    ssr: f64,
    log_likelihood: f64,
    aic: f64,
    bic: f64,
}

/// Compares numbers of one kind, and prints how far they were apart at most.
struct Kind {
    what: &'static str,
    tolerance: f64,
    largest: f64,
}

impl Kind {
    fn new(what: &'static str, tolerance: f64) -> Self {
        Self { what, tolerance, largest: 0.0 }
    }

    #[track_caller]
    fn relative(&mut self, ours: f64, theirs: f64, place: &str) {
        self.scaled(ours, theirs, theirs.abs(), place);
    }

    #[track_caller]
    fn scaled(&mut self, ours: f64, theirs: f64, scale: f64, place: &str) {
        self.largest = self.largest.max((ours - theirs).abs() / scale.max(f64::MIN_POSITIVE));
        assert_close(ours, theirs, self.tolerance, scale, &format!("{place}: {}", self.what));
    }
}

impl Drop for Kind {
    fn drop(&mut self) {
        println!("{}: largest relative difference {:.1e}", self.what, self.largest);
    }
}

fn each_line(mut check: impl FnMut(&str, &Fit, &Line)) {
    let sets = json::<Golden>("statistics.json").lines;
    assert_eq!(sets.len(), 7);
    for set in sets {
        for line in &set.fits {
            let ours = fit(line.form, &set.x, &set.y).unwrap();
            check(&format!("{}, {}", set.name, line.form), &ours, line);
        }
    }
}

#[test]
fn lines_are_those_of_lm_on_nists_sets_cars_ties_leverage_and_unequal_variance() {
    let (mut coefficients, mut p_values) =
        (Kind::new("coefficient of lm", LINEAR), Kind::new("p of lm", P_VALUES));
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
    let (mut ends, mut bands) = (Kind::new("interval", LINEAR), Kind::new("band", LINEAR));
    let mut tests = Kind::new("p of the intercept", P_VALUES);
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
    let (mut goodness, mut criteria) = (Kind::new("goodness", LINEAR), Kind::new("criterion", LINEAR));
    let (mut p_values, mut errors) = (Kind::new("p of F", P_VALUES), Kind::new("error of y", LINEAR));
    each_line(|place, ours, line| {
        goodness.relative(ours.residual_std_err(), line.residual_std_err, place);
        goodness.scaled(ours.adjusted_r_squared(), line.adjusted_r_squared, 1.0, place);
        goodness.relative(ours.f(), line.f, place);
        p_values.relative(ours.f_p_value(), line.f_p_value, place);
        assert_close(ours.f_p_value(), ours.p_value(), P_VALUES, ours.p_value(), "p of F is p of t");
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
    let mut leverages = Kind::new("leverage", LINEAR);
    let (mut residuals, mut slopes) =
        (Kind::new("residual", LINEAR), Kind::new("slope without a level", LINEAR));
    let mut distances = Kind::new("Cook's distance", LINEAR);
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
    let (mut statistics, mut p_values) = (Kind::new("statistic", LINEAR), Kind::new("p", P_VALUES));
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

#[test]
fn shapiro_wilk_is_rs_from_3_to_5000_values() {
    let (mut statistics, mut p_values) = (Kind::new("W", LINEAR), Kind::new("p of W", P_VALUES));
    for Shapiro { values, w, p } in json::<Golden>("statistics.json").shapiro {
        let ours = shapiro_wilk(&values).unwrap();
        let place = format!("{} values", values.len());
        statistics.relative(ours.statistic, w, &place);
        p_values.relative(ours.p_value, p, &place);
        assert_eq!(ours.exact, values.len() == 3);
    }
    for (values, reason) in [
        (vec![1.0, 2.0], "the number of values is 2, but Shapiro-Wilk's test takes 3 to 5,000"),
        (vec![1.0; 5], "values that are all the same"),
        (vec![1.0, f64::NAN, 2.0], "only finite numbers"),
    ] {
        let error = shapiro_wilk(&values).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn rank_correlations_are_those_of_cor_test() {
    let Golden { ranks, tied, .. } = json("statistics.json");
    let (mut coefficients, mut p_values) =
        (Kind::new("coefficient", LINEAR), Kind::new("p of ranks", P_VALUES));
    for Ranks { x, y, spearman, kendall } in ranks {
        let (ours, place) = (fit(Form::Linear, &x, &y).unwrap(), format!("{} points", x.len()));
        let (rho, tau) = (ours.spearman().unwrap(), ours.kendall().unwrap());
        coefficients.scaled(rho.statistic, spearman[0], 1.0, &place);
        coefficients.scaled(tau.statistic, kendall[0], 1.0, &place);
        p_values.relative(tau.p_value, kendall[1], &place);
        assert!(tau.exact);
        assert_eq!(rho.exact, x.len() <= 9);
        // Above nine points R sums Edgeworth's series where we take Student's t.
        if rho.exact {
            p_values.relative(rho.p_value, spearman[1], &place);
        }
    }
    for Tied { x, y, kendall, spearman_rho, spearman_p } in tied {
        let (ours, place) = (fit(Form::Linear, &x, &y).unwrap(), format!("{} points with ties", x.len()));
        let (rho, tau) = (ours.spearman().unwrap(), ours.kendall().unwrap());
        coefficients.scaled(rho.statistic, spearman_rho, 1.0, &place);
        coefficients.scaled(tau.statistic, kendall[0], 1.0, &place);
        p_values.relative(rho.p_value, spearman_p, &place);
        p_values.relative(tau.p_value, kendall[1], &place);
        assert!(!rho.exact && !tau.exact);
    }
}

#[test]
fn holm_and_benjamini_hochberg_are_those_of_p_adjust() {
    let Adjusted { p, holm: by_holm, bh } = json::<Golden>("statistics.json").adjusted;
    let mut adjusted = Kind::new("adjusted p", LINEAR);
    for (ours, theirs) in [(holm(&p).unwrap(), by_holm), (benjamini_hochberg(&p).unwrap(), bh)] {
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            adjusted.relative(*ours, *theirs, "p.adjust");
        }
    }
    assert!(holm(&[]).unwrap().is_empty());
    assert!(holm(&[0.5, 1.5]).unwrap_err().to_string().contains("p value is 1.5"));
    assert!(benjamini_hochberg(&[f64::NAN]).is_err());
}

fn curve_named(name: &str) -> Curve {
    Curve::ALL.into_iter().find(|curve| curve.name().to_lowercase().replace(' ', "_") == name).unwrap()
}

#[test]
fn curves_are_those_of_nls() {
    let rows = json::<Golden>("statistics.json").curves;
    assert_eq!(rows.len(), 7);
    let (mut parameters, mut sums) =
        (Kind::new("parameter of a curve", CURVES), Kind::new("sum of squares", SUMS));
    for row in rows {
        let place = format!("{}, {}", row.name, row.curve);
        let outcome = fit_curve(curve_named(&row.curve), &row.x, &row.y).unwrap();
        let ours = outcome.fit().unwrap_or_else(|| panic!("{place}: {outcome:?}"));
        assert_eq!(ours.parameters().len(), row.parameters.len());
        for place_of in 0..row.parameters.len() {
            parameters.relative(ours.parameters()[place_of], row.parameters[place_of], &place);
            parameters.relative(ours.std_errs()[place_of], row.std_errs[place_of], &place);
        }
        sums.relative(ours.ssr(), row.ssr, &place);
        let information = ours.information();
        for (ours, theirs) in [
            (information.log_likelihood, row.log_likelihood),
            (information.aic, row.aic),
            (information.bic, row.bic),
        ] {
            sums.scaled(ours, theirs, row.x.len() as f64, &place);
        }
        for ((x, y), residual) in row.x.iter().zip(&row.y).zip(ours.residuals()) {
            assert_close(ours.predict(*x), y - residual, CERTIFIED, y.abs(), &place);
        }
    }
}

#[test]
fn misra1a_and_danwood_have_nists_certified_curves() {
    let sets = json::<Golden>("statistics.json").curves;
    let set = |name: &str| sets.iter().find(|set| set.name == name).unwrap();
    let mut certified = Kind::new("NIST", CERTIFIED);
    // Misra1a: y = b1 (1 - exp(-b2 x)), so c = 1 / b2, whose standard error is that of b2 over b2².
    let (b2, b2_std_err) = (5.501_564_318_1e-4, 7.266_868_843_6e-6);
    let misra = fit_curve(Curve::ApproachFromZero, &set("misra1a").x, &set("misra1a").y).unwrap();
    let danwood = fit_curve(Curve::Power, &set("danwood").x, &set("danwood").y).unwrap();
    let (misra, danwood) = (misra.fit().unwrap(), danwood.fit().unwrap());
    for (ours, theirs, what) in [
        (misra.parameters()[0], 2.389_421_291_8e2, "b1"),
        (1.0 / misra.parameters()[1], b2, "b2"),
        (misra.std_errs()[0], 2.707_007_524_1, "error of b1"),
        (misra.std_errs()[1] * b2 * b2, b2_std_err, "error of b2"),
        (misra.ssr(), 1.245_513_889_4e-1, "sum of squares"),
        (misra.residual_std_err(), 1.018_787_633_0e-1, "residual deviation"),
        (danwood.parameters()[0], 7.688_622_617_6e-1, "DanWood b1"),
        (danwood.parameters()[1], 3.860_405_587_1, "DanWood b2"),
        (danwood.std_errs()[0], 1.828_197_386_0e-2, "DanWood error of b1"),
        (danwood.std_errs()[1], 5.172_661_091_3e-2, "DanWood error of b2"),
        (danwood.ssr(), 4.317_308_408_3e-3, "DanWood sum of squares"),
        (danwood.residual_std_err(), 3.285_311_403_9e-2, "DanWood residual deviation"),
    ] {
        certified.relative(ours, theirs, what);
    }
    assert_eq!((misra.degrees_of_freedom(), danwood.degrees_of_freedom()), (12, 4));
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    n: usize,
    r_squared: f64,
    level: f64,
    low: f64,
    high: f64,
}

/// The population R² is found by halving to neighbouring doubles, from probabilities with errors of some 1e-15.
const R_SQUARED: f64 = 1e-11;

#[test]
fn the_interval_of_r_squared_is_the_one_that_40_digits_give() {
    let mut ends = Kind::new("interval of R²", R_SQUARED);
    for Row { n, r_squared, level, low, high } in json::<Rows>("r_squared_interval.json").rows {
        let made = points_with_r_squared(n, r_squared);
        assert_close(made.r_squared(), r_squared, 1e-13, 1.0, "R² as chosen");
        let ours = made.r_squared_interval(level).unwrap();
        let place = format!("R² {r_squared}, n {n}");
        ends.scaled(ours.low, low, 1.0, &place);
        ends.scaled(ours.high, high, 1.0, &place);
        assert_eq!(
            (ours.low == 0.0, ours.high == 0.0),
            (low == 0.0, high == 0.0),
            "{place}: zero is allowed"
        );
    }
    let exact = fit(Form::Linear, &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap();
    assert_eq!(exact.r_squared_interval(0.95).unwrap(), Interval { low: 1.0, high: 1.0 });
    assert!(exact.r_squared_interval(1.0).unwrap_err().to_string().contains("level is 1"));
}

/// A fit with a chosen R²: a trend plus noise without trend and mean.
fn points_with_r_squared(n: usize, r_squared: f64) -> Fit {
    let x: Vec<f64> = (0..n).map(|index| index as f64).collect();
    let raw: Vec<f64> = x.iter().map(|x| (3.0 * x * x).sin()).collect();
    let noise = fit(Form::Linear, &x, &raw).unwrap().residuals().to_vec();
    let mean = (n - 1) as f64 / 2.0;
    let length = |values: Vec<f64>| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let (trend, size) = (length(x.iter().map(|x| x - mean).collect()), length(noise.clone()));
    let y: Vec<f64> = x
        .iter()
        .zip(&noise)
        .map(|(x, e)| r_squared.sqrt() * (x - mean) / trend + (1.0 - r_squared).sqrt() * e / size)
        .collect();
    fit(Form::Linear, &x, &y).unwrap()
}
