//! Fits at the edge of what inference can say.

use proptest::prelude::*;

use crate::models::{Form, max_t};
use crate::stats::{Bootstrap, Curve, Interval, Permutations};

#[test]
fn an_exact_line_has_intervals_without_width_and_tests_without_an_answer() {
    let x = [1.0, 2.0, 3.0, 4.0, 4.0];
    let exact = Form::Linear.fit(&x, &[3.0, 5.0, 7.0, 9.0, 9.0]).unwrap();
    assert_eq!(exact.slope_interval(0.95).unwrap(), Interval { low: exact.slope(), high: exact.slope() });
    assert_eq!(exact.prediction_band(2.0, 0.95).unwrap().width(), 0.0);
    assert_eq!((exact.intercept_t(), exact.intercept_p_value()), (f64::INFINITY, 0.0));
    assert_eq!((exact.f(), exact.f_p_value(), exact.rmse()), (f64::INFINITY, 0.0, 0.0));
    assert_eq!(exact.information().log_likelihood, f64::INFINITY);
    assert!(exact.studentised_residuals().iter().all(|residual| residual.is_nan()));
    assert!(exact.lack_of_fit().is_none() && exact.curvature().is_none());
    assert!(exact.breusch_pagan().is_none() && exact.normality().is_none());
    // Of the 60 distinct arrangements, this one and its mirror image's likes reach |r| 1: none but this.
    assert_eq!(exact.permutation_test(Permutations::default()).p_value, 1.0 / 60.0);
}

#[test]
fn values_that_differ_by_rounding_alone_are_refused_and_whole_numbers_are_not() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let refused = |form: Form, x: &[f64], y: &[f64]| form.fit(x, y).unwrap_err().to_string();
    // The mean of the same values, added in another order.
    for (y, shown) in
        [([0.55, 0.55, 0.5499999999999999, 0.55], "0.55"), ([1.0, 1.0, 1.0 - f64::EPSILON, 1.0], "1")]
    {
        for form in Form::ALL {
            let error = refused(form, &x, &y);
            let words = [format!("y is {shown} up to differences of "), "so a fit says nothing".into()];
            assert!(words.iter().all(|words| error.contains(words)), "{error}");
        }
    }
    let error = refused(Form::Linear, &[0.3, 0.30000000000000004, 0.3, 0.3], &x);
    assert!(error.contains("every x is 0.3 up to differences of 5.6e-17"), "{error}");
    // What is not finite has its own sentence.
    assert!(refused(Form::Linear, &x, &[1.0, f64::INFINITY, 1.0, 1.0]).contains("only finite numbers"));
    assert!(refused(Form::Linear, &x, &[0.1, f64::NAN, 0.1, 0.1]).contains("only finite numbers"));
    let whole = Form::Linear.fit(&x, &[17e14, 17e14 + 1.0, 17e14, 17e14 + 1.0]).unwrap();
    // By hand: Sxx 5, Sxy 1, Syy 1.
    assert!((whole.r_squared() - 0.2).abs() < 1e-12, "{}", whole.r_squared());
}

#[test]
fn residuals_without_freedom_or_spread_are_not_tested() {
    // All residuals are 0.1 but for rounding.
    let x = [1.0, 1.0, 1.0, 1.0, 10.0, 10.0, 10.0, 10.0];
    let even = Form::Linear.fit(&x, &[0.1, 0.3, 0.1, 0.3, 0.6, 0.8, 0.6, 0.8]).unwrap();
    assert!(even.breusch_pagan().is_none() && even.normality().is_some());
    // The residuals of three points are decided by x but for their size.
    let three = Form::Linear.fit(&[1.0, 2.0, 3.0], &[2.2, 3.1, 9.7]).unwrap();
    assert!(three.breusch_pagan().is_none() && three.normality().is_none());
}

