//! The names a notebook needs, no more: `use softness::prelude::*;`.
//!
//! [`train_session`] and [`train_plan`] are those of [`display`](crate::display): they print progress and save what
//! they train in the user's store. [`train_in_memory`](crate::session::train_in_memory) and [`Store::train`] are silent.

pub use crate::dataset::{Dataset, FolderOptions, Picture};
pub use crate::display::{train_in_background, train_plan, train_session, view};
// `Result` is left out: the code that the kernel makes around a cell names the standard library's.
pub use crate::error::Error;
pub use crate::explorer::explore;
// The kinds of figure are functions of `Figure`, or of what they show; the module is there for their options.
pub use crate::figures;
pub use crate::figures::{Figure, FigureSize, r_squared_chart};
pub use crate::filters::{AxisOrder, FilterBank};
pub use crate::labelling::label_maps;
pub use crate::matching::match_filters;
pub use crate::models::{Fit, Form, fit_models, max_t};
pub use crate::paper::{PublishedValue, published};
pub use crate::report::Study;
pub use crate::responses::{Reading, ResponseOptions, responses};
pub use crate::robustness::{
    PictureSet, RobustnessOptions, Sensitivity, SessionScoreOptions, assess_robustness, score_sessions,
};
pub use crate::session::{Plan, Session, Training};
pub use crate::softness::{Measure, ScoringOptions};
pub use crate::stats::Curve;
pub use crate::store::{Store, shipped_sessions};
pub use crate::table::{ScoreTable, SoftLabels, shipped_scores, softness_table};
pub use crate::weight_files::WeightFile;
