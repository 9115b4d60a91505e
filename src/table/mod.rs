//! The score table: one row a session, layer, image and filter, and the layer scores that follow
//! from it.

mod csv;
mod display;
mod frame;
mod labels;
mod layers;
mod score_table;
mod scoring;

pub use csv::CsvTable;
pub use labels::SoftLabels;
pub use layers::LayerScore;
pub use score_table::{FilterScore, ScoreTable};
pub use scoring::{softness_table, softness_table_with};
