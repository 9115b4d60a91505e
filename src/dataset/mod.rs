//! Labelled 32 x 32 colour pictures to train on, and the pictures that filters are applied to.
//!
//! Each file uses those above it: `picture`, `split` and `source` are the parts of a data set ([`Dataset`]); `synthetic`,
//! `folder`, `tiny` and `cifar` make or read one; `fetch` downloads CIFAR-10; `open` finds a data set by name.

mod cifar;
mod fetch;
mod folder;
mod open;
pub(crate) mod picture;
mod random;
mod sample;
mod set;
mod source;
mod split;
mod synthetic;
mod tiny;

pub use fetch::{FetchOptions, FetchProgress};
pub use folder::{FolderOptions, ResizeFilter};
pub use picture::Picture;
pub use set::Dataset;
pub use source::Source;
pub use split::Split;

pub(crate) use picture::read_luma;

/// Height and width of every picture of a data set, in pixels.
pub(crate) const SIDE: usize = 32;

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
