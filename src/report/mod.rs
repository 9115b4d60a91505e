//! The whole study: scores, fits, the paper's eight figures, the verdicts on the published claims, a record of all results,
//! and a report in one HTML file, which is written from that record.

mod page;
pub(crate) mod record;
pub(crate) mod rerun;
mod study;
mod study_figures;

pub use study::Study;
