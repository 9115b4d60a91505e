//! Scores of many sessions and many pictures, their comparison with null distributions, and how robust the paper's finding is.
//!
//! A session is the unit of analysis: filters and pictures are averaged within it, and never counted as if they were
//! sessions.
//!
//! | call | result |
//! |---|---|
//! | [`score_sessions`] | [`SessionScores`]: every measure for each session, layer and set of pictures, compared with the null distributions |
//! | [`assess_robustness`] | [`Robustness`]: the spread of R² over subsamples like the paper's, and the effect of more training among the trained sessions |
//! | [`Sensitivity::new`] | [`Sensitivity`]: the same fits under every reading, border and normalisation |
//! | [`VarianceSplit::new`] | [`VarianceSplit`]: how much levels, sessions and pictures vary |
//!
//! [`SlopePower`](crate::stats::SlopePower) tells how many sessions a study needs to detect a slope.

mod any_measure;
mod assess;
mod assess_csv;
mod assessable;
pub(crate) mod network_means;
pub(crate) mod new_sets;
mod null_comparison;
mod options;
mod picture_set;
mod response;
mod scores;
mod scores_csv;
mod scoring;
mod sensitivity;
pub(crate) mod subsample_fits;
pub(crate) mod subsamples;
mod variance;

pub use any_measure::AnyMeasure;
pub(crate) use assess::PUBLISHED_R_SQUARED;
pub use assess::{Robustness, RobustnessOptions, assess_robustness};
pub use null_comparison::NullComparison;
pub use options::SessionScoreOptions;
pub use picture_set::PictureSet;
pub use response::{FormSpread, ResponseRobustness, TrainedEffect};
pub use scores::{SessionScore, SessionScores};
pub use scoring::score_sessions;
pub use sensitivity::Sensitivity;
pub use subsamples::SubsampleDesign;
pub use variance::VarianceSplit;

#[cfg(test)]
mod tests;
