//! How many sessions are scored.

use crate::error::{Error, Result};
use crate::filters::nulls::Null;
use crate::responses::ResponseOptions;
use crate::softness::Normalisation;
use crate::softness::{FilterMeasure, Measure};

/// What is measured of every session, and what it is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyOptions {
    /// How filters are applied to pictures. Default: a forward pass with zeros outside.
    pub response: ResponseOptions,
    /// The normalisation of [`Measure::LocalDeviation`]; all others are min-max. Default min-max.
    pub normalisation: Normalisation,
    /// The measures of maps. Default: all.
    pub measures: Vec<Measure>,
    /// The measures of filters. Default: all.
    pub filter_measures: Vec<FilterMeasure>,
    /// The nulls. Default: all. Without any, scores stand alone.
    pub nulls: Vec<Null>,
    /// The draws of each null, 2 or more. Default 20. They take most of the time.
    pub draws: u64,
    /// The seed of the draws. Default 0.
    pub seed: u64,
}

impl Default for StudyOptions {
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

impl StudyOptions {
    pub(super) fn check(&self) -> Result<()> {
        if !self.nulls.is_empty() && self.draws < 2 {
            return Err(Error::option("draws", self.draws, "the spread of a null needs at least 2"));
        }
        Ok(())
    }
}
