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
pub use verdict::{Finding, Ruling, Verdict};

use crate::error::Result;
use crate::models::Fits;
use crate::table::{ScoreTable, shipped_many_scores};

/// The verdict on every published claim, from the many sessions whose scores the crate carries
/// ([`shipped_many_scores`]). `eleven` are the fits of one study of eleven sessions, whose own numbers stand beside;
/// they decide nothing.
///
/// # Errors
/// Those of [`verdicts_from`], which the crate's tests rule out.
pub fn verdicts(eleven: Option<&Fits>) -> Result<Verdicts> {
    verdicts_from(&shipped_many_scores()?, eleven)
}

/// The verdict on every published claim, from the scores of many sessions, in the order of `data/published.csv`.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where a level of the paper's plan has no session more than a
/// set takes, or a score is missing.
pub(crate) fn verdicts_from(many: &ScoreTable, eleven: Option<&Fits>) -> Result<Verdicts> {
    Verdicts::new(&many.layer_scores(), eleven)
}
