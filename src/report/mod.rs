//! The whole study put together: scores, fits, the eight figures, the verdicts on what was published, one record of it
//! all, and a report in one HTML file made from that record.

mod again;
mod chosen;
mod comparison;
mod page;
mod record;
mod study;

pub use again::Earlier;
pub use chosen::StudyFigure;
pub use comparison::{Comparison, compare};
pub use record::{Corrected, DataRecord, Fitted, Replication, ScoringRecord, SessionLine, TrainedBy};
pub use study::Study;
