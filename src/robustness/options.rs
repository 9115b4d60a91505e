//! What is scored, and what the scores are compared with.

use crate::filters::Null;
use crate::responses::ResponseOptions;
use crate::softness::{FilterMeasure, Measure, Normalisation};

/// What is scored in every session, and the null distributions that the scores are compared with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionScoreOptions {
    /// How filters are applied to pictures. Default: a forward pass with zeros outside the picture.
    pub response: ResponseOptions,
    /// The normalisation for [`Measure::LocalDeviation`]; all other measures use min-max. Default: min-max.
    pub normalisation: Normalisation,
    /// The measures of feature maps. Default: all.
    pub measures: Vec<Measure>,
    /// The measures of filters. Default: all.
    pub filter_measures: Vec<FilterMeasure>,
    /// The null distributions. Default: all. If empty, the scores are compared with nothing.
    pub nulls: Vec<Null>,
    /// The number of draws from each null distribution, at least 2. Default: 20. They take most of the time.
    pub draws: u64,
    /// The seed of the draws. Default: 0.
    pub seed: u64,
}

impl Default for SessionScoreOptions {
    fn default() -> Self {
        Self {
            response: ResponseOptions::default(),
            normalisation: Normalisation::default(),
            measures: Measure::ALL.to_vec(),
            filter_measures: FilterMeasure::ALL.to_vec(),
            nulls: Null::ALL.to_vec(),
            draws: 20,
            seed: 0,
        }
    }
}

impl SessionScoreOptions {
    /// Only the softness score: no other measure, no measures of filters, no null distributions.
    pub fn softness_only() -> Self {
        Self::default().measures([Measure::LocalDeviation]).filter_measures([]).nulls([])
    }

    setters! {
        /// Sets how filters are applied to pictures.
        pub fn response(self, response: ResponseOptions);

        /// Sets the normalisation for [`Measure::LocalDeviation`].
        pub fn normalisation(self, normalisation: Normalisation);

        /// Sets the measures of feature maps.
        pub fn measures(self, measures: impl Into<Vec<Measure>>);

        /// Sets the measures of filters.
        pub fn filter_measures(self, filter_measures: impl Into<Vec<FilterMeasure>>);

        /// Sets the null distributions.
        pub fn nulls(self, nulls: impl Into<Vec<Null>>);

        /// Sets the number of draws from each null distribution.
        pub fn draws(self, draws: u64);

        /// Sets the seed of the draws.
        pub fn seed(self, seed: u64);
    }
}
