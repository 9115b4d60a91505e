//! Sessions on disk: a folder for each finished session, a checkpoint for each unfinished one.

pub(crate) mod checkpoint;
mod checksums;
mod saved;
mod session_store;
mod shelf;
mod shipped;
mod side_by_side;

pub use session_store::Store;
pub use shipped::shipped_sessions;
pub(crate) use side_by_side::default_jobs;
