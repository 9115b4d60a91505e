//! For notebook cells: training with progress into a store, training in the background, and how the
//! values of this crate show themselves.
//!
//! Every type a cell can end in has an `evcxr_display` here or beside its type: tables as HTML,
//! figures as SVG and PNG, sessions as a card, fits as a summary; each with plain text beside it.

mod background;
mod card;
mod fit_summary;
mod lines;
mod table_view;
mod training;

pub use background::{Background, train_in_background};
pub use lines::Lines;
pub use table_view::{TableView, view};
pub use training::{PLAN_VARIABLE, notebook_plan, store, train_plan, train_session};
