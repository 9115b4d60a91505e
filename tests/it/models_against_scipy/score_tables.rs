//! Fits to score tables.
use softness::internals::Group;
use softness::models::{Fits, Form, fit_models};

use super::{PAPER, falling, table};
use crate::support::golden::assert_close;
use crate::support::tolerances::{COEFFICIENTS, THREE_DIGITS};

fn fits() -> Fits {
    let [a, b, c, d] = [5.0, 6.0, 9.0, 8.0].map(falling);
    let cells = [(2, "bird", &c[..]), (1, "bird", &a), (1, "static", &b), (2, "static", &d)];
    fit_models(&table(&cells)).unwrap()
}

#[test]
fn two_layers_and_two_images_make_twelve_fits_in_order() {
    let fits = fits();
    assert_eq!((fits.iter().len(), fits.controls().len(), fits.refusals().len()), (12, 12, 0));
    let seen: Vec<_> = fits.iter().map(|fit| (fit.group().to_string(), fit.form())).collect();
    let mut expected = Vec::new();
    for cell in
        ["layer 1, image bird", "layer 1, image static", "layer 2, image bird", "layer 2, image static"]
    {
        expected.extend(Form::ALL.map(|form| (cell.to_string(), form)));
    }
    assert_eq!(seen, expected);
    let power = fits.get(2, "bird", Form::Power).unwrap();
    let direct = Form::Power.fit(&PAPER, &falling(9.0)).unwrap();
    assert_eq!((power.slope(), power.p_value(), power.n()), (direct.slope(), direct.p_value(), 11));
    let missing = fits.get(3, "bird", Form::Power).unwrap_err().to_string();
    assert!(missing.contains("layer 3") && missing.contains("not in the score table"), "{missing}");
}

#[test]
fn a_score_of_zero_refuses_two_forms_of_its_group_and_names_the_session() {
    let mut scores = falling(5.0);
    scores[3] = 0.0;
    let fits = fit_models(&table(&[(1, "bird", &scores), (2, "bird", &falling(9.0))])).unwrap();
    assert_eq!((fits.iter().len(), fits.controls().len(), fits.refusals().len()), (4, 4, 2));
    assert_eq!(fits.get(1, "bird", Form::Linear).unwrap().n(), 11);
    for refusal in fits.refusals() {
        assert_eq!(refusal.group, Group::of_layer(1, "bird"));
        for part in ["layer 1, image bird", "session \"2000-3\"", "score_sum is 0", refusal.form.name()] {
            assert!(refusal.reason.contains(part), "{}", refusal.reason);
        }
        let error = fits.get(1, "bird", refusal.form).unwrap_err().to_string();
        assert!(error.contains(&refusal.reason), "{error}");
    }
}

#[test]
fn too_few_sessions_and_equal_ones_are_errors_that_name_the_layer_and_image() {
    let few = fit_models(&table(&[(1, "bird", &[1.0, 2.0])])).unwrap_err().to_string();
    assert!(few.contains("layer 1, image bird: 2 points"), "{few}");
    let same_length = fit_models(&table(&[(1, "bird", &[1.0, 2.0, 3.0])])).unwrap_err().to_string();
    assert!(same_length.contains("layer 1, image bird: every iterations is 1"), "{same_length}");
    let same_score = fit_models(&table(&[(2, "static", &[0.5; 11])])).unwrap_err().to_string();
    assert!(same_score.contains("layer 2, image static: every score_sum is 0.5"), "{same_score}");
}

#[test]
fn an_image_that_cannot_be_fitted_takes_no_other_with_it() {
    let table = table(&[(1, "bird", &[0.5; 11]), (2, "bird", &falling(9.0)), (2, "grey", &[1.0, 2.0])]);
    let fits = fit_models(&table).unwrap();
    assert_eq!((fits.iter().len(), fits.controls().len(), fits.refusals().len()), (3, 3, 6));
    assert_eq!(fits.get(2, "bird", Form::Power).unwrap(), {
        let alone = fit_models(&self::table(&[(2, "bird", &falling(9.0))])).unwrap();
        alone.get(2, "bird", Form::Power).unwrap()
    });
    for (layer, image, words) in [
        (1, "bird", "layer 1, image bird: every score_sum is 0.5"),
        (2, "grey", "layer 2, image grey: 2 points"),
    ] {
        let error = fits.get(layer, image, Form::Linear).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    // Each reason once below the table.
    assert_eq!(fits.to_string().matches("so a fit says nothing").count(), 1);
    assert!(fits.residual_plots().unwrap().svg().contains("refused: the points make no line"));
}

#[test]
fn a_pure_step_explains_934_thousandths_of_the_power_form_and_22_hundredths_of_the_others() {
    let fits = fits();
    for (form, expected) in [(Form::Power, 0.934), (Form::Linear, 0.22), (Form::Exponential, 0.22)] {
        for layer in [1, 2] {
            let control = fits.control(layer, "bird", form).unwrap();
            assert_close(control.pure_step_r_squared(), expected, THREE_DIGITS, 1.0, form.name());
            assert_eq!((control.layer(), control.image(), control.form()), (layer, "bird", form));
        }
    }
    // To four digits, 0.9338.
    let power = fits.control(1, "static", Form::Power).unwrap().pure_step_r_squared();
    assert_eq!(format!("{power:.3}"), "0.934");
}

#[test]
fn the_step_model_has_one_mean_before_and_one_after() {
    // Untrained 4, trained 1, 2 or 3: SST about the mean of all, SSR about the two means.
    let scores = [4.0, 4.0, 4.0, 1.0, 2.0, 3.0, 2.0, 2.0, 1.0, 3.0, 2.0];
    let fits = fit_models(&table(&[(1, "bird", &scores)])).unwrap();
    let mean = scores.iter().sum::<f64>() / 11.0;
    let sst: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
    let ssr = 4.0; // twice 1 below and twice 1 above the mean 2 of the trained
    let control = fits.control(1, "bird", Form::Linear).unwrap();
    assert_close(control.step_r_squared(), 1.0 - ssr / sst, COEFFICIENTS, 1.0, "step");
    // The power form is fitted to ln y, and so is its step.
    let logs: Vec<f64> = scores.iter().map(|score| score.ln()).collect();
    let step: Vec<f64> = PAPER.iter().map(|&x| f64::from(u8::from(x > 1.0))).collect();
    let expected = Form::Linear.fit(&step, &logs).unwrap().r_squared();
    assert_close(
        fits.control(1, "bird", Form::Power).unwrap().step_r_squared(),
        expected,
        COEFFICIENTS,
        1.0,
        "ln",
    );
}

#[test]
fn the_fit_without_the_untrained_sessions_is_that_of_the_other_eight() {
    let fits = fits();
    let without = fits.control(1, "bird", Form::Power).unwrap().without_untrained().unwrap();
    let expected = Form::Power.fit(&PAPER[3..], &falling(5.0)[3..]).unwrap();
    assert_eq!(
        (without.n(), without.slope(), without.r_squared()),
        (8, expected.slope(), expected.r_squared())
    );
    // Five sessions, two of them trained: nothing is left to fit.
    let small = fit_models(&table(&[(1, "bird", &falling(5.0)[..5])])).unwrap();
    assert_eq!(small.control(1, "bird", Form::Power).unwrap().without_untrained(), None);
}
