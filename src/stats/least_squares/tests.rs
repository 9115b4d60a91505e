//! Lines against mpmath with 60 digits, NIST's certified values, and lines that a reader can draw.

use serde::Deserialize;

use super::*;
use crate::golden::{assert_close, json};
use crate::tolerances::{COEFFICIENTS, P_VALUES};

#[derive(Deserialize)]
struct Golden {
    hard: Vec<Hard>,
    p_values: Vec<PValue>,
}

#[derive(Deserialize)]
struct Hard {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    slope: f64,
    intercept: f64,
    slope_std_err: f64,
    intercept_std_err: f64,
    r: f64,
    r_squared: f64,
    t: f64,
    p_value: f64,
    residuals: Vec<f64>,
}

#[derive(Deserialize)]
struct PValue {
    freedom: f64,
    t: f64,
    p: f64,
}

fn spread(values: &[f64]) -> f64 {
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    high - values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

#[test]
fn p_values_are_right_down_to_1e_300() {
    for PValue { freedom, t, p } in json::<Golden>("models.json").p_values {
        for t in [t, -t] {
            assert_close(
                two_tailed(t, freedom),
                p,
                P_VALUES,
                p,
                &format!("t {t}, {freedom} degrees of freedom"),
            );
        }
    }
    assert_eq!((two_tailed(0.0, 9.0), two_tailed(f64::INFINITY, 9.0)), (1.0, 0.0));
}

#[test]
fn badly_scaled_points_have_the_line_that_60_digits_give() {
    for hard in json::<Golden>("models.json").hard {
        let line = regress(&hard.x, &hard.y).unwrap();
        let name = &hard.name;
        let relative = |ours: f64, theirs: f64, what: &str| {
            assert_close(ours, theirs, COEFFICIENTS, theirs.abs(), &format!("{name}: {what}"));
        };
        relative(line.slope, hard.slope, "slope");
        relative(line.intercept, hard.intercept, "intercept");
        // Errors and t come from residuals, whose digits are those of y.
        let noise = (sum_of_squares(&hard.residuals) / (hard.x.len() - 2) as f64).sqrt();
        let from_residuals = |ours: f64, theirs: f64, what: &str| {
            let scale = theirs.abs() * (spread(&hard.y) / noise).max(1.0);
            assert_close(ours, theirs, COEFFICIENTS, scale, &format!("{name}: {what}"));
        };
        from_residuals(line.slope_std_err, hard.slope_std_err, "error of the slope");
        from_residuals(line.intercept_std_err, hard.intercept_std_err, "error of the intercept");
        from_residuals(line.t, hard.t, "t");
        relative(line.r, hard.r, "r");
        // 1 - SSR / SST, if both are near each other, has the absolute error of 1.
        assert_close(line.r_squared, hard.r_squared, COEFFICIENTS, 1.0, name);
        assert_close(line.p_value, hard.p_value, P_VALUES, hard.p_value, name);
        for (ours, theirs) in line.residuals.iter().zip(&hard.residuals) {
            assert_close(*ours, *theirs, COEFFICIENTS, spread(&hard.y), name);
        }
        for ((fitted, residual), y) in line.fitted.iter().zip(&line.residuals).zip(&hard.y) {
            assert_close(fitted + residual, *y, COEFFICIENTS, largest(&hard.y), name);
        }
    }
}

/// NIST StRD, linear regression, Norris (lower level of difficulty): (y, x).
const NORRIS: [(f64, f64); 36] = [
    (0.1, 0.2),
    (338.8, 337.4),
    (118.1, 118.2),
    (888.0, 884.6),
    (9.2, 10.1),
    (228.1, 226.5),
    (668.5, 666.3),
    (998.5, 996.3),
    (449.1, 448.6),
    (778.9, 777.0),
    (559.2, 558.2),
    (0.3, 0.4),
    (0.1, 0.6),
    (778.1, 775.5),
    (668.8, 666.9),
    (339.3, 338.0),
    (448.9, 447.5),
    (10.8, 11.6),
    (557.7, 556.0),
    (228.3, 228.1),
    (998.0, 995.8),
    (888.8, 887.6),
    (119.6, 120.2),
    (0.3, 0.3),
    (0.6, 0.3),
    (557.6, 556.8),
    (339.3, 339.1),
    (888.0, 887.2),
    (998.5, 999.0),
    (778.9, 779.0),
    (10.2, 11.1),
    (117.6, 118.3),
    (228.9, 229.2),
    (668.4, 669.1),
    (449.2, 448.9),
    (0.2, 0.5),
];

#[test]
fn norris_has_nists_certified_line() {
    let (y, x): (Vec<_>, Vec<_>) = NORRIS.into_iter().unzip();
    let line = regress(&x, &y).unwrap();
    // Certified to 15 digits.
    for (ours, certified, what) in [
        (line.intercept, -0.262323073774029, "intercept"),
        (line.intercept_std_err, 0.232818234301152, "error of the intercept"),
        (line.slope, 1.00211681802045, "slope"),
        (line.slope_std_err, 0.429796848199937e-3, "error of the slope"),
        (line.r_squared, 0.999993745883712, "R²"),
        ((sum_of_squares(&line.residuals) / 34.0).sqrt(), 0.884796396144373, "residual deviation"),
    ] {
        assert_close(ours, certified, COEFFICIENTS, certified.abs(), what);
    }
}

#[test]
fn the_points_of_noint1_lie_on_a_line() {
    // NIST StRD, NoInt1: y = 130 .. 140 at x = 60 .. 70, so y = 70 + x.
    let x: Vec<f64> = (60..=70).map(f64::from).collect();
    let y: Vec<f64> = (130..=140).map(f64::from).collect();
    let line = regress(&x, &y).unwrap();
    assert_close(line.slope, 1.0, COEFFICIENTS, 1.0, "slope");
    assert_close(line.intercept, 70.0, COEFFICIENTS, 70.0, "intercept");
    assert_eq!((line.r_squared, line.r, line.p_value), (1.0, 1.0, 0.0));
    assert_eq!((line.t, line.slope_std_err, line.intercept_std_err), (f64::INFINITY, 0.0, 0.0));
    assert_eq!(line.residuals, [0.0; 11]);
    assert_eq!(line.fitted, y);
}

#[test]
fn three_dots_at_0_0_1_1_2_3_have_the_line_a_reader_derives() {
    // Means 1 and 4/3, Sxx 2, Sxy 3: slope 3/2, intercept -1/6, residuals 1/6, -1/3, 1/6, SSR 1/6, SST 14/3.
    let line = regress(&[0.0, 1.0, 2.0], &[0.0, 1.0, 3.0]).unwrap();
    for (ours, expected, what) in [
        (line.slope, 1.5, "slope"),
        (line.intercept, -1.0 / 6.0, "intercept"),
        (line.residuals[0], 1.0 / 6.0, "first residual"),
        (line.residuals[1], -1.0 / 3.0, "second residual"),
        (line.r_squared, 27.0 / 28.0, "R²"),
        (line.slope_std_err, 12f64.sqrt().recip(), "error of the slope"), // sqrt(1/6 / 1 / 2)
        (line.t, 27f64.sqrt(), "t"),
        // One degree of freedom is Cauchy's distribution: 2 (1/2 - atan(t) / pi).
        (line.p_value, 1.0 - 2.0 * 27f64.sqrt().atan() / std::f64::consts::PI, "p"),
    ] {
        assert_close(ours, expected, COEFFICIENTS, expected.abs(), what);
    }
}

#[test]
fn exact_lines_of_any_slope_and_offset_are_exact() {
    for (slope, intercept) in [(-3.0, 2.0), (1e-9, 5.0), (0.1, 0.3), (1e9, -1e-9), (-7.7, 1e6)] {
        let x: Vec<f64> = (0..20).map(|index| f64::from(index) * 1.7 - 9.0).collect();
        let y: Vec<f64> = x.iter().map(|x| intercept + slope * x).collect();
        let line = regress(&x, &y).unwrap();
        assert_eq!((line.r_squared, line.p_value), (1.0, 0.0), "{slope} {intercept}");
        assert_eq!((line.r, line.t), (slope.signum(), f64::INFINITY * slope.signum()));
    }
}

#[test]
fn small_residuals_that_are_no_rounding_are_kept() {
    // One point a thousand roundings off its line.
    let x: Vec<f64> = (0..8).map(f64::from).collect();
    let mut y = x.clone();
    y[3] += 3000.0 * f64::EPSILON;
    let line = regress(&x, &y).unwrap();
    assert!(line.r_squared <= 1.0 && line.t.is_finite() && line.p_value > 0.0);
    assert!(line.residuals[3] > 2000.0 * f64::EPSILON, "{:e}", line.residuals[3]);
}

#[test]
fn whole_numbers_far_from_0_that_differ_by_1_are_no_line() {
    // Time stamps in microseconds. By hand: Sxx = 165/2, Sxy = 5, Syy = 6, so R² = 5/99; scipy 1.17.1 (linregress of y minus 17e14): the rest.
    let x: Vec<f64> = (1..=10).map(f64::from).collect();
    let y = [0.0, 1.0, 2.0, 1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0].map(|y| 17e14 + y);
    let line = regress(&x, &y).unwrap();
    assert_close(line.r_squared, 5.0 / 99.0, COEFFICIENTS, 1.0, "R²");
    assert_close(line.slope, 2.0 / 33.0, COEFFICIENTS, 1.0, "slope");
    assert_close(line.slope_std_err, 0.0929073316167024, COEFFICIENTS, 1.0, "error of the slope");
    assert_close(line.p_value, 0.5324810907508742, COEFFICIENTS, 1.0, "p");
}

#[test]
fn points_without_a_trend_have_no_slope_and_p_1() {
    let line = regress(&[-1.0, 0.0, 1.0], &[1.0, 0.0, 1.0]).unwrap();
    assert_close(line.slope, 0.0, f64::EPSILON, 1.0, "slope");
    assert_close(line.r_squared, 0.0, f64::EPSILON, 1.0, "R²");
    assert_close(line.p_value, 1.0, COEFFICIENTS, 1.0, "p");
}
