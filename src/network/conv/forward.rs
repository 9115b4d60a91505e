//! The forward pass of one layer on one picture.

use super::correlate::{Correlation, Method};
use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, Instructions, PoolRow};

/// One layer's weights as its kernels read them, and the memory that they need.
#[derive(Debug)]
pub(super) struct ForwardPass {
    layer: Layer,
    layout: Layout,
    correlation: Correlation,
    /// (maps), zeros for those that fill up the last vector.
    bias: Aligned,
    /// One row of pooled maps, (side / 2, maps).
    pooled: Aligned,
}

impl ForwardPass {
    pub fn new(layer: Layer, layout: Layout, method: Method) -> Self {
        Self {
            layer,
            layout,
            correlation: Correlation::new(method, layer, layout),
            bias: Aligned::zeros(layout.maps),
            pooled: Aligned::zeros(layer.pooled_side() * layout.maps),
        }
    }

    /// Takes over the weights (filters, channels, kernel, kernel) and biases (filters).
    pub fn set_weights(&mut self, instructions: Instructions, weights: &[f32], bias: &[f32]) {
        assert_eq!(weights.len(), self.layer.weight_len(), "length of weights");
        assert_eq!(bias.len(), self.layer.filters, "length of bias");
        self.correlation.set_weights(instructions, weights);
        self.bias[..bias.len()].copy_from_slice(bias);
    }

    /// Takes one padded picture (side + kernel - 1, side + kernel - 1, channels) to rows of pooled
    /// maps: `each` is called with the number of a row and its values, (side / 2, maps). `offsets`,
    /// (side / 2, side / 2, maps), takes the patch of each value.
    pub fn run(
        &mut self,
        instructions: Instructions,
        input: &[f32],
        offsets: &mut [u32],
        mut each: impl FnMut(usize, &[f32]),
    ) {
        let (bias, pooled) = (&self.bias, &mut self.pooled);
        let (right, down) = (self.layer.channels as u32, self.layout.patch.stride as u32);
        let row_len = pooled.len();
        self.correlation.run(instructions, input, |first, band| {
            for (pair, maps) in band.chunks_exact(4 * row_len).enumerate() {
                let row = first / 2 + pair;
                let input = PoolRow { maps, bias, start: 2 * row as u32 * down, right, down };
                instructions.pool(input, pooled, &mut offsets[row * row_len..][..row_len]);
                each(row, pooled);
            }
        });
    }
}
