//! Labelled 32 x 32 colour pictures to train on, and the pictures that filters are applied to.
//!
//! Each file uses those above it: `decode` reads picture files; `picture`, `split` and `source` are the parts of a data set
//! ([`Dataset`]); `choice` keeps some of its classes; `synthetic`, `folder`, `tiny` and `cifar` make or read one; `fetch`
//! downloads CIFAR-10; `open` finds a data set by name.

mod choice;
mod cifar;
mod decode;
#[cfg(feature = "fetch")]
pub(crate) mod fetch;
mod folder;
mod open;
pub(crate) mod picture;
mod random;
mod sample;
mod set;
pub(crate) mod source;
mod split;
mod synthetic;
mod tiny;

pub use cifar::layout::Cifar100Labels;
pub use folder::{FolderOptions, ResizeFilter};
pub use picture::Picture;
pub use set::Dataset;
pub use split::Split;

#[cfg(feature = "fetch")]
pub(crate) use fetch::{FetchOptions, FetchProgress, fetch};
pub(crate) use folder::written;
pub(crate) use open::OpenOptions;
pub(crate) use picture::read_luma;
pub(crate) use sample::published_bird;
pub(crate) use source::Source;
pub(crate) use synthetic::{SYNTHETIC, drawn_bird};

/// Height and width of every picture of a data set, in pixels.
pub(crate) const SIDE: usize = 32;
