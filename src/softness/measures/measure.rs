//! The measures of a map.

use std::fmt;
use std::str::FromStr;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::softness::measures::autocorrelation::autocorrelation_length;
use crate::softness::measures::blur::blur_effect;
use crate::softness::measures::differences::{laplacian_energy, total_variation};
use crate::softness::measures::spectrum::{Fourier, high_frequency_share, spectral_slope};
use crate::softness::{Normalisation, Score, Shares, softness_with};

/// Which values of a measure belong to softer maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The lower, the softer.
    LowerIsSofter,
    /// The higher, the softer.
    HigherIsSofter,
}

/// A measure of how soft a map m (h x w) is. Except for [`LocalDeviation`](Self::LocalDeviation) with
/// another [`Normalisation`], all are of the min-max normalised map, so neither brightness nor contrast matters.
///
/// | measure | formula | range | softer |
/// |---|---|---|---|
/// | local deviation | mean population standard deviation of the 3 x 3 windows | 0..0.497 | lower |
/// | total variation | mean of \|m(p) - m(q)\| over all pairs of pixels beside or above one another | 0..1 | lower |
/// | Laplacian energy | mean over inner pixels of (sum of the four neighbours - 4 m)² | 0..16 | lower |
/// | high-frequency share | share of spectral power above 0.25 cycles a pixel | 0..1 | lower |
/// | spectral slope | slope of ln mean power of a ring against ln radial frequency | any, mostly below 0 | lower |
/// | autocorrelation length | lag in pixels at which the autocorrelation falls to 1/e | above 0 | higher |
/// | blur effect | share of edges that a box filter does not take away, the larger of both axes | 0..1 | higher |
///
/// Sources: local deviation, the paper. Total variation, Rudin, Osher & Fatemi, Physica D 60 (1992) 259-268.
/// Laplacian energy, Subbarao, Choi & Nikzad, Optical Engineering 32 (1993) 2824-2836. Power and slope of the
/// spectrum, Field, J. Opt. Soc. Am. A 4 (1987) 2379-2394. Autocorrelation length, ISO 25178-2 (Sal, with
/// 1/e for its 0.2). Blur effect, Crete et al., Proc. SPIE 6492 (2007) 64920I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Measure {
    /// The study's own: [`softness`](crate::softness::softness()).
    LocalDeviation,
    /// The mean absolute difference of neighbours, h (w - 1) + (h - 1) w pairs.
    TotalVariation,
    /// The mean squared five-point Laplacian over the (h - 2)(w - 2) inner pixels.
    LaplacianEnergy,
    /// The share of power above [`HIGH_FREQUENCY`](crate::softness::measures::HIGH_FREQUENCY), zero frequency left out. The map
    /// minus its mean is first multiplied by a periodic Hann window along both axes, so that opposite borders
    /// do not meet in an edge.
    HighFrequencyShare,
    /// The least-squares slope of ln P(k) against ln k, with P(k) the mean power (windowed as above) at
    /// the frequencies whose radius, times the shorter side, rounds to k, for k = 1..floor(shorter side / 2). -2 to
    /// -3 in photographs, 0 in white noise. Rings at the level of rounding (1e-24 of the strongest) are left out.
    SpectralSlope,
    /// With r(d) the mean of the correlations of pixels d apart along rows and along columns (mean products
    /// about the map's mean, over its variance): the d, linearly interpolated, at which r first falls to 1/e. Half
    /// the shorter side where it does not fall that far.
    AutocorrelationLength,
    /// Crete's no-reference blur: the map is box filtered along one axis; of its absolute Sobel slopes along
    /// this axis, the share that the filter leaves; the larger of both axes. As in scikit-image's
    /// `skimage.measure.blur_effect`, but the window fits the map: 11 wide, or the largest odd number of at most half
    /// the shorter side and at least 3 (7 for maps of 16 x 16).
    BlurEffect,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 7] = [
        Self::LocalDeviation,
        Self::TotalVariation,
        Self::LaplacianEnergy,
        Self::HighFrequencyShare,
        Self::SpectralSlope,
        Self::AutocorrelationLength,
        Self::BlurEffect,
    ];

    /// "local-deviation", "total-variation", "laplacian-energy", "high-frequency-share", "spectral-slope",
    /// "autocorrelation-length" or "blur-effect".
    pub fn name(self) -> &'static str {
        match self {
            Self::LocalDeviation => "local-deviation",
            Self::TotalVariation => "total-variation",
            Self::LaplacianEnergy => "laplacian-energy",
            Self::HighFrequencyShare => "high-frequency-share",
            Self::SpectralSlope => "spectral-slope",
            Self::AutocorrelationLength => "autocorrelation-length",
            Self::BlurEffect => "blur-effect",
        }
    }

    /// Which end is the softer one.
    pub fn direction(self) -> Direction {
        match self {
            Self::AutocorrelationLength | Self::BlurEffect => Direction::HigherIsSofter,
            _ => Direction::LowerIsSofter,
        }
    }

    /// The measure of a map (h, w), h and w at least 3.
    ///
    /// A map that is constant ([`CONSTANT_RANGE`](crate::softness::CONSTANT_RANGE)) has the value 0 where the
    /// measure goes to 0 as maps become soft, and otherwise NaN; [`Score::is_constant`] says so. A
    /// spectral slope of a map with power in fewer than two rings is NaN too.
    ///
    /// # Errors
    /// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore); [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) naming the first NaN or infinity.
    ///
    /// # Example
    /// Stripes one pixel wide: every pair of neighbours in a row differs by all, no pair in a column at all.
    /// ```
    /// use softness::measures::Measure;
    /// # fn main() -> softness::Result<()> {
    /// let stripes = ndarray::Array2::from_shape_fn((4, 4), |(_, x)| (x % 2) as f64);
    /// assert_eq!(Measure::TotalVariation.of(stripes.view())?.value(), 0.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(self, map: ArrayView2<f64>) -> Result<Score> {
        Ok(Meter::new(Normalisation::MinMax).scores(&[self], map)?[0])
    }

    /// The value of a constant map.
    fn of_constant(self) -> f64 {
        match self {
            Self::LocalDeviation
            | Self::TotalVariation
            | Self::LaplacianEnergy
            | Self::HighFrequencyShare => 0.0,
            Self::SpectralSlope | Self::AutocorrelationLength | Self::BlurEffect => f64::NAN,
        }
    }
}

