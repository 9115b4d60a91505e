//! Which rule of `docs/verdicts.md` judges a published claim.

use crate::error::{Error, Result};
use crate::models::Form;
use crate::paper::verdicts::subsamples::{RESPONSES, SubsampleFits};
use crate::paper::verdicts::wording::words;
use crate::paper::{PublishedValue, Relation};
use crate::stats::CLEARLY_BETTER;
use crate::stats::least_r_squared;

/// The degrees of freedom of a fit to the paper's eleven sessions.
pub(super) const FREEDOM: usize = 9;
const SIGNIFICANCE: f64 = 0.05;

/// A rule, with what it needs to know of the claim. `response` is a place in [`RESPONSES`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    /// A: a printed R².
    PrintedRSquared { response: usize, form: Form, printed: f64 },
    /// B: a printed p-value. `r_squared` is the place of the claim about the R² of the same fit.
    PrintedP { response: usize, form: Form, r_squared: usize },
    /// C: a bound of R² or p.
    Bound { response: usize, form: Form, bound: Bound },
    /// D: more training makes a layer softer.
    Softening { response: usize },
    /// E: the softness follows a power law.
    PowerLaw { response: usize },
    /// F: the power model fits best.
    BestForm { response: usize },
    /// G: the residuals of the power model curve least.
    LeastCurved { response: usize },
    /// H: sessions of one length are inconsistent.
    Inconsistent,
}

/// A bound of R². A bound of p is one of R², since the degrees of freedom are the same in each subsample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bound {
    Below(f64),
    AtLeast(f64),
    Above(f64),
    AtMost(f64),
}

impl Rule {
    /// The rule for one of the `claims`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if no rule fits the claim, or if it is not about a
    /// response or a form that the study has.
    pub fn new(claim: &PublishedValue, claims: &[PublishedValue]) -> Result<Self> {
        let response = || {
            let named = |&(layer, image): &(usize, &str)| {
                claim.layer() == Some(layer) && claim.image() == Some(image)
            };
            let requirement = "it must be about layer 1 or 2 and the bird or static";
            RESPONSES.iter().position(named).ok_or_else(|| Error::option("claim", words(claim), requirement))
        };
        let form = || {
            let requirement = "it must be about a form: linear, exponential or power";
            claim.form().ok_or_else(|| Error::option("claim", words(claim), requirement))
        };
        let bounded = |bound| Ok(Self::Bound { response: response()?, form: form()?, bound });
        match (claim.quantity(), claim.claim()) {
            ("r_squared", Some((Relation::Equal, printed))) => {
                Ok(Self::PrintedRSquared { response: response()?, form: form()?, printed })
            }
            ("r_squared", Some((Relation::Below, bound))) => bounded(Bound::Below(bound)),
            ("r_squared", Some((Relation::AtLeast, bound))) => bounded(Bound::AtLeast(bound)),
            ("p_value", Some((Relation::Equal, _))) => {
                let same_fit = |other: &PublishedValue| {
                    let place = |claim: &PublishedValue| {
                        (claim.layer(), claim.image().map(str::to_owned), claim.form())
                    };
                    let is_equal = other.claim().is_some_and(|(relation, _)| relation == Relation::Equal);
                    other.quantity() == "r_squared" && is_equal && place(other) == place(claim)
                };
                let requirement = "the R² of the same fit must be printed too";
                let r_squared = claims.iter().position(same_fit);
                let r_squared = r_squared.ok_or_else(|| Error::option("claim", words(claim), requirement))?;
                Ok(Self::PrintedP { response: response()?, form: form()?, r_squared })
            }
            ("p_value", Some((Relation::Below, _))) => {
                bounded(Bound::Above(least_r_squared(SIGNIFICANCE, FREEDOM)?))
            }
            ("p_value", Some((Relation::AtLeast, _))) => {
                bounded(Bound::AtMost(least_r_squared(SIGNIFICANCE, FREEDOM)?))
            }
            ("softening", _) => Ok(Self::Softening { response: response()? }),
            ("power_law", _) => Ok(Self::PowerLaw { response: response()? }),
            ("best_form", _) => Ok(Self::BestForm { response: response()? }),
            ("least_curved", _) => Ok(Self::LeastCurved { response: response()? }),
            ("inconsistent", _) => Ok(Self::Inconsistent),
            (quantity, _) => Err(Error::option("claim", quantity, "no rule of docs/verdicts.md judges it")),
        }
    }

    /// The letter of the rule, as in `docs/verdicts.md`.
    pub fn letter(self) -> char {
        match self {
            Self::PrintedRSquared { .. } => 'A',
            Self::PrintedP { .. } => 'B',
            Self::Bound { .. } => 'C',
            Self::Softening { .. } => 'D',
            Self::PowerLaw { .. } => 'E',
            Self::BestForm { .. } => 'F',
            Self::LeastCurved { .. } => 'G',
            Self::Inconsistent => 'H',
        }
    }

    /// Whether the claim is true in a subsample; for a printed R² or p, whether the slope is negative. False for D and H,
    /// which subsamples do not decide.
    pub fn is_true_in(self, fits: &SubsampleFits) -> bool {
        match self {
            Self::PrintedRSquared { response, form, .. } | Self::PrintedP { response, form, .. } => {
                fits[response][form as usize].form.slope < 0.0
            }
            Self::Bound { response, form, bound } => {
                let r_squared = fits[response][form as usize].form.r_squared;
                match bound {
                    Bound::Below(bound) => r_squared < bound,
                    Bound::AtLeast(bound) => r_squared >= bound,
                    Bound::Above(bound) => r_squared > bound,
                    Bound::AtMost(bound) => r_squared <= bound,
                }
            }
            Self::PowerLaw { response } => {
                fits[response][Form::Power as usize].aicc_over_step <= -CLEARLY_BETTER
            }
            Self::BestForm { response } => {
                let power = fits[response][Form::Power as usize].form.r_squared;
                fits[response].iter().all(|other| other.form.r_squared <= power)
            }
            Self::LeastCurved { response } => {
                let power = fits[response][Form::Power as usize].form.curvature;
                fits[response].iter().all(|other| other.form.curvature >= power)
            }
            Self::Softening { .. } | Self::Inconsistent => false,
        }
    }
}
