//! The gradients of the weights and biases of one layer for one picture.

use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, Instructions, PATCH_ROW, PatchList, PatchShape, PooledMaps};

/// The number of pooled positions that are processed together: few enough that the winners and gradients of all maps at these
/// positions stay in the first-level cache.
const POSITIONS: usize = 64;

/// The backward pass of one layer, with its memory and its sums.
#[derive(Debug)]
pub(super) struct BackwardPass {
    layer: Layer,
    layout: Layout,
    /// The gradient of the weights, (filters, kernel, space), each row with (kernel, channels) and zeros.
    grad_weights: Aligned,
    /// The place of each weight of a filter in there.
    places: Vec<usize>,
    /// The gradient of each bias.
    grad_bias: Vec<f32>,
    /// One for each filter.
    lists: Vec<PatchList>,
    /// If a patch row is no longer than a vector: the patch rows of the input, (padded side, side, space). In the input itself
    /// most vectors cross a cache line, which takes twice the time.
    patch_rows: Option<Aligned>,
}

/// The gradient of the pooled maps of one picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct GradPooled<'a> {
    /// The values, from the first on; the maps of a position are neighbours.
    pub values: &'a [f32],
    /// From one row to the next.
    pub stride: usize,
    /// From one value to its right neighbour.
    pub right: usize,
}

impl BackwardPass {
    pub fn new(layer: Layer, layout: Layout) -> Self {
        let space = layer.filters * layout.filter_space();
        let positions = layer.pooled_side() * layer.pooled_side();
        Self {
            layer,
            layout,
            grad_weights: Aligned::zeros(space),
            places: (0..layer.filter_len()).map(|weight| layout.place_of(layer, weight)).collect(),
            grad_bias: vec![0.0; layer.filters],
            lists: (0..layer.filters).map(|_| PatchList::new(positions)).collect(),
            patch_rows: (layout.patch.space == PATCH_ROW)
                .then(|| Aligned::zeros(layer.padded_side() * layer.side * PATCH_ROW)),
        }
    }

    /// Sets the gradients to zero.
    pub fn clear(&mut self) {
        self.grad_weights.fill(0.0);
        self.grad_bias.fill(0.0);
    }

    /// Adds the gradients of one picture.
    pub fn run(
        &mut self,
        instructions: Instructions,
        (input, winners): (&[f32], &[u8]),
        grad_pooled: GradPooled,
    ) {
        let Self { layer, layout, grad_weights, grad_bias, lists, patch_rows, .. } = self;
        let side = layer.pooled_side();
        let rows = (POSITIONS / side).clamp(1, side);
        let space = layout.filter_space();
        let (input, patch, right) = match patch_rows {
            None => (input, layout.patch, layer.channels),
            Some(rows) => {
                instructions.patch_rows([layer.side, layer.channels, layout.patch.stride], input, rows);
                let patch = PatchShape { stride: layer.side * PATCH_ROW, ..layout.patch };
                (&rows[..], patch, PATCH_ROW)
            }
        };
        for top in (0..side).step_by(rows) {
            let maps = PooledMaps {
                first: top,
                rows: rows.min(side - top),
                columns: side,
                right: right as u32,
                down: patch.stride as u32,
                values: &grad_pooled.values[top * grad_pooled.stride..],
                value_steps: [grad_pooled.stride, grad_pooled.right],
                winners: &winners[top * side * layout.maps..],
                winner_steps: [side * layout.maps, layout.maps],
            };
            instructions.fill_lists(lists, maps, grad_bias);
            for (list, grad_weights) in lists.iter().zip(grad_weights.chunks_exact_mut(space)) {
                instructions.sum_patches(patch, list, input, grad_weights);
            }
        }
    }

    /// Adds the gradients to `grad_weights` (filters, channels, kernel, kernel) and `grad_bias` (filters).
    pub fn add_to(&self, grad_weights: &mut [f32], grad_bias: &mut [f32]) {
        assert_eq!(grad_weights.len(), self.layer.weight_len(), "length of grad_weights");
        assert_eq!(grad_bias.len(), self.layer.filters, "length of grad_bias");
        let spaces = self.grad_weights.chunks_exact(self.layout.filter_space());
        for (space, grad) in spaces.zip(grad_weights.chunks_exact_mut(self.layer.filter_len())) {
            grad.iter_mut().zip(&self.places).for_each(|(sum, &place)| *sum += space[place]);
        }
        grad_bias.iter_mut().zip(&self.grad_bias).for_each(|(sum, value)| *sum += value);
    }
}
