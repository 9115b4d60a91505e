//! The distribution of the initial weights.

use std::fmt;
use std::str::FromStr;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::error::{Error, Result};

/// The distribution of the initial weights of all layers: normal with mean 0, all weights independent. The default is
/// that of the presets, [`Truncated`](Self::Truncated). Biases are constant.
///
/// The fans of a layer are counted as in PyTorch and Keras: `out` filters on `in` channels with k x k kernels have a fan
/// in of `in k²` and a fan out of `out k²`; the fans of a dense layer are its inputs and its units.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Initialisation {
    /// One standard deviation for all layers, truncated at two standard deviations: values beyond are drawn again, as in
    /// TensorFlow's `truncated_normal`. The standard deviation of the result is then 0.88 of `sd`. It is not rescaled.
    Truncated {
        /// The standard deviation before the truncation, above 0.
        sd: f32,
    },
    /// He et al. (2015): the standard deviation sqrt(2 / fan in), not truncated, as in PyTorch's `kaiming_normal_` with
    /// `nonlinearity="relu"`. Keras's `he_normal` truncates at two standard deviations and rescales.
    He,
    /// Glorot & Bengio (2010): the standard deviation sqrt(2 / (fan in + fan out)), not truncated, as in PyTorch's
    /// `xavier_normal_`. Keras's `glorot_normal` truncates at two standard deviations and rescales.
    Glorot,
}

impl Initialisation {
    /// The initialisation of a file that may have a `weight_sd` or an `initialisation`; `None` if it has neither.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it has both, or there is no such initialisation.
    pub(crate) fn of_fields(weight_sd: Option<f32>, initialisation: Option<&str>) -> Result<Option<Self>> {
        match (weight_sd, initialisation) {
            (sd, None) => Ok(sd.map(|sd| Self::Truncated { sd })),
            (None, Some(name)) => name.parse().map(Some),
            (Some(_), Some(name)) => {
                let requirement = "its standard deviations follow from the layers: leave `weight_sd` out, or \
                                   `initialisation`";
                Err(Error::option("initialisation", format!("\"{name}\""), requirement))
            }
        }
    }

    /// Checks the standard deviation.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it is not a positive number.
    pub(super) fn check(self) -> Result<()> {
        let Self::Truncated { sd } = self else { return Ok(()) };
        Error::require(sd > 0.0 && sd.is_finite(), "weight_sd", sd, "it must be a positive number")
    }

    /// The standard deviation, before a truncation, in a layer with these fans, in and out.
    pub(super) fn sd(self, [fan_in, fan_out]: [usize; 2]) -> f32 {
        match self {
            Self::Truncated { sd } => sd,
            Self::He => (2.0 / fan_in as f64).sqrt() as f32,
            Self::Glorot => (2.0 / (fan_in + fan_out) as f64).sqrt() as f32,
        }
    }

    /// A draw in units of [`sd`](Self::sd).
    pub(super) fn draw(self, random: &mut impl Rng) -> f32 {
        loop {
            let value: f32 = StandardNormal.sample(random);
            if !matches!(self, Self::Truncated { .. }) || value.abs() < 2.0 {
                return value;
            }
        }
    }

    /// Its name in options and plan files; `None` for one that is given by its standard deviation.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Truncated { .. } => None,
            Self::He => Some("he"),
            Self::Glorot => Some("glorot"),
        }
    }

    /// What follows "weights from a": "truncated normal of standard deviation 0.05".
    pub(crate) fn in_words(self) -> String {
        let truncated = if matches!(self, Self::Truncated { .. }) { "truncated " } else { "" };
        format!("{truncated}normal of standard deviation {self}")
    }
}

impl fmt::Display for Initialisation {
    /// The standard deviation: "0.05", "√(2 / fan in) (He)".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { sd } => sd.fmt(formatter),
            Self::He => formatter.pad("√(2 / fan in) (He)"),
            Self::Glorot => formatter.pad("√(2 / (fan in + fan out)) (Glorot)"),
        }
    }
}

impl FromStr for Initialisation {
    type Err = Error;

    /// `he` or `glorot`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it is neither.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "he" => Ok(Self::He),
            "glorot" => Ok(Self::Glorot),
            _ => {
                let requirement = "it must be he or glorot; for the standard deviation of a truncated normal distribution, \
                                   write `weight_sd` in a plan file";
                Err(Error::option("initialisation", format!("\"{text}\""), requirement))
            }
        }
    }
}
