//! The three forms and the step model, fitted to one subsample after another: the engine of the published verdicts too.

use crate::models::Form;
use crate::stats::{FixedX, FixedXFit, aicc_difference, step_leave_one_out_error, step_r_squared};

/// One form and the step model on one subsample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SubsampleFit {
    /// The form.
    pub form: FixedXFit,
    /// Root mean squared error of leaving each session out of the form, on the original scale.
    pub leave_one_out: f64,
    /// R² of the step model on the form's linearised scores.
    pub step_r_squared: f64,
    /// AICc of the form minus that of the step model.
    pub aicc_over_step: f64,
}

/// Fits subsamples of one design, whose x values are all the same.
pub(crate) struct SubsampleFitter {
    /// In the order of [`Form::ALL`].
    lines: [FixedX; 3],
    /// Which sessions of a subsample have the fewest iterations.
    pub is_untrained: Vec<bool>,
}

impl SubsampleFitter {
    pub fn new(x: &[f64]) -> Self {
        Self { lines: Form::ALL.map(|form| form.fixed_x(x)), is_untrained: fewest_iterations(x) }
    }

    /// `y` are the scores of a subsample, `linearised` the same as the form takes them.
    pub fn fit(&self, form: Form, y: &[f64], linearised: &[f64]) -> SubsampleFit {
        let line = &self.lines[form as usize];
        let own = line.fit(linearised);
        let leave_one_out = line.leave_one_out_error(&own, linearised, y, |y| form.original_y(y));
        let step_r_squared = step_r_squared(&self.is_untrained, linearised);
        let aicc_over_step = aicc_difference(own.r_squared, step_r_squared, y.len());
        SubsampleFit { form: own, leave_one_out, step_r_squared, aicc_over_step }
    }

    /// Root mean squared error of leaving each session out of the step model; NaN if a side has only one session.
    pub fn step_leave_one_out(&self, y: &[f64]) -> f64 {
        step_leave_one_out_error(&self.is_untrained, y)
    }
}

/// Which points have the smallest x.
pub(crate) fn fewest_iterations(x: &[f64]) -> Vec<bool> {
    let fewest = x.iter().copied().fold(f64::INFINITY, f64::min);
    x.iter().map(|&x| x == fewest).collect()
}
