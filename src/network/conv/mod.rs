//! The convolution stack: both convolutional layers, forward and backward.
//!
//! A layer is cross-correlation with stride 1 and SAME zero padding, bias, ReLU and 2 x 2 max-pool
//! with stride 2. Pictures are (n, 3, 32, 32), the stack's output is (n, 8, 8, filters of layer 2),
//! weights are (out, in, k, k), all in row-major order.
//!
//! If two values of a pooling window are equal, the first in row order takes the gradient, as in PyTorch. The gradient of
//! ReLU at 0 is 0.

mod backward;
mod correlate;
mod forward;
mod input_gradient;
mod kept;
mod layout;
#[cfg(test)]
pub(crate) mod reference;
mod shape;
#[cfg(test)]
mod tests;

use backward::{BackwardPass, GradPooled};
use correlate::Method;
use forward::ForwardPass;
use input_gradient::InputGradient;
use kept::Kept;
use layout::Layout;
use shape::Layer;

use super::kernels::{Aligned, InstructionPath, Instructions};
use crate::error::{Error, Result};
use crate::network::Architecture;

/// Both convolutional layers of a network, with the memory for their passes, which is reused for every batch. It uses one
/// thread. The results depend on the inputs and the [`InstructionPath`] only.
#[derive(Debug)]
pub struct ConvStack {
    layers: [Layer; 2],
    layouts: [Layout; 2],
    instructions: Instructions,
    batch: usize,
    forward: [ForwardPass; 2],
    backward: [BackwardPass; 2],
    input_gradient: InputGradient,
    /// What `backward` needs of `forward`, for each picture of a batch.
    kept: [Kept; 2],
    /// The same for the current picture of `forward_only`.
    unkept: [Kept; 2],
    /// The gradient of the input of layer 2 for one picture, in the layout of its kept inputs.
    grad_input: Aligned,
    /// Pictures of the last `forward`.
    count: usize,
}

impl ConvStack {
    /// A stack for batches of at most `batch` pictures.
    ///
    /// # Errors
    /// Those of [`Architecture::check`]; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `batch` is 0 or the machine
    /// lacks the instructions of `path`.
    pub fn new(architecture: &Architecture, batch: usize, path: InstructionPath) -> Result<Self> {
        Self::with_methods(architecture, batch, path, [Method::fastest; 2])
    }

    /// As [`new`](Self::new), with the way to compute each layer's maps and the gradient of layer 2's
    /// input.
    fn with_methods(
        architecture: &Architecture,
        batch: usize,
        path: InstructionPath,
        [forward, backward]: [fn(Layer) -> Method; 2],
    ) -> Result<Self> {
        Error::require(batch > 0, "batch", batch, "it must be at least 1")?;
        let layers = Layer::both(architecture)?;
        let instructions = path.check()?;
        let layouts = layers.map(|layer| Layout::new(layer, path));
        let both = [0, 1].map(|index| (layers[index], layouts[index]));
        Ok(Self {
            layers,
            layouts,
            instructions,
            batch,
            forward: both.map(|(layer, layout)| ForwardPass::new(layer, layout, forward(layer))),
            backward: both.map(|(layer, layout)| BackwardPass::new(layer, layout)),
            input_gradient: InputGradient::new(layers[1], path, backward),
            kept: both.map(|(layer, layout)| Kept::new(layer, layout, batch)),
            unkept: both.map(|(layer, layout)| Kept::new(layer, layout, 1)),
            grad_input: Aligned::zeros(layouts[1].space(1)),
            count: 0,
        })
    }

    /// Values of one picture, 3 x 32 x 32.
    pub fn input_len(&self) -> usize {
        self.layers[0].input_len()
    }

    /// Output values for one picture, 8 x 8 x filters of layer 2.
    pub fn output_len(&self) -> usize {
        self.layers[1].output_len()
    }

    /// Computes the outputs of n pictures, at most the stack's batch, into `out` (n, 8, 8, filters of layer 2), and keeps what [`backward`](Self::backward) needs.
    ///
    /// # Panics
    /// If a length does not fit the shapes.
    pub fn forward(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        self.run(images, weights, bias, out, true);
        self.count = images.len() / self.input_len();
        self.input_gradient.set_weights(self.instructions, weights[1]);
    }

