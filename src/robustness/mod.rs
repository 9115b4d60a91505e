//! Many sessions, many pictures: scores beside their nulls, and what they say of the paper's finding.
//!
//! A session is the unit of everything here: filters and pictures are averaged within it, never counted as
//! if they were sessions.
//!
//! | step | call | answers with |
//! |---|---|---|
//! | score | [`score_sessions`] | [`SessionScores`]: every measure of every session, layer and set of pictures, beside its nulls |
//! | look | [`does_it_hold`] | [`Holds`]: how R² is spread over sets drawn as the paper's, and what is left among the trained |
//! | doubt | [`sensitivity`] | [`Sensitivity`]: the same fits under every reading, border and normalisation |
//! | plan | [`VarianceSplit`], [`Power`] | what varies, and how many sessions are needed to see a slope |

mod against;
mod draws;
mod held;
mod held_text;
mod holds;
mod measured;
mod measuring;
mod options;
mod picture_set;
mod power;
mod scores;
mod scores_csv;
mod scoring;
mod sensitivity;
mod subject;
pub(crate) mod sums;
mod variance;

pub use against::Against;
pub use draws::DrawPlan;
pub use held::{FormSpread, Held, TrainedEffect};
pub(crate) use held_text::{p_value, percent};
pub use holds::{HoldOptions, Holds, PUBLISHED_R_SQUARED, does_it_hold};
pub use options::StudyOptions;
pub use picture_set::PictureSet;
pub use power::Power;
pub use scores::{PictureScore, SessionScore, SessionScores};
pub use scoring::score_sessions;
pub use sensitivity::{Sensitivity, Setting, sensitivity};
pub use variance::{VarianceSource, VarianceSplit};

#[cfg(test)]
mod tests;
