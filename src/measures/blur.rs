//! Crete's blur effect.

use ndarray::Array2;

/// The widest window, scikit-image's.
const WIDEST: usize = 11;
/// The narrowest window.
const NARROWEST: usize = 3;
/// scikit-image lets no slope be smaller, so that nothing is divided by zero.
const LEAST_SLOPE: f64 = f64::EPSILON;

/// The larger blur of both axes. `map` is at least 3 x 3; where it is so small that no pixel is left inside the
/// border that is cut off (two before, one behind), NaN is 0 / 0 in scikit-image too, so all pixels count.
pub(super) fn blur_effect(map: &Array2<f64>) -> f64 {
    let window = window(map.nrows().min(map.ncols()));
    // Along rows, and along the rows of the transposed map.
    let turned = map.t().as_standard_layout().to_owned();
    along_rows(map, window).max(along_rows(&turned, window))
}

/// 11, or the largest odd number of at most half the side, and at least 3.
fn window(side: usize) -> usize {
    let half = side / 2;
    (half - (half + 1) % 2).clamp(NARROWEST, WIDEST)
}

/// The share of slopes along the rows that a box filter along them leaves.
fn along_rows(map: &Array2<f64>, window: usize) -> f64 {
    let (height, width) = map.dim();
    let sharp = slopes(map);
    let blurred = slopes(&boxed(map, window));
    let (rows, columns) = match (height, width) {
        (4.., 4..) => (2..height - 1, 2..width - 1),
        _ => (0..height, 0..width),
    };
    let (mut all, mut lost) = (0.0, 0.0);
    for y in rows {
        for x in columns.clone() {
            all += sharp[[y, x]];
            lost += (sharp[[y, x]] - blurred[[y, x]]).max(0.0);
        }
    }
    (all - lost) / all
}

/// The mean of `window` values along the row, mirrored at the borders with the edge twice.
fn boxed(map: &Array2<f64>, window: usize) -> Array2<f64> {
    let (half, width) = ((window / 2) as isize, map.ncols());
    Array2::from_shape_fn(map.dim(), |(y, x)| {
        let sum: f64 = (-half..=half).map(|by| map[[y, mirrored(x as isize + by, width)]]).sum();
        sum / window as f64
    })
}

/// The absolute Sobel slope along the row: differences two apart, smoothed 1, 2, 1 across rows.
fn slopes(map: &Array2<f64>) -> Array2<f64> {
    let (height, width) = map.dim();
    Array2::from_shape_fn(map.dim(), |(y, x)| {
        let slope = |by: isize| {
            let row = mirrored(y as isize + by, height);
            map[[row, mirrored(x as isize + 1, width)]] - map[[row, mirrored(x as isize - 1, width)]]
        };
        (0.25 * slope(-1) + 0.5 * slope(0) + 0.25 * slope(1)).abs().max(LEAST_SLOPE)
    })
}

/// A place beyond the border as its mirror image, the edge counted twice.
fn mirrored(place: isize, side: usize) -> usize {
    let (side, period) = (side as isize, 2 * side as isize);
    let place = place.rem_euclid(period);
    (if place < side { place } else { period - 1 - place }) as usize
}
