//! Sessions: the same bits whatever else happens, saved, loaded, cut off and taken up again.

mod along;
mod plans;
mod resuming;
mod saved;
mod sharing;
mod snapshots;
mod training;
