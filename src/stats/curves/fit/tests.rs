//! Curves that the data decide, and curves that they do not.

use super::*;
use crate::ErrorKind;
use crate::golden::assert_close;
use crate::tolerances::POINTS_ON_A_CURVE;

const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];
const NOISE: [f64; 11] = [0.3, -0.8, 0.5, 1.1, -0.9, 0.2, -0.4, 0.7, -1.2, 0.6, -0.1];

/// Why the data do not identify a curve.
fn reason(curve: Curve, x: &[f64], y: &[f64]) -> String {
    let error = curve.fit(x, y).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotFit);
    error.to_string()
}

#[test]
fn points_on_a_curve_give_it_back() {
    let x: Vec<f64> = vec![0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0];
    for (curve, parameters) in [
        (Curve::Exponential, vec![3.0, -0.07]),
        (Curve::Power, vec![2.0, 0.4]),
        (Curve::ApproachFromZero, vec![-4.0, 6.0]),
        (Curve::Approach, vec![5.0, -3.0, 7.0]),
        (Curve::Hill, vec![1.0, 4.0, 6.0, 1.7]),
    ] {
        let count = parameters.len();
        let given =
            CurveFit { curve, parameters, std_errs: vec![0.0; count], residuals: Vec::new(), r_squared: 1.0 };
        let y: Vec<f64> = x.iter().map(|&x| given.predict(x)).collect();
        let fit = curve.fit(&x, &y).unwrap();
        for (ours, made) in fit.parameters().iter().zip(&given.parameters) {
            assert_close(*ours, *made, POINTS_ON_A_CURVE, made.abs(), curve.name());
        }
        assert!(fit.r_squared() > 1.0 - 1e-12);
    }
}

#[test]
fn a_pure_step_does_not_say_how_soon_an_approach_is_done() {
    let y: Vec<f64> = PAPER
        .iter()
        .zip(NOISE)
        .map(|(&x, noise)| if x > 1.0 { 2.0 + 0.02 * noise } else { 5.0 + 0.02 * noise })
        .collect();
    for curve in [Curve::Approach, Curve::Hill] {
        let reason = reason(curve, &PAPER, &y);
        assert!(reason.contains("c below"), "{reason}");
    }
}

#[test]
fn scores_that_saturate_among_the_trained_decide_an_approach() {
    let y: Vec<f64> =
        PAPER.iter().zip(NOISE).map(|(&x, noise)| 2.0 + 3.0 * (-x / 8e3).exp() + 0.02 * noise).collect();
    let c = Curve::Approach.fit(&PAPER, &y).unwrap().intervals(0.95).unwrap()[2];
    assert!(c.contains(8e3) && c.width() < 4e3, "{c:?}");
}

#[test]
fn a_straight_line_has_no_saturation() {
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y: Vec<f64> = x.iter().zip(NOISE.iter().cycle()).map(|(x, noise)| 2.0 + x + 0.3 * noise).collect();
    assert!(reason(Curve::Approach, &x, &y).contains("c above"));
    // No trend at all.
    let flat: Vec<f64> = x.iter().zip(NOISE.iter().cycle()).map(|(_, noise)| 2.0 + 0.3 * noise).collect();
    assert!(reason(Curve::Approach, &x, &flat).contains("fits about as well as any other"));
}

#[test]
fn too_few_points_or_levels_decide_nothing() {
    let few = reason(Curve::Hill, &[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 2.5, 2.6]);
    let expected = "4 points at 4 values of x cannot decide 4 parameters and an error";
    assert_eq!(few, format!("the Hill curve is not identified: {expected}"));
    let levels = reason(Curve::Approach, &[1.0, 1.0, 2.0, 2.0], &[1.0, 2.0, 2.5, 2.6]);
    assert!(levels.contains("2 values of x"), "{levels}");
}

#[test]
fn points_outside_the_domain_are_refused() {
    let y = [1.0, 2.0, 3.0];
    let message = |curve: Curve, x: &[f64], y: &[f64]| curve.fit(x, y).unwrap_err().to_string();
    assert!(message(Curve::Power, &[0.0, 1.0, 2.0], &y).contains("x is 0"));
    assert!(message(Curve::Hill, &[-1.0, 1.0, 2.0], &y).contains("x is -1"));
    assert!(message(Curve::Exponential, &[1.0, 2.0], &y).contains("x has 2 values but y has 3"));
    assert!(message(Curve::Exponential, &[1.0, f64::NAN, 2.0], &y).contains("row 2: x is NaN"));
    assert!(message(Curve::Exponential, &[1.0, 2.0, 3.0], &[4.0; 3]).contains("every y is 4"));
    assert!(message(Curve::Exponential, &[], &[]).contains("there are no points"));
}
