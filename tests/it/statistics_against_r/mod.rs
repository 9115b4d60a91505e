//! Intervals, bands, tests, influence and curves held against R's, mpmath's and NIST's.

mod curves;
mod lines;
mod r_squared;
mod tests_and_ranks;
use serde::Deserialize;
use softness::models::Form;

use crate::support::golden::assert_close;

#[derive(Deserialize)]
struct Golden {
    lines: Vec<Set>,
    ranks: Vec<Ranks>,
    tied: Vec<Tied>,
    shapiro: Vec<Shapiro>,
    adjusted: Adjusted,
    curves: Vec<CurveRow>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    fits: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    form: Form,
    slope: f64,
    slope_std_err: f64,
    intercept: f64,
    intercept_std_err: f64,
    r: f64,
    r_squared: f64,
    t: f64,
    p_value: f64,
    residuals: Vec<f64>,
    intercept_t: f64,
    intercept_p_value: f64,
    slope_95: [f64; 2],
    intercept_90: [f64; 2],
    at: Vec<f64>,
    confidence_low: Vec<f64>,
    confidence_high: Vec<f64>,
    prediction_low: Vec<f64>,
    prediction_high: Vec<f64>,
    residual_std_err: f64,
    adjusted_r_squared: f64,
    f: f64,
    f_p_value: f64,
    log_likelihood: f64,
    aic: f64,
    aicc: f64,
    bic: f64,
    rmse: f64,
    leave_one_out: f64,
    leverages: Vec<f64>,
    standardised: Vec<f64>,
    normal_scores: Vec<f64>,
    studentised: Vec<f64>,
    cooks: Vec<f64>,
    levels: Vec<f64>,
    slopes_without: Vec<f64>,
    lack_of_fit: Option<[f64; 2]>,
    quadratic: [f64; 2],
    breusch_pagan: [f64; 2],
    shapiro: [f64; 2],
}

#[derive(Deserialize)]
struct Ranks {
    x: Vec<f64>,
    y: Vec<f64>,
    spearman: [f64; 2],
    kendall: [f64; 2],
}

#[derive(Deserialize)]
struct Tied {
    x: Vec<f64>,
    y: Vec<f64>,
    kendall: [f64; 2],
    spearman_rho: f64,
    spearman_p: f64,
}

#[derive(Deserialize)]
struct Shapiro {
    values: Vec<f64>,
    w: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Adjusted {
    p: Vec<f64>,
    holm: Vec<f64>,
    bh: Vec<f64>,
}

#[derive(Deserialize)]
struct CurveRow {
    name: String,
    curve: String,
    x: Vec<f64>,
    y: Vec<f64>,
    parameters: Vec<f64>,
    std_errs: Vec<f64>,
    ssr: f64,
    log_likelihood: f64,
    aic: f64,
    bic: f64,
}

/// Compares numbers of one kind, and prints how far they were apart at most.
struct Kind {
    what: &'static str,
    tolerance: f64,
    largest: f64,
}

impl Kind {
    fn new(what: &'static str, tolerance: f64) -> Self {
        Self { what, tolerance, largest: 0.0 }
    }

    #[track_caller]
    fn relative(&mut self, ours: f64, theirs: f64, place: &str) {
        self.scaled(ours, theirs, theirs.abs(), place);
    }

    #[track_caller]
    fn scaled(&mut self, ours: f64, theirs: f64, scale: f64, place: &str) {
        self.largest = self.largest.max((ours - theirs).abs() / scale.max(f64::MIN_POSITIVE));
        assert_close(ours, theirs, self.tolerance, scale, &format!("{place}: {}", self.what));
    }
}

impl Drop for Kind {
    fn drop(&mut self) {
        println!("{}: largest relative difference {:.1e}", self.what, self.largest);
    }
}
