//! The convolution stack in its plainest form: the patches of a picture as the columns of a matrix
//! (im2col), and matrix products. Tests compare the fast form with it.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

use super::shape::Layer;
use crate::error::Result;
use crate::network::Architecture;

/// The plain form of [`ConvStack`](super::ConvStack), with the same methods, but outputs (n, filters of layer 2, 8, 8). Its matrix product
/// chooses its instructions itself.
#[derive(Debug)]
pub struct ReferenceStack {
    layers: [LayerState; 2],
    count: usize,
}

impl ReferenceStack {
    /// A stack for pictures in any number.
    ///
    /// # Errors
    /// Those of [`Architecture::check`].
    pub fn new(architecture: &Architecture) -> Result<Self> {
        Ok(Self { layers: Layer::both(architecture)?.map(LayerState::new), count: 0 })
    }

    /// As [`ConvStack::forward`](super::ConvStack::forward).
    pub fn forward(&mut self, images: &[f32], weights: [&[f32]; 2], bias: [&[f32]; 2], out: &mut [f32]) {
        let [first, second] = &mut self.layers;
        self.count = images.len() / first.layer.input_len();
        assert_eq!(images.len(), self.count * first.layer.input_len(), "length of images");
        assert_eq!(out.len(), self.count * second.layer.output_len(), "length of out");
        first.forward(images, weights[0], bias[0]);
        second.forward(&first.pooled, weights[1], bias[1]);
        out.copy_from_slice(&second.pooled);
    }

    /// As [`ConvStack::backward`](super::ConvStack::backward).
    pub fn backward(&mut self, grad_out: &[f32], grad_weights: [&mut [f32]; 2], grad_bias: [&mut [f32]; 2]) {
        let [first, second] = &self.layers;
        assert_eq!(grad_out.len(), self.count * second.layer.output_len(), "length of grad_out");
        let [first_weights, second_weights] = grad_weights;
        let [first_bias, second_bias] = grad_bias;
        let mut grad_pooled = vec![0.0; first.pooled.len()];
        second.backward(grad_out, second_weights, second_bias, Some(&mut grad_pooled));
        first.backward(&grad_pooled, first_weights, first_bias, None);
    }
}

/// One layer and what its backward pass needs of its last forward pass.
#[derive(Debug)]
struct LayerState {
    layer: Layer,
    /// (n, channels, side, side)
    input: Vec<f32>,
    /// (filters, channels x kernel x kernel)
    weights: Array2<f32>,
    /// (n, filters, side / 2, side / 2)
    pooled: Vec<f32>,
    /// For each pooled value, its place in the map before pooling, row by row.
    argmax: Vec<usize>,
}

impl LayerState {
    fn new(layer: Layer) -> Self {
        let weights = Array2::zeros((layer.filters, layer.filter_len()));
        Self { layer, input: Vec::new(), weights, pooled: Vec::new(), argmax: Vec::new() }
    }

    fn forward(&mut self, input: &[f32], weights: &[f32], bias: &[f32]) {
        let layer = self.layer;
        let area = layer.side * layer.side;
        assert_eq!(weights.len(), layer.weight_len(), "length of weights");
        assert_eq!(bias.len(), layer.filters, "length of bias");
        self.input = input.to_vec();
        self.weights.iter_mut().zip(weights).for_each(|(mine, given)| *mine = *given);
        self.pooled.clear();
        self.argmax.clear();
        let mut maps = Array2::zeros((layer.filters, area));
        for picture in input.chunks_exact(layer.input_len()) {
            general_mat_mul(1.0, &self.weights, &columns(layer, picture), 0.0, &mut maps);
            for (map, bias) in maps.rows().into_iter().zip(bias) {
                for row in (0..layer.side).step_by(2) {
                    for column in (0..layer.side).step_by(2) {
                        let at = row * layer.side + column;
                        let mut best = at;
                        for other in [at + 1, at + layer.side, at + layer.side + 1] {
                            if map[other] > map[best] {
                                best = other;
                            }
                        }
                        self.argmax.push(best);
                        self.pooled.push(relu(map[best] + bias));
                    }
                }
            }
        }
    }

    fn backward(
        &self,
        grad_pooled: &[f32],
        grad_weights: &mut [f32],
        grad_bias: &mut [f32],
        mut grad_input: Option<&mut [f32]>,
    ) {
        let layer = self.layer;
        let area = layer.side * layer.side;
        let pooled_area = area / 4;
        assert_eq!(grad_weights.len(), layer.weight_len(), "length of grad_weights");
        assert_eq!(grad_bias.len(), layer.filters, "length of grad_bias");
        let shape = (layer.filters, layer.filter_len());
        let mut grad_weights = ArrayViewMut2::from_shape(shape, grad_weights).expect("length just checked");
        for (index, picture) in self.input.chunks_exact(layer.input_len()).enumerate() {
            let mut grad_maps = Array2::<f32>::zeros((layer.filters, area));
            for filter in 0..layer.filters {
                for place in 0..pooled_area {
                    let at = (index * layer.filters + filter) * pooled_area + place;
                    if self.pooled[at] > 0.0 {
                        grad_maps[[filter, self.argmax[at]]] = grad_pooled[at];
                    }
                }
            }
            let columns = columns(layer, picture);
            general_mat_mul(1.0, &grad_maps, &columns.t(), 1.0, &mut grad_weights);
            for (sum, value) in grad_bias.iter_mut().zip(grad_maps.sum_axis(Axis(1))) {
                *sum += value;
            }
            if let Some(grad_input) = &mut grad_input {
                let grad_columns = self.weights.t().dot(&grad_maps);
                let length = layer.input_len();
                let picture = &mut grad_input[index * length..(index + 1) * length];
                add_columns(layer, grad_columns.view(), picture);
            }
        }
    }
}

/// The larger of `value` and 0; NaN stays NaN.
fn relu(value: f32) -> f32 {
    if value < 0.0 { 0.0 } else { value }
}

/// The patches of a picture (channels, side, side), zeros beyond its border, as columns:
/// (channels x kernel x kernel, side x side).
fn columns(layer: Layer, picture: &[f32]) -> Array2<f32> {
    let mut columns = Array2::zeros((layer.filter_len(), layer.side * layer.side));
    for_each_pair(layer, |tap, place, pixel| columns[[tap, place]] = picture[pixel]);
    columns
}

/// Adds every entry of `columns` to the pixel that [`columns`] takes it from.
fn add_columns(layer: Layer, columns: ArrayView2<f32>, picture: &mut [f32]) {
    for_each_pair(layer, |tap, place, pixel| picture[pixel] += columns[[tap, place]]);
}

/// Calls `act` with (weight within a filter, output place, input pixel) for all that meet inside
/// the picture.
fn for_each_pair(layer: Layer, mut act: impl FnMut(usize, usize, usize)) {
    let Layer { channels, kernel, side, .. } = layer;
    let padding = layer.padding();
    for channel in 0..channels {
        for tap_row in 0..kernel {
            for tap_column in 0..kernel {
                let tap = (channel * kernel + tap_row) * kernel + tap_column;
                // The output rows and columns whose patch has this tap inside the picture.
                let rows =
                    padding.saturating_sub(tap_row)..side.min((side + padding).saturating_sub(tap_row));
                let from = padding.saturating_sub(tap_column);
                let to = side.min((side + padding).saturating_sub(tap_column));
                for row in rows {
                    for column in from..to {
                        let pixel =
                            (channel * side + row + tap_row - padding) * side + column + tap_column - padding;
                        act(tap, row * side + column, pixel);
                    }
                }
            }
        }
    }
}
