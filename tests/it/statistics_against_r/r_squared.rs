//! The interval of R².
use serde::Deserialize;
use softness::models::{Fit, Form};
use softness::stats::Interval;

use super::Kind;
use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{COUNTS, INVERTED_R_SQUARED};

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    n: usize,
    r_squared: f64,
    level: f64,
    low: f64,
    high: f64,
}

#[test]
fn the_interval_of_r_squared_is_the_one_that_40_digits_give() {
    let mut ends = Kind::new("interval of R²", INVERTED_R_SQUARED);
    for Row { n, r_squared, level, low, high } in json::<Rows>("r_squared_interval.json").rows {
        let made = points_with_r_squared(n, r_squared);
        assert_close(made.r_squared(), r_squared, COUNTS, 1.0, "R² as chosen");
        let ours = made.r_squared_interval(level).unwrap();
        let place = format!("R² {r_squared}, n {n}");
        ends.scaled(ours.low, low, 1.0, &place);
        ends.scaled(ours.high, high, 1.0, &place);
        assert_eq!(
            (ours.low == 0.0, ours.high == 0.0),
            (low == 0.0, high == 0.0),
            "{place}: zero is allowed"
        );
    }
    let exact = Form::Linear.fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap();
    assert_eq!(exact.r_squared_interval(0.95).unwrap(), Interval { low: 1.0, high: 1.0 });
    assert!(exact.r_squared_interval(1.0).unwrap_err().to_string().contains("level is 1"));
}

/// A fit with a chosen R²: a trend plus noise without trend and mean.
fn points_with_r_squared(n: usize, r_squared: f64) -> Fit {
    let x: Vec<f64> = (0..n).map(|index| index as f64).collect();
    let raw: Vec<f64> = x.iter().map(|x| (3.0 * x * x).sin()).collect();
    let noise = Form::Linear.fit(&x, &raw).unwrap().residuals().to_vec();
    let mean = (n - 1) as f64 / 2.0;
    let length = |values: Vec<f64>| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let (trend, size) = (length(x.iter().map(|x| x - mean).collect()), length(noise.clone()));
    let y: Vec<f64> = x
        .iter()
        .zip(&noise)
        .map(|(x, e)| r_squared.sqrt() * (x - mean) / trend + (1.0 - r_squared).sqrt() * e / size)
        .collect();
    Form::Linear.fit(&x, &y).unwrap()
}
