//! Fits held against scipy's `linregress` and the paper's numbers; refusals, controls and groups.

use std::path::PathBuf;

use crate::support::golden::{assert_close, json};
use serde::Deserialize;
use softness::models::{Fit, Fits, Form, Group, fit, fit_columns, fit_models};
use softness::paper::{PublishedValue, Relation, published};
use softness::table::{CsvTable, FilterScore, ScoreTable};

/// What is asked for of coefficients, relative; and of residuals, relative to the spread of y.
const COEFFICIENTS: f64 = 1e-10;

/// scipy's p and ours go through different series of the incomplete beta function.
const P_VALUES: f64 = 1e-8;

/// The numbers of DESIGN.md and of the paper are printed to three digits.
const THREE_DIGITS: f64 = 5e-3;

/// The iterations of the paper's eleven sessions.
const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];

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
            let ours = fit(form, &x, &y).unwrap();
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
        let exact = fit(form, &x, &x.map(law)).unwrap();
        assert_eq!((exact.r_squared(), exact.p_value()), (1.0, 0.0), "{form}");
        for x in [0.5, 3.0, 10.0] {
            assert_close(exact.predict(x), law(x), COEFFICIENTS, law(x).abs(), form.name());
        }
    }
}

#[test]
fn points_that_cannot_be_fitted_are_refused_with_the_group_and_the_reason() {
    let refusal = |form, x: &[f64], y: &[f64]| fit(form, x, y).unwrap_err().to_string();
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
    assert!(fit(Form::Exponential, &[-1.0, 0.0, 1.0], &one_two_three).is_ok());
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
    let mut refused = 0;
    for x in columns {
        for y in columns {
            match fit(Form::Linear, &x, &y) {
                Ok(fit) => {
                    let numbers = [fit.slope(), fit.intercept(), fit.r(), fit.r_squared(), fit.p_value()];
                    assert!(numbers.iter().all(|number| number.is_finite()), "{x:?} {y:?}: {numbers:?}");
                    assert!(fit.residuals().iter().all(|residual| residual.is_finite()), "{x:?} {y:?}");
                    assert!(!fit.t().is_nan());
                }
                Err(error) => {
                    assert!(error.to_string().contains("all rows: the fitted line is too large"), "{error}");
                    refused += 1;
                }
            }
        }
    }
    // Nine have a column whose range f64 cannot hold; the others depend on the slope alone.
    assert!((9..20).contains(&refused), "{refused} of 25");
}

/// A table with one filter a session, so that the layer score is what is given.
fn table(cells: &[(usize, &str, &[f64])]) -> ScoreTable {
    let mut rows = Vec::new();
    for &(layer, image, scores) in cells {
        for (index, (&score, iterations)) in scores.iter().zip(PAPER).enumerate() {
            let session = format!("{iterations}-{index}");
            rows.push(FilterScore {
                session,
                iterations: iterations as u64,
                layer,
                image: image.into(),
                filter: 0,
                score,
                constant: false,
                soft: false,
                soft_threshold: None,
            });
        }
    }
    ScoreTable::from_rows(rows).unwrap()
}

/// Scores that fall as a power of the iterations, with a wave on top.
fn falling(factor: f64) -> Vec<f64> {
    (0..11)
        .map(|index| factor * PAPER[index].powf(-0.05) * (1.0 + 0.02 * (7.0 * index as f64).sin()))
        .collect()
}

fn fits() -> Fits {
    let [a, b, c, d] = [5.0, 6.0, 9.0, 8.0].map(falling);
    let cells = [(2, "bird", &c[..]), (1, "bird", &a), (1, "static", &b), (2, "static", &d)];
    fit_models(&table(&cells)).unwrap()
}

#[test]
fn two_layers_and_two_images_make_twelve_fits_in_order() {
    let fits = fits();
    assert_eq!((fits.as_slice().len(), fits.controls().len(), fits.refusals().len()), (12, 12, 0));
    let seen: Vec<_> = fits.iter().map(|fit| (fit.group().to_string(), fit.form())).collect();
    let mut expected = Vec::new();
    for cell in
        ["layer 1, image bird", "layer 1, image static", "layer 2, image bird", "layer 2, image static"]
    {
        expected.extend(Form::ALL.map(|form| (cell.to_string(), form)));
    }
    assert_eq!(seen, expected);
    let power = fits.get(2, "bird", Form::Power).unwrap();
    let direct = fit(Form::Power, &PAPER, &falling(9.0)).unwrap();
    assert_eq!((power.slope(), power.p_value(), power.n()), (direct.slope(), direct.p_value(), 11));
    let missing = fits.get(3, "bird", Form::Power).unwrap_err().to_string();
    assert!(missing.contains("layer 3") && missing.contains("not in the score table"), "{missing}");
}

