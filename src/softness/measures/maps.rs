//! Measures of a map.

use std::f64::consts::E;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis, s};
use serde::{Deserialize, Serialize};

use super::blur::blur_effect;
use super::spectrum::{Fourier, high_frequency_share, spectral_slope};
use crate::error::Result;
use crate::names::names;
use crate::softness::score::MinMaxMap;
use crate::softness::{Normalisation, Score, softness_score};

/// A measure of how soft a map m (h x w) is. All are measures of the min-max normalised map, so neither brightness
/// nor contrast matters. Only [`LocalDeviation`](Self::LocalDeviation) can be computed with another
/// [`Normalisation`].
///
/// | measure | formula | range | softer |
/// |---|---|---|---|
/// | local deviation | mean population standard deviation of the 3 x 3 windows | 0..0.497 | lower |
/// | total variation | mean of \|m(p) - m(q)\| over all pairs of pixels that share a side | 0..1 | lower |
/// | Laplacian energy | mean over inner pixels of (sum of the four neighbours - 4 m)² | 0..16 | lower |
/// | high-frequency share | share of spectral power above 0.25 cycles per pixel | 0..1 | lower |
/// | spectral slope | slope of ln mean power of a ring against ln radial frequency | any, mostly below 0 | lower |
/// | autocorrelation length | lag in pixels at which the autocorrelation falls to 1/e | above 0 | higher |
/// | blur effect | share of the slopes along an axis that a box filter leaves, the larger of both axes | 0..1 | higher |
///
/// Sources: local deviation, the paper. Total variation, Rudin, Osher & Fatemi, Physica D 60 (1992) 259-268.
/// Laplacian energy, Subbarao, Choi & Nikzad, Optical Engineering 32 (1993) 2824-2836. Power and slope of the
/// spectrum, Field, J. Opt. Soc. Am. A 4 (1987) 2379-2394. Autocorrelation length, ISO 25178-2 (Sal, with
/// 1/e in place of 0.2). Blur effect, Crete et al., Proc. SPIE 6492 (2007) 64920I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Measure {
    /// The score of the study: [`softness_score`].
    LocalDeviation,
    /// The mean absolute difference of neighbours, h (w - 1) + (h - 1) w pairs.
    TotalVariation,
    /// The mean squared five-point Laplacian over the (h - 2)(w - 2) inner pixels.
    LaplacianEnergy,
    /// The share of power above 0.25 cycles per pixel, half of the highest frequency of a row; zero frequency
    /// is left out. The map minus its mean is first multiplied by a periodic Hann window along both axes, so that
    /// the jump between opposite borders does not count.
    HighFrequencyShare,
    /// The least-squares slope of ln P(k) against ln k, with P(k) the mean power (windowed as above) at
    /// the frequencies whose radius, times the shorter side, rounds to k, for k = 1..floor(shorter side / 2). The
    /// slope is -2 to -3 in photographs and 0 in white noise. Rings at the level of rounding (1e-24 of the strongest)
    /// are left out.
    SpectralSlope,
    /// With r(d) the mean of the correlations of pixels d apart along rows and along columns (mean products
    /// about the map's mean, over its variance): the d, linearly interpolated, at which r first falls to 1/e, or
    /// half the shorter side if it does not fall that far.
    AutocorrelationLength,
    /// Crete's no-reference blur. The map is box filtered along one axis. The value is the share of its absolute Sobel
    /// slopes along this axis that the filter leaves, for the axis with the larger share. This is scikit-image's
    /// `skimage.measure.blur_effect` with a window that fits the map: 11 wide, or the largest odd number of at most
    /// half the shorter side, and at least 3 (7 for maps of 16 x 16).
    BlurEffect,
}

names!(Measure, "measure", {
    LocalDeviation: "local-deviation",
    TotalVariation: "total-variation",
    LaplacianEnergy: "laplacian-energy",
    HighFrequencyShare: "high-frequency-share",
    SpectralSlope: "spectral-slope",
    AutocorrelationLength: "autocorrelation-length",
    BlurEffect: "blur-effect",
});

impl Measure {
    /// Whether lower values belong to softer maps. For the other measures, higher values do.
    pub fn lower_is_softer(self) -> bool {
        match self {
            Self::LocalDeviation
            | Self::TotalVariation
            | Self::LaplacianEnergy
            | Self::HighFrequencyShare
            | Self::SpectralSlope => true,
            Self::AutocorrelationLength | Self::BlurEffect => false,
        }
    }

    /// The measure of a map (h, w), with h and w at least 3.
    ///
    /// For a constant map (range at most 1e-12 of its largest magnitude) [`Score::is_constant`] is true, and the value
    /// is 0 if the measure goes to 0 as maps become soft, and NaN otherwise. The spectral slope is also NaN for a
    /// map that has power in fewer than two rings.
    ///
    /// # Errors
    /// Those of [`softness_score`].
    ///
    /// # Example
    /// Stripes one pixel wide: neighbours in a row differ by 1, neighbours in a column by 0.
    /// ```
    /// use softness::softness::Measure;
    /// # fn main() -> softness::Result<()> {
    /// let stripes = ndarray::Array2::from_shape_fn((4, 4), |(_, x)| (x % 2) as f64);
    /// assert_eq!(Measure::TotalVariation.score(stripes.view())?.value(), 0.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn score(self, map: ArrayView2<f64>) -> Result<Score> {
        Ok(Meter::new(Normalisation::MinMax).scores(&[self], map)?[0])
    }
}

