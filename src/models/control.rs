//! What a good fit is worth: the same data under a pure step, and without the untrained sessions.

use super::fit::{Points, fit_group};
use super::{Fit, Form};
use crate::error::{Error, Result};

/// What stands beside one fit of the study, so that "more training" can be told from "any training".
///
/// On the power scale, ln 1 = 0 while ln 2,000 = 7.6, so untrained sessions stand alone and a pure
/// step from untrained to any training at all is hard to tell from a power law.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    layer: usize,
    image: String,
    form: Form,
    step_r_squared: f64,
    pure_step_r_squared: f64,
    without_untrained: Option<Fit>,
}

impl Control {
    pub(super) fn of(fit: &Fit, layer: usize, image: &str) -> Result<Self> {
        let form = fit.form();
        let least = fit.x().iter().copied().fold(f64::INFINITY, f64::min);
        let step: Vec<f64> = fit.x().iter().map(|&x| if x > least { 1.0 } else { 0.0 }).collect();
        let straight = |values: &[f64], take_ln: bool| -> Vec<f64> {
            values.iter().map(|&value| if take_ln { value.ln() } else { value }).collect()
        };
        let straight_x = straight(fit.x(), form.takes_ln_x());
        let straight_y = straight(fit.y(), form.takes_ln_y());
        let names = Points {
            group: fit.group(),
            x: "iterations",
            y: "score_sum",
            row_name: &|row| format!("row {}", row + 1),
        };
        let r_squared = |x: &[f64], y: &[f64]| Ok(fit_group(Form::Linear, x, y, &names)?.r_squared());

        let trained = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(fit.x()).filter(|&(_, &x)| x > least).map(|(&value, _)| value).collect()
        };
        let without_untrained = match fit_group(form, &trained(fit.x()), &trained(fit.y()), &names) {
            Ok(refit) => Some(refit),
            Err(Error::TooFewPoints { .. } | Error::ConstantColumn { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            layer,
            image: image.to_string(),
            form,
            step_r_squared: r_squared(&step, &straight_y)?,
            pure_step_r_squared: r_squared(&straight_x, &step)?,
            without_untrained,
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

    /// The same form fitted without the sessions of the fewest iterations; `None` where fewer than
    /// three points, or points of a single x or y, are left.
    pub fn without_untrained(&self) -> Option<&Fit> {
        self.without_untrained.as_ref()
    }
}