#[test]
fn a_score_of_zero_refuses_two_forms_of_its_group_and_names_the_session() {
    let mut scores = falling(5.0);
    scores[3] = 0.0;
    let fits = fit_models(&table(&[(1, "bird", &scores), (2, "bird", &falling(9.0))])).unwrap();
    assert_eq!((fits.as_slice().len(), fits.controls().len(), fits.refusals().len()), (4, 4, 2));
    assert!(fits.get(1, "bird", Form::Linear).is_ok());
    for refusal in fits.refusals() {
        assert_eq!(refusal.group(), &Group::of_layer(1, "bird"));
        assert_eq!(refusal.to_string(), refusal.reason());
        for part in ["layer 1, image bird", "session \"2000-3\"", "score_sum is 0", refusal.form().name()] {
            assert!(refusal.reason().contains(part), "{}", refusal.reason());
        }
        let error = fits.get(1, "bird", refusal.form()).unwrap_err().to_string();
        assert!(error.contains(refusal.reason()), "{error}");
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
    let expected = fit(Form::Linear, &step, &logs).unwrap().r_squared();
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
    let expected = fit(Form::Power, &PAPER[3..], &falling(5.0)[3..]).unwrap();
    assert_eq!(
        (without.n(), without.slope(), without.r_squared()),
        (8, expected.slope(), expected.r_squared())
    );
    // Five sessions, two of them trained: nothing is left to fit.
    let small = fit_models(&table(&[(1, "bird", &falling(5.0)[..5])])).unwrap();
    assert_eq!(small.control(1, "bird", Form::Power).unwrap().without_untrained(), None);
}

#[test]
fn the_published_values_are_those_of_the_paper() {
    let values = published().unwrap();
    let (slips, results): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.is_slip());
    let of = |quantity: &str, layer, image: &str, form| -> Vec<&PublishedValue> {
        let same = |value: &&&PublishedValue| {
            (value.quantity(), value.layer(), value.image(), value.form())
                == (quantity, Some(layer), Some(image), Some(form))
        };
        results.iter().filter(same).copied().collect()
    };
    let equal = |quantity, image| of(quantity, 2, image, Form::Power)[0].claim().unwrap();
    assert_eq!(equal("r_squared", "bird"), (Relation::Equal, 0.9220));
    assert_eq!(equal("r_squared", "static"), (Relation::Equal, 0.8996));
    assert_eq!(equal("p_value", "bird"), (Relation::Equal, 1.05e-5));
    assert_eq!(equal("p_value", "static"), (Relation::Equal, 2.90e-5));
    for image in ["bird", "static"] {
        for form in Form::ALL {
            assert_eq!(of("p_value", 1, image, form)[0].claim(), Some((Relation::Below, 0.05)));
            for layer in [1, 2] {
                let claims = of("r_squared", layer, image, form);
                assert_eq!(claims.len(), 1, "{layer} {image} {form}");
                let is_power_of_layer_2 = (layer, form) == (2, Form::Power);
                assert_eq!(claims[0].claim() == Some((Relation::Below, 0.8)), !is_power_of_layer_2);
            }
        }
    }
    // In layer 2, only power, and exponential on static, are significant.
    let significant =
        |image, form| of("p_value", 2, image, form).last().unwrap().claim().unwrap().0 == Relation::Below;
    assert!(significant("bird", Form::Power) && significant("static", Form::Power));
    assert!(significant("static", Form::Exponential) && !significant("bird", Form::Exponential));
    assert!(!significant("bird", Form::Linear) && !significant("static", Form::Linear));
    let quantities: Vec<_> = slips.iter().map(|slip| slip.quantity()).collect();
    assert_eq!(
        quantities,
        ["degrees_of_freedom", "degrees_of_freedom", "iterations", "wording", "references"]
    );
    assert!(slips.iter().all(|slip| slip.holds(0.0).is_none()));
}

