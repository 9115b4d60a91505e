//! What the tests share.

pub mod golden;
pub mod process;
pub mod small;
pub mod tolerances;
