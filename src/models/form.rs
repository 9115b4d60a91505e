//! The three forms of a model, and how each is linearised.

use serde::{Deserialize, Serialize};

use crate::names::names;
use crate::stats::FixedX;

/// The form of a model of y against x.
///
/// | form | on the linearised scale | on the original scale |
/// |---|---|---|
/// | linear | y = a + b x | the same |
/// | exponential | ln y = a + b x | y = e^a e^(b x) |
/// | power | ln y = a + b ln x | y = e^a x^b |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// y = a + b x.
    Linear,
    /// ln y = a + b x.
    Exponential,
    /// ln y = a + b ln x.
    Power,
}

impl Form {
    /// Whether the form takes the logarithm of x: only power does.
    pub fn takes_ln_x(self) -> bool {
        match self {
            Self::Power => true,
            Self::Linear | Self::Exponential => false,
        }
    }

    /// Whether the form takes the logarithm of y: exponential and power do.
    pub fn takes_ln_y(self) -> bool {
        match self {
            Self::Exponential | Self::Power => true,
            Self::Linear => false,
        }
    }

    /// x on the linearised scale.
    pub(crate) fn linearise_x(self, x: f64) -> f64 {
        if self.takes_ln_x() { x.ln() } else { x }
    }

    /// For many fits on the same x, which are linearised once.
    pub(crate) fn fixed_x(self, x: &[f64]) -> FixedX {
        FixedX::new(&x.iter().map(|&x| self.linearise_x(x)).collect::<Vec<_>>())
    }

    /// y on the linearised scale.
    pub(crate) fn linearise_y(self, y: f64) -> f64 {
        if self.takes_ln_y() { y.ln() } else { y }
    }

    /// y on the original scale, from y on the linearised scale.
    pub(crate) fn original_y(self, linearised: f64) -> f64 {
        if self.takes_ln_y() { linearised.exp() } else { linearised }
    }
}

names!(Form, "form", { Linear: "linear", Exponential: "exponential", Power: "power" });
