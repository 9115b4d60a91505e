//! New sets of eleven sessions, as the paper had them, and what they show.

use ndarray::{Array2, ArrayView2};

use super::study::Study;
use crate::error::{Error, Result};
use crate::models::Form;
use crate::robustness::SubsampleDesign;
use crate::robustness::new_sets::{DrawnLevel, NewSets, Source};
use crate::robustness::subsample_fits::{SubsampleFit, SubsampleFitter};
use crate::stats::{CLEARLY_BETTER, Interval, percentile_of_sorted};

/// The sets that the predictive distribution is shown by, and their seed.
pub(super) const SETS: usize = 100_000;
pub(super) const SEED: u64 = 16;

/// Sets of eleven from a study, with the given columns as responses: untrained networks with replacement, sessions from `source`.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level of the paper's plan has fewer than two sessions.
pub(super) fn new_sets(study: &Study, columns: &[usize], source: Source) -> Result<NewSets> {
    let level = |&(iterations, take): &(u64, usize)| {
        let (source, scores) = if iterations == 1 {
            (Source::Sessions, Some(&study.untrained))
        } else {
            (source, study.levels.get(&iterations))
        };
        let sessions = scores.map_or(0, Array2::nrows);
        let requirement = format!("new sets need at least 2 sessions of {iterations} iterations");
        Error::require(sessions >= 2, "number of sessions of a level", sessions, requirement)?;
        let scores = scores.expect("it has sessions").select(ndarray::Axis(1), columns);
        Ok((take, DrawnLevel::new(source, scores)))
    };
    Ok(NewSets::new(SubsampleDesign::default().levels.iter().map(level).collect::<Result<_>>()?))
}

/// The fits of the three forms to every response of a set.
pub(super) struct SetFitter {
    fitter: SubsampleFitter,
}

impl SetFitter {
    pub fn new() -> Self {
        Self { fitter: SubsampleFitter::new(&SubsampleDesign::default().x()) }
    }

    /// By response, in the order of [`Form::ALL`]. `set` has ln layer scores, (sessions, responses).
    pub fn fits(&self, set: ArrayView2<f64>) -> Vec<[SubsampleFit; 3]> {
        let fit = |ln_scores: ndarray::ArrayView1<f64>| {
            let ln_y = ln_scores.to_vec();
            let y: Vec<f64> = ln_y.iter().map(|score| score.exp()).collect();
            Form::ALL.map(|form| self.fitter.fit(form, &y, if form.takes_ln_y() { &ln_y } else { &y }))
        };
        set.columns().into_iter().map(fit).collect()
    }
}

/// What new sets of eleven show of one response.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SetSummary {
    /// The median and the predictive interval of the power model's R².
    pub r_squared: (f64, Interval),
    /// The median R² of the step model.
    pub step_r_squared: f64,
    /// The shares of sets in which the power model's slope is negative, the power model is clearly better than the step model, and
    /// clearly worse.
    pub softer: f64,
    pub better: f64,
    pub worse: f64,
}

impl SetSummary {
    /// From the power model's fits to all sets, with an interval of this level.
    pub fn new(fits: &[SubsampleFit], level: f64) -> Self {
        let sorted = |value: fn(&SubsampleFit) -> f64| {
            let mut values: Vec<f64> = fits.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let share = |is: fn(&SubsampleFit) -> bool| {
            fits.iter().filter(|fit| is(fit)).count() as f64 / fits.len() as f64
        };
        let r_squared = sorted(|fit| fit.form.r_squared);
        let tail = 50.0 * (1.0 - level);
        let [low, middle, high] =
            [tail, 50.0, 100.0 - tail].map(|percent| percentile_of_sorted(&r_squared, percent));
        Self {
            r_squared: (middle, Interval { low, high }),
            step_r_squared: percentile_of_sorted(&sorted(|fit| fit.step_r_squared), 50.0),
            softer: share(|fit| fit.form.slope < 0.0),
            better: share(|fit| fit.aicc_over_step <= -CLEARLY_BETTER),
            worse: share(|fit| fit.aicc_over_step >= CLEARLY_BETTER),
        }
    }
}
