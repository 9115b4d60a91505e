//! What the paper printed, what its printed numbers imply, and the verdict on each of its claims.

pub(crate) mod many_sessions;
mod printed;
pub(crate) mod published;
pub(crate) mod second;
pub(crate) mod verdicts;

pub use published::{PublishedValue, published};
pub use verdicts::{Ruling, Verdict, Verdicts};