#[test]
fn a_claim_holds_for_what_rounds_to_the_printed_digits() {
    let values = published().unwrap();
    let claim = |relation: Relation, number: f64| {
        values.iter().find(|value| value.claim() == Some((relation, number)) && !value.is_slip()).unwrap()
    };
    for (relation, number, inside, outside) in [
        (Relation::Equal, 0.9220, &[0.921_951, 0.9220, 0.922_049][..], &[0.921_949, 0.922_051, f64::NAN][..]),
        (Relation::Equal, 1.05e-5, &[1.045_1e-5, 1.054_9e-5], &[1.044_9e-5, 1.055_1e-5, 2.76e-6]),
        (Relation::Equal, 2.90e-5, &[2.895_1e-5, 2.904_9e-5], &[2.894_9e-5, 2.905_1e-5, 8.69e-6]),
        (Relation::Below, 0.8, &[0.0, 0.799_999], &[0.8, 0.9, f64::NAN]),
        (Relation::AtLeast, 0.05, &[0.05, 1.0], &[0.049_999, 0.0, f64::NAN]),
    ] {
        let claim = claim(relation, number);
        for &value in inside {
            assert_eq!(claim.holds(value), Some(true), "{number}: {value}");
        }
        for &value in outside {
            assert_eq!(claim.holds(value), Some(false), "{number}: {value}");
        }
    }
}

#[test]
fn the_papers_p_values_follow_from_its_r_squared_with_8_degrees_of_freedom_and_not_with_9() {
    // Points with a chosen R²: a trend plus noise that has no trend and no mean.
    let p_of = |n: usize, r_squared: f64| {
        let x: Vec<f64> = (0..n).map(|index| index as f64).collect();
        let raw: Vec<f64> = x.iter().map(|x| (3.0 * x).sin()).collect();
        let noise = fit(Form::Linear, &x, &raw).unwrap().residuals().to_vec();
        let mean = (n - 1) as f64 / 2.0;
        let sxx: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
        let size: f64 = noise.iter().map(|e| e * e).sum();
        let share = (sxx * (1.0 - r_squared) / r_squared / size).sqrt();
        let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| x + share * e).collect();
        let made = fit(Form::Linear, &x, &y).unwrap();
        assert_close(made.r_squared(), r_squared, COEFFICIENTS, 1.0, "R² as chosen");
        made.p_value()
    };
    for (r_squared, n_10, n_11) in [(0.9220, 1.05e-5, 2.76e-6), (0.8996, 2.90e-5, 8.69e-6)] {
        assert_close(p_of(10, r_squared), n_10, THREE_DIGITS, n_10, "n = 10");
        assert_close(p_of(11, r_squared), n_11, THREE_DIGITS, n_11, "n = 11");
    }
    assert!(p_of(11, 0.363) < 0.05 && p_of(11, 0.361) > 0.05, "the R² that is significant with n = 11");
}

/// A CSV file in a folder that is deleted with the first value.
fn csv(text: &str) -> (tempfile::TempDir, PathBuf, CsvTable) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.csv");
    std::fs::write(&path, text).unwrap();
    let table = CsvTable::open(&path).unwrap();
    (folder, path, table)
}

#[test]
fn columns_are_fitted_for_each_group_in_order_of_appearance() {
    let text = "kind,size,x,y\nb,1,1,2\na,1,1,10\nb,1,2,4\na,1,2,8\nb,1,3,6.5\na,1,3,7\nb,1,4,8\na,1,4,2\n";
    let (_folder, _path, table) = csv(text);
    let by = ["kind".to_string(), "size".to_string()];
    let (fits, refusals) = fit_columns(&table, "x", "y", &by, &[Form::Power, Form::Linear]).unwrap();
    assert!(refusals.is_empty());
    let seen: Vec<_> = fits.iter().map(|fit| (fit.group().to_string(), fit.form())).collect();
    let [b, a] = ["kind b, size 1", "kind a, size 1"].map(str::to_string);
    let expected = [(b.clone(), Form::Power), (b, Form::Linear), (a.clone(), Form::Power), (a, Form::Linear)];
    assert_eq!(seen, expected);
    let x = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(fits[1].slope(), fit(Form::Linear, &x, &[2.0, 4.0, 6.5, 8.0]).unwrap().slope());
    assert_eq!(fits[2].slope(), fit(Form::Power, &x, &[10.0, 8.0, 7.0, 2.0]).unwrap().slope());
    assert_eq!((fits[1].group().value("kind"), fits[1].group().value("x")), (Some("b"), None));

    let (all, _) = fit_columns(&table, "x", "y", &[], &[Form::Linear]).unwrap();
    assert_eq!((all.len(), all[0].n(), all[0].group().to_string()), (1, 8, "all rows".to_string()));
}

