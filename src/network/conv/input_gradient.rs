//! The gradient of a layer's input for one picture: the cross-correlation of the gradient of the maps
//! with the filters rotated by 180 degrees, filters and channels exchanged.
//!
//! At most one position in four of a map has a gradient. Winograd's method is still faster than a pass over these positions
//! alone: it has 16 % of the products, and writes every result once.

use super::backward::GradPooled;
use super::correlate::{Correlation, Method};
use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, DEAD, Instructions};

/// The rotated filters of one layer, with memory for the gradient.
#[derive(Debug)]
pub(super) struct InputGradient {
    /// From maps to the input: the layer with filters and channels exchanged.
    turned: Layer,
    correlation: Correlation,
    /// The number of channels, with those of zeros that pad the last vector.
    all_channels: usize,
    /// (channels, filters, kernel, kernel)
    weights: Vec<f32>,
    /// The gradient of the maps before pooling, (side + kernel - 1, side + kernel - 1, filters), zeros
    /// around it.
    grad_maps: Aligned,
}

impl InputGradient {
    pub fn new(layer: Layer, method: fn(Layer) -> Method) -> Self {
        let turned = Layer { channels: layer.filters, filters: layer.channels, ..layer };
        let layout = Layout::new(turned);
        Self {
            turned,
            correlation: Correlation::new(method(turned), turned, layout),
            all_channels: layout.maps,
            weights: vec![0.0; turned.weight_len()],
            grad_maps: Aligned::zeros(layout.picture_len),
        }
    }

    /// Sets the weights (filters, channels, kernel, kernel).
    pub fn set_weights(&mut self, instructions: Instructions, weights: &[f32]) {
        let taps = self.turned.kernel * self.turned.kernel;
        let (filters, channels) = (self.turned.channels, self.turned.filters);
        for (index, kernel) in weights.chunks_exact(taps).enumerate() {
            let (filter, channel) = (index / channels, index % channels);
            let turned = &mut self.weights[(channel * filters + filter) * taps..][..taps];
            turned.iter_mut().rev().zip(kernel).for_each(|(place, weight)| *place = *weight);
        }
        self.correlation.set_weights(instructions, &self.weights);
    }

    /// Writes the gradient of the input to the inside of `grad_input`, in the layout of the kept inputs.
    /// `winners` are those of the picture, in rows of `maps`.
    pub fn run(
        &mut self,
        instructions: Instructions,
        (winners, maps): (&[u8], usize),
        grad_pooled: GradPooled,
        grad_input: &mut [f32],
    ) {
        self.undo_pooling(winners, maps, grad_pooled);
        let Layer { filters: channels, side, .. } = self.turned;
        let (width, border, all_channels) =
            (self.turned.padded_side(), self.turned.padding(), self.all_channels);
        self.correlation.run(instructions, &self.grad_maps, |first, band| {
            for (row, values) in band.chunks_exact(side * all_channels).enumerate() {
                let place = &mut grad_input[((first + row + border) * width + border) * channels..];
                let pixels = place[..side * channels].chunks_exact_mut(channels);
                for (pixel, values) in pixels.zip(values.chunks_exact(all_channels)) {
                    pixel.copy_from_slice(&values[..channels]);
                }
            }
        });
    }

    /// Puts each gradient at the position that its pooled value came from.
    fn undo_pooling(&mut self, winners: &[u8], maps: usize, grad_pooled: GradPooled) {
        let GradPooled { values, plane, stride, right } = grad_pooled;
        let (filters, width) = (self.turned.channels, self.turned.padded_side());
        let half = self.turned.pooled_side();
        let border = self.turned.padding();
        let moves = [0, filters, width * filters, (width + 1) * filters];
        self.grad_maps.fill(0.0);
        for (place, winners) in winners.chunks_exact(maps).enumerate() {
            let (row, column) = (place / half, place % half);
            let values = values[row * stride + column * right..].iter().step_by(plane);
            let start = ((2 * row + border) * width + 2 * column + border) * filters;
            let window = &mut self.grad_maps[start..][..(width + 2) * filters];
            for (filter, (value, winner)) in values.zip(&winners[..filters]).enumerate() {
                let value = if *winner == DEAD { 0.0 } else { *value };
                window[moves[usize::from(winner % 4)] + filter] = value;
            }
        }
    }
}
