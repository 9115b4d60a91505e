//! Many sessions, many pictures: scores beside their nulls, and what they say of the paper's finding.
//!
//! A session is the unit of everything here: filters and pictures are averaged within it, never counted as
//! if they were sessions.
//!
//! | step | call | answers with |
//! |---|---|---|
//! | score | [`score_sessions`] | [`SessionScores`]: every measure of every session, layer and set of pictures, beside its nulls |
//! | look | [`assess_robustness`] | [`Robustness`]: how R² is spread over sets drawn as the paper's, and what is left among the trained |
//! | doubt | [`sensitivity`] | [`Sensitivity`]: the same fits under every reading, border and normalisation |
//! | plan | [`VarianceSplit`], [`SlopePower`](crate::stats::SlopePower) | what varies, and how many sessions are needed to see a slope |

mod any_measure;
mod assess;
mod assess_csv;
mod network_means;
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
pub use sensitivity::{Sensitivity, Setting, sensitivity};
pub use subsamples::SubsampleDesign;
pub use variance::{VarianceSource, VarianceSplit};

#[cfg(test)]
mod tests;
