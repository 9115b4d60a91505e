//! The whole study put together: scores, fits, the eight figures, the verdicts on what was published, one record of it
//! all, and a report in one HTML file made from that record.

mod again;
mod chosen;
mod comparison;
mod page;
mod record;
mod study;
mod verdicts;

pub use again::Earlier;
pub use chosen::StudyFigure;
pub use comparison::{Comparison, compare};
pub use record::{Corrected, DataRecord, Fitted, Replication, ScoringRecord, SessionLine, TrainedBy};
pub use study::Study;
pub use verdicts::{Finding, Ruling, Verdict, Verdicts, verdicts, verdicts_of};

use crate::figures::ticks::grouped;
use crate::session::Level;

/// Sessions × iterations of some levels: "3 × 1, 3 × 2,000".
fn levels_in_words(levels: &[Level]) -> String {
    let level = |level: &Level| format!("{} × {}", level.sessions, grouped(level.iterations));
    levels.iter().map(level).collect::<Vec<_>>().join(", ")
}
