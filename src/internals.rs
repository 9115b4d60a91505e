//! Parts of this crate that its own tests, benches, examples and fuzz targets use. Not part of the public interface: it may
//! change at any time.

/// `benches/step.rs` and the tests of the network: networks, convolutions and instruction paths.
pub use crate::network::conv::{ConvStack, ReferenceStack};
pub use crate::network::kernels::InstructionPath;
pub use crate::network::step::{Network, OptimiserState};

/// `examples/write_synthetic.rs`.
pub use crate::files::write_atomically;

/// `fuzz` and the tests of damaged files.
pub use crate::dataset::picture::read_luma;
pub use crate::store::checkpoint::read_checkpoint;
pub use crate::table::csv::CsvTable;

/// The tests of a study that is run again from its record.
pub use crate::report::again::Earlier;
pub use crate::report::record::Replication;
