//! How maps are computed and scored.

use serde::{Deserialize, Serialize};

use super::{Normalisation, Score, softness_score};
use crate::error::Result;
use crate::responses::{Border, Reading, Response, ResponseOptions};

/// How maps are computed and scored. The default is the study's definition: forward pass, zeros outside the
/// picture, min-max.
///
/// ```
/// use softness::responses::{Border, Reading};
/// use softness::softness::{Normalisation, ScoringOptions};
///
/// let options = ScoringOptions::default().reading(Reading::EachKernel).border(Border::Valid);
/// let options = options.normalisation(Normalisation::Raw);
/// assert_eq!(options.response.reading.in_words(), "each kernel");
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

    /// Sets what a filter is applied to.
    #[must_use]
    pub fn reading(self, reading: Reading) -> Self {
        Self { response: self.response.reading(reading), ..self }
    }

    /// Sets what happens at the border of the picture.
    #[must_use]
    pub fn border(self, border: Border) -> Self {
        Self { response: self.response.border(border), ..self }
    }

    /// The score of one response: [`softness_score`] of its map. If every kernel has its own map, the score of a filter is
    /// the mean of the scores of its kernels ([`softness_table`](Self::softness_table)).
    ///
    /// # Errors
    /// Those of [`softness_score`].
    pub fn score(self, response: &Response) -> Result<Score> {
        softness_score(response.map().view(), self.normalisation)
    }
}
