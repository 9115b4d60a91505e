//! Filters as they were before training.

use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};

/// The first seed of untrained networks, a quarter of all seeds away from those that the threshold of soft maps uses.
const FIRST_SEED: u64 = 3 << 62;

/// The filters, layer by layer, that training starts from with this network and seed: those at iteration 0.
///
/// # Errors
/// Those of [`Architecture::check`].
pub(crate) fn initial_filters(architecture: &Architecture, seed: u64) -> Result<Vec<FilterBank>> {
    architecture.check()?;
    // The dense layers are drawn after the filters and are not used here, so the smallest ones do.
    let small = Architecture { dense: 1, classes: 1, ..architecture.clone() };
    FilterBank::from_weights(&Weights::initial(&small, seed)?)
}

/// The filters of an untrained network that belongs to no session: draw number `draw` of `seed`.
///
/// # Errors
/// Those of [`Architecture::check`].
pub(crate) fn other_initial_filters(
    architecture: &Architecture,
    seed: u64,
    draw: u64,
) -> Result<Vec<FilterBank>> {
    // Draws of one seed stay apart from those of the next.
    initial_filters(architecture, FIRST_SEED | (seed.wrapping_mul(1 << 24).wrapping_add(draw) & !FIRST_SEED))
}
