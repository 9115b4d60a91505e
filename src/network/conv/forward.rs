//! The forward pass of one layer on one picture.

use super::instructions::Instructions;
use super::kernels::PoolTarget;
use super::shape::Layer;

/// Numbers of filters that the kernels take at a time.
const BLOCKS: [usize; 2] = [6, 4];

/// One layer's weights as its kernel reads them, and the maps of one block of filters.
#[derive(Debug)]
pub(super) struct ForwardPass {
    layer: Layer,
    /// Filters in a block.
    block: usize,
    /// (blocks, channels, kernel, kernel, block), zeros for the filters that fill the last block.
    weights: Vec<f32>,
    /// (filters)
    bias: Vec<f32>,
    /// (block, side, side)
    maps: Vec<f32>,
}

/// Where the pooled maps of a picture are to go.
#[derive(Debug)]
pub(super) struct Pooled<'a> {
    /// Begins with the first value of the first map.
    pub values: &'a mut [f32],
    /// From one row to the next.
    pub stride: usize,
    /// From one map to the next.
    pub plane: usize,
    /// (filters, side / 2, side / 2): where each value's patch is, see [`kernels::pool`](super::kernels::pool).
    pub offsets: &'a mut [u32],
}

impl ForwardPass {
    pub fn new(layer: Layer) -> Self {
        let filled = |block: &usize| layer.filters.next_multiple_of(*block);
        let block = BLOCKS.into_iter().min_by_key(filled).unwrap_or(BLOCKS[0]);
        Self {
            layer,
            block,
            weights: vec![0.0; layer.filters.next_multiple_of(block) * layer.filter_len()],
            bias: vec![0.0; layer.filters],
            maps: vec![0.0; block * layer.side * layer.side],
        }
    }

    /// The sizes.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// Takes over the weights (filters, channels, kernel, kernel) and biases (filters).
    pub fn set_weights(&mut self, weights: &[f32], bias: &[f32]) {
        assert_eq!(weights.len(), self.layer.weight_len(), "length of weights");
        assert_eq!(bias.len(), self.layer.filters, "length of bias");
        let length = self.layer.filter_len();
        for (filter, weights) in weights.chunks_exact(length).enumerate() {
            let start = filter / self.block * self.block * length + filter % self.block;
            let places = self.weights[start..].iter_mut().step_by(self.block);
            places.zip(weights).for_each(|(place, weight)| *place = *weight);
        }
        self.bias.copy_from_slice(bias);
    }

    /// `input` is (channels, side + kernel - 1, side + kernel - 1), with zeros around the picture.
    pub fn run(&mut self, instructions: Instructions, input: &[f32], pooled: Pooled) {
        let Layer { channels, kernel, side, filters, .. } = self.layer;
        let Pooled { values, stride, plane, offsets } = pooled;
        let right = channels as u32;
        let target = PoolTarget { stride, right, down: self.layer.padded_side() as u32 * right };
        let block_len = self.block * self.layer.filter_len();
        let area = side * side;
        for (block, weights) in self.weights.chunks_exact(block_len).enumerate() {
            instructions.convolve(self.block, input, weights, channels, kernel, side, &mut self.maps);
            let first = block * self.block;
            for filter in first..filters.min(first + self.block) {
                let map = &self.maps[(filter - first) * area..][..area];
                let offsets = &mut offsets[filter * area / 4..][..area / 4];
                let pooled = &mut values[filter * plane..];
                instructions.pool(side, map, self.bias[filter], target, pooled, offsets);
            }
        }
    }
}

impl Instructions {
    /// The convolution kernel for a block of filters and a side of the maps, 32 or 16.
    #[expect(clippy::too_many_arguments, reason = "the kernel's arguments and its block")]
    fn convolve(
        self,
        block: usize,
        input: &[f32],
        weights: &[f32],
        channels: usize,
        kernel: usize,
        side: usize,
        maps: &mut [f32],
    ) {
        let run = match (block, side) {
            (4, 32) => Self::convolve_4_wide,
            (6, 32) => Self::convolve_6_wide,
            (4, _) => Self::convolve_4_narrow,
            _ => Self::convolve_6_narrow,
        };
        run(self, input, weights, channels, kernel, side, maps);
    }

    /// The pooling kernel for a side of the map, 32 or 16.
    fn pool(
        self,
        side: usize,
        map: &[f32],
        bias: f32,
        target: PoolTarget,
        pooled: &mut [f32],
        offsets: &mut [u32],
    ) {
        let run = if side == 32 { Self::pool_32 } else { Self::pool_16 };
        run(self, map, bias, target, pooled, offsets);
    }
}

/// Copies the pictures (channels, side, side) into the middle of `padded`
/// (channels, side + kernel - 1, side + kernel - 1), whose border stays as it is.
pub(super) fn pad(layer: Layer, picture: &[f32], padded: &mut [f32]) {
    let (side, width, border) = (layer.side, layer.padded_side(), layer.padding());
    for (row, values) in picture.chunks_exact(side).enumerate() {
        let (channel, row) = (row / side, row % side);
        let start = (channel * width + row + border) * width + border;
        padded[start..][..side].copy_from_slice(values);
    }
}
