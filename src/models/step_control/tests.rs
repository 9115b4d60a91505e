//! Scores made by a step and by a power law, on the paper's iterations.

use super::*;
use crate::golden::assert_close;

const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];

/// Noise without pattern, a hundredth of y.
const NOISE: [f64; 11] = [0.3, -0.8, 0.5, 1.1, -0.9, 0.2, -0.4, 0.7, -1.2, 0.6, -0.1];

fn scores(curve: impl Fn(f64) -> f64) -> Vec<f64> {
    PAPER.iter().zip(NOISE).map(|(&x, noise)| curve(x) * (1.0 + 0.01 * noise)).collect()
}

#[test]
fn the_step_wins_over_every_form_if_any_training_does_the_same() {
    let y = scores(|x| if x > 1.0 { 2.0 } else { 5.0 });
    for form in Form::ALL {
        let fitted = form.fit(&PAPER, &y).unwrap();
        let control = StepControl::new(&fitted, 2, "bird").unwrap();
        assert!(control.step_wins() && !control.beats_step(), "{form}");
        assert!(!control.persists_among_trained(&fitted, 0.05), "{form}");
    }
    let power = Form::Power.fit(&PAPER, &y).unwrap();
    assert!(power.r_squared() > 0.9, "although the power form looks as good as the published one");
}

#[test]
fn the_right_form_beats_the_step_and_persists_if_more_training_does_more() {
    let power = Form::Power.fit(&PAPER, &scores(|x| 5.0 * x.powf(-0.1))).unwrap();
    let control = StepControl::new(&power, 2, "bird").unwrap();
    assert!(control.beats_step() && !control.step_wins());
    assert!(control.persists_among_trained(&power, 1e-4));
}

#[test]
fn the_difference_of_aicc_is_that_of_two_lines_of_the_same_scores() {
    let y = scores(|x| 5.0 * x.powf(-0.1));
    let fitted = Form::Linear.fit(&PAPER, &y).unwrap();
    let step: Vec<f64> = PAPER.iter().map(|&x| f64::from(u8::from(x > 1.0))).collect();
    let by_step = Form::Linear.fit(&step, &y).unwrap();
    let expected = fitted.information().aicc - by_step.information().aicc;
    let control = StepControl::new(&fitted, 1, "static").unwrap();
    // Sums of eleven logarithms of numbers near 1.
    assert_close(control.aicc_over_step().unwrap(), expected, 1e-12, expected.abs(), "AICc");
}

#[test]
fn through_two_x_a_line_is_the_step_and_is_not_compared_with_it() {
    let y: Vec<f64> = NOISE[..6].iter().map(|noise| 2.0 + noise).collect();
    for form in Form::ALL {
        let fitted = form.fit(&[1.0, 1.0, 1.0, 50.0, 50.0, 50.0], &y).unwrap();
        let control = StepControl::new(&fitted, 2, "bird").unwrap();
        assert_eq!((control.aicc_over_step(), fitted.summary().aicc_over_step), (None, None));
        assert!(!control.step_wins() && !control.beats_step(), "{form}");
        // R² of the same two means: some roundings of numbers near 1.
        assert_close(control.step_r_squared(), fitted.r_squared(), 1e-12, 1.0, form.name());
        assert!(fitted.beside_in_words().contains("the same model"), "{}", fitted.beside_in_words());
        let three = form.fit(&[1.0, 1.0, 1.0, 50.0, 50.0, 60.0], &y).unwrap();
        assert!(StepControl::new(&three, 2, "bird").unwrap().aicc_over_step().is_some());
    }
}
