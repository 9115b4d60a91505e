//! How maps are computed and scored.

use serde::{Deserialize, Serialize};

use super::{Normalisation, Score, softness_score};
use crate::error::Result;
use crate::responses::{Response, ResponseOptions};

/// How maps are computed and scored. The default is the study's definition: forward pass, zeros outside the
/// picture, min-max.
///
/// ```
/// use softness::responses::{Border, ResponseOptions};
/// use softness::softness::{Normalisation, ScoringOptions};
///
/// let valid = ResponseOptions::default().border(Border::Valid);
/// let options = ScoringOptions::default().response(valid).normalisation(Normalisation::Raw);
/// assert_eq!(options.response.border, Border::Valid);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ScoringOptions {
    /// How filters are applied to pictures. Default: forward pass, border same.
    pub response: ResponseOptions,
    /// How maps are normalised. Default [`Normalisation::MinMax`].
    pub normalisation: Normalisation,
}

impl ScoringOptions {
    setters! {
        /// Sets how filters are applied to pictures.
        pub fn response(self, response: ResponseOptions);

        /// Sets how maps are normalised.
        pub fn normalisation(self, normalisation: Normalisation);
    }

    /// The score of one response: [`softness_score`] of its map.
    ///
    /// # Errors
    /// Those of [`softness_score`].
    pub fn score(self, response: &Response) -> Result<Score> {
        softness_score(response.map().view(), self.normalisation)
    }
}
