//! When a filter counts as soft: below the 5th percentile of untrained filters.

use ndarray::Array1;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::{CONSTANT_RANGE, Score, ScoringOptions};
use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};
use crate::responses::Reading;
use crate::stats::{mean, percentile};
use crate::stop::Stop;

/// The number of untrained networks that define the threshold. In the paper's network they have 1,600 maps in layer 1
/// and 3,600 in layer 2, so at least 80 maps lie below the 5th percentile.
pub(crate) const UNTRAINED_SEEDS: u64 = 100;

/// The number of untrained filters that define the threshold of a layer of a network of another kind than the study's.
const UNTRAINED_FILTERS: usize = 1_000;

/// The most kernels for each of these filters that are drawn and scored, if each kernel has a map of its own.
const MOST_KERNELS: usize = 16;

/// The percentile of untrained filters below which a filter is soft.
pub(crate) const SOFT_PERCENTILE: f64 = 5.0;

/// The first seed of the untrained networks. It lies in the upper half of all seeds, so that nobody who picks a small
/// seed trains one of the networks that the result is compared with.
const FIRST_UNTRAINED_SEED: u64 = 1 << 63;

/// The [`SOFT_PERCENTILE`] of the scores of untrained filters. If these differ by rounding alone, as those of 1 x 1 kernels do, every filter
/// has that score, and the threshold is so far below that none is soft by rounding.
fn soft_threshold(untrained: &[f64]) -> f64 {
    let low = untrained.iter().copied().fold(f64::INFINITY, f64::min);
    let high = untrained.iter().copied().fold(0.0, f64::max);
    if high - low <= CONSTANT_RANGE * high {
        low - CONSTANT_RANGE * high
    } else {
        percentile(untrained, SOFT_PERCENTILE)
    }
}

/// The score below which a filter of layer `layer` (counted from 1) is soft on `picture`: the 5th percentile of the
/// scores of all filters of this layer in 100 untrained networks, under the same options. The percentile interpolates linearly
/// between the two closest ranks. A filter is soft if its score is strictly below it; so is its map, if it has one.
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
    Ok(soft_threshold(&scores))
}

/// The same for single filters (channels, k, k) of a network of another kind: the 5th percentile of the scores of the
/// maps that [`UNTRAINED_FILTERS`] filters of the paper's initial distribution make of `picture`, under a reading of kernels.
///
/// On the grey picture, the sum over the channels of a filter is one kernel: the sum of its slices. So only this is drawn.
/// If each kernel has its own map, the scores of a filter's kernels are independent of each other. Of more than
/// [`MOST_KERNELS`] channels, as many kernels for each filter are drawn and scored, and a filter is the mean of as many
/// scores as it has channels, drawn from all of them with replacement.
///
/// # Errors
/// Those of [`responses`](crate::responses::responses()) and [`softness_score`](crate::softness::softness_score).
pub(crate) fn untrained_kernel_threshold(
    channels: usize,
    kernel: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<f64> {
    Ok(soft_threshold(&untrained_kernels(channels, kernel, picture, options)?))
}

/// The number of maps that define [`untrained_kernel_threshold`].
pub(crate) fn untrained_kernel_maps(channels: usize, reading: Reading) -> usize {
    UNTRAINED_FILTERS * reading.maps(channels).min(MOST_KERNELS)
}

/// The scores that define [`untrained_kernel_threshold`].
///
/// # Errors
/// Those of [`untrained_kernel_threshold`].
pub(crate) fn untrained_kernels(
    channels: usize,
    kernel: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<Vec<f64>> {
    let (summed, each) = match options.response.reading {
        Reading::KernelSliceSum => (channels, 1),
        Reading::EachKernel => (1, channels),
        _ => (1, 1),
    };
    let architecture = Architecture::paper();
    let count = UNTRAINED_FILTERS * each.min(MOST_KERNELS);
    let kernels = Weights::initial_kernels(&architecture, FIRST_UNTRAINED_SEED, count, summed, kernel);
    let bank = FilterBank::new(1, kernels, Array1::zeros(count))?;
    let scores =
        values(options.filter_scores(&[&bank], architecture.input_scale, 1, picture, |_, error| error))?;
    if each <= MOST_KERNELS {
        return Ok(scores.chunks(each).map(mean).collect());
    }
    let mut random = ChaCha8Rng::seed_from_u64(FIRST_UNTRAINED_SEED);
    let mut filter = |_| {
        let sum: f64 = (0..each).map(|_| scores[random.random_range(0..scores.len())]).sum();
        sum / each as f64
    };
    Ok((0..UNTRAINED_FILTERS).map(&mut filter).collect())
}

/// The scores of all filters of layer `layer` (counted from 1) on `picture` in so many untrained networks, a list for each.
/// The first hundred are those that define [`untrained_threshold`].
///
/// # Errors
/// Those of [`untrained_threshold`]; [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
pub(crate) fn untrained_networks(
    architecture: &Architecture,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
    networks: u64,
) -> Result<Vec<Vec<f64>>> {
    architecture.check()?;
    let drawn = Architecture { dense: 1, classes: 1, ..architecture.clone() };
    let stop = Stop::from_environment();
    let scores = |number: u64| {
        stop.check("scoring")?;
        untrained_scores(&drawn, FIRST_UNTRAINED_SEED + number, layer, picture, options)
    };
    (0..networks).into_par_iter().map(scores).collect()
}

/// The scores of the filters of one layer of an untrained network on a picture.
fn untrained_scores(
    architecture: &Architecture,
    seed: u64,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<Vec<f64>> {
    let banks = FilterBank::from_weights(&Weights::initial(architecture, seed)?)?;
    let banks: Vec<_> = banks.iter().collect();
    values(options.filter_scores(&banks, architecture.input_scale, layer, picture, |_, error| error))
}

fn values(scores: Result<Vec<Score>>) -> Result<Vec<f64>> {
    Ok(scores?.iter().map(Score::value).collect())
}

#[cfg(test)]
mod tests;
