//! The published claims, judged over many sessions by rules that were fixed before these were trained:
//! `docs/verdicts.md`.

mod among_trained;
mod judge;
mod listed;
mod pairs;
mod rule;
mod subsamples;
#[cfg(test)]
mod tests;
mod verdict;
mod wording;

pub use listed::Verdicts;
pub(crate) use subsamples::in_words as draws_in_words;
pub use verdict::{Ruling, Verdict};

use crate::error::Result;
use crate::models::Fits;
use crate::table::shipped_many_scores;

/// The verdict on every published claim, from the many sessions whose scores the crate carries
/// (`data/many/scores.csv`). `eleven` are the fits of one study of eleven sessions, whose numbers are shown for
/// comparison; they decide nothing.
///
/// # Errors
/// None with the files in the crate, as its tests show.
pub fn verdicts(eleven: Option<&Fits>) -> Result<Verdicts> {
    Verdicts::new(&shipped_many_scores()?, eleven)
}
