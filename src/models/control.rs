//! What a good fit is worth: the same data under a pure step, and without the untrained sessions.

use serde::Serialize;

use super::fit::{Points, fit_group};
use super::{Fit, Form};
use crate::error::Result;

/// The difference of AICc from which one model counts as clearly better: beyond 2 the other has considerably
/// less support.
///
/// Source: Burnham & Anderson, *Model Selection and Multimodel Inference*, 2nd ed. (2002), section 2.6.
pub const CLEARLY_BETTER: f64 = 2.0;

/// What stands beside one fit of the study, so that "more training" can be told from "any training".
///
/// On the power scale, ln 1 = 0 while ln 2,000 = 7.6, so untrained sessions stand alone and a pure
/// step from untrained to any training at all is hard to tell from a power law.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Control {
    layer: usize,
    image: String,
    form: Form,
    step_r_squared: f64,
    pure_step_r_squared: f64,
    aicc_over_step: f64,
    without_untrained: Option<Fit>,
}

impl Control {
    pub(super) fn of(fit: &Fit, layer: usize, image: &str) -> Result<Self> {
        let form = fit.form();
        let least = fit.x().iter().copied().fold(f64::INFINITY, f64::min);
        let step: Vec<f64> = fit.x().iter().map(|&x| if x > least { 1.0 } else { 0.0 }).collect();
        let (straight_x, straight_y) = (fit.straight_x(), fit.straight_y());
        let names = Points {
            group: fit.group(),
            x: "iterations",
            y: "score_sum",
            row_name: &|row| format!("row {}", row + 1),
        };
        let r_squared =
            |x: &[f64], y: &[f64]| -> Result<f64> { Ok(fit_group(Form::Linear, x, y, &names)?.r_squared()) };
        let step_r_squared = r_squared(&step, &straight_y)?;
        Ok(Self {
            layer,
            image: image.to_string(),
            form,
            step_r_squared,
            pure_step_r_squared: r_squared(&straight_x, &step)?,
            aicc_over_step: aicc_difference(fit.r_squared(), step_r_squared, fit.n()),
            without_untrained: fit.without_level(least)?.without,
        })
    }

    /// The layer, counted from 1.
    pub fn layer(&self) -> usize {
        self.layer
    }

    /// The image.
    pub fn image(&self) -> &str {
        &self.image
    }

    /// The form of the fit that this is the control of.
    pub fn form(&self) -> Form {
        self.form
    }

    /// R² of the step model on the same straightened scores: one mean for the sessions of the
    /// fewest iterations, another for all the rest. Where it comes near the fit's R², the data do not tell more
    /// training from any training.
    pub fn step_r_squared(&self) -> f64 {
        self.step_r_squared
    }

    /// R² that this form would reach on these iterations if the scores were a pure step, untrained
    /// against any training: 0.934 for the power form on the paper's eleven sessions, 0.22 for the others.
    pub fn pure_step_r_squared(&self) -> f64 {
        self.pure_step_r_squared
    }

    /// AICc of this fit minus AICc of the step model on the same straightened scores; negative where the form
    /// is better. Both models have two means' worth of coefficients and one variance, so it is n ln((1 - R²)
    /// / (1 - step R²)), and the same difference holds for AIC, BIC and adjusted R²'s order. -infinity for an
    /// exact line, infinity for an exact step.
    pub fn aicc_over_step(&self) -> f64 {
        self.aicc_over_step
    }

    /// Whether the step model explains these scores at least as well as the form does:
    /// [`aicc_over_step`](Self::aicc_over_step) >= 0. The simpler story, "any training", then stands.
    ///
    /// A verdict asks for more than its opposite: [`beats_step`](Self::beats_step) and a slope
    /// that [holds among the trained](Self::holds_among_trained).
    pub fn step_wins(&self) -> bool {
        self.aicc_over_step >= 0.0
    }

    /// Whether the form is clearly better than the step model: by at least [`CLEARLY_BETTER`] of AICc.
    /// Where neither this nor [`step_wins`](Self::step_wins) is true, the data do not decide.
    pub fn beats_step(&self) -> bool {
        self.aicc_over_step <= -CLEARLY_BETTER
    }

    /// Whether the slope without the sessions of the fewest iterations has the sign that it has with them
    /// (`with_them`, this control's fit) and a p value below `significance`. False where there is no such fit.
    ///
    /// Where the untrained sessions share one x, this is also the test of what the form adds to a step: with the
    /// step in the model the untrained points decide nothing but its height.
    pub fn holds_among_trained(&self, with_them: &Fit, significance: f64) -> bool {
        let same_sign = |refit: &Fit| refit.slope() * with_them.slope() > 0.0;
        self.without_untrained
            .as_ref()
            .is_some_and(|refit| same_sign(refit) && refit.p_value() < significance)
    }

    /// The same form fitted without the sessions of the fewest iterations; `None` where fewer than
    /// three points, or points of a single x or y, are left.
    pub fn without_untrained(&self) -> Option<&Fit> {
        self.without_untrained.as_ref()
    }
}

/// n ln((1 - R²) / (1 - other R²)): of two models with as many parameters each.
fn aicc_difference(r_squared: f64, other: f64, n: usize) -> f64 {
    let (left, other_left) = (1.0 - r_squared, 1.0 - other);
    if left == other_left { 0.0 } else { n as f64 * (left / other_left).ln() }
}

#[cfg(test)]
mod tests;
