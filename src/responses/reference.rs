//! The definition, written plainly. The results of [`super::correlate`] must be bit-identical.

use ndarray::{Array3, ArrayView2, ArrayViewMut2, Axis, s};

use super::Border;
use crate::filters::FilterBank;

/// Every filter of `bank` over all channels of `input` (in, h, w), plus its bias: (out, h', w').
pub(super) fn forward(input: &Array3<f64>, bank: &FilterBank, border: Border) -> Array3<f64> {
    let mut maps = empty_maps(input, bank, border);
    for (filter, mut map) in maps.axis_iter_mut(Axis(0)).enumerate() {
        for (channel, kernel) in input.axis_iter(Axis(0)).zip(bank.filter(filter).axis_iter(Axis(0))) {
            add_correlation(&mut map, channel, kernel, border);
        }
        map += f64::from(bank.bias()[filter]);
    }
    maps
}

/// The first `count` 2-D slices of every filter of `bank`, each on the one channel of `grey`
/// (1, h, w), summed: (out, h', w').
pub(super) fn slices(grey: &Array3<f64>, bank: &FilterBank, count: usize, border: Border) -> Array3<f64> {
    let mut maps = empty_maps(grey, bank, border);
    for (filter, mut map) in maps.axis_iter_mut(Axis(0)).enumerate() {
        for kernel in bank.filter(filter).axis_iter(Axis(0)).take(count) {
            add_correlation(&mut map, grey.index_axis(Axis(0), 0), kernel, border);
        }
    }
    maps
}

fn empty_maps(input: &Array3<f64>, bank: &FilterBank, border: Border) -> Array3<f64> {
    let (_, height, width) = input.dim();
    let lost = border.lost(bank.kernel());
    Array3::zeros((bank.len(), height - lost, width - lost))
}

/// Adds the cross-correlation of one channel with one k x k kernel to `map`, one kernel value at a
/// time.
fn add_correlation(
    map: &mut ArrayViewMut2<f64>,
    channel: ArrayView2<f64>,
    kernel: ArrayView2<f32>,
    border: Border,
) {
    let (height, width) = map.dim();
    let padding = border.padding(kernel.nrows());
    for ((row, column), &weight) in kernel.indexed_iter() {
        // The values of `map` for which the value of `channel` lies inside it.
        let (top, bottom) = inside(row, padding, height, channel.nrows());
        let (left, right) = inside(column, padding, width, channel.ncols());
        if top >= bottom || left >= right {
            continue;
        }
        let weight = f64::from(weight);
        for y in top..bottom {
            let from =
                channel.slice(s![y + row - padding, left + column - padding..right + column - padding]);
            map.slice_mut(s![y, left..right]).zip_mut_with(&from, |sum, &value| *sum += weight * value);
        }
    }
}

/// The positions in 0..`size` whose position + offset - padding lies in 0..`source`.
fn inside(offset: usize, padding: usize, size: usize, source: usize) -> (usize, usize) {
    (padding.saturating_sub(offset), size.min((source + padding).saturating_sub(offset)))
}
