//! What subsamples and trained sessions say about one layer, set of pictures and measure.

use crate::models::Form;
use crate::robustness::AnyMeasure;
use crate::stats::{Interval, percentile_of_sorted};

/// One form over all subsamples. Shares are between 0 and 1.
///
/// With two levels, a form and the step model are the same model on the linearised scale. Comparisons with the step model then
/// say nothing and are NaN: `beats_step`, `clearly_beats_step` and `predicts_better`. R² is NaN for a subsample whose scores are
/// all the same, and so are the shares that depend on it.
#[derive(Clone, PartialEq)]
pub struct FormSpread {
    /// The form.
    pub form: Form,
    /// R² of each subsample on the linearised scale, from the smallest to the largest.
    pub r_squared: Vec<f64>,
    /// R² of the step model on the same linearised scores, from the smallest to the largest.
    pub step_r_squared: Vec<f64>,
    /// The share of the subsamples in which the form explains more than the step model.
    pub beats_step: f64,
    /// The share in which it is clearly better: its AICc is lower by at least 2.
    pub clearly_beats_step: f64,
    /// The share in which it predicts sessions that were left out better than the step model does, by the root mean
    /// squared error on the original scale. NaN also if a side of the step has only one session.
    pub predicts_better: f64,
    /// The share in which p is below the significance level.
    pub significant: f64,
    /// The share in which the subsample without its untrained sessions still has a slope of the same sign and a p below the
    /// significance level. NaN if fewer than three sessions or two levels are left.
    pub significant_among_trained: f64,
    /// R² of all sessions, whatever their level.
    pub all_r_squared: f64,
    /// R² of the step model over all sessions: one mean for those of the fewest iterations, another for all others.
    pub all_step_r_squared: f64,
}

impl FormSpread {
    /// The 2.5th, 25th, 50th, 75th and 97.5th percentile of R².
    pub fn quantiles(&self) -> [f64; 5] {
        [2.5, 25.0, 50.0, 75.0, 97.5].map(|percent| percentile_of_sorted(&self.r_squared, percent))
    }

    /// The median R² of the step model.
    pub fn step_median(&self) -> f64 {
        percentile_of_sorted(&self.step_r_squared, 50.0)
    }

    /// The share of the subsamples with an R² below a value: where a published number lies in the spread.
    pub fn share_below(&self, r_squared: f64) -> f64 {
        if self.r_squared.iter().any(|own| own.is_nan()) {
            return f64::NAN;
        }
        self.r_squared.partition_point(|&own| own < r_squared) as f64 / self.r_squared.len() as f64
    }
}

/// The effect of the length of training among the trained sessions: score = a + b ln iterations by least squares over all
/// sessions of at least `from` iterations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainedEffect {
    /// The fewest iterations that count as trained.
    pub from: u64,
    /// The number of sessions.
    pub n: usize,
    /// The slope b, in units of the score per e-fold of training.
    pub slope: f64,
    /// The confidence interval of the slope, at the level of the options.
    pub interval: Interval,
    /// R².
    pub r_squared: f64,
    /// The p-value of a zero slope.
    pub p_value: f64,
    /// The p-value after Holm's correction over all responses with the same `from`.
    pub holm: f64,
    /// The mean score of these sessions.
    pub mean: f64,
}

impl TrainedEffect {
    /// The change of the score with ten times the training, relative to the mean score: b ln 10 / |mean|.
    pub fn per_tenfold(&self) -> f64 {
        self.slope * std::f64::consts::LN_10 / self.mean.abs()
    }

    /// The confidence interval of [`per_tenfold`](Self::per_tenfold), if the mean were known.
    pub fn per_tenfold_interval(&self) -> Interval {
        let scale = std::f64::consts::LN_10 / self.mean.abs();
        Interval { low: self.interval.low * scale, high: self.interval.high * scale }
    }
}

/// The result for one layer, set of pictures and measure.
#[derive(Clone, PartialEq)]
pub struct ResponseRobustness {
    /// The layer, counted from 1.
    pub layer: usize,
    /// The name of the set of pictures; `None` for measures of the filters themselves.
    pub images: Option<String>,
    /// The measure.
    pub measure: AnyMeasure,
    /// Iterations and score of each session.
    pub points: Vec<(u64, f64)>,
    /// One for each form whose logarithms the points have: no exponential and power form if a score is not above 0, no power
    /// form if a session has 0 iterations.
    pub forms: Vec<FormSpread>,
    /// One for each value of `trained_from` in the options that leaves at least three sessions and two levels.
    pub trained: Vec<TrainedEffect>,
}

impl ResponseRobustness {
    /// The spread of a form; `None` if it needs the logarithm of a score that is not above 0, or of 0 iterations.
    pub fn form(&self, form: Form) -> Option<FormSpread> {
        self.forms.iter().find(|spread| spread.form == form).cloned()
    }

    /// "layer 2, bird", "layer 1, filters".
    pub fn place(&self) -> String {
        format!("layer {}, {}", self.layer, self.images.as_deref().unwrap_or("filters"))
    }
}
