//! Fits to subsamples against `fit`, and against what must come out of tables made by hand.

use crate::golden::{assert_close, noise};
use crate::models::Form;
use crate::robustness::subsample_fits::SubsampleFitter;
use crate::robustness::tests::{PAPER, drawn, scores};
use crate::robustness::*;
use crate::softness::{FilterMeasure, Measure};
use crate::tolerances::REORDERED_SUMS;

#[test]
fn eleven_sessions_have_one_subsample_which_fits_as_fit_does() {
    let y: Vec<f64> = noise(11, 4).into_iter().map(|noise| 2.0 + noise).collect();
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(y.iter().copied()).collect();
    let robustness = assess_robustness(&scores(&points), drawn(50)).unwrap();
    assert_eq!((robustness.different_subsamples, robustness.sessions), (1.0, 11));
    let response = robustness.get(2, "bird", Measure::LocalDeviation).unwrap();
    for form in Form::ALL {
        let spread = response.form(form).unwrap();
        let theirs = form.fit(&PAPER.map(|x| x as f64), &y).unwrap();
        for quantile in spread.quantiles() {
            assert_close(quantile, theirs.r_squared(), REORDERED_SUMS, 1.0, form.name());
        }
        assert_close(spread.all_r_squared, theirs.r_squared(), REORDERED_SUMS, 1.0, form.name());
        let significant = if theirs.p_value() < 0.05 { 1.0 } else { 0.0 };
        assert_close(spread.significant, significant, REORDERED_SUMS, 1.0, form.name());
        assert!(spread.share_below(1.1) == 1.0 && spread.share_below(-0.1) == 0.0);
    }
    // The slope among the trained is that of a fit of theirs.
    let (x, y): (Vec<f64>, Vec<f64>) =
        points.iter().filter(|point| point.0 > 1).map(|&(x, y)| ((x as f64).ln(), y)).unzip();
    let theirs = Form::Linear.fit(&x, &y).unwrap();
    let [all, paper] = response.trained[..] else { panic!("two starts") };
    assert_eq!((all.from, all.n, paper.from, paper.n), (2, 8, 2_000, 8));
    assert_eq!((all.slope, all.p_value), (theirs.slope(), theirs.p_value()));
    assert_eq!(all.interval, theirs.slope_interval(0.95).unwrap());
}

#[test]
fn a_pure_step_with_noise_gives_high_r_squared_and_never_clearly_beats_the_step() {
    let noise = noise(55, 9);
    let points: Vec<(u64, f64)> = [1, 2_000, 10_000, 30_000, 50_000]
        .into_iter()
        .flat_map(|level| [level; 11])
        .zip(noise)
        .map(|(level, noise)| (level, if level == 1 { 5.0 } else { 4.0 } + 0.05 * noise))
        .collect();
    let robustness = assess_robustness(&scores(&points), drawn(2_000)).unwrap();
    let power = robustness.responses[0].form(Form::Power).unwrap();
    let [low, .., high] = power.quantiles();
    // 0.934 without noise, which moves it a little.
    assert!(0.90 < low && high < 0.96, "{low} {high}");
    assert_eq!((power.beats_step, power.clearly_beats_step, power.predicts_better), (0.0, 0.0, 0.0));
    assert_eq!(power.significant, 1.0);
    assert!(power.significant_among_trained < 0.2);
    assert!(power.step_median() > 0.99);
    assert!(robustness.to_string().contains("layer 2, bird"));
}

#[test]
fn a_true_power_law_beats_the_step_also_among_the_trained() {
    let noise = noise(50, 9);
    let points: Vec<(u64, f64)> = [1, 2_000, 10_000, 30_000, 50_000]
        .into_iter()
        .flat_map(|level| [level; 10])
        .zip(noise)
        .map(|(level, noise)| (level, 5.0 * (level as f64).powf(-0.1) * (1.0 + 0.02 * noise)))
        .collect();
    let robustness = assess_robustness(&scores(&points), drawn(500)).unwrap();
    let power = robustness.responses[0].form(Form::Power).unwrap();
    assert_eq!((power.beats_step, power.clearly_beats_step), (1.0, 1.0));
    assert_eq!((power.predicts_better, power.significant_among_trained), (1.0, 1.0));
    assert!(power.quantiles()[0] > 0.98);
    let effect = robustness.responses[0].trained[0];
    assert!(effect.p_value < 1e-10 && effect.holm == effect.p_value);
    assert!(effect.interval.contains(effect.slope) && effect.per_tenfold() < 0.0);
}

