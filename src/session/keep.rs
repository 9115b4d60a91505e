//! What is kept of a finished session.

use crate::names::names;

/// What a store keeps of the sessions that it trains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Keep {
    /// All weights: 1.25 MB for the paper's network.
    #[default]
    All,
    /// The filters with their biases: 66 KB for the paper's network. [`Session::weights`](crate::session::Session::weights) is `None`.
    Filters,
}

names!(Keep, "keep", { All: "all", Filters: "filters" });