#[test]
fn columns_that_cannot_be_fitted_are_refused_by_row_and_group() {
    let text = "g,x,y\na,1,2\na,2,0\na,3,1\nb,1,5\nb,2,6\nb,3,4\n";
    let (_folder, _path, table) = csv(text);
    let by = ["g".to_string()];
    let (fits, refusals) = fit_columns(&table, "x", "y", &by, &Form::ALL).unwrap();
    assert_eq!((fits.len(), refusals.len()), (4, 2));
    assert!(
        refusals.iter().all(|refusal| refusal.to_string().contains("g a, row 2 (line 3): y is 0")),
        "{refusals:?}"
    );

    let error = |text: &str, by: &[String]| {
        let (_folder, _path, table) = csv(text);
        fit_columns(&table, "x", "y", by, &[Form::Linear]).unwrap_err().to_string()
    };
    for (message, parts) in [
        (error("x,z\n1,2\n", &[]), ["points.csv has no column \"y\"", "x, z"]),
        (error("x,y\n1,2\n2,\n3,4\n", &[]), ["row 2 (line 3), column y", "missing value"]),
        (error("x,y\n1,2\n2,two\n3,4\n", &[]), ["row 2 (line 3), column y", "\"two\""]),
        (error("g,x,y\na,1,2\na,2,3\n", &by), ["g a: 2 points", "at least 3"]),
        (error("g,x,y\na,1,2\na,1,3\na,1,4\n", &by), ["g a: every x is 1", "vary"]),
        (error("g,x,y\n", &by), ["all rows: 0 points", "at least 3"]),
        (error("x,y\n", &[]), ["all rows: 0 points", "at least 3"]),
    ] {
        for part in parts {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
}

#[test]
fn fits_written_as_csv_read_back_to_the_same_numbers() {
    let image = "bird, \"grey\"";
    let fits = fit_models(&table(&[(1, image, &falling(5.0)), (2, image, &falling(9.0)[..5])])).unwrap();
    let (_folder, path, _) = csv("x\n");
    fits.write_csv(&path).unwrap();
    let written = CsvTable::open(&path).unwrap();
    assert_eq!(written.len(), 6);
    for (row, (fit, control)) in fits.iter().zip(fits.controls()).enumerate() {
        assert_eq!(written.text(row, "image").unwrap(), image);
        assert_eq!(written.text(row, "form").unwrap(), fit.form().name());
        assert_eq!(written.count(row, "layer").unwrap(), control.layer() as u64);
        assert_eq!(written.count(row, "n").unwrap(), fit.n() as u64);
        assert_eq!(written.count(row, "degrees_of_freedom").unwrap(), fit.degrees_of_freedom() as u64);
        let numbers: [(&str, f64); 11] = [
            ("slope", fit.slope()),
            ("intercept", fit.intercept()),
            ("slope_std_err", fit.slope_std_err()),
            ("intercept_std_err", fit.intercept_std_err()),
            ("r", fit.r()),
            ("r_squared", fit.r_squared()),
            ("t", fit.t()),
            ("p_value", fit.p_value()),
            ("step_r_squared", control.step_r_squared()),
            ("pure_step_r_squared", control.pure_step_r_squared()),
            ("trained_r_squared", control.without_untrained().map_or(f64::NAN, Fit::r_squared)),
        ];
        for (column, expected) in numbers {
            if expected.is_nan() {
                assert_eq!(written.text(row, column).unwrap(), "");
            } else {
                assert_eq!(written.number(row, column).unwrap().to_bits(), expected.to_bits(), "{column}");
            }
        }
    }
}

#[test]
fn a_fit_as_json_has_the_fields_of_the_command_line() {
    let fitted = fit(Form::Linear, &[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]).unwrap();
    let json: serde_json::Value = serde_json::to_value(&fitted).unwrap();
    for field in ["form", "n", "slope", "intercept", "slope_std_err", "r", "r_squared", "t", "p_value"] {
        assert!(!json[field].is_null(), "{field}");
    }
    assert_eq!(json["residuals"].as_array().unwrap().len(), 3);
    assert_eq!(json["slope"].as_f64(), Some(fitted.slope()));
    let group = serde_json::to_value(Group::of_layer(2, "bird")).unwrap();
    assert_eq!(group, serde_json::json!({"layer": "2", "image": "bird"}));
    // JSON has no infinity.
    let exact = serde_json::to_value(fit(Form::Linear, &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap()).unwrap();
    assert!(exact["t"].is_null() && exact["p_value"] == 0.0 && exact["r_squared"] == 1.0);
}
