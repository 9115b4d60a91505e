//! The convolutional network: architecture, weights and training step.
//!
//! A training step runs on the tape of dfdx, which records the operations and runs them backwards. dfdx itself computes the
//! ReLU of the hidden layer, the dropout product and the cross-entropy loss, each with its gradient, and owns the
//! activations and their gradients. Everything else is part of this crate: the convolutions and the dense layers are
//! operations on that tape, and the optimisers, the parameters and their gradients are outside it. dfdx's convolution needs
//! a nightly compiler; its dense product and its Adam are slower. A step uses one thread: dfdx uses several in its matrix
//! product only, which is not called. dfdx's types leave this module in [`Convolution`] and [`MaxPool`] only.

mod architecture;
mod architecture_fields;
pub(crate) mod conv;
mod convolutions;
mod dense;
mod initialisation;
pub(crate) mod kernels;
mod modules;
mod optimiser;
mod parameters;
pub(crate) mod random;
pub(crate) mod step;
mod tape;
mod update;
mod weights;

pub use architecture::Architecture;
pub use initialisation::Initialisation;
pub use modules::{Convolution, MaxPool};
pub use optimiser::Optimiser;
pub use weights::Weights;
