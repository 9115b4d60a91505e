//! What does training do to the filters of a convolutional network, and can it be measured?

pub mod cells;
pub mod dataset;
#[doc(hidden)]
pub mod doc;
pub mod error;
pub mod figures;
pub mod files;
pub mod filters;
pub mod models;
pub mod network;
mod notebook;
pub mod prelude;
pub mod report;
pub mod responses;
pub mod session;
pub mod softness;
pub mod table;

#[cfg(test)]
#[path = "../tests/golden/mod.rs"]
mod golden;

pub use ndarray;
pub use polars;

pub use error::{Error, Result};
