//! The backward pass of one layer on one picture.

use super::instructions::{InstructionPath, Instructions};
use super::patches::{PatchLayout, PatchList};
use super::shape::Layer;

/// What the backward pass of one layer needs, for a batch of pictures.
#[derive(Debug)]
pub(super) struct BackwardPass {
    layer: Layer,
    layout: PatchLayout,
    /// The padded inputs, channel-last: (batch, padded side, padded side, channels).
    inputs: Vec<f32>,
    /// For each pooled value the place of its patch in the padded input: (batch, filters, side / 2, side / 2).
    offsets: Vec<u32>,
    /// (filters, kernel, row space), each row holding (kernel, channels).
    weights: Vec<f32>,
    /// The gradient of the weights, in the same form.
    grad_weights: Vec<f32>,
    /// (filters)
    grad_bias: Vec<f32>,
    list: PatchList,
}

/// The gradient of the pooled maps of one picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct GradPooled<'a> {
    /// Begins with the first value of the first map.
    pub values: &'a [f32],
    /// From one map to the next.
    pub plane: usize,
    /// From one row to the next.
    pub stride: usize,
    /// From one value to its right neighbour.
    pub right: usize,
}

impl BackwardPass {
    pub fn new(layer: Layer, batch: usize) -> Self {
        let layout = PatchLayout::of(layer);
        let space = layer.filters * layout.filter_space();
        let area = layer.pooled_side() * layer.pooled_side();
        Self {
            layer,
            layout,
            inputs: vec![0.0; layout.space(batch)],
            offsets: vec![0; batch * layer.output_len()],
            weights: vec![0.0; space],
            grad_weights: vec![0.0; space],
            grad_bias: vec![0.0; layer.filters],
            list: PatchList::new(area),
        }
    }

    /// How the layer's padded input lies in memory here.
    pub fn layout(&self) -> PatchLayout {
        self.layout
    }

    /// The offsets of picture `index`, to be written by the forward pass.
    pub fn offsets_mut(&mut self, index: usize) -> &mut [u32] {
        let length = self.layer.output_len();
        &mut self.offsets[index * length..][..length]
    }

    /// Keeps the input of picture `index`, given as (channels, padded side, padded side).
    pub fn keep_input(&mut self, index: usize, padded: &[f32]) {
        let Layer { channels, side, .. } = self.layer;
        let (width, border) = (self.layer.padded_side(), self.layer.padding());
        let kept = &mut self.inputs[index * self.layout.picture_len..][..self.layout.picture_len];
        for row in border..border + side {
            let start = row * width + border;
            let kept = &mut kept[start * channels..][..side * channels];
            for (column, pixel) in kept.chunks_exact_mut(channels).enumerate() {
                let values = padded[start + column..].iter().step_by(width * width);
                pixel.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
            }
        }
    }

    /// Keeps the weights (filters, channels, kernel, kernel), for the gradient of the input.
    pub fn keep_weights(&mut self, weights: &[f32]) {
        let spaces = self.weights.chunks_exact_mut(self.layout.filter_space());
        for (space, weights) in spaces.zip(weights.chunks_exact(self.layer.filter_len())) {
            for_each_weight(self.layer, self.layout, |weight, place| space[place] = weights[weight]);
        }
    }

    /// Sets the gradients to zero.
    pub fn clear(&mut self) {
        self.grad_weights.fill(0.0);
        self.grad_bias.fill(0.0);
    }

    /// Adds the share of picture `index` to the gradients, and where the gradient of the input is
    /// wanted, adds to that, in the form of the kept inputs.
    pub fn run(
        &mut self,
        instructions: Instructions,
        index: usize,
        grad_pooled: GradPooled,
        mut grad_input: Option<&mut [f32]>,
    ) {
        let Self { layer, layout, inputs, offsets, weights, grad_weights, grad_bias, list } = self;
        let side = layer.pooled_side();
        let input = &inputs[index * layout.picture_len..][..layout.space(1)];
        let offsets = &offsets[index * layer.output_len()..][..layer.output_len()];
        let spaces = grad_weights.chunks_exact_mut(layout.filter_space());
        let filters = spaces.zip(weights.chunks_exact(layout.filter_space())).zip(grad_bias);
        for (filter, ((grad_weights, weights), grad_bias)) in filters.enumerate() {
            list.clear();
            let offsets = &offsets[filter * side * side..][..side * side];
            for (row, offsets) in offsets.chunks_exact(side).enumerate() {
                let start = filter * grad_pooled.plane + row * grad_pooled.stride;
                let values = grad_pooled.values[start..].iter().step_by(grad_pooled.right);
                offsets.iter().zip(values).for_each(|(offset, value)| list.add(*offset, *value));
            }
            instructions.sum(list.values(), grad_bias);
            for_each_tile(instructions, *layout, |tile, row, lane| {
                let (from_input, from_filter) = (row * layout.stride + lane, row * layout.row_space + lane);
                let input = &input[from_input..];
                let grad_weights = &mut grad_weights[from_filter..];
                instructions.sum_patches(tile, list, input, layout.stride, grad_weights, layout.row_space);
                if let Some(grad_input) = &mut grad_input {
                    let weights = &weights[from_filter..];
                    let grad_input = &mut grad_input[from_input..];
                    instructions.scatter(tile, list, weights, layout.row_space, grad_input, layout.stride);
                }
            });
        }
    }

