//! Linear, exponential and power models of the layer scores, with their inference, the controls
//! that say what a good fit is worth, and the numbers that the paper printed.

mod columns;
mod control;
mod export;
mod fit;
mod fits;
mod form;
mod group;
mod line;
mod published;

pub use columns::fit_columns;
pub use control::Control;
pub use fit::{Fit, LEAST_POINTS, fit};
pub use fits::{Fits, Refusal, fit_models};
pub use form::Form;
pub use group::Group;
pub use published::{PublishedValue, Relation, published};