#[test]
fn subsamples_are_drawn_within_levels_without_replacement_and_all_of_them_come() {
    let design = SubsampleDesign::default().levels([(5, 2), (1, 1)]).draws(500).seed(3);
    let iterations = [1, 5, 5, 1, 5, 7];
    let sets = design.draw(&iterations).unwrap();
    assert_eq!(design.different(&iterations).unwrap(), 6.0);
    let mut different = sets.clone();
    different.sort();
    different.dedup();
    assert_eq!(different, [[1, 2, 0], [1, 2, 3], [1, 4, 0], [1, 4, 3], [2, 4, 0], [2, 4, 3]]);
    assert_eq!(sets, design.draw(&iterations).unwrap());
    assert_eq!(design.x(), [5.0, 5.0, 1.0]);
    let error = design.draw(&[1, 5, 7]).unwrap_err().to_string();
    assert!(error.contains("needs 2 sessions of 5 iterations"), "{error}");
}

#[test]
fn one_session_and_one_iteration_are_singular() {
    let needs = |take: usize, level: u64| {
        SubsampleDesign::default().levels([(level, take)]).draw(&[7]).unwrap_err().to_string()
    };
    assert!(needs(4, 1).ends_with("a subsample needs 4 sessions of 1 iteration"), "{}", needs(4, 1));
    assert!(needs(1, 20).ends_with("a subsample needs 1 session of 20 iterations"), "{}", needs(1, 20));
}

#[test]
fn a_level_of_significance_is_refused_by_its_own_name() {
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(noise(11, 1)).collect();
    for significance in [0.0, 1.5, f64::NAN] {
        let error = assess_robustness(&scores(&points), drawn(10).significance(significance)).unwrap_err();
        let sentence = "but a level of significance lies between 0 and 1, such as 0.05";
        assert_eq!(error.to_string(), format!("significance is {significance}, {sentence}"));
    }
    let error = assess_robustness(&scores(&points), drawn(10).level(1.5)).unwrap_err().to_string();
    assert!(error.starts_with("level is 1.5, but a level of confidence"), "{error}");
    assert!(assess_robustness(&scores(&points), drawn(10).significance(1e-200)).is_ok());
}

#[test]
fn a_level_that_is_named_twice_is_refused() {
    let design = SubsampleDesign::default().levels([(10, 2), (1, 1), (10, 1)]);
    let error = design.draw(&[1, 10, 10, 10]).unwrap_err().to_string();
    assert_eq!(
        error,
        "design of the subsamples is level 10 twice, but each number of iterations may appear only once; give it more sessions \
         instead"
    );
    let points: Vec<(u64, f64)> = [1, 10, 10, 10].into_iter().zip(noise(4, 1)).collect();
    let options = RobustnessOptions::default().subsamples(design);
    assert_eq!(assess_robustness(&scores(&points), options).unwrap_err().to_string(), error);
}

#[test]
fn scores_without_a_logarithm_leave_the_linear_form_and_missing_scores_are_named() {
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(noise(11, 1)).collect();
    let robustness = assess_robustness(&scores(&points), drawn(10)).unwrap();
    assert_eq!(robustness.responses[0].forms.len(), 1);
    let mut missing = points.clone();
    missing[3].1 = f64::NAN;
    let robustness = assess_robustness(&scores(&missing), drawn(10)).unwrap();
    assert!(robustness.responses.is_empty());
    assert!(robustness.skipped[0].contains("2000 iterations has no score"), "{:?}", robustness.skipped);
}

#[test]
fn the_r_squared_that_figures_mark_are_those_of_the_published_table() {
    let published = crate::paper::published().unwrap();
    let marked = published
        .iter()
        .filter(|value| !value.is_slip && value.quantity == "r_squared" && value.relation == "=");
    let marked: Vec<(&str, f64)> =
        marked.map(|value| (value.image.as_deref().unwrap(), value.value.unwrap())).collect();
    assert_eq!(marked, PUBLISHED_R_SQUARED);
}

#[test]
fn results_are_found_by_layer_pictures_and_measure() {
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(noise(11, 1)).collect();
    let robustness = assess_robustness(&scores(&points), drawn(10)).unwrap();
    assert_eq!(robustness.get(2, "bird", Measure::LocalDeviation).unwrap().points, points);
    let error = robustness.get(1, None, FilterMeasure::Roughness).unwrap_err().to_string();
    assert_eq!(error, "response is layer 1, filters, roughness, but it must be among those that were scored");
}

#[test]
fn a_subsample_that_both_models_fit_exactly_is_no_better_for_either() {
    let fitter = SubsampleFitter::new(&[1.0, 1.0, 2.0, 2.0]);
    let y = [3.0, 3.0, 1.0, 1.0];
    let fit = fitter.fit(Form::Linear, &y, &y);
    assert_eq!((fit.form.r_squared, fit.step_r_squared, fit.aicc_over_step), (1.0, 1.0, 0.0));
    assert_eq!(fitter.step_leave_one_out(&y), 0.0);
    assert_eq!(fitter.is_untrained, [true, true, false, false]);
    assert_eq!(Form::ALL.map(|form| Form::ALL[form as usize]), Form::ALL);
}
