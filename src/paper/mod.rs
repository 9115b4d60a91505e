//! What the paper printed, what its printed numbers imply, and the verdict on each of its claims.

mod many_sessions;
mod printed;
pub(crate) mod published;
pub(crate) mod verdicts;

pub use many_sessions::{ManySessionAnalysis, ReadingResult};
pub use printed::{MOST_DEGREES_OF_FREEDOM, implied_degrees_of_freedom};
pub use published::{PublishedValue, Relation, published};
pub use verdicts::{Finding, Ruling, Verdict, Verdicts, verdicts};