/// Computes several measures of many maps, and plans the Fourier transform only once for each size of map.
pub(crate) struct Meter {
    normalisation: Normalisation,
    fourier: Fourier,
}

impl Meter {
    /// `normalisation` applies to the local deviation only.
    pub fn new(normalisation: Normalisation) -> Self {
        Self { normalisation, fourier: Fourier::new() }
    }

    /// [`Measure::score`] for several measures, in their order.
    pub fn scores(&mut self, measures: &[Measure], map: ArrayView2<f64>) -> Result<Vec<Score>> {
        let Some(MinMaxMap { values, .. }) = MinMaxMap::new(map)? else {
            let softest = |measure: &Measure| match measure {
                Measure::SpectralSlope | Measure::AutocorrelationLength | Measure::BlurEffect => f64::NAN,
                Measure::LocalDeviation
                | Measure::TotalVariation
                | Measure::LaplacianEnergy
                | Measure::HighFrequencyShare => 0.0,
            };
            return Ok(measures
                .iter()
                .map(softest)
                .map(|value| Score { value, is_constant: true })
                .collect());
        };
        // The spectrum is computed once, and only if a measure needs it.
        let wanted = |measure| measures.contains(&measure);
        let power = (wanted(Measure::HighFrequencyShare) || wanted(Measure::SpectralSlope))
            .then(|| self.fourier.power(&values));
        let power = || power.as_ref().expect("computed for these measures");
        let score = |measure: &Measure| {
            let value = match measure {
                Measure::LocalDeviation => return softness_score(map, self.normalisation),
                Measure::TotalVariation => total_variation(&values),
                Measure::LaplacianEnergy => laplacian_energy(&values),
                Measure::HighFrequencyShare => high_frequency_share(power()),
                Measure::SpectralSlope => spectral_slope(power()),
                Measure::AutocorrelationLength => autocorrelation_length(&values),
                Measure::BlurEffect => blur_effect(&values),
            };
            Ok(Score { value, is_constant: false })
        };
        measures.iter().map(score).collect()
    }
}

/// The mean absolute difference of pixels that share a side.
fn total_variation(map: &Array2<f64>) -> f64 {
    let (height, width) = map.dim();
    let along = |axis| {
        let steps = |lane: ArrayView1<f64>| {
            lane.iter().zip(lane.iter().skip(1)).map(|(a, b)| (a - b).abs()).sum::<f64>()
        };
        map.lanes(Axis(axis)).into_iter().map(steps).sum::<f64>()
    };
    (along(0) + along(1)) / (height * (width - 1) + (height - 1) * width) as f64
}

/// The mean squared five-point Laplacian over the inner pixels.
fn laplacian_energy(map: &Array2<f64>) -> f64 {
    let inner = |y: usize, x: usize| {
        let (height, width) = map.dim();
        map.slice(s![y..height - 2 + y, x..width - 2 + x])
    };
    let mut laplacian = inner(1, 1).mapv(|value| -4.0 * value);
    for (y, x) in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        laplacian += &inner(y, x);
    }
    mean(&laplacian.mapv(|value| value * value))
}

/// The lag at which the autocorrelation, averaged over rows and columns, first falls to 1/e, linearly interpolated;
/// half the shorter side if it does not.
fn autocorrelation_length(map: &Array2<f64>) -> f64 {
    let average = mean(map);
    let centred = map.mapv(|value| value - average);
    let variance = mean(&centred.mapv(|value| value * value));
    let most = map.nrows().min(map.ncols()) / 2;
    let mut before = 1.0;
    for lag in 1..=most {
        let r = 0.5 * (lagged_product(&centred, 0, lag) + lagged_product(&centred, 1, lag)) / variance;
        if r <= 1.0 / E {
            return (lag - 1) as f64 + (before - 1.0 / E) / (before - r);
        }
        before = r;
    }
    most as f64
}

/// The mean product of values `lag` apart along an axis.
fn lagged_product(map: &Array2<f64>, axis: usize, lag: usize) -> f64 {
    let reach = map.len_of(Axis(axis)) - lag;
    let here = map.slice_axis(Axis(axis), (0..reach).into());
    let there = map.slice_axis(Axis(axis), (lag..lag + reach).into());
    let rows = here.rows().into_iter().zip(there.rows());
    rows.map(|(here, there)| here.dot(&there)).sum::<f64>() / here.len() as f64
}

/// The mean of a map that has values.
fn mean(map: &Array2<f64>) -> f64 {
    map.mean().expect("a map is at least 3 x 3")
}
