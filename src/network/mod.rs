//! The convolutional network: what it is made of, its weights, and its training step.

mod architecture;
pub mod conv;
mod initial;

pub use architecture::Architecture;
pub use initial::Weights;
