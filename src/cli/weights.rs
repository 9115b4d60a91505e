//! Options of commands that read weight files.

use std::path::Path;

use crate::error::{Error, Result};
use crate::filters::AxisOrder;
use crate::weight_files::{NUMBER, Series, WeightFile};
use clap::Args;

use super::named;
use super::names::names;
use super::values::positive;

/// How weight files are read.
#[derive(Debug, Args)]
pub struct Weights {
    /// Read only these layers, in this order, by their names in the file. May be repeated. Put a name with a comma in
    /// double quotes: --layer '"conv 3,3",conv1'.
    #[arg(long, value_name = "NAME,..")]
    layer: Vec<String>,
    /// The order of the axes of filters in the file: oihw (out, in, height, width; PyTorch) or hwio (height, width,
    /// in, out; Keras). It is never guessed [default: oihw].
    #[arg(long, value_name = "ORDER", value_parser = named(AxisOrder::ALL.map(AxisOrder::name), str::parse::<AxisOrder>))]
    order: Option<AxisOrder>,
    /// In a series: file number n was saved after n x N iterations [default: 1].
    #[arg(long, value_name = "N", value_parser = positive::<u64>)]
    every: Option<u64>,
}

impl Weights {
    /// The layers to read; all if none are named.
    pub fn layers(&self) -> Result<Vec<String>> {
        names("--layer", &self.layer)
    }

    /// The order of the axes.
    pub fn order(&self) -> AxisOrder {
        self.order.unwrap_or(AxisOrder::Oihw)
    }

    /// The files of a series.
    pub fn series(&self, pattern: &str) -> Result<Series> {
        Series::find(pattern, self.every.unwrap_or(1))
    }

    /// Refuses what is for a series, if there is none.
    pub fn check_no_series(&self) -> Result<()> {
        let requirement = "it is for a series of files, with {n} in the name: epoch-{n}.safetensors";
        Error::require(self.every.is_none(), "--every", self.every.unwrap_or(0), requirement)
    }

    /// Refuses what is for weight files, if there are none.
    pub fn check_none(&self) -> Result<()> {
        let requirement =
            "it is for weight files: name a series of them, such as 'run/epoch-{n}.safetensors'";
        let layers = self.layer.join(",");
        Error::require(self.layer.is_empty(), "--layer", format!("{layers:?}"), requirement)?;
        Error::require(self.order.is_none(), "--order", self.order(), requirement)?;
        self.check_no_series()
    }
}

/// What a file is, in which order its axes are taken, and what is left out: lines to print above what is made of it.
pub fn introduction(file: &WeightFile) -> impl Iterator<Item = String> + use<> {
    std::iter::once(file.to_string()).chain(file.left_out())
}

/// What is said before a forward pass of the layers that have no biases: of a series, again only if it changes.
#[derive(Debug, Default)]
pub struct BiasNote(Option<String>);

impl BiasNote {
    /// Says it of a file on standard error.
    pub fn say(&mut self, file: &WeightFile) {
        let Some(note) = file.without_bias().filter(|note| self.0.as_deref() != Some(*note)) else { return };
        eprintln!("note: {}: {note}", file.path().display());
        self.0 = Some(note.to_owned());
    }
}

/// Whether it names a weight file, or a series of them.
pub fn is_weights(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    is_series(&path.to_string_lossy()) || ["safetensors", "npz", "npy"].contains(&&*ending)
}

/// Whether it names a series.
pub fn is_series(pattern: &str) -> bool {
    pattern.contains(NUMBER)
}
