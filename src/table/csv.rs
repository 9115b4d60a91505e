//! Reading CSV files, with errors that name the row and the column.
//!
//! A file is refused unless every row has as many cells as the header, every quote is closed, and a comma or a line
//! end follows it. The readers of polars and of the crate `csv` accept some of these files or name no row.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{FilterScore, ScoreTable, frame};
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::files;
use crate::text::cells;
use crate::text::csv::Csv;

/// A CSV file as text: a header of column names, then rows of as many cells.
///
/// Commas separate cells, lines end in LF or CRLF, a cell in double quotes may contain commas, line
/// ends and doubled quotes (RFC 4180). A byte order mark and empty lines are ignored.
#[derive(Debug, Clone)]
pub struct CsvTable {
    path: PathBuf,
    columns: Vec<String>,
    rows: Vec<Record>,
}

/// The cells of one row and the line it starts on, from 1.
#[derive(Debug, Clone, Default)]
struct Record {
    line: usize,
    cells: Vec<String>,
}

impl CsvTable {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is not UTF-8, has no header, two columns of the
    /// same name, an open quote, or a row with more or fewer cells than the header; the row is named.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = files::read(path)?;
        let text = std::str::from_utf8(&bytes).map_err(|problem| {
            let line = 1 + bytes[..problem.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            Error::malformed(path, format!("line {line} is not UTF-8 text: save the table as UTF-8"))
        })?;
        Self::parse(path, text)
    }

    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self> {
        let records = split(text).map_err(|problem| Error::malformed(path, problem))?;
        let mut records = records.into_iter();
        let Some(Record { cells: columns, .. }) = records.next() else {
            return Err(Error::malformed(path, "it is empty: the first line must name the columns"));
        };
        let mut names = std::collections::HashSet::new();
        if let Some(name) = columns.iter().find(|&name| !names.insert(name)) {
            let problem = format!("two columns are called {name:?}: give each a name of its own");
            return Err(Error::malformed(path, problem));
        }
        let rows: Vec<_> = records.collect();
        for (Record { line, cells }, row) in rows.iter().zip(1..) {
            if cells.len() != columns.len() {
                let (found, wanted) = (cells.len(), columns.len());
                let missing = columns.get(found).map_or(String::new(), |name| format!(" (no {name})"));
                let problem = format!(
                    "row {row} (line {line}) has {found} cells{missing}, but the header has {wanted}"
                );
                return Err(Error::malformed(path, problem));
            }
        }
        Ok(Self { path: path.to_path_buf(), columns, rows })
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The number of rows, without the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows below the header.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Checks that there is a column of this name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) with the names that there are.
    pub fn check_column(&self, column: &str) -> Result<()> {
        self.index(column).map(|_| ())
    }

    fn index(&self, column: &str) -> Result<usize> {
        self.columns.iter().position(|name| name == column).ok_or_else(|| {
            let (table, columns) = (self.path.display(), self.columns.join(", "));
            let sentence = format!("{table} has no column {column:?}: its columns are {columns}");
            Error::new(ErrorKind::NotFound, sentence)
        })
    }

    /// The text of a cell; `row` counts from 0.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Panics
    /// If the table has no such row.
    pub fn text(&self, row: usize, column: &str) -> Result<&str> {
        let index = self.index(column)?;
        Ok(&self.rows[row].cells[index])
    }

    /// The name of a row in errors: "row 3 (line 4)"; `row` counts from 0, the name from 1.
    pub(crate) fn row_name(&self, row: usize) -> String {
        format!("row {} (line {})", row + 1, self.rows[row].line)
    }

    /// A finite number; spaces around it do not matter.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the cell is empty or anything else.
    pub fn number(&self, row: usize, column: &str) -> Result<f64> {
        let text = self.text(row, column)?.trim();
        if text.is_empty() {
            return Err(self.bad_cell(row, column, "is a missing value: every row needs a number here"));
        }
        let value = text.parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| self.bad_cell(row, column, "is not a finite number"))
    }

    /// A whole number of at least 0.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for anything else.
    pub fn count(&self, row: usize, column: &str) -> Result<u64> {
        let text = self.text(row, column)?.trim();
        text.parse().map_err(|_| self.bad_cell(row, column, "is not a whole number of at least 0"))
    }

    /// "true" or "false", in any case.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for anything else.
    pub fn flag(&self, row: usize, column: &str) -> Result<bool> {
        match self.text(row, column)?.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.bad_cell(row, column, "is neither true nor false")),
        }
    }

    /// An [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) about a cell of this table.
    pub(crate) fn bad_cell(&self, row: usize, column: &str, problem: &str) -> Error {
        let (row_name, value) = (self.row_name(row), self.text(row, column).unwrap_or_default());
        Error::malformed(&self.path, format!("{row_name}, column {column}: {value:?} {problem}"))
    }
}

/// The records of a text; the error is a sentence.
fn split(text: &str) -> std::result::Result<Vec<Record>, String> {
    let mut records = Vec::new();
    let mut record = Record { line: 1, cells: Vec::new() };
    let mut cell = String::new();
    let mut quoted = false; // whether the cell being read began with a quote
    let mut line = 1;
    let mut characters = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    loop {
        let next = characters.next();
        match next {
            Some('"') if cell.is_empty() && !quoted => {
                quoted = true;
                let opened = line;
                loop {
                    match characters.next() {
                        Some('"') if characters.next_if_eq(&'"').is_some() => cell.push('"'),
                        Some('"') => break,
                        Some(character) => {
                            line += usize::from(character == '\n');
                            cell.push(character);
                        }
                        None => return Err(format!("the quote opened on line {opened} is never closed")),
                    }
                }
                let rest = characters.peek();
                if !matches!(rest, None | Some(',' | '\n' | '\r')) {
                    return Err(format!("line {line}: a comma or a line end must follow a closing quote"));
                }
            }
            Some(',') => {
                record.cells.push(std::mem::take(&mut cell));
                quoted = false;
            }
            Some('\r') if characters.peek() == Some(&'\n') => {}
            Some('\n') | None => {
                if !(record.cells.is_empty() && cell.is_empty() && !quoted) {
                    record.cells.push(std::mem::take(&mut cell));
                    records.push(std::mem::take(&mut record));
                }
                if next.is_none() {
                    return Ok(records);
                }
                quoted = false;
                line += 1;
                record.line = line;
            }
            Some(character) => cell.push(character),
        }
    }
}

impl ScoreTable {
    /// Writes the table as CSV, so that [`read_csv`](Self::read_csv) gives the same table, bit for bit.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
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
        csv.write(path)
    }

    /// Reads a table that [`write_csv`](Self::write_csv) wrote, or one with the same columns.
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
