//! One fit to points.
use serde::Deserialize;
use softness::internals::Group;
use softness::models::Form;

use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{COEFFICIENTS, P_VALUES};

#[derive(Deserialize)]
struct Golden {
    sets: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    x: Vec<f64>,
    y: Vec<f64>,
    linear: Line,
    exponential: Line,
    power: Line,
}

#[derive(Deserialize)]
struct Line {
    slope: f64,
    intercept: f64,
    slope_std_err: f64,
    intercept_std_err: f64,
    r: f64,
    p_value: f64,
    residuals: Vec<f64>,
}

#[test]
fn the_three_forms_agree_with_scipy_on_the_straightened_points() {
    let sets = json::<Golden>("models.json").sets;
    assert_eq!(sets.len(), 20);
    for (index, Set { x, y, linear, exponential, power }) in sets.into_iter().enumerate() {
        for (form, expected) in
            [(Form::Linear, linear), (Form::Exponential, exponential), (Form::Power, power)]
        {
            let ours = form.fit(&x, &y).unwrap();
            let relative = |ours: f64, theirs: f64, tolerance: f64, what: &str| {
                assert_close(ours, theirs, tolerance, theirs.abs(), &format!("set {index}, {form}: {what}"));
            };
            relative(ours.slope(), expected.slope, COEFFICIENTS, "slope");
            relative(ours.intercept(), expected.intercept, COEFFICIENTS, "intercept");
            relative(ours.slope_std_err(), expected.slope_std_err, COEFFICIENTS, "error of the slope");
            relative(
                ours.intercept_std_err(),
                expected.intercept_std_err,
                COEFFICIENTS,
                "error of the intercept",
            );
            relative(ours.t(), expected.slope / expected.slope_std_err, COEFFICIENTS, "t");
            relative(ours.r(), expected.r, COEFFICIENTS, "r");
            relative(ours.r_squared(), expected.r * expected.r, COEFFICIENTS, "R²");
            relative(ours.p_value(), expected.p_value, P_VALUES, "p");
            let straight: Vec<f64> = y.iter().map(|&y| if form.takes_ln_y() { y.ln() } else { y }).collect();
            let high = straight.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let spread = high - straight.iter().copied().fold(f64::INFINITY, f64::min);
            assert_eq!((ours.n(), ours.degrees_of_freedom()), (x.len(), x.len() - 2));
            for (ours, theirs) in ours.residuals().iter().zip(&expected.residuals) {
                assert_close(*ours, *theirs, COEFFICIENTS, spread, &format!("set {index}, {form}: residual"));
            }
        }
    }
}

#[test]
fn a_fit_predicts_on_the_original_scale() {
    let x = [1.0, 2.0, 4.0, 8.0];
    for (form, law) in [
        (Form::Linear, (|x| 3.0 - 0.25 * x) as fn(f64) -> f64),
        (Form::Exponential, |x| 5.0 * (-0.5 * x).exp()),
        (Form::Power, |x| 7.0 * x.powf(-0.3)),
    ] {
        let exact = form.fit(&x, &x.map(law)).unwrap();
        assert_eq!((exact.r_squared(), exact.p_value()), (1.0, 0.0), "{form}");
        for x in [0.5, 3.0, 10.0] {
            assert_close(exact.predict(x), law(x), COEFFICIENTS, law(x).abs(), form.name());
        }
    }
}

