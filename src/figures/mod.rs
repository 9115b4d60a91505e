//! The figures of the study, as SVG and PNG.
//!
//! | figure | function | shows |
//! |---|---|---|
//! | 1, 2 | [`FilterBank::grid`](crate::filters::FilterBank::grid) | the filters of a layer as blue-red grids |
//! | | [`WeightFile::figure`](crate::weight_files::WeightFile::figure) | the filters of all layers of a weight file |
//! | 3, 4, 5 | [`response_grid`], [`ResponseOptions::grid`](crate::responses::ResponseOptions::grid) | the responses of a layer to a picture, soft maps outlined in red |
//! | 6 | [`Session::accuracy_curve`](crate::session::Session::accuracy_curve), [`Figure::accuracy_curves`] | test accuracy in the course of training: of one session with its least-squares line, and of several |
//! | 7 | [`r_squared_chart`] | R² of every fit |
//! | 8 | [`Fit::residual_plot`](crate::models::Fit::residual_plot), [`Fits::residual_plots`](crate::models::Fits::residual_plots) | residuals of one fit, and of all |
//! | | [`Fit::plot`](crate::models::Fit::plot) | the points of a fit, its line and its bands |
//! | | [`Fit::diagnostic_plots`](crate::models::Fit::diagnostic_plots) | R's four diagnostic plots of a fit |
//! | | [`r_squared_spread`] | the spread of R² over drawn sets of sessions, with the published values |
//! | | [`readings_figure`] | what each reading of a filter lays on what |
//! | | [`second_study_chart`] | what training does to layer 2 under each reading: the second study at a glance |
//! | | [`training_curves`] | scores of many sessions against their length of training |
//!
//! [`Figure::gallery`] puts several beside each other.
//!
//! Each function takes results and returns a [`Figure`]. [`Figure::save`] saves it, and a notebook shows it. Text is
//! drawn as outlines of a font that is part of the program, so nothing has to be installed.
//!
//! Layers are counted from 1 and filters from 0 on every figure.
//!
//! A new figure is a file of its own that draws on `canvas` with the parts in `sheet` and `axes`.

mod accuracy;
pub(crate) mod at_a_glance;
mod axes;
mod canvas;
mod diagnostics;
mod figure;
mod filter_grid;
mod fit_plots;
mod gallery;
pub(crate) mod palette;
mod picture;
mod r_squared;
mod readings;
mod response_grid;
pub(crate) mod settings;
mod sheet;
mod spread;
mod text;
mod ticks;
mod tiles;
mod training_curves;
mod weight_file;

// What most figures need.
use canvas::{Area, Drawn, PX};
use plotters_backend::text_anchor::{HPos, VPos};
use text::Font;

pub use at_a_glance::second_study_chart;
pub use figure::Figure;
pub(crate) use picture::picture_figure;
pub use r_squared::r_squared_chart;
pub use readings::readings_figure;
pub use response_grid::response_grid;
pub use spread::r_squared_spread;
pub use training_curves::training_curves;

#[cfg(test)]
mod tests;
