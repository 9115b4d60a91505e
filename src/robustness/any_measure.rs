//! A measure of either kind.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::softness::{FilterMeasure, Measure};

/// A measure of feature maps, which has a value for each picture, or a measure of the filters themselves.
///
/// What takes an `AnyMeasure` also takes a [`Measure`] or a [`FilterMeasure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum AnyMeasure {
    /// A measure of feature maps.
    Map(Measure),
    /// A measure of filters.
    Filter(FilterMeasure),
}

impl AnyMeasure {
    /// The name of the measure: "local-deviation", "roughness".
    pub fn name(self) -> &'static str {
        match self {
            Self::Map(measure) => measure.name(),
            Self::Filter(measure) => measure.name(),
        }
    }

    /// The measure as people name it on a figure: that of the study is the softness score.
    pub(crate) fn in_words(self) -> String {
        match self {
            Self::Map(Measure::LocalDeviation) => "softness score".into(),
            _ => self.to_string().replace('-', " "),
        }
    }
}

impl From<Measure> for AnyMeasure {
    fn from(measure: Measure) -> Self {
        Self::Map(measure)
    }
}

impl From<FilterMeasure> for AnyMeasure {
    fn from(measure: FilterMeasure) -> Self {
        Self::Filter(measure)
    }
}

impl fmt::Display for AnyMeasure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for AnyMeasure {
    type Err = Error;

    /// The measure of this name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for any other text.
    fn from_str(name: &str) -> Result<Self> {
        name.parse().map(Self::Filter).or_else(|_| name.parse().map(Self::Map))
    }
}
