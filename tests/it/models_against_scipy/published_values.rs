//! What the paper printed.
use softness::models::Form;
use softness::paper::{PublishedValue, published};

use crate::support::golden::assert_close;
use crate::support::tolerances::{COEFFICIENTS, THREE_DIGITS};

#[test]
fn the_published_values_are_those_of_the_paper() {
    let values = published().unwrap();
    let (slips, results): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.is_slip);
    let of = |quantity: &str, layer, image: &str, form| -> Vec<&PublishedValue> {
        let same = |value: &&&PublishedValue| {
            (value.quantity.as_str(), value.layer, value.image.as_deref(), value.form)
                == (quantity, Some(layer), Some(image), Some(form))
        };
        results.iter().filter(same).copied().collect()
    };
    let claim = |value: &PublishedValue| (value.relation.clone(), value.value.unwrap());
    let equal = |quantity, image| claim(of(quantity, 2, image, Form::Power)[0]);
    assert_eq!(equal("r_squared", "bird"), ("=".into(), 0.9220));
    assert_eq!(equal("r_squared", "static"), ("=".into(), 0.8996));
    assert_eq!(equal("p_value", "bird"), ("=".into(), 1.05e-5));
    assert_eq!(equal("p_value", "static"), ("=".into(), 2.90e-5));
    for image in ["bird", "static"] {
        for form in Form::ALL {
            assert_eq!(claim(of("p_value", 1, image, form)[0]), ("<".into(), 0.05));
            for layer in [1, 2] {
                let claims = of("r_squared", layer, image, form);
                assert_eq!(claims.len(), 1, "{layer} {image} {form}");
                let is_power_of_layer_2 = (layer, form) == (2, Form::Power);
                assert_eq!(claim(claims[0]) == ("<".into(), 0.8), !is_power_of_layer_2);
            }
        }
    }
    // In layer 2, only power, and exponential on static, are significant.
    let significant = |image, form| of("p_value", 2, image, form).last().unwrap().relation == "<";
    assert!(significant("bird", Form::Power) && significant("static", Form::Power));
    assert!(significant("static", Form::Exponential) && !significant("bird", Form::Exponential));
    assert!(!significant("bird", Form::Linear) && !significant("static", Form::Linear));
    let quantities: Vec<_> = slips.iter().map(|slip| slip.quantity.as_str()).collect();
    assert_eq!(
        quantities,
        ["degrees_of_freedom", "degrees_of_freedom", "iterations", "wording", "references"]
    );
    assert!(slips.iter().all(|slip| slip.holds(0.0).is_none()));
}

#[test]
fn a_claim_holds_for_what_rounds_to_the_printed_digits() {
    let values = published().unwrap();
    let claim = |relation: &str, number: f64| {
        let same = |value: &&PublishedValue| {
            value.relation == relation && value.value == Some(number) && !value.is_slip
        };
        values.iter().find(same).unwrap()
    };
    for (relation, number, inside, outside) in [
        ("=", 0.9220, &[0.921_951, 0.9220, 0.922_049][..], &[0.921_949, 0.922_051, f64::NAN][..]),
        ("=", 1.05e-5, &[1.045_1e-5, 1.054_9e-5], &[1.044_9e-5, 1.055_1e-5, 2.76e-6]),
        ("=", 2.90e-5, &[2.895_1e-5, 2.904_9e-5], &[2.894_9e-5, 2.905_1e-5, 8.69e-6]),
        ("<", 0.8, &[0.0, 0.799_999], &[0.8, 0.9, f64::NAN]),
        (">=", 0.05, &[0.05, 1.0], &[0.049_999, 0.0, f64::NAN]),
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
        let noise = Form::Linear.fit(&x, &raw).unwrap().residuals().to_vec();
        let mean = (n - 1) as f64 / 2.0;
        let sxx: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
        let size: f64 = noise.iter().map(|e| e * e).sum();
        let share = (sxx * (1.0 - r_squared) / r_squared / size).sqrt();
        let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| x + share * e).collect();
        let made = Form::Linear.fit(&x, &y).unwrap();
        assert_close(made.r_squared(), r_squared, COEFFICIENTS, 1.0, "R² as chosen");
        made.p_value()
    };
    for (r_squared, n_10, n_11) in [(0.9220, 1.05e-5, 2.76e-6), (0.8996, 2.90e-5, 8.69e-6)] {
        assert_close(p_of(10, r_squared), n_10, THREE_DIGITS, n_10, "n = 10");
        assert_close(p_of(11, r_squared), n_11, THREE_DIGITS, n_11, "n = 11");
    }
    assert!(p_of(11, 0.363) < 0.05 && p_of(11, 0.361) > 0.05, "the R² that is significant with n = 11");
}
