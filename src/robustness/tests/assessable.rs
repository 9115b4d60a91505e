//! What can be assessed, and sentences about what cannot.

use crate::golden::noise;
use crate::models::Form;
use crate::robustness::tests::{PAPER, drawn, scores};
use crate::robustness::*;
use crate::softness::FilterMeasure;

/// Three sessions for each of these numbers of iterations, with scores above 0.
fn three_each(levels: &[u64]) -> Vec<(u64, f64)> {
    let iterations = levels.iter().flat_map(|&level| [level; 3]);
    iterations.zip(noise(3 * levels.len(), 7)).map(|(level, noise)| (level, 2.0 + 0.5 * noise)).collect()
}

fn options(levels: &[(u64, usize)]) -> RobustnessOptions {
    let subsamples = SubsampleDesign::default().levels(levels).draws(50);
    RobustnessOptions::default().subsamples(subsamples)
}

fn csv(robustness: &Robustness) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holds.csv");
    robustness.write_csv(&path).unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn sessions_of_0_iterations_leave_the_forms_without_their_logarithm() {
    let points = three_each(&[0, 10, 100]);
    // 0 iterations among the subsamples, and only among the other sessions.
    for levels in [&[(0, 2), (10, 2), (100, 2)][..], &[(10, 2), (100, 3)]] {
        let robustness = assess_robustness(&scores(&points), options(levels)).unwrap();
        let forms: Vec<Form> = robustness.responses[0].forms.iter().map(|spread| spread.form).collect();
        assert_eq!(forms, [Form::Linear, Form::Exponential]);
        assert!(robustness.responses[0].forms.iter().all(|spread| spread.all_r_squared.is_finite()));
        let reason = "local-deviation of layer 2, images \"bird\", power form: a session has 0 iterations, and the form needs ln of \
                      them: leave such sessions out";
        assert_eq!(robustness.skipped, [reason]);
        let text = robustness.to_string();
        assert!(text.contains(reason) && !text.contains("NaN"), "{text}");
        assert!(!csv(&robustness).contains("power") && !csv(&robustness).contains("NaN"));
    }
    let error = assess_robustness(&scores(&points), drawn(10).trained_from([2, 0])).unwrap_err().to_string();
    assert!(error.starts_with("trained_from is 0, but a session of 0 iterations is not trained"), "{error}");
}

#[test]
fn scores_that_are_not_above_0_are_named_for_each_form_that_needs_ln() {
    let mut points = three_each(&[0, 10, 100]);
    points[4].1 = -0.5;
    let robustness = assess_robustness(&scores(&points), options(&[(0, 2), (10, 2), (100, 2)])).unwrap();
    assert_eq!(robustness.responses[0].forms.len(), 1);
    let [exponential, power] = &robustness.skipped[..] else { panic!("{:?}", robustness.skipped) };
    let reason = "exponential form: a session of 10 iterations has the score -0.5, and the form needs ln of it: only values above \
                  0 have one";
    assert!(exponential.ends_with(reason), "{exponential}");
    assert!(power.contains("power form: a session has 0 iterations"), "{power}");
}

#[test]
fn measures_of_filters_are_named_without_images() {
    let mut constant = scores(&three_each(&[1, 10]));
    for row in &mut constant.rows {
        (row.images, row.measure, row.score) = (None, FilterMeasure::Roughness.into(), 0.25);
    }
    let robustness = assess_robustness(&constant, drawn(10)).unwrap();
    assert_eq!(robustness.skipped, ["roughness of the filters of layer 2: every session has the score 0.25"]);
}

#[test]
fn the_score_that_a_session_lacks_or_has_twice_is_named_with_the_session() {
    let points = three_each(&[1, 10, 100]);
    let both = |change: fn(&mut Vec<SessionScore>), first: usize| {
        let mut all = scores(&points);
        let mut own = [all.rows.clone(), all.rows.clone()];
        own[1].iter_mut().for_each(|row| row.layer = 1);
        change(&mut own[first]);
        all.rows = own.concat();
        assess_robustness(&all, options(&[(1, 2), (10, 2), (100, 2)]))
    };
    for (place, layer) in [(0, 2), (1, 1)] {
        let named = format!("scores is local-deviation of layer {layer}, images \"bird\"");
        let error = both(|rows| rows.push(rows[1].clone()), place).err().unwrap().to_string();
        let expected =
            format!("{named} twice for session \"session 1\" of 1 iteration, but every session needs");
        assert!(error.starts_with(&expected), "{error}");
        let error = both(|rows| drop(rows.remove(4)), place).err().unwrap().to_string();
        let expected =
            format!("{named} without session \"session 4\" of 10 iterations, but every session needs");
        assert!(error.starts_with(&expected), "{error}");
    }
    // The order of the rows means nothing.
    let (sorted, turned) = (both(|_| (), 0).unwrap(), both(|rows| rows.reverse(), 1).unwrap());
    assert!(sorted == turned);
}

#[test]
fn two_levels_are_not_compared_with_a_step_and_one_is_refused() {
    let points = three_each(&[1, 100]);
    let robustness = assess_robustness(&scores(&points), options(&[(1, 2), (100, 2)])).unwrap();
    assert_eq!(robustness.responses[0].forms.len(), 3);
    for spread in &robustness.responses[0].forms {
        let comparisons = [spread.beats_step, spread.clearly_beats_step, spread.predicts_better];
        assert!(comparisons.iter().all(|share| share.is_nan()), "{comparisons:?}");
        assert!((0.0..=1.0).contains(&spread.significant));
    }
    let text = robustness.to_string();
    assert!(text.contains("with two levels, a form and the step model are the same model"), "{text}");
    assert!(csv(&robustness).lines().nth(1).unwrap().contains(",,,,"), "empty cells, not NaN");
    // A third level of the sessions does not matter if no subsample has it.
    let more = assess_robustness(&scores(&three_each(&[1, 10, 100])), options(&[(1, 2), (100, 2), (10, 0)]))
        .unwrap();
    assert!(more.responses[0].forms[0].beats_step.is_nan());
    let error = assess_robustness(&scores(&points), options(&[(1, 3), (100, 0)])).unwrap_err().to_string();
    assert_eq!(error, "number of levels of the subsamples is 1, but a form needs at least two");
}

#[test]
fn a_subsample_of_equal_scores_has_no_r_squared_and_nothing_that_depends_on_it() {
    // Of each level all but one session have the same score.
    let points: Vec<(u64, f64)> = PAPER
        .iter()
        .enumerate()
        .map(|(place, &level)| (level, if place % 3 == 0 { 2.0 } else { 1.0 }))
        .collect();
    let levels = [(1, 1), (2_000, 1), (10_000, 1)];
    let robustness = assess_robustness(&scores(&points), options(&levels)).unwrap();
    let linear = &robustness.responses[0].forms[0];
    assert!(linear.r_squared.iter().any(|value| value.is_nan()) && linear.r_squared[0].is_finite());
    for share in [linear.beats_step, linear.clearly_beats_step, linear.significant, linear.share_below(0.9)] {
        assert!(share.is_nan(), "{share}");
    }
    assert!(!robustness.to_string().contains("NaN"));
}
