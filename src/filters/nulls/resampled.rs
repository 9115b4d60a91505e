//! Null filters that are derived from trained ones.

use ndarray::{Array4, s};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::error::Result;
use crate::filters::FilterBank;

/// What a stream of random numbers is for.
enum Purpose {
    Shuffled = 1,
    Random = 2,
}

/// The filters with the k x k positions of each filter permuted: one permutation per filter, the same for all its
/// channels. Biases stay.
///
/// # Errors
/// Those of [`FilterBank::new`]: none in practice.
pub(crate) fn shuffled_filters(bank: &FilterBank, seed: u64, draw: u64) -> Result<FilterBank> {
    let mut random = stream(seed, Purpose::Shuffled, bank.layer(), draw);
    let kernel = bank.kernel();
    let mut places: Vec<usize> = (0..kernel * kernel).collect();
    let mut weights = Array4::zeros(bank.weights().dim());
    for filter in 0..bank.len() {
        places.shuffle(&mut random);
        for (to, &from) in places.iter().enumerate() {
            let column = bank.weights().slice(s![filter, .., from / kernel, from % kernel]);
            weights.slice_mut(s![filter, .., to / kernel, to % kernel]).assign(&column);
        }
    }
    FilterBank::new(bank.layer(), weights, bank.bias().clone())
}

/// Random filters with the trained norms: independent normal weights, each filter scaled to the Euclidean norm that
/// it has in `bank`. Biases stay.
///
/// # Errors
/// Those of [`FilterBank::new`]: none in practice.
pub(crate) fn random_filters(bank: &FilterBank, seed: u64, draw: u64) -> Result<FilterBank> {
    let mut random = stream(seed, Purpose::Random, bank.layer(), draw);
    let mut weights = Array4::zeros(bank.weights().dim());
    for filter in 0..bank.len() {
        let trained: Vec<f64> = bank.filter(filter).iter().copied().map(f64::from).collect();
        let drawn: Vec<f64> = trained.iter().map(|_| StandardNormal.sample(&mut random)).collect();
        let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let scale = norm(&trained) / norm(&drawn);
        let places = weights.slice_mut(s![filter, .., .., ..]).into_iter();
        places.zip(drawn).for_each(|(weight, value)| *weight = (value * scale) as f32);
    }
    FilterBank::new(bank.layer(), weights, bank.bias().clone())
}

/// The stream of random numbers of a purpose, layer and draw.
fn stream(seed: u64, purpose: Purpose, layer: usize, draw: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(((purpose as u64) << 56) | ((layer as u64) << 48) | draw);
    random
}
