//! What the draws and the trained sessions say of one layer, set of pictures and measure.

use crate::models::Form;
use crate::stats::{Interval, percentile_of_sorted};

/// How one form fared over all drawn sets.
#[derive(Debug, Clone, PartialEq)]
pub struct FormSpread {
    /// The form.
    pub form: Form,
    /// R² of every set on the straightened scale, from the smallest to the largest.
    pub r_squared: Vec<f64>,
    /// R² of the step model on the same straightened scores, from the smallest to the largest.
    pub step_r_squared: Vec<f64>,
    /// The share of sets in which the form explains more than the step model.
    pub beats_step: f64,
    /// The share in which it is clearly better, by at least 2 units of AICc.
    pub clearly_beats_step: f64,
    /// The share in which it predicts sessions left out better than the step model does, by root mean squared error on
    /// the original scale. NaN where a side of the step has but one session.
    pub predicts_better: f64,
    /// The share with p below the level of significance.
    pub significant: f64,
    /// The share in which the set without its untrained sessions still has a slope of the same sign and a p below
    /// the level. NaN where fewer than three sessions or two levels are left.
    pub holds_among_trained: f64,
    /// R² of all sessions of the table, whatever their level.
    pub all_r_squared: f64,
    /// R² of the step model, the fewest iterations against all more, over all sessions of the table.
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

    /// The share of sets with an R² below a value: where a published number lies in the spread.
    pub fn share_below(&self, r_squared: f64) -> f64 {
        self.r_squared.partition_point(|&own| own < r_squared) as f64 / self.r_squared.len() as f64
    }
}

/// What training length does once the untrained sessions are out: score = a + b ln iterations by least squares over
/// all sessions of at least `from` iterations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainedEffect {
    /// The fewest iterations that count as trained.
    pub from: u64,
    /// The number of sessions.
    pub n: usize,
    /// The slope b, in units of the score for each e-fold of training.
    pub slope: f64,
    /// The interval of the slope, at the level of the options.
    pub interval: Interval,
    /// R².
    pub r_squared: f64,
    /// The two-tailed p value of a zero slope.
    pub p_value: f64,
    /// p, corrected by Holm over all responses of the study with the same `from`.
    pub holm: f64,
    /// The mean score of these sessions.
    pub mean: f64,
}

impl TrainedEffect {
    /// The change of the score for ten times the training, as a share of the size of the mean score: b ln 10 / |mean|.
    pub fn per_tenfold(&self) -> f64 {
        self.slope * std::f64::consts::LN_10 / self.mean.abs()
    }

    /// The interval of [`per_tenfold`](Self::per_tenfold), the mean taken as known.
    pub fn per_tenfold_interval(&self) -> Interval {
        let scale = std::f64::consts::LN_10 / self.mean.abs();
        Interval { low: self.interval.low * scale, high: self.interval.high * scale }
    }
}

/// The answer for one layer, set of pictures and measure.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseRobustness {
    /// The layer, counted from 1.
    pub layer: usize,
    /// The set of pictures; empty for measures of the filters themselves.
    pub images: String,
    /// The name of the measure.
    pub measure: String,
    /// Iterations and score of every session.
    pub points: Vec<(u64, f64)>,
    /// One for each form that these scores allow: linear alone where a score is not above 0.
    pub forms: Vec<FormSpread>,
    /// One for each start of the options that leaves three sessions of two levels.
    pub trained: Vec<TrainedEffect>,
}

impl ResponseRobustness {
    /// How a form fared; `None` where a score is not above 0 and the form needs its logarithm.
    pub fn form(&self, form: Form) -> Option<&FormSpread> {
        self.forms.iter().find(|spread| spread.form == form)
    }

    /// "layer 2, bird", "layer 1, filters".
    pub fn place(&self) -> String {
        let images = if self.images.is_empty() { "filters" } else { &self.images };
        format!("layer {}, {images}", self.layer)
    }
}
