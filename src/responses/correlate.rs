//! Cross-correlation, ReLU and max-pooling in `f64`.

use ndarray::Array3;

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
    let mut weights = vec![0.0; shape.taps() * FILTERS];
    let mut tile = vec![0.0; FILTERS * height * shape.width];
    let mut maps = vec![0.0; bank.len() * height * width];
    for first in (0..bank.len()).step_by(FILTERS) {
        let count = FILTERS.min(bank.len() - first);
        let mut biases = [0.0; FILTERS];
        biases[..count].copy_from_slice(&bias[first..first + count]);
        weights.fill(0.0);
        for (taps, filter) in weights.chunks_exact_mut(shape.taps()).zip(first..first + count) {
            taps.iter_mut().zip(bank.filter(filter)).for_each(|(tap, &weight)| *tap = f64::from(weight));
        }
        instructions.correlate_exactly(shape, &padded, &weights, &biases, &mut tile);
        let rows = maps[first * height * width..].chunks_exact_mut(width);
        for (row, computed) in rows.zip(tile.chunks_exact(shape.width)).take(count * height) {
            row.copy_from_slice(&computed[..width]);
        }
    }
    Array3::from_shape_vec((bank.len(), height, width), maps).expect("allocated with this size")
}

/// `input` (n, h, w) at row and column `padding` in zeros, n planes with the given height and width. A
/// product with such a zero changes no sum: a sum that started at +0 never becomes -0.
fn pad(input: &Array3<f64>, padding: usize, (height, width): (usize, usize)) -> Vec<f64> {
    let (planes, rows, columns) = input.dim();
    let mut padded = vec![0.0; planes * height * width];
    for (at, row) in input.rows().into_iter().enumerate() {
        let start = (at / rows * height + at % rows + padding) * width + padding;
        padded[start..start + columns].iter_mut().zip(row).for_each(|(target, &value)| *target = value);
    }
    padded
}

/// ReLU, then the largest of every 2 x 2 block: (n, floor(h / 2), floor(w / 2)).
pub(super) fn relu_and_pool(maps: &Array3<f64>) -> Array3<f64> {
    let (count, height, width) = maps.dim();
    let maps = maps.as_standard_layout();
    let maps = maps.as_slice().expect("in standard layout");
    let mut pooled = Vec::with_capacity(count * (height / 2) * (width / 2));
    for map in maps.chunks_exact(height * width) {
        for rows in map.chunks_exact(2 * width) {
            let (top, bottom) = rows.split_at(width);
            for (top, bottom) in top.chunks_exact(2).zip(bottom.chunks_exact(2)) {
                pooled.push(0f64.max(top[0]).max(top[1]).max(bottom[0]).max(bottom[1]));
            }
        }
    }
    Array3::from_shape_vec((count, height / 2, width / 2), pooled).expect("a value for each block")
}
