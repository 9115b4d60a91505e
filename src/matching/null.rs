//! How well the filters of two untrained networks match.

use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::{By, best_pairs, channel_order, needs_channels, rows_of_maps, rows_of_weights, with_channels};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::filters::nulls::other_initial_filters;
use crate::network::{Architecture, Weights};
use crate::responses::bank_responses;
use crate::session::Session;
use crate::stats::{Interval, percentile_of_sorted};
use crate::stop::Stop;

/// The number of pairs of untrained networks.
const DRAWS: u64 = 200;
/// The fewest.
const LEAST_DRAWS: u64 = 20;
/// The most products of two numbers that all of them may take, some ten seconds of one core.
const MOST_PRODUCTS: f64 = 2e10;
/// The seed of the networks, which is nobody's.
const SEED: u64 = 0x6d61_7463;

/// The correlations of the best matchings of two independent untrained networks.
#[derive(Debug, Clone)]
pub(super) struct Null {
    /// The mean correlation of each draw, in ascending order.
    means: Vec<f64>,
    /// The correlations of the best pair of each draw in ascending order, then those of the second best, and so on.
    by_rank: Vec<Vec<f64>>,
}

impl Null {
    /// Draws as many pairs of networks like the two sessions'.
    pub fn draw(sessions: [&Session; 2], layer: usize, by: By, pairs: usize, is_known: bool) -> Result<Self> {
        let banks = [sessions[0].filters(layer)?, sessions[1].filters(layer)?];
        let draws = draws(&banks, by);
        let stop = Stop::from_environment();
        let one = |draw: u64| -> Result<Vec<f64>> {
            stop.check("the matching of untrained filters")?;
            let matched = if is_known {
                let networks = [0, 1].map(|which: usize| {
                    let network = &sessions[which].training.architecture;
                    other_initial_filters(network, SEED, 2 * draw + which as u64)
                });
                let [a, b] = networks;
                let networks = [a?, b?];
                let scales = sessions.map(|session| session.training.architecture.input_scale);
                of_networks(&networks, scales, layer, by)?
            } else {
                of_banks(&banks, draw, by)?
            };
            Ok(matched)
        };
        let drawn = (0..draws).into_par_iter().map(one).collect::<Result<Vec<_>>>()?;
        let sorted = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values
        };
        let mean = |correlations: &Vec<f64>| correlations.iter().sum::<f64>() / correlations.len() as f64;
        let means = sorted(drawn.iter().map(mean).collect());
        let rank = |rank: usize| sorted(drawn.iter().map(|correlations| correlations[rank]).collect());
        Ok(Self { means, by_rank: (0..pairs).map(rank).collect() })
    }

    /// The number of draws.
    pub fn draws(&self) -> usize {
        self.means.len()
    }

    /// The range of the mean correlation in 95% of the draws.
    pub fn mean(&self) -> Interval {
        middle(&self.means)
    }

    /// The median of the mean correlation.
    pub fn median(&self) -> f64 {
        percentile_of_sorted(&self.means, 50.0)
    }

    /// The range of the correlation of the best pair in 95% of the draws, then of the second best, and so on.
    pub fn by_rank(&self) -> Vec<Interval> {
        self.by_rank.iter().map(|values| middle(values)).collect()
    }

    /// (1 + draws whose mean correlation is at least this) / (1 + draws).
    pub fn p_value(&self, mean: f64) -> f64 {
        let as_good = self.means.len() - self.means.partition_point(|&value| value < mean);
        (1 + as_good) as f64 / (1 + self.means.len()) as f64
    }
}

/// The middle 95% of sorted values.
fn middle(sorted: &[f64]) -> Interval {
    Interval { low: percentile_of_sorted(sorted, 2.5), high: percentile_of_sorted(sorted, 97.5) }
}

/// Fewer draws for larger layers.
fn draws(banks: &[FilterBank; 2], by: By) -> u64 {
    let values = match by {
        By::Weights => banks[0].channels() * banks[0].kernel().pow(2),
        By::Maps(options, picture) => {
            let pixels = picture.pixels().len() / 3;
            let correlated = options.reading.maps(banks[0].channels()) * pixels;
            // Every map also takes a product for each weight and pixel.
            correlated + banks[0].channels() * banks[0].kernel().pow(2) * pixels / banks[1].len()
        }
    };
    let products = values as f64 * banks[0].len() as f64 * banks[1].len() as f64;
    ((MOST_PRODUCTS / products) as u64).clamp(LEAST_DRAWS, DRAWS)
}

/// The correlations of the best matching of a layer of two networks of the study's kind, highest first.
fn of_networks(networks: &[Vec<FilterBank>; 2], scales: [f32; 2], layer: usize, by: By) -> Result<Vec<f64>> {
    let banks = networks.each_ref().map(|banks| &banks[layer - 1]);
    let order = if needs_channels(by) && layer > 1 {
        Some(channel_order(networks.each_ref().map(|banks| &banks[layer - 2]))?)
    } else {
        None
    };
    let rows = match by {
        By::Weights => match &order {
            Some(order) => [rows_of_weights(banks[0]), rows_of_weights(&with_channels(banks[1], order)?)],
            None => banks.map(rows_of_weights),
        },
        By::Maps(options, picture) => {
            let rows = |which: usize, order: Option<&[usize]>| -> Result<Array2<f64>> {
                let network: Vec<&FilterBank> = networks[which].iter().collect();
                let maps = bank_responses(&network, scales[which], layer, picture, options)?;
                Ok(rows_of_maps(&maps, banks[which].len(), order))
            };
            [rows(0, None)?, rows(1, order.as_deref())?]
        }
    };
    Ok(best_pairs(&rows)?.into_iter().map(|pair| pair.correlation).collect())
}

/// The correlations of the best matching of random filters of the paper's initial distribution and these shapes, highest
/// first.
fn of_banks(banks: &[FilterBank; 2], draw: u64, by: By) -> Result<Vec<f64>> {
    let paper = Architecture::paper();
    let mut drawn = Vec::new();
    for (bank, which) in banks.iter().zip(0..) {
        let (count, channels, kernel) = (bank.len(), bank.channels(), bank.kernel());
        let seed = SEED ^ ((2 * draw + which) << 32);
        let kernels = Weights::initial_kernels(&paper, seed, count * channels, 1, kernel);
        let weights =
            kernels.into_shape_with_order((count, channels, kernel, kernel)).expect("as many weights");
        drawn.push(vec![FilterBank::new(1, weights, Array1::zeros(count))?]);
    }
    let drawn: [Vec<FilterBank>; 2] = drawn.try_into().expect("two banks");
    of_networks(&drawn, [paper.input_scale; 2], 1, by)
}
