//! What does training do to the filters of a convolutional network, and can it be measured?
//!
//! This crate replicates Fountain & Rasmus, *The effect of varying training on neural network weights and
//! visualizations* (Journal of Emerging Investigators, 2019), and extends it. Three functions do most of the work:
//! [`train_in_memory`](session::train_in_memory()) trains a network, [`softness_table`](table::softness_table) scores
//! the images that its filters make, [`fit_models`](models::fit_models) fits the scores against the length of
//! training.
//!
//! ```
//! use softness::dataset::Picture;
//! use softness::figures::{Figure, r_squared_chart};
//! use softness::models::{Form, fit_models};
//! use softness::session::{Training, train_in_memory};
//! use softness::table::softness_table;
//!
//! # fn main() -> softness::Result<()> {
//! // In a study `Dataset::auto()?`: CIFAR-10 if it is found, synthetic images otherwise.
//! let dataset = softness::dataset::Dataset::tiny();
//!
//! // 1. Sessions of different length. An iteration is one optimiser step on one batch.
//! let mut sessions = Vec::new();
//! for iterations in [1, 2, 4] {
//!     let training = Training::paper().iterations(iterations).batch(10).seed(1);
//!     sessions.push(train_in_memory(&dataset, training, &())?);
//! }
//! assert_eq!(sessions[0].filters(1)?.weights().dim(), (16, 3, 5, 5)); // (out, in, k, k)
//!
//! // 2. Every filter of every session on two pictures. A lower score is a softer image.
//! let (bird, noise) = (dataset.bird(), Picture::static_noise(1));
//! let table = softness_table(&sessions, &[bird.clone(), noise])?;
//! assert_eq!(table.rows().len(), 3 * (16 + 36) * 2);
//!
//! // 3. Linear, exponential and power models of the layer scores, each with its controls.
//! let fits = fit_models(&table)?;
//! let power = fits.get(2, "bird", Form::Power)?;
//! println!("R² {:.3}, p {:.3}", power.r_squared(), power.p_value());
//! println!("step model: {:.3}", fits.control(2, "bird", Form::Power)?.step_r_squared());
//!
//! // Figures are SVG, PNG and PDF, and show themselves in a notebook.
//! let figure = Figure::response_grid(&sessions[2], 1, &bird, &table)?;
//! assert!(figure.svg().starts_with("<svg"));
//! assert!(r_squared_chart(&fits)?.png()?.starts_with(b"\x89PNG"));
//! # Ok(())
//! # }
//! ```
//!
//! Eleven paper-scale sessions trained on CIFAR-10 are part of the crate:
//! [`store::shipped_sessions`] and [`table::shipped_scores`].
//!
//! # The modules, lowest floor first
//! A module uses only those above it in this table, so that each can be read and tested without what is built on it.
//!
//! | module | content | why it is here |
//! |---|---|---|
//! | [`Error`], files, stop | errors as sentences with an [`ErrorKind`]; atomic file writes; whether a cell was interrupted | everything reads, writes, fails and takes time |
//! | text | numbers, tables and CSV as text | everything prints, and in one way |
//! | [`stats`] | least squares, intervals, tests, resampling, curves on plain numbers | independent of filters and tables |
//! | [`dataset`] | CIFAR-10, image folders, synthetic images, the bird and the static | independent of networks |
//! | network | architecture, weights, training step, convolutions and their kernels | pure computation, no files |
//! | [`filters`] | the filters of a layer, `.npy` files, what untrained filters are | part of a network, or imported |
//! | [`session`] | training options, plans, the trainer | a trainer yields events; it does not know who listens |
//! | [`weight_files`] | weight files of other networks: `.safetensors`, `.npz`, `.npy`, alone and as series | they become sessions |
//! | [`store`] | sessions and checkpoints on disk, sessions in parallel | it stores what a trainer yields |
//! | [`responses`] | the maps that filters make of a picture | needs filters and pictures |
//! | [`matching`] | which filters of two sessions agree | needs filters and maps |
//! | [`softness`](mod@softness) | from a map to a score, and other measures of maps and filters | needs maps |
//! | [`table`] | all scores in a polars data frame, layer scores, labels by hand, CSV | collects scores |
//! | [`models`] | linear, exponential and power fits of scores, with their controls | statistics of tables |
//! | [`robustness`] | scores of many sessions and their nulls; how stable the paper's finding is | fits over many sets of sessions |
//! | [`paper`] | the published numbers, and a verdict on each | compares results with them |
//! | [`figures`] | figures as SVG, PNG and PDF | draws all of the above |
//! | [`explorer`] | one HTML page that shows how training changes filters, maps and scores, also for your own images | shows sessions as they trained |
//! | [`labelling`] | a page on which a person labels maps as soft | shows maps; its labels become a table |
//! | [`report`] | the whole study and its HTML report | combines all of the above |
//! | [`display`] | how values show themselves in notebooks, training in cells | shows all of the above |
//! | [`cli`], [`prelude`] | the command line; the names a notebook needs | entry points |
//!
//! dfdx is used in `network` alone; `ndarray` arrays and polars data frames are part of the interface. These crates are
//! re-exported, [`ndarray`], [`polars`], [`linfa`], [`linfa_linear`], [`statrs`], [`image`], [`plotters`] and [`dfdx`], in the
//! versions that the interface uses; `docs/crates.md` shows each in a cell. Every error is one sentence that says what is wrong and
//! what to do: [`Error`]. The terms of all modules are explained in `docs/words.md`.
//!
//! # Where to add something
//! The compiler or a test asks for most of what an addition needs. The last column lists what they do not ask for.
//!
//! | addition | file in `src` | also |
//! |---|---|---|
//! | a measure of a map, or of a filter | `softness/measures/maps.rs`, `filters.rs` | its row in the table there |
//! | a form of a model | `models/form.rs` | `--form` in README |
//! | a reading of a filter | `responses/options.rs` | `explorer/page/readings.js`, the help texts in `cli`, README, `docs/words.md` |
//! | a figure | a file of its own in `figures` | its row in `figures/mod.rs`, its entry in `examples/gallery.rs`, [`prelude`] if notebooks use it often |
//! | a format of pictures that are read | `dataset/decode/mod.rs` | `Cargo.toml`, README, the help texts in `cli` |
//! | a format of weight files | `weight_files/arrays.rs` | `filters/format/mod.rs`, `docs/your-network.md` |
//! | the task number of a batch system | `cli/share.rs` | a job file in `cluster`, `docs/many-machines.md` |
//! | a MIME type of a cell's output | `display/notebook.rs`; for a figure `figures/figure.rs` | |
//! | a command | `cli/mod.rs` and a file of its own | README |

// What only the program and its downloads use is not compiled out bit by bit.
#![cfg_attr(not(all(feature = "cli", feature = "fetch")), allow(dead_code, unused_imports))]

#[macro_use]
mod accessors;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod dataset;
pub mod display;
mod error;
pub mod explorer;
pub mod figures;
mod files;
pub mod filters;
#[doc(hidden)]
pub mod internals;
pub mod labelling;
pub mod matching;
pub mod models;
mod names;
pub(crate) mod network;
pub mod paper;
pub mod prelude;
pub mod report;
pub mod responses;
pub mod robustness;
pub mod session;
pub mod softness;
pub mod stats;
mod stop;
pub mod store;
pub mod table;
mod text;
pub mod weight_files;

#[cfg(test)]
#[path = "../tests/it/support/golden.rs"]
mod golden;
#[cfg(test)]
#[path = "../tests/it/support/tolerances.rs"]
mod tolerances;

pub use dfdx;
pub use image;
pub use linfa;
pub use linfa_linear;
pub use ndarray;
pub use plotters;
pub use polars;
pub use statrs;

pub use error::{Error, ErrorKind, Result};