/// Takes several measures of many maps, and plans the Fourier transform of a size of map but once.
pub(crate) struct Meter {
    normalisation: Normalisation,
    fourier: Fourier,
}

impl Meter {
    /// `normalisation` is that of the local deviation.
    pub fn new(normalisation: Normalisation) -> Self {
        Self { normalisation, fourier: Fourier::new() }
    }

    /// [`Measure::of`] for several measures, in their order.
    pub fn scores(&mut self, measures: &[Measure], map: ArrayView2<f64>) -> Result<Vec<Score>> {
        let Some(Shares { shares, .. }) = Shares::of(map)? else {
            return Ok(measures.iter().map(|measure| Score::new(measure.of_constant(), true)).collect());
        };
        let mut power = None;
        let mut score = |measure: &Measure| {
            let value = match measure {
                Measure::LocalDeviation => return softness_with(map, self.normalisation),
                Measure::TotalVariation => total_variation(&shares),
                Measure::LaplacianEnergy => laplacian_energy(&shares),
                Measure::HighFrequencyShare => {
                    high_frequency_share(power.get_or_insert_with(|| self.fourier.power(&shares)))
                }
                Measure::SpectralSlope => {
                    spectral_slope(power.get_or_insert_with(|| self.fourier.power(&shares)))
                }
                Measure::AutocorrelationLength => autocorrelation_length(&shares),
                Measure::BlurEffect => blur_effect(&shares),
            };
            Ok(Score::new(value, false))
        };
        measures.iter().map(&mut score).collect()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Measure {
    type Err = Error;

    /// The measure of this name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for any other text.
    fn from_str(name: &str) -> Result<Self> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|measure| measure.name() == name);
        found.ok_or_else(|| Error::option("measure", name, format!("the measures are {}", names())))
    }
}
