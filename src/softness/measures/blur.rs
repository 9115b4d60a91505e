//! Crete's blur effect, as scikit-image computes it.

use ndarray::{Array2, s};

/// The widest window, which is scikit-image's default.
const WIDEST: usize = 11;
/// The narrowest window.
const NARROWEST: usize = 3;
/// The smallest slope, as in scikit-image, so that nothing is divided by zero.
const LEAST_SLOPE: f64 = f64::EPSILON;

/// The larger blur of both axes. `map` is at least 3 x 3. A border of two pixels before and one behind is left out,
/// as in scikit-image. If that leaves no pixel, scikit-image gives NaN; here all pixels count.
pub(super) fn blur_effect(map: &Array2<f64>) -> f64 {
    let window = window(map.nrows().min(map.ncols()));
    // Along rows, and along the rows of the transposed map.
    let transposed = map.t().as_standard_layout().to_owned();
    along_rows(map, window).max(along_rows(&transposed, window))
}

/// The width of the box filter: 11, or the largest odd number of at most half the side, and at least 3.
fn window(side: usize) -> usize {
    let half = side / 2;
    (half - (half + 1) % 2).clamp(NARROWEST, WIDEST)
}

/// The share of slopes along the rows that a box filter along them leaves.
fn along_rows(map: &Array2<f64>, window: usize) -> f64 {
    let (sharp, blurred) = (slopes(map), slopes(&box_filtered(map, window)));
    let inner = match map.dim() {
        (height @ 4.., width @ 4..) => s![2..height - 1, 2..width - 1],
        _ => s![.., ..],
    };
    let (mut all, mut lost) = (0.0, 0.0);
    for (sharp, blurred) in sharp.slice(inner).iter().zip(blurred.slice(inner)) {
        all += sharp;
        lost += (sharp - blurred).max(0.0);
    }
    (all - lost) / all
}

/// The mean of `window` values along the row. Beyond the borders the row is mirrored, and the edge is repeated.
fn box_filtered(map: &Array2<f64>, window: usize) -> Array2<f64> {
    let (half, width) = (window / 2, map.ncols());
    let places: Vec<usize> =
        (0..width + 2 * half).map(|place| mirrored(place as isize - half as isize, width)).collect();
    let mut means = Array2::zeros(map.dim());
    for (row, mut means) in map.rows().into_iter().zip(means.rows_mut()) {
        let padded: Vec<f64> = places.iter().map(|&place| row[place]).collect();
        for (mean, values) in means.iter_mut().zip(padded.windows(window)) {
            *mean = values.iter().sum::<f64>() / window as f64;
        }
    }
    means
}

/// The absolute Sobel slope along the row: differences of values two apart, smoothed 1, 2, 1 across rows.
fn slopes(map: &Array2<f64>) -> Array2<f64> {
    let (height, width) = map.dim();
    let differences = Array2::from_shape_fn((height, width), |(y, x)| {
        map[[y, (x + 1).min(width - 1)]] - map[[y, x.saturating_sub(1)]]
    });
    Array2::from_shape_fn((height, width), |(y, x)| {
        let at = |y: usize| differences[[y, x]];
        let (above, below) = (at(y.saturating_sub(1)), at((y + 1).min(height - 1)));
        f64::max((0.25 * above + 0.5 * at(y) + 0.25 * below).abs(), LEAST_SLOPE)
    })
}

/// The place in the row that a place beyond the border mirrors; the edge is repeated.
fn mirrored(place: isize, side: usize) -> usize {
    let (side, period) = (side as isize, 2 * side as isize);
    let place = place.rem_euclid(period);
    (if place < side { place } else { period - 1 - place }) as usize
}
