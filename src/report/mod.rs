//! The whole study: scores, fits, the paper's eight figures, the verdicts on what was published, one record of it all,
//! and a report in one HTML file that is made from that record.

pub(crate) mod again;
mod chosen;
mod page;
pub(crate) mod record;
mod study;

pub use study::Study;
