//! The whole study: scores, fits, the paper's eight figures, the verdicts on the published claims, a record of all results,
//! and a report in one HTML file, which is written from that record.

pub(crate) mod again;
mod chosen;
mod page;
pub(crate) mod record;
mod study;

pub use study::Study;
