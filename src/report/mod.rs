//! The whole study: scores, fits, the paper's eight figures, the verdicts on the published claims, a record of all results,
//! and a report in one HTML file, which is written from that record.

mod again;
mod chosen;
mod page;
mod record;
mod study;

#[doc(hidden)]
pub use again::Earlier;
pub use study::Study;
