//! The whole study: scores, fits, the paper's eight figures, the verdicts on what was published, one record of it all,
//! and a report in one HTML file that is made from that record.

mod again;
mod chosen;
mod page;
mod record;
mod study;

#[doc(hidden)]
pub use again::Earlier;
pub use study::Study;
