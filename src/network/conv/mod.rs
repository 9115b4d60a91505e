//! The convolution stack: both convolutional layers, forward and backward.
//!
//! A layer is cross-correlation with stride 1 and SAME zero padding, bias, ReLU and 2 x 2 max-pool
//! with stride 2. Pictures are (n, 3, 32, 32), the stack's output is (n, filters of layer 2, 8, 8),
//! weights are (out, in, k, k), all in row-major order.
//!
//! Where two values of a pooling window are equal, the first in row order takes the gradient, as in
//! PyTorch; the gradient of ReLU at 0 is 0.

mod backward;
mod dispatch;
mod forward;
mod instructions;
mod kernels;
mod patches;
mod reference;
mod rows;
mod shape;
#[cfg(test)]
mod tests;

pub use instructions::InstructionPath;
pub use reference::ReferenceStack;

use backward::{BackwardPass, GradPooled};
use forward::{ForwardPass, Pooled, pad};
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
    forward: [ForwardPass; 2],
    backward: [BackwardPass; 2],
    /// The input of one picture to each layer, (channels, side + kernel - 1, side + kernel - 1),
    /// zeros around it.
    padded: [Vec<f32>; 2],
    /// The gradient of the input of layer 2 for one picture, in the form of its kept inputs.
    grad_input: Vec<f32>,
    /// Offsets that nobody needs, of a picture in `forward_only`.
    unused_offsets: [Vec<u32>; 2],
    /// Pictures of the last `forward`.
    count: usize,
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
        let layers = Layer::both(architecture)?;
        let backward = layers.map(|layer| BackwardPass::new(layer, batch));
        Ok(Self {
            layers,
            instructions: path.check()?,
            batch,
            forward: layers.map(ForwardPass::new),
            padded: layers.map(|layer| vec![0.0; layer.padded_len()]),
            grad_input: vec![0.0; backward[1].layout().space(1)],
            unused_offsets: layers.map(|layer| vec![0; layer.output_len()]),
            backward,
            count: 0,
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

    /// Takes n pictures, at most the stack's batch, to `out` (n, filters of layer 2, 8, 8), which is
    /// overwritten, and keeps what [`backward`](Self::backward) needs.
    ///
    /// # Panics
    /// Where a length does not fit the shapes.
    pub fn forward(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        self.check(images, out);
        self.count = images.len() / self.input_len();
        assert!(self.count <= self.batch, "{} pictures, but batches of {}", self.count, self.batch);
        self.set_weights(weights, bias);
        self.backward[1].keep_weights(weights[1]);
        let [first, second] = &mut self.backward;
        let pictures = images.chunks_exact(self.layers[0].input_len());
        for (index, (picture, out)) in
            pictures.zip(out.chunks_exact_mut(self.layers[1].output_len())).enumerate()
        {
            let offsets = [first.offsets_mut(index), second.offsets_mut(index)];
            forward_one(self.instructions, &mut self.forward, &mut self.padded, picture, offsets, out);
            first.keep_input(index, &self.padded[0]);
            second.keep_input(index, &self.padded[1]);
        }
    }

    /// As [`forward`](Self::forward), for any number of pictures and without keeping anything: a
    /// later [`backward`](Self::backward) is still that of the last `forward`.
    ///
    /// # Panics
    /// Where a length does not fit the shapes.
    pub fn forward_only(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        self.check(images, out);
        self.set_weights(weights, bias);
        let pictures = images.chunks_exact(self.layers[0].input_len());
        for (picture, out) in pictures.zip(out.chunks_exact_mut(self.layers[1].output_len())) {
            let [first, second] = &mut self.unused_offsets;
            let offsets = [&mut first[..], &mut second[..]];
            forward_one(self.instructions, &mut self.forward, &mut self.padded, picture, offsets, out);
        }
    }

    /// Adds the gradients of the last [`forward`](Self::forward) to `grad_weights` and `grad_bias`,
    /// shaped like the weights and biases. `grad_out` is the gradient of the loss with respect to
    /// that pass's `out`. Pictures get no gradient.
    ///
    /// # Panics
    /// Where a length does not fit the shapes of the last forward pass.
    pub fn backward(&mut self, grad_out: &[f32], grad_weights: [&mut [f32]; 2], grad_bias: [&mut [f32]; 2]) {
        assert_eq!(grad_out.len(), self.count * self.output_len(), "length of grad_out");
        let [first, second] = &mut self.backward;
        first.clear();
        second.clear();
        let side = self.layers[1].pooled_side();
        let width = self.layers[1].padded_side();
        let border = self.layers[1].padding();
        let channels = self.layers[1].channels;
        for (index, values) in grad_out.chunks_exact(self.layers[1].output_len()).enumerate() {
            self.grad_input.fill(0.0);
            let grad_pooled = GradPooled { values, plane: side * side, stride: side, right: 1 };
            second.run(self.instructions, index, grad_pooled, Some(&mut self.grad_input));
            let values = &self.grad_input[(border * width + border) * channels..];
            let grad_pooled = GradPooled { values, plane: 1, stride: width * channels, right: channels };
            first.run(self.instructions, index, grad_pooled, None);
        }
        for ((pass, grad_weights), grad_bias) in self.backward.iter().zip(grad_weights).zip(grad_bias) {
            pass.add_to(grad_weights, grad_bias);
        }
    }

    fn check(&self, images: &[f32], out: &[f32]) {
        assert_eq!(images.len() % self.input_len(), 0, "length of images");
        assert_eq!(out.len(), images.len() / self.input_len() * self.output_len(), "length of out");
    }

    fn set_weights(&mut self, weights: [&[f32]; 2], bias: [&[f32]; 2]) {
        for ((pass, weights), bias) in self.forward.iter_mut().zip(weights).zip(bias) {
            pass.set_weights(weights, bias);
        }
    }
}

/// Takes one picture through both layers. `padded` is left holding the inputs of both.
fn forward_one(
    instructions: Instructions,
    passes: &mut [ForwardPass; 2],
    padded: &mut [Vec<f32>; 2],
    picture: &[f32],
    offsets: [&mut [u32]; 2],
    out: &mut [f32],
) {
    let [first, second] = passes;
    let [picture_padded, maps_padded] = padded;
    let [first_offsets, second_offsets] = offsets;
    pad(first.layer(), picture, picture_padded);
    let (width, border) = (second.layer().padded_side(), second.layer().padding());
    let values = &mut maps_padded[border * width + border..];
    let pooled = Pooled { values, stride: width, plane: width * width, offsets: first_offsets };
    first.run(instructions, picture_padded, pooled);
    let side = second.layer().pooled_side();
    let pooled = Pooled { values: out, stride: side, plane: side * side, offsets: second_offsets };
    second.run(instructions, maps_padded, pooled);
}
