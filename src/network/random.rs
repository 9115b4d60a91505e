//! Independent streams of random bits from one seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a stream of random bits is for. Each purpose has streams of its own, so that, say, a change
/// in the number of weights does not change the order of the batches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Initial weights.
    Weights = 0,
    /// Order of the batches; one stream an epoch.
    Batches = 1,
    /// Dropout masks; one stream an iteration.
    Dropout = 2,
}

/// Stream `index` of `purpose`. Any stream can be had without drawing the ones before it, so an
/// interrupted session goes on where it was.
pub(crate) fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(((purpose as u64) << 56) | index);
    random
}
