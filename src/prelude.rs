//! The names a notebook needs, no more.

pub use crate::dataset::{Dataset, Picture};
pub use crate::error::{Error, Result};
pub use crate::figures::{
    Figure, accuracy_curve, filter_grid, fit_plot, r_squared_chart, residual_plot, residual_plots,
    response_grid,
};
pub use crate::filters::{AxisOrder, FilterBank};
pub use crate::network::Architecture;
pub use crate::session::{Plan, Session, Store, Training, train_plan, train_session};
