//! Null filters: filters that training did not make, whose scores are compared with those of trained ones.
//!
//! | null | filters | what differs from the trained filters |
//! |---|---|---|
//! | initial | the session's own at iteration 0, from its seed | they are untrained |
//! | shuffled | the trained ones, with the k x k positions of each filter permuted, in the same way for all its channels | the positions of the weights; their values and the relation of channels stay |
//! | random | independent normal weights, scaled to the norm of each filter | everything but the norm |
//!
//! Shuffled and random filters keep the trained biases and get the same input as the trained ones: layer 2 gets the output
//! of the trained layer 1. The initial network is untrained in both layers.
//!
//! A draw depends on the seed, the layer and the number of the draw only and is the same for every session (common random
//! numbers), so differences between sessions are not due to the draws.

mod initial;
mod resampled;

pub(crate) use initial::{initial_filters, other_initial_filters};
pub(crate) use resampled::{random_filters, shuffled_filters};

use serde::{Deserialize, Serialize};

use crate::names::names;

/// A kind of null filters, which a score is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Null {
    /// The session's own filters at iteration 0; the null distribution comes from other untrained networks.
    Initial,
    /// The trained filters with the positions of each filter's weights permuted.
    Shuffled,
    /// Independent normal weights with the norms of the trained filters.
    Random,
}

names!(Null, "null", { Initial: "initial", Shuffled: "shuffled", Random: "random" });

#[cfg(test)]
mod tests;
