//! Parts of this crate that its own tests, benches, examples and fuzz targets use. Not part of the public interface: it may
//! change at any time.

/// `benches/step.rs` and the tests of the network: networks, convolutions and instruction paths.
pub use crate::network::Weights;
pub use crate::network::conv::ConvStack;
pub use crate::network::kernels::InstructionPath;
pub use crate::network::step::{Network, OptimiserState};

/// `examples/write_synthetic.rs`.
pub use crate::files::write_atomically;

/// The tests of data sets.
#[cfg(feature = "fetch")]
pub use crate::dataset::fetch::{FetchOptions, FetchProgress, fetch};
pub use crate::dataset::source::Source;

/// `examples/settings.rs`.
pub use crate::session::along::filters_along;

/// `examples/many_sessions.rs`: the tables of `data/many`.
pub use crate::paper::many_sessions::ManySessionAnalysis;

/// The examples that analyse saved sessions.
pub use crate::store::saved_sessions::saved_sessions;

/// `fuzz` and the tests of damaged files.
pub use crate::dataset::picture::read_luma;
pub use crate::store::checkpoint::read_checkpoint;
pub use crate::table::csv::CsvTable;

pub use crate::report::record::Replication;
/// The tests of a study that is run again from its record.
pub use crate::report::rerun::Earlier;

/// The tests of the score table.
pub use crate::softness::threshold::untrained_threshold;

/// `examples/ship_sessions.rs`, and the tests of snapshots.
pub use crate::session::kept::with_kept_filters;
pub use crate::session::snapshot::SNAPSHOT_TOLERANCE;

/// The tests of models.
pub use crate::models::columns::ColumnFit;
pub use crate::models::group::Group;

/// `examples/second_study.rs`: the files of `data/second`.
pub use crate::figures::at_a_glance::readings_at_a_glance;
pub use crate::figures::settings::settings_at_a_glance;
pub use crate::paper::second::{ReadingPanel, SecondStudy, SettingCourse, write_filters};
