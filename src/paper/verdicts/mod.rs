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
pub(in crate::paper) use pairs::share_that_differs;
pub(in crate::paper) use rule::Rule;
pub(in crate::paper) use subsamples::RESPONSES;
pub(crate) use subsamples::in_words as draws_in_words;
pub use verdict::{Ruling, Verdict};
pub(in crate::paper) use wording::words as claim_in_words;
