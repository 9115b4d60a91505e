//! How soft a map is: from a 2-D array of numbers to one score, and the threshold below which a map
//! counts as soft.

pub mod measures;
mod normalisation;
mod score;
mod threshold;

pub use normalisation::Normalisation;
pub(crate) use score::Shares;
pub use score::{CONSTANT_RANGE, LARGEST_SCORE, SMALLEST_SIDE, Score, softness, softness_with};
pub use threshold::{SOFT_PERCENTILE, ScoringOptions, SoftThreshold, UNTRAINED_SEEDS, soft_threshold};