#[test]
fn a_point_beside_a_line_through_all_others_has_an_infinite_studentised_residual() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    for (last, expected) in [(70.0, f64::INFINITY), (-70.0, f64::NEG_INFINITY)] {
        let fit = Form::Linear.fit(&x, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, last]).unwrap();
        let studentised = fit.studentised_residuals();
        assert_eq!(studentised[6], expected);
        assert!(studentised[..6].iter().all(|residual| residual.is_finite()), "{studentised:?}");
    }
}

#[test]
fn a_line_through_the_origin_does_not_test_its_intercept_against_nothing() {
    let exact = Form::Linear.fit(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    assert!(exact.intercept().abs() < 1e-14 && exact.intercept_t().is_nan());
    assert!(exact.intercept_p_value().is_nan());
}

#[test]
fn a_point_that_alone_decides_the_slope_has_no_studentised_residual() {
    // The points at 1 decide their mean, the one at 2 the slope: leverage 1.
    let alone = Form::Linear.fit(&[1.0, 1.0, 1.0, 2.0], &[1.0, 2.0, 3.0, 5.0]).unwrap();
    assert!((alone.leverages()[3] - 1.0).abs() < 1e-15);
    assert!(alone.standardised_residuals()[3].is_nan() && alone.cooks_distances()[3].is_nan());
    assert!(alone.leave_one_out_error().is_none());
    let levels = alone.without_each_level().unwrap();
    assert_eq!(
        levels.iter().map(|level| (level.level, level.points)).collect::<Vec<_>>(),
        [(1.0, 3), (2.0, 1)]
    );
    assert!(levels.iter().all(|level| level.without.is_none()), "one level is left each time");
    assert!(alone.lack_of_fit().is_none(), "a line meets the means of two levels");
}

#[test]
fn very_large_and_very_small_scores_have_the_same_tests() {
    let (x, y) = ([1.0, 1.0, 2.0, 3.0, 3.0, 4.0, 6.0], [1.0, 2.0, 2.5, 2.0, 4.0, 3.5, 6.0]);
    let plain = Form::Linear.fit(&x, &y).unwrap();
    for factor in [1e-200, 1e200] {
        let scaled = Form::Linear.fit(&x, &y.map(|y| y * factor)).unwrap();
        for (ours, expected) in [
            (scaled.lack_of_fit().unwrap().p_value, plain.lack_of_fit().unwrap().p_value),
            (scaled.curvature().unwrap().p_value, plain.curvature().unwrap().p_value),
            (scaled.breusch_pagan().unwrap().p_value, plain.breusch_pagan().unwrap().p_value),
            (scaled.normality().unwrap().p_value, plain.normality().unwrap().p_value),
            (scaled.cooks_distances()[6], plain.cooks_distances()[6]),
            (scaled.rmse() / factor, plain.rmse()),
            (
                scaled.prediction_band(3.0, 0.9).unwrap().high / factor,
                plain.prediction_band(3.0, 0.9).unwrap().high,
            ),
        ] {
            assert!((ours - expected).abs() <= 1e-11 * expected, "{ours} {expected}");
        }
    }
}

#[test]
fn lines_too_small_for_f64_are_refused_and_an_intercept_of_0_is_not() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let rough = [1.0, 2.1, 2.9, 4.2];
    let fit =
        |x_unit: f64, y: [f64; 4], unit: f64| Form::Linear.fit(&x.map(|x| x * x_unit), &y.map(|y| y * unit));
    for (x_unit, y, unit) in [
        (1e200, rough, 1e-200), // the slope is 1e-400
        (1e155, rough, 1e-155), // the slope is 1e-310, with 14 digits
        (1e200, x, 1e-200),     // without an error
        (1.0, rough, 1e-310),   // y has few digits
        (1e-310, rough, 1.0),
        (1e7, [1.0, 2.0, 3.0, 4.0 + 1e-5], 1e-299), // the slope is 1e-306, its error 1e-311
    ] {
        let error = fit(x_unit, y, unit).unwrap_err().to_string();
        assert!(error.ends_with("too small for 64-bit numbers: give x or y in other units"), "{error}");
    }
    let origin = fit(1e100, x, 1e-150).unwrap();
    assert!(origin.intercept().abs() < 1e-163 && (origin.slope() / 1e-250 - 1.0).abs() < 1e-12);
    assert_eq!((origin.slope_std_err(), origin.r_squared()), (0.0, 1.0));
    // No trend: the slope is 0, or what rounding leaves of it.
    let flat = Form::Linear.fit(&[-1e200, 0.0, 1e200], &[1e-90, 0.0, 1e-90]).unwrap();
    assert!(flat.slope().abs() < 1e-300 && flat.slope_std_err() > 1e-291);
}

