//! The figures of the study, as SVG, PNG and PDF.
//!
//! Every kind of figure is a function of [`Figure`] or of what it shows.
//!
//! | figure | function | shows |
//! |---|---|---|
//! | 1, 2 | [`FilterBank::grid`](crate::filters::FilterBank::grid) | the filters of a layer as blue-red grids |
//! | | [`WeightFile::figure`](crate::weight_files::WeightFile::figure) | the filters of all layers of a weight file |
//! | 3, 4, 5 | [`Figure::response_grid`], [`ResponseOptions::grid`](crate::responses::ResponseOptions::grid) | the responses of a layer to a picture, soft maps outlined in red |
//! | 6 | [`Session::accuracy_curve`](crate::session::Session::accuracy_curve), [`Figure::accuracy_curves`] | test accuracy in the course of training: of one session with its least-squares line, and of several |
//! | 7 | [`r_squared_chart`] | R² of every fit |
//! | 8 | [`Fit::residual_plot`](crate::models::Fit::residual_plot), [`Fits::residual_plots`](crate::models::Fits::residual_plots) | residuals of one fit, and of all |
//! | | [`Fit::plot`](crate::models::Fit::plot) | the points of a fit, its line and its bands |
//! | | [`Fit::diagnostic_plots`](crate::models::Fit::diagnostic_plots) | R's four diagnostic plots of a fit |
//! | | [`Figure::r_squared_spread`] | the spread of R² over subsamples of sessions, with the published values |
//! | | [`Figure::readings`] | what each reading of a filter lays on what |
//! | | [`Figure::second_study`] | what training does to layer 2 under each reading: the second study at a glance |
//! | | [`Matching::figure`](crate::matching::Matching::figure) | which filters of two sessions agree |
//! | | [`Agreement::figure`](crate::table::Agreement::figure), [`Roc::figure`](crate::table::Roc::figure) | how people's labels of soft maps agree with each other, and with the score |
//! | | [`Figure::training_curves`] | scores of many sessions against their length of training |
//! | | [`Figure::response_grids`], [`ResponseOptions::grids`](crate::responses::ResponseOptions::grids) | the responses of a layer to several pictures, each map by itself or all on one scale |
//! | | [`Figure::roughness_map`] | where a picture is rough behind each filter: the deviations that the score is the mean of |
//! | | [`Figure::kernel_slices`] | every kernel of a layer, filters as rows |
//! | | [`Figure::driving_patches`] | the patches of test images that drive each filter most |
//! | | [`Figure::score_strips`] | the score of every filter of every session, with the band of untrained networks |
//! | | [`Figure::score_panels`] | layer scores against iterations for each layer, picture and reading |
//! | | [`Figure::ridgelines`] | how the scores of a layer's filters are distributed as training goes on |
//! | | [`Figure::accuracy_against_softness`] | test accuracy against the layer score, a point for each session |
//! | | [`Figure::hinton_diagram`] | the weights of any layer as squares: area for size, colour for sign |
//! | | [`Figure::bond_diagram`] | the strongest connections of any layer as lines between its units |
//! | | [`Figure::filter_strip`], [`ScoringOptions::filter_strip`](crate::softness::ScoringOptions::filter_strip) | one filter while it was trained, and what it makes of a picture |
//! | | [`Figure::filters_by_iteration`] | all filters of a layer while they were trained |
//! | | [`Figure::filter_animation`], [`ScoringOptions::filter_animation`](crate::softness::ScoringOptions::filter_animation) | the same as a moving picture |
//! | | [`Figure::trajectories`], [`ScoringOptions::trajectories`](crate::softness::ScoringOptions::trajectories) | paths of filters through the space of weights, of many sessions, with softness as colour |
//!
//! [`Figure::gallery`] puts several beside each other.
//!
//! Each function takes results and returns a [`Figure`]. [`Figure::save`] saves it, [`Figure::sized`] fits it to a column, a page or a
//! slide, and a notebook shows it. Text is
//! drawn as outlines of a font that is part of the program, so nothing has to be installed.
//!
//! Layers are counted from 1 and filters from 0 on every figure.
//!
//! The same layer, form, reading or image has the same colour on every figure, and everyone can tell apart the colours that appear together.
//!
//! A new figure is a file of its own that draws on `canvas` with the parts in `sheet` and `axes`, in the colours of `palette`.

mod accuracy;
mod accuracy_softness;
mod agreement;
mod animation;
pub(crate) mod at_a_glance;
mod axes;
mod bonds;
mod canvas;
mod course;
mod diagnostics;
mod driving_patches;
mod figure;
mod filter_animation;
mod filter_grid;
mod filter_strip;
mod filters_by_iteration;
mod fit_plots;
mod gallery;
mod gif;
mod hinton;
mod indexed;
mod iteration_axis;
mod kernel_slices;
mod layer_weights;
mod legends;
mod matching;
pub(crate) mod palette;
mod pdf;
mod picture;
mod r_squared;
mod readings;
mod response_grid;
mod response_grids;
mod ridgelines;
mod roc;
mod roughness_map;
mod score_panels;
mod score_strips;
mod scored;
pub(crate) mod settings;
mod sheet;
mod size;
mod spread;
mod text;
mod ticks;
mod tiles;
mod training_curves;
mod trajectories;
mod weight_file;

// What most figures need.
use canvas::{Area, Drawn, PX};
use plotters_backend::text_anchor::{HPos, VPos};
use text::Font;

pub use animation::Animation;
pub use figure::Figure;
pub(crate) use picture::picture_figure;
pub use r_squared::r_squared_chart;
pub use response_grids::MapScale;
pub use size::FigureSize;
pub use trajectories::TrajectoryPlane;

#[cfg(test)]
mod tests;
