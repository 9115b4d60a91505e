//! Sessions on disk: an archive for each finished session, a checkpoint for each unfinished one.

mod archive;
mod belonging;
pub(crate) mod checkpoint;
mod layout;
pub(crate) mod merge;
mod notes;
mod parallel;
mod saved;
pub(crate) mod saved_sessions;
mod session_store;
mod shipped;
mod slot;
mod snapshots;
mod state;
pub(crate) mod status;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod without_locks;

pub use crate::session::keep::Keep;
pub(crate) use layout::place_of;
pub(crate) use parallel::default_jobs;
pub use session_store::Store;
pub use shipped::shipped_sessions;
pub(crate) use slot::waiting_for;
pub use status::StoreStatus;
