//! The figures of the study, as SVG and PNG.
//!
//! | figure | function | shows |
//! |---|---|---|
//! | 1, 2 | [`filter_grid`], [`FilterBank::grid`](crate::filters::FilterBank::grid) | the filters of a layer as blue-red grids |
//! | 3, 4, 5 | [`response_grid`] | what each filter makes of a picture, soft maps outlined in red |
//! | 6 | [`accuracy_curve`] | test accuracy in the course of training and its least-squares line |
//! | 7 | [`r_squared_chart`] | R² of every fit |
//! | 8 | [`residual_plot`], [`residual_plots`] | residuals of one fit, and of all |
//! | | [`curves`] | test accuracy of several sessions |
//! | | [`picture_figure`] | a picture, enlarged |
//! | | [`fit_plot`] | the points of a fit, its line and its bands |
//! | | [`diagnostic_plots`] | R's four diagnostic plots of a fit |
//! | | [`r_squared_spread`] | the spread of R² over drawn sets of sessions, published values beside it |
//! | | [`training_curves`] | scores of many sessions against their training |
//!
//! Each function takes results and returns a [`Figure`], which is saved with [`Figure::save`] and shows
//! itself in a notebook. Nothing on the machine is asked for: text is drawn as outlines of a font that
//! the program carries.

mod accuracy;
mod axes;
mod canvas;
mod curves;
mod diagnostics;
mod figure;
mod filter_grid;
mod fit_plots;
mod palette;
mod picture;
mod r_squared;
mod response_grid;
mod sheet;
mod spread;
mod text;
pub(crate) mod ticks;
mod tiles;
mod training_curves;

pub use accuracy::accuracy_curve;
pub use curves::curves;
pub use diagnostics::diagnostic_plots;
pub use figure::Figure;
pub use filter_grid::filter_grid;
pub use fit_plots::{fit_plot, residual_plot, residual_plots};
pub use picture::picture_figure;
pub use r_squared::r_squared_chart;
pub use response_grid::{response_grid, response_grid_with};
pub use spread::r_squared_spread;
pub use training_curves::training_curves;

#[cfg(test)]
mod tests;
