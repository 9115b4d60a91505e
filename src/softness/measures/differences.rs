//! Measures made of differences of neighbouring pixels.

use ndarray::{Array2, Axis, s};

/// The mean absolute difference of pixels beside or above one another.
pub(crate) fn total_variation(map: &Array2<f64>) -> f64 {
    let (height, width) = map.dim();
    let along = |axis| {
        let lanes = map.lanes(Axis(axis));
        let steps = |lane: ndarray::ArrayView1<f64>| {
            lane.iter().zip(lane.iter().skip(1)).map(|(a, b)| (a - b).abs()).sum::<f64>()
        };
        lanes.into_iter().map(steps).sum::<f64>()
    };
    (along(0) + along(1)) / (height * (width - 1) + (height - 1) * width) as f64
}

/// The mean squared five-point Laplacian over the inner pixels.
pub(crate) fn laplacian_energy(map: &Array2<f64>) -> f64 {
    let inner = |y: usize, x: usize| {
        let (height, width) = map.dim();
        map.slice(s![y..height - 2 + y, x..width - 2 + x])
    };
    let mut laplacian = inner(1, 1).mapv(|value| -4.0 * value);
    for (y, x) in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        laplacian += &inner(y, x);
    }
    laplacian.mapv(|value| value * value).mean().unwrap_or(0.0)
}
