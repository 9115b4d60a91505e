//! What "normalised to 0..1" means.

use serde::{Deserialize, Serialize};

/// How a map is normalised before its score is taken; the paper leaves it open.
///
/// A standard deviation ignores what is added to a map, so [`Raw`](Self::Raw) and
/// [`DivideBy255`](Self::DivideBy255) are the min-max score times the map's range, and times a 255th
/// of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Normalisation {
    /// (v - min) / (max - min) of each map by itself. Scores lie in 0..sqrt(20)/9.
    #[default]
    MinMax,
    /// None: the values as they are. Scores have the unit of the map.
    Raw,
    /// v / 255, for maps of byte values such as a picture that was saved and read again.
    #[serde(rename = "divide-by-255")]
    DivideBy255,
    /// What a map becomes when it is saved as an 8-bit grey picture over its full range and read
    /// again: round(255 (v - min) / (max - min)) / 255, halves away from zero.
    EightBit,
}

impl Normalisation {
    /// Every normalisation.
    pub const ALL: [Self; 4] = [Self::MinMax, Self::Raw, Self::DivideBy255, Self::EightBit];

    /// "min-max", "raw", "divide-by-255" or "eight-bit".
    pub fn name(self) -> &'static str {
        match self {
            Self::MinMax => "min-max",
            Self::Raw => "raw",
            Self::DivideBy255 => "divide-by-255",
            Self::EightBit => "eight-bit",
        }
    }
}
