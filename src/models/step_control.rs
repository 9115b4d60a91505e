//! What a good fit is worth: the same data under a pure step, and without the untrained sessions.

use serde::Serialize;

use super::fit::refused;
use super::{Fit, Form};
use crate::error::Result;
use crate::stats::{CLEARLY_BETTER, aicc_difference, regress};

/// The control of a fit. It tells "more training" from "any training" by comparing the fit with a step model: one mean
/// for the smallest x, another for all others.
///
/// With two distinct x, the line and the step are the same model, and there is nothing to compare.
///
/// On the power scale ln 1 = 0 but ln 2,000 = 7.6. So untrained sessions lie far from all others, and a pure step from
/// untrained to trained is hard to tell from a power law.
#[derive(Clone, PartialEq, Serialize)]
pub struct StepControl {
    layer: usize,
    image: String,
    form: Form,
    step_r_squared: f64,
    pure_step_r_squared: f64,
    aicc_over_step: Option<f64>,
    without_untrained: Option<Fit>,
}

impl StepControl {
    /// The control of a fit of the scores of one layer and image.
    pub(crate) fn new(fit: &Fit, layer: usize, image: &str) -> Result<Self> {
        let least = fit.x.iter().copied().fold(f64::INFINITY, f64::min);
        let step: Vec<f64> = fit.x.iter().map(|&x| if x > least { 1.0 } else { 0.0 }).collect();
        let r_squared = |x: &[f64], y: &[f64]| {
            let line = regress(x, y);
            line.map(|line| line.r_squared).map_err(|source| refused(&fit.group, source))
        };
        let step_r_squared = r_squared(&step, &fit.line.y)?;
        let greatest = fit.x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let has_two_x = fit.x.iter().all(|&x| x == least || x == greatest);
        let difference = aicc_difference(fit.r_squared(), step_r_squared, fit.n());
        Ok(Self {
            layer,
            image: image.to_string(),
            form: fit.form,
            step_r_squared,
            pure_step_r_squared: r_squared(&fit.line.x, &step)?,
            aicc_over_step: (!has_two_x).then_some(difference),
            without_untrained: fit.without_level(least)?.without,
        })
    }

    getters! {
        /// The layer, counted from 1; 0 if the points are no layer scores.
        pub fn layer(&self) -> usize;

        /// The image; empty if the points are no layer scores.
        pub fn image(&self) -> &str;

        /// The form of the fit.
        pub fn form(&self) -> Form;

        /// R² of the step model on the same linearised scores: one mean for the sessions of the fewest iterations,
        /// another for all others. If it comes close to the R² of the fit, the data do not tell more training from any
        /// training.
        pub fn step_r_squared(&self) -> f64;

        /// The R² that this form would reach on these iterations if the scores were a pure step from untrained to
        /// trained: 0.934 for the power form on the paper's eleven sessions, 0.22 for the others.
        pub fn pure_step_r_squared(&self) -> f64;

        /// AICc of the fit minus AICc of the step model on the same linearised scores. Negative if the form is better.
        ///
        /// Both models have two coefficients and a variance, so it is n ln((1 - R²) / (1 - step R²)), and the
        /// differences of AIC and BIC are the same. -infinity if the form alone is exact, infinity if the step alone
        /// is, 0 if both are. `None` if there are two distinct x: then the fit and the step model are the same.
        pub fn aicc_over_step(&self) -> Option<f64>;
    }

    /// Whether the fit and the step model are the same model: there are two distinct x.
    pub(crate) fn is_step(&self) -> bool {
        self.aicc_over_step.is_none()
    }

    /// [`step_r_squared`](Self::step_r_squared) with four decimals; a dash if the fit is the step model.
    pub(crate) fn step_in_words(&self) -> String {
        if self.is_step() { "–".into() } else { format!("{:.4}", self.step_r_squared) }
    }

    /// Whether the step model explains these scores at least as well as the form does:
    /// [`aicc_over_step`](Self::aicc_over_step) >= 0. Then the simpler explanation, "any training", stands. False if the two
    /// are the same model.
    ///
    /// Evidence for "more training" takes more than the opposite: [`beats_step`](Self::beats_step), and a slope that
    /// [persists among the trained](Self::persists_among_trained).
    pub fn step_wins(&self) -> bool {
        self.aicc_over_step.is_some_and(|difference| difference >= 0.0)
    }

    /// Whether the form is clearly better than the step model: by at least 2 units of AICc. If neither this nor
    /// [`step_wins`](Self::step_wins) is true, the data do not decide.
    pub fn beats_step(&self) -> bool {
        self.aicc_over_step.is_some_and(|difference| difference <= -CLEARLY_BETTER)
    }

    /// Whether the slope without the sessions of the fewest iterations has the same sign as in `fit`, the fit of this
    /// control, and a p-value below `significance`. False if there is no fit without them.
    ///
    /// If all untrained sessions have the same x, this also tests what the form adds to a step: in a model with a step,
    /// the untrained points determine nothing but its height.
    pub fn persists_among_trained(&self, fit: &Fit, significance: f64) -> bool {
        let same_sign = |refit: &Fit| refit.slope() * fit.slope() > 0.0;
        self.without_untrained
            .as_ref()
            .is_some_and(|refit| same_sign(refit) && refit.p_value() < significance)
    }

    /// The same form fitted without the sessions of the fewest iterations. `None` if the other points are fewer than
    /// three, or have a single x or y.
    pub fn without_untrained(&self) -> Option<Fit> {
        self.without_untrained.clone()
    }
}

#[cfg(test)]
mod tests;
