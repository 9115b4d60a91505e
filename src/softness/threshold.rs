//! When a map counts as soft: below the 5th percentile of untrained maps.

use ndarray::Array1;

use super::ScoringOptions;
use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};
use crate::responses::{Reading, bank_responses};
use crate::stats::percentile;

/// The number of untrained networks that define the threshold. In the paper's network they have 1,600 maps in layer 1
/// and 3,600 in layer 2, so at least 80 maps lie below the 5th percentile.
pub(crate) const UNTRAINED_SEEDS: u64 = 100;

/// The number of untrained filters that define the threshold of a layer of a network of another kind than the study's.
const UNTRAINED_FILTERS: usize = 1_000;

/// The percentile of untrained maps below which a map is soft.
pub(crate) const SOFT_PERCENTILE: f64 = 5.0;

/// The first seed of the untrained networks. It lies in the upper half of all seeds, so that nobody who picks a small
/// seed trains one of the networks that the result is compared with.
const FIRST_UNTRAINED_SEED: u64 = 1 << 63;

/// The score below which a map of layer `layer` (counted from 1) and `picture` counts as soft: the 5th percentile of the
/// scores of all maps that 100 untrained networks make of `picture` in this layer. The percentile interpolates linearly
/// between the two closest ranks. A map is soft if its score is strictly below it.
///
/// The same architecture, layer, picture and options give a bit-identical threshold.
///
/// # Errors
/// Those of [`Architecture::check`], [`responses`](crate::responses::responses()) and
/// [`softness_score`](crate::softness::softness_score).
pub fn untrained_threshold(
    architecture: &Architecture,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<f64> {
    architecture.check()?;
    // The dense layers come after every map, so the smallest ones will do.
    let drawn = Architecture { dense: 1, classes: 1, ..architecture.clone() };
    let mut scores = Vec::new();
    for seed in FIRST_UNTRAINED_SEED..FIRST_UNTRAINED_SEED + UNTRAINED_SEEDS {
        scores.extend(untrained_scores(&drawn, seed, layer, picture, options)?);
    }
    Ok(percentile(&scores, SOFT_PERCENTILE))
}

/// The same for single filters (channels, k, k) of a network of another kind: the 5th percentile of the scores of the
/// maps that [`UNTRAINED_FILTERS`] filters of the paper's initial distribution make of `picture`, under a reading of kernels.
///
/// On the grey picture, the sum over the channels of a filter is one kernel: the sum of its slices. So only this is drawn.
///
/// # Errors
/// Those of [`responses`](crate::responses::responses()) and [`softness_score`](crate::softness::softness_score).
pub(crate) fn untrained_kernel_threshold(
    channels: usize,
    kernel: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<f64> {
    let channels = if options.response.reading == Reading::KernelSliceSum { channels } else { 1 };
    let architecture = Architecture::paper();
    let sums =
        Weights::initial_kernels(&architecture, FIRST_UNTRAINED_SEED, UNTRAINED_FILTERS, channels, kernel);
    let bank = FilterBank::new(1, sums, Array1::zeros(UNTRAINED_FILTERS))?;
    let responses = bank_responses(&[&bank], architecture.input_scale, 1, picture, options.response)?;
    let scores =
        responses.iter().map(|response| Ok(options.score(response)?.value())).collect::<Result<Vec<_>>>()?;
    Ok(percentile(&scores, SOFT_PERCENTILE))
}

/// The scores of the maps that one untrained network makes of a picture in one layer.
fn untrained_scores(
    architecture: &Architecture,
    seed: u64,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<Vec<f64>> {
    let banks = FilterBank::from_weights(&Weights::initial(architecture, seed)?)?;
    let banks: Vec<_> = banks.iter().collect();
    let responses = bank_responses(&banks, architecture.input_scale, layer, picture, options.response)?;
    responses.iter().map(|response| Ok(options.score(response)?.value())).collect()
}

#[cfg(test)]
mod tests;
