//! Independent streams of random numbers from one seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for. Each purpose has its own streams, so a change in the number of weights, for
/// example, does not change the order of the batches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Initial weights.
    Weights = 0,
    /// Order of the batches, one stream per epoch.
    Batches = 1,
    /// Dropout masks, one stream per iteration.
    Dropout = 2,
}

/// Stream `index` of `purpose`. It does not depend on the streams before it, so a session can resume at any iteration.
pub(crate) fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(((purpose as u64) << 56) | index);
    random
}
