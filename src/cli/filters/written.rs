//! What the command writes into a folder.

use std::collections::BTreeSet;
use std::path::Path;

use super::rows::{HEADER, LayerRow, csv};
use crate::error::{Error, Result};
use crate::figures::{Figure, r_squared_chart};
use crate::files::{self, tables::Tables};
use crate::models::Fits;
use crate::table::{CsvTable, ScoreTable};
use crate::weight_files::WeightFile;

/// The table by which a folder is known as one that this command wrote.
const LAYERS: &str = "layers.csv";
const SCORES: &str = "scores.csv";
/// What is written for a series that can be fitted alone.
const FITS: &str = "fits.csv";
const R_SQUARED: &str = "r-squared";

/// Writes the tables, the kernels of each layer as figures and, of a series, the R² of its fits. What an earlier run wrote here
/// and this one does not is removed, and said on standard error. A table or figure that was edited since is kept under another name.
pub(super) fn write(
    folder: &Path,
    file: &WeightFile,
    rows: &[LayerRow],
    scores: &ScoreTable,
    fits: Option<&Fits>,
) -> Result<()> {
    let (layers, earlier) = (csv(rows), Earlier::read(&folder.join(LAYERS)));
    let mut tables = Tables::of(folder);
    // First if there is none, so that a folder with other files of a run has this one as well.
    if earlier.is_none() {
        tables.write(LAYERS, &layers)?;
    }
    tables.write(SCORES, scores.as_csv().into_text())?;
    let figures = file.layer_figures()?;
    for (figure, number) in figures.iter().zip(1..) {
        write_figure(&mut tables, figure, &layer(number))?;
    }
    let mut removed = Vec::new();
    let (before, now) =
        (earlier.unwrap_or_default().files(), Earlier::of(figures.len() as u64, fits.is_some()).files());
    for name in before.difference(&now) {
        if folder.join(name).is_file() && tables.remove(name)? {
            removed.push(name.as_str());
        }
    }
    if !removed.is_empty() {
        eprintln!("removed from {}, files of an earlier run: {}", folder.display(), removed.join(", "));
    }
    if let Some(fits) = fits {
        tables.write(FITS, fits.csv())?;
        write_figure(&mut tables, &r_squared_chart(fits)?, R_SQUARED)?;
    }
    // Last: an interrupted run leaves the table by which the next knows what to remove.
    tables.write(LAYERS, &layers)?;
    tables.kept().iter().for_each(|sentence| eprintln!("note: {sentence}"));
    Ok(())
}

/// Writes a figure as .svg and as .png.
fn write_figure(tables: &mut Tables, figure: &Figure, name: &str) -> Result<()> {
    tables.write(&format!("{name}.svg"), figure.svg())?;
    tables.write(&format!("{name}.png"), figure.png()?)
}

/// Refuses what is no folder, and a folder whose tables are not those of this command, before they are replaced.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with the file.
pub(super) fn check_folder(folder: &Path) -> Result<()> {
    files::check_folder("--out", folder)?;
    check(folder, [LAYERS, SCORES, FITS].map(str::to_owned))
}

/// The same for the figures of this file.
pub(super) fn check_figures(folder: &Path, file: &WeightFile) -> Result<()> {
    check(folder, Earlier::of(file.filters().len() as u64, true).files())
}

fn check(folder: &Path, names: impl IntoIterator<Item = String>) -> Result<()> {
    if Earlier::read(&folder.join(LAYERS)).is_some() {
        return Ok(());
    }
    let Some(name) = names.into_iter().find(|name| folder.join(name).exists()) else { return Ok(()) };
    let reason =
        if name == LAYERS { "that is not one of this command".into() } else { format!("and no {LAYERS}") };
    let requirement =
        format!("it has a {name} {reason}, so `softness filters` did not write it: name another folder");
    Err(Error::option("folder", folder.display(), requirement))
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

    /// What the table says of the run that wrote it. `None` if there is none, or it is another table.
    fn read(path: &Path) -> Option<Self> {
        let table = CsvTable::open(path).ok()?;
        if table.columns().join(",") != HEADER {
            return None;
        }
        let rows = 0..table.len();
        let layers = rows.clone().filter_map(|row| table.count(row, "layer").ok()).collect();
        // A series; the table does not say whether it could be fitted.
        let has_fits = rows.into_iter().any(|row| table.count(row, "iterations").is_ok());
        Some(Self { layers, has_fits })
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
