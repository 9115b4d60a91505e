//! The second study: what is really true? Its rules are in `docs/rules-2.md`.
//!
//! # The files, lowest first
//! | file | content |
//! |---|---|
//! | `study`, `files` | the scores, and the files that they are in |
//! | `scoring` | scores sessions and untrained networks |
//! | `questions`, `shapes` | what training does to each response; the models of its mean |
//! | `sets`, `worlds` | new sets of eleven; simulated studies |
//! | `settings` | other initial weights and optimisers |
//! | `soft`, `statements`, `rulings` | the published statements |
//! | `answers` | all of it in files |
//! | `panels`, `courses` | what the figures show |
//! | `archive` | the filters of the sessions |

mod answers;
mod archive;
mod courses;
mod files;
mod panels;
mod questions;
mod rulings;
mod scoring;
mod sets;
mod settings;
mod shapes;
mod soft;
mod statements;
mod study;
#[cfg(test)]
mod tests;
mod worlds;

pub use answers::SecondStudy;
pub use archive::write_filters;
pub use courses::SettingCourse;
pub(crate) use panels::AnswerFiles;
pub use panels::ReadingPanel;
