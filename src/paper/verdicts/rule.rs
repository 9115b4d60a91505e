//! Which rule of `docs/verdicts.md` judges a published claim.

use crate::error::{Error, Result};
use crate::models::Form;
use crate::paper::PublishedValue;
use crate::paper::verdicts::subsamples::{RESPONSES, SubsampleFits};
use crate::paper::verdicts::wording::words;
use crate::stats::{CLEARLY_BETTER, least_r_squared};

/// The degrees of freedom of a fit to the paper's eleven sessions.
pub(super) const FREEDOM: usize = 9;
const SIGNIFICANCE: f64 = 0.05;

/// A claim and the rule that judges it.
#[derive(Debug, Clone, Copy)]
pub(in crate::paper) struct Rule<'a> {
    pub claim: &'a PublishedValue,
    /// | letter | claim |
    /// |---|---|
    /// | A | a printed R² |
    /// | B | a printed p-value |
    /// | C | a bound of R² or p |
    /// | D | more training makes a layer softer |
    /// | E | the softness follows a power law |
    /// | F | the power model fits best |
    /// | G | the residuals of the power model curve least |
    /// | H | sessions of one length are inconsistent |
    pub letter: char,
    /// A place in [`RESPONSES`].
    pub response: usize,
    pub form: Form,
    /// A bound of R², for C. A bound of p is one of R², since the degrees of freedom are the same in each subsample.
    pub bound: f64,
}

impl<'a> Rule<'a> {
    /// The rule for a claim.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if no rule fits the claim, or if it is not about a
    /// response or a form that the study has.
    pub fn new(claim: &'a PublishedValue) -> Result<Self> {
        let refused = |requirement: &str| Error::option("claim", words(claim), requirement);
        let letter = match (claim.quantity.as_str(), claim.relation.as_str()) {
            ("r_squared", "=") => 'A',
            ("p_value", "=") => 'B',
            ("r_squared" | "p_value", "<" | ">=") => 'C',
            ("softening", _) => 'D',
            ("power_law", _) => 'E',
            ("best_form", _) => 'F',
            ("least_curved", _) => 'G',
            ("inconsistent", _) => 'H',
            (quantity, _) => {
                return Err(Error::option("claim", quantity, "docs/verdicts.md has no rule for it"));
            }
        };
        let about = (claim.layer.unwrap_or_default(), claim.image.as_deref().unwrap_or_default());
        // Rule H is about the paper's figures 4 and 5: layer 1, bird.
        let about = if letter == 'H' { RESPONSES[0] } else { about };
        let response = RESPONSES.iter().position(|&response| response == about);
        let form = if letter > 'C' { Some(Form::Power) } else { claim.form };
        Ok(Self {
            claim,
            letter,
            response: response
                .ok_or_else(|| refused("it must be about layer 1 or 2 and the bird or static"))?,
            form: form.ok_or_else(|| refused("it must be about a form: linear, exponential or power"))?,
            bound: match claim.quantity.as_str() {
                "p_value" => least_r_squared(SIGNIFICANCE, FREEDOM)?,
                _ => claim.value.unwrap_or(f64::NAN),
            },
        })
    }

    /// Whether the claim is true in a subsample; for a printed R² or p, whether the slope is negative. False for D and H,
    /// which subsamples do not decide.
    pub fn is_true_in(self, fits: &SubsampleFits) -> bool {
        let fits = &fits[self.response];
        let fit = &fits[self.form as usize];
        match self.letter {
            'A' | 'B' => fit.form.slope < 0.0,
            'C' => match (self.claim.quantity.as_str(), self.claim.relation.as_str()) {
                ("r_squared", "<") => fit.form.r_squared < self.bound,
                ("r_squared", _) => fit.form.r_squared >= self.bound,
                (_, "<") => fit.form.r_squared > self.bound,
                (_, _) => fit.form.r_squared <= self.bound,
            },
            'E' => fit.aicc_over_step <= -CLEARLY_BETTER,
            'F' => fits.iter().all(|other| other.form.r_squared <= fit.form.r_squared),
            'G' => fits.iter().all(|other| other.form.curvature >= fit.form.curvature),
            _ => false,
        }
    }
}
