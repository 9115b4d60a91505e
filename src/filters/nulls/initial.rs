//! Filters as they were before training.

use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};
use crate::session::Training;

/// The first seed of networks that nobody trained, a quarter of all seeds away from those behind
/// [`soft_threshold`](crate::softness::soft_threshold).
const FIRST_SEED: u64 = 3 << 62;

/// The filters that a session of these options starts from, layer by layer: what
/// [`train_session`](crate::session::train_session()) has at iteration 0.
///
/// # Errors
/// Those of [`Architecture::check`].
pub fn initial_filters(training: &Training) -> Result<Vec<FilterBank>> {
    training.architecture.check()?;
    of_seed(&training.architecture, training.seed)
}

/// The filters that a network nobody trained starts from: draw number `draw` of `seed`.
///
/// # Errors
/// Those of [`Architecture::check`].
pub fn other_initial_filters(architecture: &Architecture, seed: u64, draw: u64) -> Result<Vec<FilterBank>> {
    architecture.check()?;
    // Draws of one seed stay apart from those of the next.
    of_seed(architecture, FIRST_SEED | (seed.wrapping_mul(1 << 24).wrapping_add(draw) & !FIRST_SEED))
}

fn of_seed(architecture: &Architecture, seed: u64) -> Result<Vec<FilterBank>> {
    // The dense layers are drawn after the filters; the smallest ones save drawing what is never used.
    let drawn = Architecture { dense: 1, classes: 1, ..architecture.clone() };
    FilterBank::of(&Weights::initial(&drawn, seed)?)
}
