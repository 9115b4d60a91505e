//! More ways to look: measures of a map beside the local standard deviation, and measures of the filters
//! themselves.
//!
//! [`Measure`] takes a map, [`FilterMeasure`] a filter. Each says its formula, its source and which end of
//! it is the softer one, or the smoother.

mod autocorrelation;
mod blur;
mod differences;
mod filter_measure;
mod measure;
mod neighbours;
mod singular;
mod spectrum;

pub use filter_measure::FilterMeasure;
pub(crate) use measure::Meter;
pub use measure::{Direction, Measure};
pub use neighbours::STRONG_QUANTILE;
pub use spectrum::HIGH_FREQUENCY;

#[cfg(test)]
mod tests;
