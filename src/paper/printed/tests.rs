//! Comparison with scipy's answers to the same printed numbers.

use serde::Deserialize;

use crate::golden::json;
use crate::paper::printed::*;

#[derive(Deserialize)]
struct Golden {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    r_squared: String,
    p: String,
    made_with: usize,
    freedoms: Vec<usize>,
}

#[test]
fn printed_numbers_allow_the_degrees_of_freedom_that_scipy_allows() {
    for Row { r_squared, p, made_with, freedoms } in json::<Golden>("printed.json").rows {
        let ours = PublishedValue::implied_degrees_of_freedom(&r_squared, &p).unwrap();
        assert_eq!(ours, freedoms, "R² {r_squared}, p {p}");
        assert!(ours.contains(&made_with), "R² {r_squared}, p {p} are of {made_with}");
    }
}

#[test]
fn fewer_digits_say_less() {
    assert_eq!(PublishedValue::implied_degrees_of_freedom("0.9220", "1.05e-5").unwrap(), [8]);
    let vague = PublishedValue::implied_degrees_of_freedom("0.9", "1e-5").unwrap();
    assert!(vague.len() > 1 && vague.contains(&8), "{vague:?}");
    assert_eq!(PublishedValue::implied_degrees_of_freedom("0.9220", "1.05E-5").unwrap(), [8]);
    assert!(
        PublishedValue::implied_degrees_of_freedom("0.9220", "0.500").unwrap().is_empty(),
        "no study has both"
    );
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
        let error = PublishedValue::implied_degrees_of_freedom(r_squared, p).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
