//! Sessions on disk: a folder for each finished one, a checkpoint for each unfinished one.

pub(crate) mod checkpoint;
mod checksums;
mod saved;
mod shelf;
mod shipped;
mod side_by_side;
mod store;

pub(crate) use checkpoint::read_checkpoint;
pub use shipped::shipped_sessions;
pub use side_by_side::{default_jobs, train_plan};
pub use store::{STORE_VARIABLE, Store};
