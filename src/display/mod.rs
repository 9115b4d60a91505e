//! For notebook cells: training with progress into a store, training in the background, and how the
//! values of this crate show themselves.
//!
//! The values that a cell most often ends in have an `evcxr_display` here or beside their type: tables as HTML,
//! figures as SVG and PNG, sessions as a card, fits as a summary, options and tests as names and values;
//! each with plain text beside it. Other values show as their `Debug` text.

mod background;
mod card;
mod fit_summary;
mod lines;
pub(crate) mod notebook;
mod study;
mod table_view;
mod training;
mod values;

pub use background::{Background, train_in_background};
pub use lines::Lines;
pub use table_view::{TableView, view};
pub use training::{PLAN_VARIABLE, notebook_plan, store, train_plan, train_session};
