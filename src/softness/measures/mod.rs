//! Other measures of how soft a map is, and measures of the filters themselves.
//!
//! A new measure of a map is a variant of [`Measure`] and a function of the min-max normalised map; a new measure
//! of a filter is a variant of [`FilterMeasure`] and a function of its weights.

mod blur;
mod filters;
mod maps;
mod spectrum;

pub use filters::FilterMeasure;
pub use maps::Measure;
pub(crate) use maps::Meter;

#[cfg(test)]
mod tests;
