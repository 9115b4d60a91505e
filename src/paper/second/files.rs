//! The scores of the second study in files: `scores.csv`, one row a session and one column a response, and `untrained.npy`, one row an
//! untrained network and the same columns. Both have layer scores, not their logarithms.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use ndarray::{Array2, ArrayView1, Axis};
use ndarray_npy::{ReadNpyExt, WriteNpyExt};

use super::study::{ScoreColumn, Study};
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::table::CsvTable;
use crate::text::csv::{Csv, number};

const SCORES: &str = "scores.csv";
const UNTRAINED: &str = "untrained.npy";

/// Writes the layer scores of sessions: name, iterations, scores in the order of the columns.
pub(super) fn write_scores(
    folder: &Path,
    columns: &[ScoreColumn],
    sessions: &[(String, u64, Vec<f64>)],
) -> Result<()> {
    let names: Vec<String> = columns.iter().map(ScoreColumn::to_string).collect();
    let mut csv = Csv::new(&format!("session,iterations,{}", names.join(",")));
    for (name, iterations, scores) in sessions {
        let scores = scores.iter().map(|&score| number(score));
        csv.row([name.clone(), iterations.to_string()].into_iter().chain(scores));
    }
    csv.write(folder.join(SCORES))
}

/// Writes the layer scores of untrained networks, (networks, columns).
pub(super) fn write_untrained(folder: &Path, untrained: &Array2<f64>) -> Result<()> {
    let mut bytes = Cursor::new(Vec::new());
    untrained.write_npy(&mut bytes).expect("a vector can be written to");
    files::write_atomically(&folder.join(UNTRAINED), bytes.get_ref())
}

/// Reads what [`write_scores`] and [`write_untrained`] wrote.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::Malformed`] if a score is missing or not positive, or the files do not belong together.
pub(super) fn read(folder: &Path) -> Result<Study> {
    let table = CsvTable::open(folder.join(SCORES))?;
    let names = &table.columns()[2..];
    let columns: Vec<ScoreColumn> = names.iter().map(|name| name.parse()).collect::<Result<_>>()?;
    let mut rows: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for row in 0..table.len() {
        let level = rows.entry(table.count(row, "iterations")?).or_default();
        for name in names {
            let score = table.number(row, name)?;
            if score <= 0.0 {
                return Err(table.bad_cell(row, name, "is not above 0, and has no logarithm"));
            }
            level.push(score.ln());
        }
    }
    let of_level = |scores: Vec<f64>| {
        Array2::from_shape_vec((scores.len() / columns.len(), columns.len()), scores).expect("whole rows")
    };
    let levels = rows.into_iter().map(|(iterations, scores)| (iterations, of_level(scores))).collect();
    let path = folder.join(UNTRAINED);
    let bytes = files::read(&path)?;
    let malformed =
        |problem: String| Error::new(ErrorKind::Malformed, format!("{}: {problem}", path.display()));
    let untrained =
        Array2::<f64>::read_npy(Cursor::new(bytes)).map_err(|error| malformed(error.to_string()))?;
    if untrained.ncols() != columns.len() || untrained.nrows() < 2 {
        let (rows, found, needed) = (untrained.nrows(), untrained.ncols(), columns.len());
        return Err(malformed(format!("it has {rows} rows of {found} scores, but {SCORES} has {needed}")));
    }
    let is_positive = |row: ArrayView1<f64>| row.iter().all(|score| *score > 0.0 && score.is_finite());
    if let Some(row) = untrained.axis_iter(Axis(0)).position(|row| !is_positive(row)) {
        return Err(malformed(format!("row {row} has a score that is not above 0")));
    }
    Ok(Study { columns, untrained: untrained.mapv(f64::ln), levels })
}