    /// Adds the gradients to `grad_weights` (filters, channels, kernel, kernel) and `grad_bias` (filters).
    pub fn add_to(&self, grad_weights: &mut [f32], grad_bias: &mut [f32]) {
        assert_eq!(grad_weights.len(), self.layer.weight_len(), "length of grad_weights");
        assert_eq!(grad_bias.len(), self.layer.filters, "length of grad_bias");
        let spaces = self.grad_weights.chunks_exact(self.layout.filter_space());
        for (space, grad) in spaces.zip(grad_weights.chunks_exact_mut(self.layer.filter_len())) {
            for_each_weight(self.layer, self.layout, |weight, place| grad[weight] += space[place]);
        }
        grad_bias.iter_mut().zip(&self.grad_bias).for_each(|(sum, value)| *sum += value);
    }
}

/// Calls `act` for each weight of a filter with its place in (channels, kernel, kernel) and in
/// (kernel, row space).
fn for_each_weight(layer: Layer, layout: PatchLayout, mut act: impl FnMut(usize, usize)) {
    let mut weight = 0;
    for channel in 0..layer.channels {
        for row in 0..layer.kernel {
            for column in 0..layer.kernel {
                act(weight, row * layout.row_space + column * layer.channels + channel);
                weight += 1;
            }
        }
    }
}

/// The part of a patch that a kernel takes at a time.
#[derive(Debug, Clone, Copy)]
struct Tile {
    rows: usize,
    wide: bool,
}

/// Numbers of rows that the kernels take at a time.
const TILE_ROWS: [usize; 3] = [5, 3, 1];

/// Cuts a patch into tiles and calls `act` with each, its first row and its first lane.
fn for_each_tile(instructions: Instructions, layout: PatchLayout, mut act: impl FnMut(Tile, usize, usize)) {
    let mut row = 0;
    while row < layout.rows {
        let rows = TILE_ROWS.into_iter().find(|rows| row + rows <= layout.rows).unwrap_or(1);
        let mut lane = 0;
        while lane < layout.row_space {
            let mut tile = Tile { rows, wide: true };
            tile.wide = lane + instructions.lanes(tile) <= layout.row_space;
            act(tile, row, lane);
            lane += instructions.lanes(tile);
        }
        row += rows;
    }
}

impl Instructions {
    /// Lanes of a tile, as in `dispatch`.
    fn lanes(self, tile: Tile) -> usize {
        match (self.path(), tile.wide, tile.rows) {
            (InstructionPath::Portable, false, _) => 8,
            (_, false, _) => 16,
            (InstructionPath::Avx512, true, _) => 80,
            (InstructionPath::Portable, true, rows) => [8, 16, 40][Self::index(rows)],
            (_, true, rows) => [16, 32, 80][Self::index(rows)],
        }
    }

    fn index(rows: usize) -> usize {
        TILE_ROWS.into_iter().position(|known| known == rows).unwrap_or(0)
    }

    fn sum_patches(
        self,
        tile: Tile,
        list: &PatchList,
        input: &[f32],
        stride: usize,
        grad: &mut [f32],
        space: usize,
    ) {
        let run = match (tile.rows, tile.wide) {
            (5, true) => Self::sum_patches_5_wide,
            (5, false) => Self::sum_patches_5,
            (3, true) => Self::sum_patches_3_wide,
            (3, false) => Self::sum_patches_3,
            (_, true) => Self::sum_patches_1_wide,
            (_, false) => Self::sum_patches_1,
        };
        run(self, list, input, stride, grad, space);
    }

    fn scatter(
        self,
        tile: Tile,
        list: &PatchList,
        weights: &[f32],
        space: usize,
        grad_input: &mut [f32],
        stride: usize,
    ) {
        let run = match (tile.rows, tile.wide) {
            (5, true) => Self::scatter_5_wide,
            (5, false) => Self::scatter_5,
            (3, true) => Self::scatter_3_wide,
            (3, false) => Self::scatter_3,
            (_, true) => Self::scatter_1_wide,
            (_, false) => Self::scatter_1,
        };
        run(self, list, weights, space, grad_input, stride);
    }
}
