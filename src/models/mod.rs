//! Linear, exponential and power models of the layer scores, with their inference and their step controls.
//!
//! [`Form::fit`] fits one form to points, [`fit_models`] all forms to the layer scores of a table. A [`Fit`] has intervals, bands and
//! tests as methods, and all its numbers together as a [`FitSummary`]. A [`StepControl`] says what a good fit is worth. The computations are in [`stats`](crate::stats).
//!
//! # The files, lowest first
//! | file | content |
//! |---|---|
//! | `form`, `group` | the three forms and how they are linearised; the rows of a fit |
//! | `refusal` | why a group of rows could not be fitted |
//! | `fit` | one fit: its points and its line |
//! | `inference`, `influence` | intervals, tests, residuals, max-T; the fit without a level of x |
//! | `step_control` | the step model and the fit without the untrained sessions |
//! | `summary` | all numbers of a fit, as JSON and CSV |
//! | `fits`, `columns` | the fits of a score table; the fits of a CSV file |

pub(crate) mod columns;
mod fit;
pub(crate) mod fits;
mod form;
pub(crate) mod group;
mod inference;
mod influence;
mod refusal;
mod step_control;
mod summary;

pub use fit::Fit;
pub(crate) use fit::LEAST_POINTS;
pub use fits::{Fits, fit_models};
pub use form::Form;
pub(crate) use group::Group;
pub(crate) use inference::LEVEL;
pub use inference::max_t;
pub(crate) use refusal::{Refusal, Refused};
pub use step_control::StepControl;
pub use summary::FitSummary;
