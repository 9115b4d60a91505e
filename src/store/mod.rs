//! Sessions on disk: a folder for each finished session, a checkpoint for each unfinished one.

mod belonging;
pub(crate) mod checkpoint;
mod checksums;
pub(crate) mod failure;
pub(crate) mod merge;
mod parallel;
mod runner;
mod saved;
pub(crate) mod saved_sessions;
mod session_store;
mod shipped;
mod slot;
pub(crate) mod status;
#[cfg(test)]
mod without_locks;

pub(crate) use parallel::default_jobs;
pub use session_store::Store;
pub use shipped::shipped_sessions;
pub use status::StoreStatus;
