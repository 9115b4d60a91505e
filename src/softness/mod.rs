//! How soft a map is: from a 2-D array of numbers to one score, the threshold below which a map counts as
//! soft, and other measures of maps and filters.
//!
//! [`softness_score`] is the score of the study. It is the mean of the map that [`local_deviations`] gives. [`ScoringOptions`] say
//! how maps are computed and scored. [`Measure`] has other measures of a map, [`FilterMeasure`] measures of the filters themselves.

mod deviations;
mod filter_scores;
mod measures;
mod normalisation;
mod options;
mod score;
pub(crate) mod threshold;

pub use deviations::local_deviations;
pub(crate) use measures::Meter;
pub use measures::{FilterMeasure, Measure};
pub use normalisation::Normalisation;
pub use options::ScoringOptions;
pub(crate) use score::{CONSTANT_RANGE, SMALLEST_SIDE};
pub use score::{Score, softness_score};
pub(crate) use threshold::{
    SOFT_PERCENTILE, UNTRAINED_SEEDS, untrained_kernel_maps, untrained_kernel_threshold, untrained_kernels,
    untrained_networks, untrained_threshold,
};
