//! What the tests share.

pub mod golden;
pub mod pictures;
pub mod process;
pub mod small;
pub mod tolerances;
