//! The gradient of a layer's input for one picture: the cross-correlation of the gradient of the maps
//! with the filters rotated by 180 degrees, filters and channels exchanged.
//!
//! At most one position in four of a map has a gradient. Winograd's method is still faster than a pass over these positions
//! alone: it has 16 % of the products, and writes every result once.

use super::copy_maps;
use super::correlate::{Correlation, Method};
use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, InstructionPath, Instructions};

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
    /// From one pixel of `grad_maps` to the next.
    pixel: usize,
    /// The gradient of the maps before pooling, (side + kernel - 1, side + kernel - 1, pixel), zeros around it and behind the
    /// filters of each pixel.
    grad_maps: Aligned,
}

impl InputGradient {
    pub fn new(layer: Layer, path: InstructionPath, method: fn(Layer) -> Method) -> Self {
        let turned = layer.turned();
        let layout = Layout::new(turned, path);
        let method = method(turned);
        // Whole vectors for every pixel, so that none crosses a cache line.
        let pixel = if method == Method::Tiles { Layout::new(layer, path).maps } else { layer.filters };
        Self {
            turned,
            correlation: Correlation::new(method, turned, layout, pixel),
            all_channels: layout.maps,
            pixel,
            weights: vec![0.0; turned.weight_len()],
            grad_maps: Aligned::zeros(turned.padded_side() * turned.padded_side() * pixel),
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

    /// Writes the gradient of the input to the inside of `grad_input`, in the layout of the kept inputs. `grad_pooled`,
    /// (side / 2, side / 2, filters), is the gradient of the pooled maps, `winners` are those of the picture, in rows of
    /// `maps`.
    pub fn run(
        &mut self,
        instructions: Instructions,
        (winners, maps): (&[u8], usize),
        grad_pooled: &[f32],
        grad_input: &mut [f32],
    ) {
        let Layer { channels: filters, filters: channels, side, .. } = self.turned;
        let (width, border, half) =
            (self.turned.padded_side(), self.turned.padding(), self.turned.pooled_side());
        let rows = grad_pooled.chunks_exact(half * filters).zip(winners.chunks_exact(half * maps));
        for (row, (values, winners)) in rows.enumerate() {
            let inside = ((2 * row + border) * width + border) * self.pixel;
            let sizes = [filters, maps, self.pixel, width * self.pixel];
            instructions.unpool(sizes, values, winners, &mut self.grad_maps[inside..]);
        }
        let all_channels = self.all_channels;
        self.correlation.run(instructions, &self.grad_maps, |first, band| {
            for (row, values) in band.chunks_exact(side * all_channels).enumerate() {
                let place = &mut grad_input[((first + row + border) * width + border) * channels..];
                copy_maps(values, all_channels, &mut place[..side * channels], channels);
            }
        });
    }
}
