//! What stands beside a score: the same measure of filters that training did not make.
//!
//! | null | filters | what it takes away |
//! |---|---|---|
//! | initial | the session's own at iteration 0, from its seed | training |
//! | shuffled | the trained ones, the k x k places of each permuted, all its channels alike | where weights stand, but not which there are or how channels go together |
//! | random | independent normal weights, scaled to the norm that each filter has | all but its strength |
//!
//! Shuffled and random filters keep their biases and are shown what the trained ones are shown: layer 2 stands
//! behind the trained layer 1. The initial network is as it was, both layers of it.
//!
//! Every draw is a function of seed, layer and number of the draw alone, the same for every session (common
//! random numbers), so that sessions differ by their filters and not by the draws.

mod initial;
mod resampled;

pub use initial::{initial_filters, other_initial_filters};
pub use resampled::{random_filters, shuffled_filters};

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a score is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Null {
    /// [`initial_filters`]; the spread is that of [`other_initial_filters`].
    Initial,
    /// [`shuffled_filters`].
    Shuffled,
    /// [`random_filters`].
    Random,
}

impl Null {
    /// Every null.
    pub const ALL: [Self; 3] = [Self::Initial, Self::Shuffled, Self::Random];

    /// "initial", "shuffled" or "random".
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Shuffled => "shuffled",
            Self::Random => "random",
        }
    }
}

impl fmt::Display for Null {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