#[test]
fn predictions_and_bands_far_from_0_are_those_of_the_same_points_near_0() {
    let y = [1.0, 4.0, 7.0, 7.0, 10.0, 13.0, 13.0, 16.0];
    let near: Vec<f64> = (0..8).map(f64::from).collect();
    let plain = Form::Linear.fit(&near, &y).unwrap();
    // Near 1e17, `f64` has every 16th whole number: all x are exact.
    for (offset, step) in [(1e15, 1.0), (-1e15, 1.0), (1e17, 32.0), (1e6, 1.0)] {
        let x: Vec<f64> = near.iter().map(|x| offset + step * x).collect();
        let far = Form::Linear.fit(&x, &y).unwrap();
        // By hand: means 3.5 and 71/8, Sxx 42, Sxy 171/2.
        let by_hand = 71.0 / 8.0 - 0.5 * 171.0 / 84.0;
        assert!((far.predict(x[3]) - by_hand).abs() < 1e-13, "{offset}: {}", far.predict(x[3]));
        assert_eq!(by_hand as f32, 55.0 / 7.0);
        for place in [-3.0, 0.0, 2.0, 5.0, 7.0, 11.0] {
            let at = offset + step * place;
            let bands = |fit: &crate::models::Fit, x: f64| {
                let (line, new) =
                    (fit.confidence_band(x, 0.95).unwrap(), fit.prediction_band(x, 0.95).unwrap());
                [fit.predict(x), line.low, line.high, new.low, new.high]
            };
            for (ours, theirs) in bands(&far, at).into_iter().zip(bands(&plain, place)) {
                assert!((ours - theirs).abs() < 1e-11, "{offset}, {place}: {ours} {theirs}");
            }
        }
    }
}

#[test]
fn a_band_outside_the_domain_of_its_form_is_refused() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0], [1.0, 2.2, 2.9, 4.1]);
    let power = Form::Power.fit(&x, &y).unwrap();
    for at in [0.0, -0.0, -1.0] {
        for error in
            [power.confidence_band(at, 0.95).unwrap_err(), power.prediction_band(at, 0.95).unwrap_err()]
        {
            let sentence = "but the power form needs ln of it: only values above 0 have a band";
            assert_eq!(error.to_string(), format!("x is {at}, {sentence}"));
        }
    }
    for form in Form::ALL {
        let fit = form.fit(&x, &y).unwrap();
        for at in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = fit.confidence_band(at, 0.95).unwrap_err().to_string();
            assert!(error.ends_with("but a band needs a finite number"), "{error}");
        }
        // Where a band overflows, an end is 0 or infinite, and none is NaN.
        for at in [1e-300, 1e10, 1e308] {
            if let Ok(band) = fit.prediction_band(at, 0.95) {
                assert!(band.low <= band.high, "{form} {at}: {band:?}");
            }
        }
    }
    let steep = Form::Linear.fit(&x, &y.map(|y| 10.0 * y)).unwrap();
    let error = steep.confidence_band(1e308, 0.95).unwrap_err().to_string();
    assert!(error.starts_with("x is 1e308, but the band there is too wide"), "{error}");
    let exponential = Form::Exponential.fit(&x, &y).unwrap().prediction_band(1e5, 0.95).unwrap();
    assert_eq!(exponential.high, f64::INFINITY);
}

