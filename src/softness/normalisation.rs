//! What "normalised to 0..1" means.

use serde::{Deserialize, Serialize};

use crate::names::names;

/// How a map is normalised before it is scored. The paper does not say.
///
/// A constant that is added to a map does not change a standard deviation. So the score with [`Raw`](Self::Raw)
/// is the min-max score times the map's range, and the score with [`DivideBy255`](Self::DivideBy255) is a 255th
/// of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Normalisation {
    /// (v - min) / (max - min), with the minimum and maximum of each map. Scores lie in 0..sqrt(20)/9.
    #[default]
    MinMax,
    /// No normalisation. Scores have the unit of the map.
    Raw,
    /// v / 255, for maps of byte values such as the pixels of a picture file.
    #[serde(rename = "divide-by-255")]
    DivideBy255,
    /// The map as an 8-bit grey picture over its full range: round(255 (v - min) / (max - min)) / 255, with
    /// halves rounded away from zero.
    EightBit,
}

names!(Normalisation, "normalisation", {
    MinMax: "min-max", Raw: "raw", DivideBy255: "divide-by-255", EightBit: "eight-bit",
});
