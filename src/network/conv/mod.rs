//! The convolution stack: both convolutional layers, forward and backward.
//!
//! A layer is cross-correlation with stride 1 and SAME zero padding, bias, ReLU and 2 x 2 max-pool
//! with stride 2. Pictures are (n, 3, 32, 32), the stack's output is (n, filters of layer 2, 8, 8),
//! weights are (out, in, k, k), all in row-major order.
//!
//! Where two values of a pooling window are equal, the first in row order takes the gradient, as in
//! PyTorch; the gradient of ReLU at 0 is 0.

mod instructions;
mod reference;
mod shape;
#[cfg(test)]
mod tests;

pub use instructions::InstructionPath;
pub use reference::ReferenceStack;

use instructions::Instructions;
use shape::Layer;

use crate::error::{Error, Result};
use crate::network::Architecture;

/// Both convolutional layers of a network, with the memory that their passes need, to be used again
/// for every batch. One thread; the results depend on nothing but the inputs and the
/// [`InstructionPath`].
#[derive(Debug)]
pub struct ConvStack {
    layers: [Layer; 2],
    instructions: Instructions,
    batch: usize,
    plain: ReferenceStack,
}

impl ConvStack {
    /// A stack for batches of at most `batch` pictures.
    ///
    /// # Errors
    /// Those of [`Architecture::check`]; [`Error::InvalidOption`] where `batch` is 0 or the machine
    /// lacks the instructions of `path`.
    pub fn new(architecture: &Architecture, batch: usize, path: InstructionPath) -> Result<Self> {
        if batch == 0 {
            return Err(Error::option("batch", batch, "it must be at least 1"));
        }
        Ok(Self {
            layers: Layer::both(architecture)?,
            instructions: path.check()?,
            batch,
            plain: ReferenceStack::new(architecture)?,
        })
    }

    /// The instructions in use.
    pub fn path(&self) -> InstructionPath {
        self.instructions.path()
    }

    /// Values of one picture, 3 x 32 x 32.
    pub fn input_len(&self) -> usize {
        self.layers[0].input_len()
    }

    /// Values that the stack makes of one picture, filters of layer 2 x 8 x 8.
    pub fn output_len(&self) -> usize {
        self.layers[1].output_len()
    }

    /// Takes n pictures, 1 to the stack's batch, to `out` (n, filters of layer 2, 8, 8), which is
    /// overwritten, and keeps what [`backward`](Self::backward) needs.
    ///
    /// # Panics
    /// Where a length does not fit the shapes.
    pub fn forward(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        assert!(images.len() <= self.batch * self.input_len(), "more pictures than the stack's batch");
        self.plain.forward(images, weights, bias, out);
    }

    /// As [`forward`](Self::forward), for any number of pictures, without a backward pass to follow
    /// (that of the last `forward` is lost).
    ///
    /// # Panics
    /// Where a length does not fit the shapes.
    pub fn forward_only(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        let (input, output) = (self.batch * self.input_len(), self.batch * self.output_len());
        for (images, out) in images.chunks(input).zip(out.chunks_mut(output)) {
            self.plain.forward(images, weights, bias, out);
        }
    }

    /// Adds the gradients of the last [`forward`](Self::forward) to `grad_weights` and `grad_bias`,
    /// shaped like the weights and biases. `grad_out` is the gradient of the loss with respect to
    /// that pass's `out`. Pictures get no gradient.
    ///
    /// # Panics
    /// Where a length does not fit the shapes of the last forward pass.
    pub fn backward(&mut self, grad_out: &[f32], grad_weights: [&mut [f32]; 2], grad_bias: [&mut [f32]; 2]) {
        self.plain.backward(grad_out, grad_weights, grad_bias);
    }
}
