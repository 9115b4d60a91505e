//! What the backward pass of one layer needs of the forward pass.

use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::Aligned;

/// The inputs of one layer, and where each pooled value came from, for a batch of pictures.
#[derive(Debug)]
pub(super) struct Kept {
    layout: Layout,
    /// Winners of one picture.
    picture_winners: usize,
    /// (batch, padded side, padded side, channels), zeros around each picture.
    inputs: Aligned,
    /// From which of its four positions each pooled value came, as `pool` encodes it:
    /// (batch, side / 2, side / 2, maps).
    winners: Vec<u8>,
}

impl Kept {
    pub fn new(layer: Layer, layout: Layout, batch: usize) -> Self {
        let picture_winners = layer.pooled_side() * layer.pooled_side() * layout.maps;
        Self {
            layout,
            picture_winners,
            inputs: Aligned::zeros(layout.space(batch)),
            winners: vec![0; batch * picture_winners],
        }
    }

    /// The input and the winners of picture `index`.
    pub fn picture(&self, index: usize) -> (&[f32], &[u8]) {
        let input = &self.inputs[index * self.layout.picture_len..][..self.layout.space(1)];
        (input, &self.winners[index * self.picture_winners..][..self.picture_winners])
    }

    /// The same, mutable. The border of the input must stay zero.
    pub fn picture_mut(&mut self, index: usize) -> (&mut [f32], &mut [u8]) {
        let input = &mut self.inputs[index * self.layout.picture_len..][..self.layout.picture_len];
        (input, &mut self.winners[index * self.picture_winners..][..self.picture_winners])
    }
}
