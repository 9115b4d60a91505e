//! Held against scipy's answers to the same printed numbers.

use serde::Deserialize;

use crate::golden::{assert_close, json};
use crate::paper::printed::*;
use crate::tolerances::SPECIAL_FUNCTIONS;

#[derive(Deserialize)]
struct Golden {
    rows: Vec<Row>,
    least: Vec<Least>,
}

#[derive(Deserialize)]
struct Row {
    r_squared: String,
    p: String,
    made_with: usize,
    freedoms: Vec<usize>,
}

#[derive(Deserialize)]
struct Least {
    p: f64,
    freedom: usize,
    r_squared: f64,
}

#[test]
fn printed_numbers_allow_the_degrees_of_freedom_that_scipy_allows() {
    for Row { r_squared, p, made_with, freedoms } in json::<Golden>("printed.json").rows {
        let ours = implied_degrees_of_freedom(&r_squared, &p).unwrap();
        assert_eq!(ours, freedoms, "R² {r_squared}, p {p}");
        assert!(ours.contains(&made_with), "R² {r_squared}, p {p} are of {made_with}");
    }
}

#[test]
fn fewer_digits_say_less() {
    assert_eq!(implied_degrees_of_freedom("0.9220", "1.05e-5").unwrap(), [8]);
    let vague = implied_degrees_of_freedom("0.9", "1e-5").unwrap();
    assert!(vague.len() > 1 && vague.contains(&8), "{vague:?}");
    assert_eq!(implied_degrees_of_freedom("0.9220", "1.05E-5").unwrap(), [8]);
    assert!(implied_degrees_of_freedom("0.9220", "0.500").unwrap().is_empty(), "no study has both");
}

#[test]
fn significance_asks_for_the_r_squared_that_scipy_gives() {
    for Least { p, freedom, r_squared } in json::<Golden>("printed.json").least {
        let ours = least_r_squared(p, freedom).unwrap();
        assert_close(
            ours,
            r_squared,
            SPECIAL_FUNCTIONS,
            1.0,
            &format!("p {p}, {freedom} degrees of freedom"),
        );
        // p depends on 1 - R², of which an R² next to 1 keeps no digits.
        if ours < 1.0 - 1e-6 {
            assert_close(p_of(ours, freedom), p, SPECIAL_FUNCTIONS, p, "and back");
        }
    }
    assert_eq!((least_r_squared(0.05, 9).unwrap() * 1000.0).round(), 362.0);
}

#[test]
fn what_is_no_printed_number_is_refused() {
    for (r_squared, p, part) in [
        ("high", "0.05", "r_squared is \"high\""),
        ("1.2", "0.05", "from 0 to 1"),
        ("0.9", "<0.05", "p is \"<0.05\""),
        ("0.9", "-1e-5", "from 0 to 1"),
        ("0.9", "NaN", "from 0 to 1"),
    ] {
        let error = implied_degrees_of_freedom(r_squared, p).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    assert!(least_r_squared(0.0, 9).is_err() && least_r_squared(1.0, 9).is_err());
    assert!(least_r_squared(0.05, 0).unwrap_err().to_string().contains("at least 1"));
}
