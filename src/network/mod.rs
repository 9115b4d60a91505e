//! The convolutional network: what it is made of, its weights, and its training step.
//!
//! dfdx gives the tensors, the tape, the dense layers, the loss and the Adam update. Its own
//! convolution needs a nightly compiler, so the two convolutional layers with their ReLU and
//! max-pool are one operation of ours on its tape ([`conv`]). No dfdx type leaves this module.

mod adam;
mod architecture;
pub mod conv;
mod convolutions;
mod dense;
pub(crate) mod kernels;
mod parameters;
pub(crate) mod random;
mod step;
mod tape;
mod weights;

pub use architecture::Architecture;
pub use step::{Network, OptimiserState};
pub use weights::Weights;