#[test]
fn points_that_cannot_be_fitted_are_refused_with_the_group_and_the_reason() {
    let refusal = |form: Form, x: &[f64], y: &[f64]| form.fit(x, y).unwrap_err().to_string();
    let (one_two_three, nan, inf) = ([1.0, 2.0, 3.0], f64::NAN, f64::INFINITY);
    for (message, parts) in [
        (refusal(Form::Linear, &[], &[]), ["all rows", "0 points"]),
        (refusal(Form::Linear, &[1.0, 2.0], &[1.0, 2.0]), ["2 points", "at least 3"]),
        (refusal(Form::Linear, &one_two_three, &[1.0, 2.0]), ["3 values", "2"]),
        (refusal(Form::Linear, &[4.0; 3], &one_two_three), ["every x is 4", "all rows"]),
        (refusal(Form::Linear, &one_two_three, &[5.0; 3]), ["every y is 5", "all rows"]),
        (refusal(Form::Power, &[1.0; 4], &[1.0, 2.0, 3.0, 4.0]), ["every ln x is 0", "all rows"]),
        (refusal(Form::Exponential, &one_two_three, &[1.0; 3]), ["every ln y is 0", "all rows"]),
        (refusal(Form::Linear, &one_two_three, &[1.0, nan, 2.0]), ["row 2: y is NaN", "finite"]),
        (refusal(Form::Power, &[1.0, 2.0, inf], &one_two_three), ["row 3: x is inf", "finite"]),
        (refusal(Form::Exponential, &one_two_three, &[1.0, 2.0, 0.0]), ["row 3: y is 0", "exponential"]),
        (refusal(Form::Power, &one_two_three, &[-1.0, 2.0, 3.0]), ["row 1: y is -1", "power"]),
        (refusal(Form::Power, &[0.0, 2.0, 3.0], &one_two_three), ["row 1: x is 0", "power"]),
    ] {
        for part in parts {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
    // An x below 0 is refused by the forms that take its logarithm alone.
    let slope = Form::Exponential.fit(&[-1.0, 0.0, 1.0], &one_two_three).unwrap().slope();
    assert_close(slope, 3.0_f64.ln() / 2.0, COEFFICIENTS, slope, "slope");
}

#[test]
fn points_at_the_ends_of_f64_are_fitted_or_refused_and_never_give_nan() {
    let (max, tiny) = (f64::MAX, 5e-324);
    let columns = [
        [1.0, 2.0, 3.0],
        [max, -max, -max],
        [max, max / 2.0, max / 4.0],
        [tiny, 2.0 * tiny, 9.0 * tiny],
        [1e-300, 1e300, 2e300],
    ];
    let (mut large, mut small) = (0, 0);
    for x in columns {
        for y in columns {
            match Form::Linear.fit(&x, &y) {
                Ok(fit) => {
                    let numbers = [fit.slope(), fit.intercept(), fit.r(), fit.r_squared(), fit.p_value()];
                    assert!(numbers.iter().all(|number| number.is_finite()), "{x:?} {y:?}: {numbers:?}");
                    assert!(fit.residuals().iter().all(|residual| residual.is_finite()), "{x:?} {y:?}");
                    assert!(!fit.t().is_nan());
                }
                Err(error) => {
                    let is = |size: &str| {
                        error.to_string().contains(&format!("the fitted line is too {size} for"))
                    };
                    assert!(is("large") || is("small"), "{error}");
                    large += u32::from(is("large"));
                    small += u32::from(is("small"));
                }
            }
        }
    }
    // Nine have a column whose range f64 cannot hold, and seven others one whose range has few digits; the rest depend on the
    // slope and the errors.
    assert!(large >= 9 && small >= 7 && large + small < 25, "{large} and {small} of 25");
}

#[test]
fn a_fit_as_json_has_the_fields_of_the_command_line() {
    let fitted = Form::Linear.fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]).unwrap();
    let json: serde_json::Value = serde_json::to_value(&fitted).unwrap();
    for field in ["form", "n", "slope", "intercept", "slope_std_err", "r", "r_squared", "t", "p_value"] {
        assert!(!json[field].is_null(), "{field}");
    }
    assert_eq!(json["residuals"].as_array().unwrap().len(), 3);
    assert_eq!(json["slope"].as_f64(), Some(fitted.slope()));
    let group = serde_json::to_value(Group::of_layer(2, "bird")).unwrap();
    assert_eq!(group, serde_json::json!({"layer": "2", "image": "bird"}));
    // JSON has no infinity.
    let exact = serde_json::to_value(Form::Linear.fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap()).unwrap();
    assert!(exact["t"].is_null() && exact["p_value"] == 0.0 && exact["r_squared"] == 1.0);
}
