//! The convolutional network: what it is made of, its weights, and its training step.
//!
//! dfdx gives the tensors, the tape and the loss. Its own convolution needs a nightly compiler, and its dense product and Adam
//! cost more of a step than they need to, so these are operations of ours on its tape ([`conv`]), which share the parameters in
//! aligned memory: dfdx's modules would keep a second copy. No dfdx type leaves this module.

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
