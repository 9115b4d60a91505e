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
//! | `panels` | what the key figure shows |
//! | `archive` | the filters of the sessions |

mod answers;
mod archive;
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
pub use panels::ReadingPanel;
