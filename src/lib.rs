//! What does training do to the filters of a convolutional network, and can it be measured?
//!
//! This crate replicates Fountain & Rasmus, *The effect of varying training on neural network weights and
//! visualizations* (Journal of Emerging Investigators, 2019), and goes on from there. Three verbs do it:
//! [`train_session`](session::train_session()) trains a network, [`softness_table`](table::softness_table) scores
//! the images that its filters make, [`fit_models`](models::fit_models) fits the scores against the length of
//! training.
//!
//! ```
//! use softness::dataset::Picture;
//! use softness::figures::{r_squared_chart, response_grid};
//! use softness::models::{Form, fit_models};
//! use softness::session::{Training, train_session};
//! use softness::table::softness_table;
//!
//! # fn main() -> softness::Result<()> {
//! // In real life `Dataset::auto()?`: CIFAR-10 where it is found, drawn pictures otherwise.
//! let dataset = softness::doc::tiny_dataset()?;
//!
//! // 1. Sessions of different length. An iteration is one optimiser step on one batch.
//! let mut sessions = Vec::new();
//! for iterations in [1, 2, 4] {
//!     sessions.push(train_session(&dataset, Training::paper().iterations(iterations).batch(10).seed(1))?);
//! }
//! assert_eq!(sessions[0].filters(1)?.weights().dim(), (16, 3, 5, 5)); // (out, in, k, k)
//!
//! // 2. Every filter of every session on two pictures. A lower score is a softer image.
//! let (bird, noise) = (dataset.bird(), Picture::static_noise(1));
//! let table = softness_table(&sessions, &[bird.clone(), noise])?;
//! assert_eq!(table.rows().len(), 3 * (16 + 36) * 2);
//!
//! // 3. Linear, exponential and power models of the layer scores, each with its controls beside it.
//! let fits = fit_models(&table)?;
//! let power = fits.get(2, "bird", Form::Power)?;
//! println!("R² {:.3}, p {:.3}", power.r_squared(), power.p_value());
//! println!("a mere step: {:.3}", fits.control(2, "bird", Form::Power)?.step_r_squared());
//!
//! // Figures are SVG and PNG, and show themselves in a notebook.
//! let figure = response_grid(&sessions[2], 1, &bird, &table)?;
//! assert!(figure.svg().starts_with("<svg"));
//! assert!(r_squared_chart(&fits)?.png()?.starts_with(b"\x89PNG"));
//! # Ok(())
//! # }
//! ```
//!
//! Eleven paper-scale sessions trained on CIFAR-10 are part of the crate:
//! [`session::shipped_sessions`] and [`table::shipped_scores`].
//!
//! # The modules, in the order data flows
//! A module uses only those above it, and [`error`].
//!
//! | module | holds |
//! |---|---|
//! | [`dataset`] | CIFAR-10, image folders, synthetic pictures, the bird and the static |
//! | [`network`] | the network's options and weights, its training step, the convolutions and their kernels |
//! | [`filters`] | the filters of a layer, `.npy` files |
//! | [`session`] | training sessions, plans, the store on disk, checkpoints |
//! | [`responses`] | what a filter makes of a picture |
//! | [`softness`](mod@softness) | from such a map to a score, and when a map is soft |
//! | [`measures`] | other measures of a map, and measures of the filters themselves |
//! | [`nulls`] | what stands beside a score: initial, shuffled and random filters |
//! | [`table`] | all scores over a polars data frame, layer scores, labels by hand |
//! | [`models`] | fits, their inference and controls, the published numbers |
//! | [`design`] | scores of many sessions beside their nulls; does the paper's finding hold? variance split, power |
//! | [`figures`] | figures as SVG and PNG |
//! | [`report`] | the whole study and its HTML report |
//! | [`cells`] | training in notebook cells, and how values show themselves there |
//!
//! dfdx stays inside `network`; `ndarray` arrays and polars data frames cross borders and are re-exported as
//! [`ndarray`] and [`polars`]. Every error is one sentence that says what to mend: [`Error`].

pub mod cli;
pub mod dataset;
pub mod display;
#[doc(hidden)]
pub mod doc;
pub mod error;
pub mod figures;
pub mod files;
pub mod filters;
pub mod models;
pub mod network;
pub mod paper;
pub mod prelude;
pub mod report;
pub mod responses;
pub mod robustness;
pub mod session;
pub mod softness;
pub mod stats;
pub mod store;
pub mod table;
mod text;

#[cfg(test)]
#[path = "../tests/it/support/golden.rs"]
mod golden;
#[cfg(test)]
#[path = "../tests/it/support/tolerances.rs"]
mod tolerances;

pub use ndarray;
pub use polars;

pub use error::{Error, ErrorKind, Result};
