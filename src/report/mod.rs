//! The whole study put together: scores, fits, the eight figures, and a report in one HTML file.

mod chosen;
mod comparison;
mod page;
mod study;

pub use chosen::StudyFigure;
pub use comparison::{Comparison, compare};
pub use study::Study;
