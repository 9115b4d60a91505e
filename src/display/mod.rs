//! How notebook cells show the values of this crate, and training in cells.
//!
//! Every `evcxr_display` is here: tables as HTML, figures as images on a light card, sessions as a card, fits as a summary,
//! options and tests as names and values. Each also has plain text, for programs that cannot show HTML or images. Lists, and
//! values without an `evcxr_display`, are shown by their `Debug` text, which is a line for each value.

mod background;
mod board;
mod course;
mod debug;
mod explorer;
mod figure;
mod fits;
mod frames;
mod lines;
mod live;
mod matching;
mod notebook;
mod robustness;
mod sessions;
mod store_status;
mod study;
mod training;
mod values;
mod verdicts;
mod weight_file;

pub use background::{Background, train_in_background};
pub use frames::{TableView, view};
pub use training::{train_plan, train_session};
