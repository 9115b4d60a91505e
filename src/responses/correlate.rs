//! Cross-correlation, ReLU and max-pooling in `f64`.

use ndarray::{Array3, ArrayView3, s};

use super::Border;
use crate::filters::FilterBank;
use crate::network::kernels::{ExactShape, FILTERS, Instructions, POSITIONS};

/// Every filter of `bank` over all channels of `input` (in, h, w), plus its bias: (out, h', w').
pub(super) fn forward(input: &Array3<f64>, bank: &FilterBank, border: Border) -> Array3<f64> {
    let bias: Vec<f64> = bank.bias().iter().copied().map(f64::from).collect();
    correlate(Instructions::widest(), input, bank, bank.channels(), &bias, border)
}

/// The first `count` 2-D slices of every filter of `bank`, each on the one channel of `grey`
/// (1, h, w), summed: (out, h', w').
pub(super) fn slices(grey: &Array3<f64>, bank: &FilterBank, count: usize, border: Border) -> Array3<f64> {
    correlate(Instructions::widest(), grey, bank, count, &vec![0.0; bank.len()], border)
}

/// The first `channels` slices of every filter over the same channels of `input`, or over its only channel, plus
/// `bias`: (out, h', w').
pub(super) fn correlate(
    instructions: Instructions,
    input: &Array3<f64>,
    bank: &FilterBank,
    channels: usize,
    bias: &[f64],
    border: Border,
) -> Array3<f64> {
    let (planes, height, width) = input.dim();
    let kernel = bank.kernel();
    let (height, width) = (height - border.lost(kernel), width - border.lost(kernel));
    let tile_width = width.next_multiple_of(POSITIONS);
    let (rows, row_step) = (height + kernel - 1, tile_width + kernel - 1);
    let padded = pad(input, border.padding(kernel), (rows, row_step));
    let shape = ExactShape {
        channels,
        kernel,
        height,
        width: tile_width,
        channel_step: if planes == 1 { 0 } else { rows * row_step },
        row_step,
    };
    let padded = padded.into_raw_vec_and_offset().0;
    let mut weights = vec![0.0; shape.taps() * FILTERS];
    let mut tile = vec![0.0; FILTERS * height * shape.width];
    let mut maps = Array3::zeros((bank.len(), height, width));
    for first in (0..bank.len()).step_by(FILTERS) {
        let count = FILTERS.min(bank.len() - first);
        let mut biases = [0.0; FILTERS];
        biases[..count].copy_from_slice(&bias[first..first + count]);
        weights.fill(0.0);
        for (taps, filter) in weights.chunks_exact_mut(shape.taps()).zip(first..first + count) {
            taps.iter_mut().zip(bank.filter(filter)).for_each(|(tap, &weight)| *tap = f64::from(weight));
        }
        instructions.correlate_exactly(shape, &padded, &weights, &biases, &mut tile);
        let tile =
            ArrayView3::from_shape((FILTERS, height, shape.width), &tile).expect("allocated with this size");
        maps.slice_mut(s![first..first + count, .., ..]).assign(&tile.slice(s![..count, .., ..width]));
    }
    maps
}

/// `input` (n, h, w) at row and column `padding` in an array of zeros with the given height and width. A
/// product with such a zero changes no sum: a sum that started at +0 never becomes -0.
fn pad(input: &Array3<f64>, padding: usize, (height, width): (usize, usize)) -> Array3<f64> {
    let (planes, rows, columns) = input.dim();
    let mut padded = Array3::zeros((planes, height, width));
    padded.slice_mut(s![.., padding..padding + rows, padding..padding + columns]).assign(input);
    padded
}

/// ReLU, then the largest of every 2 x 2 block: (n, floor(h / 2), floor(w / 2)).
pub(super) fn relu_and_pool(maps: &Array3<f64>) -> Array3<f64> {
    let (count, height, width) = maps.dim();
    let place =
        |row: usize, column: usize| maps.slice(s![.., row..height / 2 * 2; 2, column..width / 2 * 2; 2]);
    let mut pooled = Array3::zeros((count, height / 2, width / 2));
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        pooled.zip_mut_with(&place(row, column), |largest: &mut f64, &value| *largest = largest.max(value));
    }
    pooled
}