#[test]
fn predictions_that_overflow_have_an_infinite_error() {
    let y = [1e-308, 1.0, 1e308, 1e300];
    let fit = Form::Exponential.fit(&[1.0, 2.0, 3.0, 4.0], &y).unwrap();
    // scipy 1.17.1, linregress of ln y: the line is at 909.0606 for x = 4, and exp of more than 709.8 overflows.
    assert!((fit.fitted()[3] - 909.0605947140491).abs() < 1e-9, "{}", fit.fitted()[3]);
    assert_eq!((fit.rmse(), fit.leave_one_out_error()), (f64::INFINITY, Some(f64::INFINITY)));
}

#[test]
fn a_test_at_random_without_draws_says_nothing() {
    // Twelve different x have 479,001,600 arrangements.
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| x + (x * 7.0) % 3.0).collect();
    let fit = Form::Linear.fit(&x, &y).unwrap();
    let none = Permutations::default().draws(0);
    let alone = fit.permutation_test(none);
    assert_eq!((alone.p_value, alone.exact), (1.0, false));
    let error = max_t(&[fit], none).unwrap_err().to_string();
    assert_eq!(
        error,
        "draws is 0, but these points have too many arrangements to visit all: draw some, such as 99999"
    );
    // Those of five points are all visited, whatever the number of draws.
    let few = Form::Linear.fit(&x[..5], &y[..5]).unwrap();
    assert_eq!(
        max_t(std::slice::from_ref(&few), none).unwrap(),
        [few.permutation_test(Permutations::default())]
    );
}

#[test]
fn one_fit_corrected_for_itself_keeps_its_p() {
    let one = Form::Power.fit(&[1.0, 1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 2.5, 2.0, 4.0]).unwrap();
    let alone = one.permutation_test(Permutations::default());
    assert_eq!(max_t(&[one], Permutations::default()).unwrap(), [alone]);
}

proptest! {
    #[test]
    fn whatever_can_be_fitted_has_probabilities_and_ordered_intervals(
        points in prop::collection::vec((1i32..5, 1i32..5), 3..9), exponent in -300i32..300,
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = points
            .iter()
            .map(|&(x, y)| (f64::from(x), f64::from(y) * 10f64.powi(exponent)))
            .unzip();
        for form in Form::ALL {
            let Ok(fitted) = form.fit(&x, &y) else { continue };
            let tests = [
                fitted.lack_of_fit(), fitted.curvature(), fitted.breusch_pagan(), fitted.normality(),
                fitted.spearman(), fitted.kendall(), Some(fitted.permutation_test(Permutations::default())),
            ];
            for test in tests.into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&test.p_value), "{form}: {test:?} {fitted:?}");
            }
            let bootstrap = fitted.bootstrap_slope(Bootstrap::default().draws(99)).unwrap();
            let intervals = [
                fitted.slope_interval(0.95), fitted.intercept_interval(0.5), fitted.confidence_band(2.5, 0.9),
                fitted.prediction_band(7.0, 0.99), fitted.r_squared_interval(0.95), Ok(bootstrap.interval),
            ];
            for interval in intervals {
                let Interval { low, high } = interval.unwrap();
                prop_assert!(low <= high, "{form}: {low} {high} {fitted:?}");
            }
            prop_assert!((fitted.leverages().iter().sum::<f64>() - 2.0).abs() < 1e-12);
            prop_assert_eq!(fitted.cooks_distances().len(), fitted.n());
            prop_assert!(fitted.without_each_level().is_ok() && fitted.information().aicc.is_finite() != (fitted.n() <= 4 || fitted.r_squared() == 1.0));
        }
        for curve in Curve::ALL.into_iter().filter(|&curve| curve != Curve::Hill) {
            if let Ok(fit) = curve.fit(&x, &y) {
                prop_assert!(fit.r_squared() <= 1.0 && fit.degrees_of_freedom() > 0, "{curve}: {fit:?}");
            }
        }
    }
}
