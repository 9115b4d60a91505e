//! The measures of a filter.

use std::fmt;
use std::str::FromStr;

use ndarray::ArrayView3;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::softness::measures::neighbours::{morans_i, roughness, strong_neighbours};
use crate::softness::measures::singular::singular_entropy;

/// A measure of the weights of one filter (in, k, k) themselves, whatever picture it is shown.
///
/// Neighbours are weights that share a side within one k x k channel slice (the rook's move), 2 k (k - 1)
/// pairs a slice; mean and variance are those of all in x k x k weights.
///
/// | measure | formula | range | random weights | smoother |
/// |---|---|---|---|---|
/// | roughness | mean squared difference of neighbours / (2 x population variance) | 0..some 2 | near 1 | lower |
/// | Moran's I | mean product of neighbours' deviations from the mean / population variance | -1..1 | near 0 | higher |
/// | strong neighbours | share of strong weights with a strong neighbour of the same sign | 0..1 | near 0.35 for k = 5 | higher |
/// | singular entropy | - sum p ln p / ln(number of p), p = s / sum of s, s the singular values of the (in, k k) matrix | 0..1 | near 1 | lower |
/// | distance travelled | \|w - w0\| / \|w0\|, w0 the weights at iteration 0 | 0.. | | |
///
/// Strong weights are those whose magnitude is above the 75th percentile
/// ([`STRONG_QUANTILE`](crate::softness::measures::STRONG_QUANTILE)) of their filter's magnitudes.
///
/// Sources: Geary, Incorporated Statistician 5 (1954) 115-145 (whose c is the roughness but for the n - 1 in the
/// variance); Moran, Biometrika 37 (1950) 17-23; Roy & Vetterli, EUSIPCO (2007) 606-610 (effective rank). Strong
/// neighbours are what the paper saw by eye: groups of strong weights of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FilterMeasure {
    /// How much neighbours differ.
    Roughness,
    /// The autocorrelation of neighbours.
    MoransI,
    /// Whether strong weights stand together.
    StrongNeighbours,
    /// How many patterns a filter's channels are made of: 0 where all are multiples of one.
    SingularEntropy,
    /// How far training has moved the filter. Only known where its start is.
    DistanceTravelled,
}

impl FilterMeasure {
    /// Every measure.
    pub const ALL: [Self; 5] = [
        Self::Roughness,
        Self::MoransI,
        Self::StrongNeighbours,
        Self::SingularEntropy,
        Self::DistanceTravelled,
    ];

    /// "roughness", "morans-i", "strong-neighbours", "singular-entropy" or "distance-travelled".
    pub fn name(self) -> &'static str {
        match self {
            Self::Roughness => "roughness",
            Self::MoransI => "morans-i",
            Self::StrongNeighbours => "strong-neighbours",
            Self::SingularEntropy => "singular-entropy",
            Self::DistanceTravelled => "distance-travelled",
        }
    }

    /// The measure of a filter (in, k, k); `start` is the same filter at iteration 0, where it is known.
    ///
    /// `None` where the measure says nothing: all weights are the same (roughness, Moran's I) or zero (singular
    /// entropy), there is but one singular value, kernels have one weight and so no neighbours, or the start is not
    /// known or zero (distance travelled).
    pub fn of(self, filter: ArrayView3<f32>, start: Option<ArrayView3<f32>>) -> Option<f64> {
        match self {
            Self::Roughness => roughness(filter),
            Self::MoransI => morans_i(filter),
            Self::StrongNeighbours => strong_neighbours(filter),
            Self::SingularEntropy => singular_entropy(filter),
            Self::DistanceTravelled => distance(filter, start?),
        }
        .filter(|value| value.is_finite())
    }
}

fn distance(filter: ArrayView3<f32>, start: ArrayView3<f32>) -> Option<f64> {
    let square = |value: f64| value * value;
    let moved: f64 = filter.iter().zip(start).map(|(&w, &w0)| square(f64::from(w) - f64::from(w0))).sum();
    let size: f64 = start.iter().map(|&w0| square(f64::from(w0))).sum();
    (filter.dim() == start.dim() && size > 0.0).then(|| (moved / size).sqrt())
}

impl fmt::Display for FilterMeasure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for FilterMeasure {
    type Err = Error;

    /// The measure of this name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for any other text.
    fn from_str(name: &str) -> Result<Self> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|measure| measure.name() == name);
        found.ok_or_else(|| Error::option("filter measure", name, format!("the measures are {}", names())))
    }
}
