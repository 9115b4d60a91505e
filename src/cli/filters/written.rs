//! What the command writes into a folder.

use std::collections::BTreeSet;
use std::path::Path;

use super::rows::{HEADER, LayerRow, write_csv};
use crate::error::{Error, Result};
use crate::table::{CsvTable, ScoreTable};
use crate::weight_files::WeightFile;

/// The table by which a folder is known as one that this command wrote.
const LAYERS: &str = "layers.csv";
/// What is written for a series that can be fitted alone, by the method `tell` of the command.
pub(super) const FITS: &str = "fits.csv";
pub(super) const R_SQUARED: &str = "r-squared";

/// Writes the tables, and the kernels of each layer as figures. What an earlier run wrote here and this one does not is
/// removed, and said on standard error.
pub(super) fn write(
    folder: &Path,
    file: &WeightFile,
    rows: &[LayerRow],
    scores: &ScoreTable,
    has_fits: bool,
) -> Result<()> {
    let path = folder.join(LAYERS);
    let earlier = Earlier::read(&path);
    scores.write_csv(folder.join("scores.csv"))?;
    let figures = file.layer_figures()?;
    for (figure, number) in figures.iter().zip(1..) {
        figure.save_both(folder, &layer(number))?;
    }
    let mut removed = Vec::new();
    let (before, now) = (earlier.files(), Earlier::of(figures.len() as u64, has_fits).files());
    for name in before.difference(&now) {
        let path = folder.join(name);
        if path.is_file() {
            std::fs::remove_file(&path).map_err(Error::io(&path, "remove it"))?;
            removed.push(name.as_str());
        }
    }
    if !removed.is_empty() {
        eprintln!("removed from {}, files of an earlier run: {}", folder.display(), removed.join(", "));
    }
    // Last: an interrupted run leaves the table by which the next knows what to remove.
    write_csv(rows, &path)
}

/// The beginning of the names of a layer's figures.
fn layer(number: u64) -> String {
    format!("layer-{number}")
}

/// What a run writes besides the tables that every run writes.
#[derive(Debug, Default)]
struct Earlier {
    layers: BTreeSet<u64>,
    has_fits: bool,
}

impl Earlier {
    fn of(layers: u64, has_fits: bool) -> Self {
        Self { layers: (1..=layers).collect(), has_fits }
    }

    /// What the table says of the run that wrote it. Nothing, if there is none, or it is another table.
    fn read(path: &Path) -> Self {
        let Ok(table) = CsvTable::open(path) else { return Self::default() };
        if table.columns().join(",") != HEADER {
            return Self::default();
        }
        let rows = 0..table.len();
        let layers = rows.clone().filter_map(|row| table.count(row, "layer").ok()).collect();
        // A series; the table does not say whether it could be fitted.
        let has_fits = rows.into_iter().any(|row| table.count(row, "iterations").is_ok());
        Self { layers, has_fits }
    }

    fn files(&self) -> BTreeSet<String> {
        let figure = |name: &str| [format!("{name}.png"), format!("{name}.svg")];
        let mut files: BTreeSet<String> =
            self.layers.iter().flat_map(|&number| figure(&layer(number))).collect();
        if self.has_fits {
            files.insert(FITS.into());
            files.extend(figure(R_SQUARED));
        }
        files
    }
}
