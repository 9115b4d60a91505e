//! The forward pass of one layer on one picture.

use super::correlate::{Correlation, Method};
use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, Instructions};

/// One layer's weights in the layout of its kernels, with memory for the pass.
#[derive(Debug)]
pub(super) struct ForwardPass {
    layer: Layer,
    correlation: Correlation,
    /// (maps), zeros for those that pad the last vector.
    bias: Aligned,
    /// One row of pooled maps, (side / 2, maps).
    pooled: Aligned,
}

impl ForwardPass {
    pub fn new(layer: Layer, layout: Layout, method: Method) -> Self {
        Self {
            layer,
            correlation: Correlation::new(method, layer, layout, layer.channels),
            bias: Aligned::zeros(layout.maps),
            pooled: Aligned::zeros(layer.pooled_side() * layout.maps),
        }
    }

    /// Sets the weights (filters, channels, kernel, kernel) and biases (filters).
    pub fn set_weights(&mut self, instructions: Instructions, weights: &[f32], bias: &[f32]) {
        assert_eq!(weights.len(), self.layer.weight_len(), "length of weights");
        assert_eq!(bias.len(), self.layer.filters, "length of bias");
        self.correlation.set_weights(instructions, weights);
        self.bias[..bias.len()].copy_from_slice(bias);
    }

    /// Computes the pooled maps of one padded picture (side + kernel - 1, side + kernel - 1, channels) row by
    /// row: `each` is called with the number of a row and its values, (side / 2, maps). `winners`,
    /// (side / 2, side / 2, maps), gets the position that each value came from.
    pub fn run(
        &mut self,
        instructions: Instructions,
        input: &[f32],
        winners: &mut [u8],
        mut each: impl FnMut(usize, &[f32]),
    ) {
        let Self { correlation, bias, pooled, .. } = self;
        let row_len = pooled.len();
        correlation.run(instructions, input, |first, band| {
            for (pair, maps) in band.chunks_exact(4 * row_len).enumerate() {
                let row = first / 2 + pair;
                let winners = &mut winners[row * row_len..][..row_len];
                instructions.pool(maps, bias, pooled, winners);
                each(row, pooled);
            }
        });
    }
}
