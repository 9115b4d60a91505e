//! Score tables as CSV, and those that are part of the crate.

use std::path::Path;

use serde_json::json;

use super::{CsvTable, FilterScore, ScoreTable, frame};
use crate::error::{Error, Failure, Result};
use crate::text::cells;
use crate::text::csv::Csv;

impl ScoreTable {
    /// Writes the table as CSV, so that [`read_csv`](Self::read_csv) gives the same table, bit for bit.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        self.as_csv().write(path)
    }

    /// The table as CSV.
    pub(crate) fn as_csv(&self) -> Csv {
        // JSON's numbers: a decimal point in each, and a power of ten in small ones.
        let number = |value: f64| json!(value).to_string();
        let mut csv = Csv::new(&frame::COLUMNS.join(","));
        for row in self.rows() {
            csv.row(cells![
                row.session,
                row.iterations,
                row.layer,
                row.image,
                row.filter,
                number(row.score),
                row.constant,
                row.soft,
                row.soft_threshold.map_or(String::new(), number),
            ]);
        }
        csv
    }

    /// Reads a table that [`write_csv`](Self::write_csv) wrote, or one with the same columns, also
    /// as a spreadsheet writes it: with semicolons, tabs or `|` between cells, a decimal comma, spaces, rows without text, in
    /// UTF-8 or UTF-16. What can be read in two ways is refused.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the rows break a rule of [`ScoreTable`].
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_csv(path, &CsvTable::open(path)?)
    }

    /// The score table in a CSV table; `path` is its name in errors.
    fn from_csv(path: &Path, table: &CsvTable) -> Result<Self> {
        for column in frame::COLUMNS {
            table.check_column(column)?;
        }
        let rows = (0..table.len()).map(|row| filter_score(table, row)).collect::<Result<Vec<_>>>()?;
        Self::from_rows(rows).map_err(|error| match error.into_failure() {
            Failure::BadFrame { place, problem } => Error::malformed(path, format!("{place}: {problem}")),
            other => other.into(),
        })
    }
}

/// The scores of [`shipped_sessions`](crate::store::shipped_sessions) on the bird of CIFAR-10 and on static, from
/// `data/paper/scores.csv`, which is part of the crate.
///
/// # Errors
/// None in practice: a test reads it.
pub fn shipped_scores() -> Result<ScoreTable> {
    let path = Path::new("data/paper/scores.csv");
    ScoreTable::from_csv(path, &CsvTable::parse(path, include_str!("../../data/paper/scores.csv"))?)
}

/// The scores of the many-session study (`data/many/plan.toml`, trained on CIFAR-10) on the same two pictures, from
/// `data/many/scores.csv`, which is part of the crate.
///
/// # Errors
/// None in practice: a test reads it.
pub(crate) fn shipped_many_scores() -> Result<ScoreTable> {
    let path = Path::new("data/many/scores.csv");
    ScoreTable::from_csv(path, &CsvTable::parse(path, include_str!("../../data/many/scores.csv"))?)
}

fn filter_score(table: &CsvTable, row: usize) -> Result<FilterScore> {
    let by_hand = table.text(row, "soft_threshold")?.trim().is_empty();
    let threshold = (!by_hand).then(|| table.number(row, "soft_threshold")).transpose()?;
    Ok(FilterScore {
        session: table.text(row, "session")?.to_string(),
        iterations: table.count(row, "iterations")?,
        layer: table.count(row, "layer")? as usize,
        image: table.text(row, "image")?.to_string(),
        filter: table.count(row, "filter")? as usize,
        score: table.number(row, "score")?,
        constant: table.flag(row, "constant")?,
        soft: table.flag(row, "soft")?,
        soft_threshold: threshold,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_are_written_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scores.csv");
        shipped_scores().unwrap().write_csv(&path).unwrap();
        assert!(std::fs::read(&path).unwrap() == include_bytes!("../../data/paper/scores.csv"));
        shipped_many_scores().unwrap().write_csv(&path).unwrap();
        assert!(std::fs::read(&path).unwrap() == include_bytes!("../../data/many/scores.csv"));
    }
}