    /// As [`forward`](Self::forward), for any number of pictures and keeping nothing: a
    /// later [`backward`](Self::backward) is still that of the last `forward`.
    ///
    /// # Panics
    /// If a length does not fit the shapes.
    pub fn forward_only(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        self.run(images, weights, bias, out, false);
    }

    /// Adds the gradients of the last [`forward`](Self::forward) to `grad_weights` and `grad_bias`,
    /// shaped like the weights and biases. `grad_out` is the gradient of the loss with respect to
    /// that pass's `out`. There is no gradient of the pictures.
    ///
    /// # Panics
    /// If a length does not fit the shapes of the last forward pass.
    pub fn backward(&mut self, grad_out: &[f32], grad_weights: [&mut [f32]; 2], grad_bias: [&mut [f32]; 2]) {
        assert_eq!(grad_out.len(), self.count * self.output_len(), "length of grad_out");
        let [first, second] = &mut self.backward;
        first.clear();
        second.clear();
        let Layer { channels, filters, .. } = self.layers[1];
        let stride = self.layers[1].pooled_side() * filters;
        let row = self.layouts[1].patch.stride;
        let inside = self.layers[1].padding() * (row + channels); // the first value within the border
        for (index, values) in grad_out.chunks_exact(self.layers[1].output_len()).enumerate() {
            let grad_pooled = GradPooled { values, stride, right: filters };
            let (input, winners) = self.kept[1].picture(index);
            second.run(self.instructions, (input, winners), grad_pooled);
            let winners = (winners, self.layouts[1].maps);
            self.input_gradient.run(self.instructions, winners, values, &mut self.grad_input);
            let values = &self.grad_input[inside..];
            let grad_pooled = GradPooled { values, stride: row, right: channels };
            first.run(self.instructions, self.kept[0].picture(index), grad_pooled);
        }
        for ((pass, grad_weights), grad_bias) in self.backward.iter().zip(grad_weights).zip(grad_bias) {
            pass.add_to(grad_weights, grad_bias);
        }
    }

    /// The forward pass of every picture through both layers. If `keep`, what the backward pass needs is kept.
    fn run(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32], keep: bool) {
        let (count, rest) = (images.len() / self.input_len(), images.len() % self.input_len());
        assert_eq!(rest, 0, "length of images");
        assert_eq!(out.len(), count * self.output_len(), "length of out");
        assert!(!keep || count <= self.batch, "{count} pictures, but batches of {}", self.batch);
        let (layers, instructions) = (self.layers, self.instructions);
        for ((pass, weights), bias) in self.forward.iter_mut().zip(weights).zip(bias) {
            pass.set_weights(instructions, weights, bias);
        }
        let [first, second] = &mut self.forward;
        let [kept_first, kept_second] = if keep { &mut self.kept } else { &mut self.unkept };
        let Layer { channels, filters, side, .. } = layers[1];
        let (width, border) = (layers[1].padded_side(), layers[1].padding());
        let half = layers[1].pooled_side();
        let picture_row = self.layouts[0].patch.stride;
        let inside = layers[0].padding() * (picture_row + layers[0].channels); // the first pixel within the border
        let pictures = images.chunks_exact(layers[0].input_len());
        for (index, (picture, out)) in pictures.zip(out.chunks_exact_mut(layers[1].output_len())).enumerate()
        {
            let index = if keep { index } else { 0 };
            let (input, winners) = kept_first.picture_mut(index);
            instructions.interleave([layers[0].side, picture_row], picture, &mut input[inside..]);
            let (maps, second_winners) = kept_second.picture_mut(index);
            first.run(instructions, input, winners, |row, pooled| {
                let place = &mut maps[((row + border) * width + border) * channels..][..side * channels];
                copy_maps(pooled, pooled.len() / side, place, channels);
            });
            second.run(instructions, maps, second_winners, |row, pooled| {
                let place = &mut out[row * half * filters..][..half * filters];
                copy_maps(pooled, pooled.len() / half, place, filters);
            });
        }
    }
}

/// Copies the first `maps` of `all_maps` maps at every position: `from` (positions, all_maps) to `to` (positions, maps).
fn copy_maps(from: &[f32], all_maps: usize, to: &mut [f32], maps: usize) {
    if all_maps == maps {
        return to.copy_from_slice(from);
    }
    for (to, from) in to.chunks_exact_mut(maps).zip(from.chunks_exact(all_maps)) {
        to.copy_from_slice(&from[..maps]);
    }
}
