//! The names a notebook needs, no more: `use softness::prelude::*;`.
//!
//! [`train_session`] and [`train_plan`] are those of [`cells`](crate::display): they print progress and keep what
//! they train in the user's store. [`train_in_memory`](crate::session::train_in_memory) and [`Store::train`] are silent.

pub use crate::dataset::{Dataset, FolderOptions, Picture};
pub use crate::display::{
    Background, TableView, notebook_plan, store, train_in_background, train_plan, train_session, view,
};
pub use crate::robustness::{
    PictureSet, Robustness, RobustnessOptions, Sensitivity, SessionScoreOptions, SessionScores,
    SubsampleDesign, VarianceSplit, assess_robustness, score_sessions,
};
// `Result` is left out: the code that the kernel makes around a cell names the standard library's.
pub use crate::error::Error;
pub use crate::figures::{
    Figure, accuracy_curve, diagnostic_plots, filter_grid, fit_plot, r_squared_chart, r_squared_spread,
    residual_plot, response_grid, training_curves,
};
pub use crate::filters::{AxisOrder, FilterBank, Null};
pub use crate::models::{Fit, Fits, Form, fit_models, max_t};
pub use crate::network::Architecture;
pub use crate::paper::verdicts;
pub use crate::paper::{implied_degrees_of_freedom, published};
pub use crate::report::Study;
pub use crate::responses::{Border, Reading, ResponseOptions, responses};
pub use crate::session::{Plan, PlanLevel, Session, Training};
pub use crate::softness::{FilterMeasure, Measure, Normalisation, ScoringOptions};
pub use crate::stats::{
    Bootstrap, BootstrapScheme, Curve, Interval, Permutations, SlopePower, benjamini_hochberg, holm,
};
pub use crate::store::{Store, shipped_sessions};
pub use crate::table::{ScoreTable, SoftLabels, shipped_scores, softness_table};
