//! When a map counts as soft: below the 5th percentile of untrained maps.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{Normalisation, Score, softness_with};
use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};
use crate::responses::{Response, ResponseOptions, of_banks};
use crate::stats::percentile;

/// The number of untrained networks whose maps define the threshold: 1,600 maps of layer 1 and 3,600
/// of layer 2 in the paper's network, so that the 5th percentile rests on at least 80 maps below it.
pub const UNTRAINED_SEEDS: u64 = 100;

/// The percentile of untrained maps below which a map is soft.
pub const SOFT_PERCENTILE: f64 = 5.0;

/// The first seed of the untrained networks. In the upper half of all seeds, so that small seeds
/// given by a person never train one of the networks that they are compared with.
const FIRST_UNTRAINED_SEED: u64 = 1 << 63;

/// How maps are made and scored. The default is the definition: forward pass, zeros outside, min-max.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoringOptions {
    /// How filters are applied to pictures.
    pub response: ResponseOptions,
    /// How maps are normalised. Default [`Normalisation::MinMax`].
    pub normalisation: Normalisation,
}

impl ScoringOptions {
    /// The score of one response.
    ///
    /// # Errors
    /// Those of [`softness_with`].
    pub fn score(&self, response: &Response) -> Result<Score> {
        self.score_map(response.map().view())
    }

    fn score_map(&self, map: ArrayView2<f64>) -> Result<Score> {
        softness_with(map, self.normalisation)
    }
}

/// The score below which a map of one layer and picture counts as soft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoftThreshold {
    value: f64,
    maps: usize,
}

impl SoftThreshold {
    /// The threshold, in the unit of the scores.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The number of untrained maps it was taken from.
    pub fn maps(&self) -> usize {
        self.maps
    }

    /// Whether a score is that of a soft map: strictly below the threshold.
    pub fn is_soft(&self, score: f64) -> bool {
        score < self.value
    }
}

/// The 5th percentile ([`SOFT_PERCENTILE`], by linear interpolation) of the scores of all maps that
/// [`UNTRAINED_SEEDS`] freshly initialised networks make of `picture` in layer `layer`.
///
/// The same architecture, layer, picture and options give the same bits.
///
/// # Errors
/// Those of [`Architecture::check`], [`crate::responses::responses`] and [`softness_with`].
pub fn soft_threshold(
    architecture: &Architecture,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<SoftThreshold> {
    architecture.check()?;
    // The dense layers come after every map; the smallest ones save drawing what is never used.
    let drawn = Architecture { dense: 1, classes: 1, ..architecture.clone() };
    let mut scores = Vec::new();
    for seed in FIRST_UNTRAINED_SEED..FIRST_UNTRAINED_SEED + UNTRAINED_SEEDS {
        let banks = FilterBank::from_weights(&Weights::initial(&drawn, seed)?)?;
        let banks: Vec<_> = banks.iter().collect();
        for response in of_banks(&banks, architecture.input_scale, layer, picture, options.response)? {
            scores.push(options.score(&response)?.value());
        }
    }
    Ok(SoftThreshold { value: percentile(&scores, SOFT_PERCENTILE), maps: scores.len() })
}

#[cfg(test)]
mod tests;
