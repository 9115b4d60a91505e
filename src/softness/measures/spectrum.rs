//! Measures of a map's power spectrum.

use std::f64::consts::TAU;

use ndarray::{Array2, Axis};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// The radial frequency, in cycles per pixel, above which power counts as high: half of the highest frequency of a row.
const HIGH_FREQUENCY: f64 = 0.25;

/// Power below this share of the strongest ring is rounding.
const ROUNDING: f64 = 1e-24;

/// A radius halfway between two rings belongs to the outer one, even if it was rounded down by this much.
const TIES: f64 = 1e-9;

/// Two-dimensional Fourier transforms, planned once for each size. They do without SIMD, so that results are
/// bit-identical on every machine.
pub(super) struct Fourier {
    planner: FftPlanner<f64>,
}

impl Fourier {
    pub fn new() -> Self {
        Self { planner: FftPlanner::new() }
    }

    /// The power |F|² (h, w) of a map minus its mean, times a periodic Hann window along both axes.
    pub fn power(&mut self, map: &Array2<f64>) -> Array2<f64> {
        let (height, width) = map.dim();
        let mean = map.mean().expect("a map is at least 3 x 3");
        let hann = |place: usize, side: usize| 0.5 - 0.5 * (TAU * place as f64 / side as f64).cos();
        let windows: [Vec<f64>; 2] = [height, width].map(|side| (0..side).map(|at| hann(at, side)).collect());
        let mut values = Array2::from_shape_fn((height, width), |(y, x)| {
            Complex::new((map[[y, x]] - mean) * windows[0][y] * windows[1][x], 0.0)
        });
        for (axis, side) in [(1, width), (0, height)] {
            let transform = self.planner.plan_fft_forward(side);
            for mut lane in values.lanes_mut(Axis(axis)) {
                let mut line = lane.to_vec();
                transform.process(&mut line);
                lane.iter_mut().zip(line).for_each(|(value, transformed)| *value = transformed);
            }
        }
        values.mapv(|value| value.norm_sqr())
    }
}

/// The radial frequency of a place in a spectrum, in cycles per pixel.
fn radius((y, x): (usize, usize), (height, width): (usize, usize)) -> f64 {
    let frequency = |place: usize, side: usize| place.min(side - place) as f64 / side as f64;
    frequency(y, height).hypot(frequency(x, width))
}

/// The share of power above [`HIGH_FREQUENCY`], zero frequency left out.
pub(super) fn high_frequency_share(power: &Array2<f64>) -> f64 {
    let (mut high, mut all) = (0.0, 0.0);
    for (place, &power_there) in power.indexed_iter().skip(1) {
        all += power_there;
        if radius(place, power.dim()) > HIGH_FREQUENCY {
            high += power_there;
        }
    }
    high / all
}

/// The slope of ln mean power of a ring against ln radial frequency; NaN for fewer than two rings.
pub(super) fn spectral_slope(power: &Array2<f64>) -> f64 {
    let shorter = power.nrows().min(power.ncols());
    let mut rings = vec![(0.0, 0.0); shorter / 2 + 1];
    for (place, &power_there) in power.indexed_iter() {
        let ring = (radius(place, power.dim()) * shorter as f64 + 0.5 + TIES).floor() as usize;
        if let Some((sum, count)) = rings.get_mut(ring) {
            *sum += power_there;
            *count += 1.0;
        }
    }
    let means: Vec<f64> = rings.into_iter().map(|(sum, count): (f64, f64)| sum / count.max(1.0)).collect();
    let strongest = means.iter().skip(1).copied().fold(0.0, f64::max);
    let points: Vec<(f64, f64)> = means
        .iter()
        .enumerate()
        .skip(1)
        .filter(|&(_, &mean)| mean > strongest * ROUNDING)
        .map(|(ring, mean)| ((ring as f64).ln(), mean.ln()))
        .collect();
    if points.len() < 2 {
        return f64::NAN;
    }
    let count = points.len() as f64;
    let middle = points.iter().map(|point| point.0).sum::<f64>() / count;
    let sxy: f64 = points.iter().map(|(x, y)| (x - middle) * y).sum();
    let sxx: f64 = points.iter().map(|(x, _)| (x - middle).powi(2)).sum();
    sxy / sxx
}
