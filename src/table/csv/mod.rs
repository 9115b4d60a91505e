//! Reading CSV files as people have them, with errors that name the row and the column.
//!
//! A file is refused unless every row has as many cells as the header, every quote is closed, and a separator or a line
//! end follows it. The readers of polars and of the crate `csv` accept some of these files or name no row, and none of
//! them refuses a number that can be read in two ways.

mod comments;
mod decimal;
mod decode;
mod records;
mod separator;

use std::path::{Path, PathBuf};

use decimal::Decimals;
use records::Record;

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::text::numbers::numbered;

/// A CSV file as text: a header of column names, then rows of as many cells.
///
/// | in the file | is read as |
/// |---|---|
/// | separator | comma, semicolon, tab or `\|`: the one in the header, or the one in a first line such as `sep=;` |
/// | line ends | LF, CRLF or CR |
/// | a cell in double quotes | may contain separators, line ends and doubled quotes (RFC 4180) |
/// | spaces around a name, a cell or its quotes | nothing; inside quotes they count |
/// | lines that begin with `#` above the header | nothing; but if numbers or missing values follow, the first of them is the header, as numpy writes it, if every row has as many cells |
/// | rows without any text, columns without any behind the last name, and a separator at the end of every row | nothing |
/// | `10,5` | 10.5, unless the separator is a comma; a column has decimal commas or decimal points, never both |
/// | a separator between thousands | refused, also if it may be a decimal sign: `1,728` is a number only next to one such as `0,25`, `1.728` only in a column of which every number has a point and, with semicolons between cells, in a file with a number such as `0.25` |
/// | an empty cell, `NA`, `N/A`, `NaN`, `null`, `None`, `-`, `.`, `?` and their like | a missing value where a number is needed |
/// | encoding | UTF-8, or UTF-16 with a byte order mark |
#[derive(Debug, Clone)]
pub struct CsvTable {
    path: PathBuf,
    columns: Vec<String>,
    rows: Vec<Record>,
    decimals: Decimals,
    comments: usize,
}

impl CsvTable {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is not text, has
    /// no header, two columns of the same name, an open quote, an ambiguous separator, or a row with more or fewer
    /// cells than the header; the row is named.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = decode::decode(&files::read(path)?).map_err(|problem| Error::malformed(path, problem))?;
        Self::parse(path, &text)
    }

    /// The table in a text. Lines that begin with # are comments if names follow them. Otherwise the first of them may be the header,
    /// as numpy writes it, so they are left out only if the text is no table with them.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self> {
        let whole = Self::parse_whole(path, text);
        let Some((rest, comments)) = comments::without(text) else { return whole };
        let below = Self::parse_whole(path, &rest).map(|table| Self { comments, ..table });
        // A text that cannot be split into cells is no header of numpy's either.
        let has_names = || {
            separator::records(&rest).map_or(true, |(records, _)| {
                records.first().is_some_and(|header| comments::are_names(&header.cells))
            })
        };
        match (whole, below) {
            (_, Ok(table)) if comments::are_names(&table.columns) => Ok(table),
            (Ok(table), _) => Ok(table),
            (_, Ok(table)) if !comments::are_numbers(&table.columns) => Ok(table),
            (_, Err(error)) if has_names() => Err(error),
            (Err(error), _) => {
                Err(error.advising("if lines above the names of the columns are comments, remove them"))
            }
        }
    }

    /// How many lines above the header are comments.
    pub(crate) fn comments(&self) -> usize {
        self.comments
    }

    fn parse_whole(path: &Path, text: &str) -> Result<Self> {
        let malformed = |problem: String| Error::malformed(path, problem);
        let (records, separator) = separator::records(text).map_err(malformed)?;
        let mut records = records.into_iter();
        let Some(Record { cells: columns, .. }) = records.next() else {
            return Err(malformed("it is empty: the first line must name the columns".into()));
        };
        let mut names = std::collections::HashSet::new();
        // Programs write an empty name over row numbers, and several at the end of a table that was wider once.
        if let Some(name) = columns.iter().find(|&name| !name.is_empty() && !names.insert(name)) {
            return Err(malformed(format!("two columns are called {name:?}: give each a name of its own")));
        }
        let mut rows: Vec<_> = records.collect();
        // Some programs end every row but the header with a separator.
        let is_ended = |record: &Record| {
            record.cells.len() == columns.len() + 1 && record.cells[columns.len()].is_empty()
        };
        if rows.iter().all(is_ended) {
            rows.iter_mut().for_each(|record| record.cells.truncate(columns.len()));
        }
        for (record, row) in rows.iter().zip(1..) {
            if record.cells.len() != columns.len() {
                let (found, wanted) = (record.cells.len(), columns.len());
                let named = columns.get(found).filter(|name| !name.is_empty());
                let missing = named.map_or(String::new(), |name| format!(" (no {name:?})"));
                let is_comment = |cells: &[String]| cells[0].starts_with('#');
                let why = if is_comment(&record.cells) && !is_comment(&columns) {
                    ": if it is a comment, remove it; only lines above the header may be comments".to_owned()
                } else if found + 1 == wanted && named.is_none() {
                    format!(": the header ends with {}; remove it there", records::name(separator))
                } else {
                    separator::why_uneven(&record.cells, wanted, separator)
                };
                let found = numbered(found as u64, "cell");
                let line = record.line;
                return Err(malformed(format!(
                    "row {row} (line {line}) has {found}{missing}, but the header has {wanted}{why}"
                )));
            }
        }
        // Behind the last name there is nothing: a decimal comma between commas would put a digit there.
        let named = columns.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        for (record, row) in rows.iter().zip(1..) {
            if let Some(value) = record.cells[named..].iter().find(|cell| !cell.is_empty()) {
                let line = record.line;
                // A spreadsheet writes a title as one cell and empty ones behind it.
                let title = match (&columns[..named], row) {
                    ([title], 1) => {
                        format!("; if {title:?} is a title, remove it: the first line must name the columns")
                    }
                    _ => String::new(),
                };
                return Err(malformed(format!(
                    "row {row} (line {line}) has a value, {value:?}, in a column behind the last one with a name: name it in the \
                     header, or mend the row{title}"
                )));
            }
        }
        let decimals = Decimals::of(&rows, columns.len(), separator);
        Ok(Self { path: path.to_path_buf(), columns, rows, decimals, comments: 0 })
    }

    /// The names in a text such as `a,"b, c"`: a row of a file with commas.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a quote is not closed or does not end a name.
    pub(crate) fn names(option: &str, text: &str) -> Result<Vec<String>> {
        let requirement = |problem| format!("it must be names with commas between them: {problem}");
        let records = records::split(text, ',', 1);
        let records =
            records.map_err(|problem| Error::option(option, format!("{text:?}"), requirement(problem)))?;
        Ok(records.into_iter().flat_map(|record| record.cells).collect())
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
        let only = |is_it: &dyn Fn(&str) -> bool| {
            let mut found = self.columns.iter().enumerate().filter(|(_, name)| is_it(name));
            found.next().map(|(index, _)| index).filter(|_| found.next().is_none())
        };
        // Some programs put a name into quotes together with the spaces around it.
        let words = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
        // A name may have several lines.
        if let Some(index) = only(&|name| name == column)
            .or_else(|| only(&|name| name.trim() == column.trim()))
            .or_else(|| only(&|name| words(name) == words(column)))
        {
            return Ok(index);
        }
        let names: Vec<String> = self.columns.iter().map(|name| format!("{name:?}")).collect();
        let (table, names) = (self.path.display(), names.join(", "));
        let is_spaced = |name: &String| name.split_whitespace().any(|word| word == column.trim());
        let hint = match &self.columns[..] {
            // Outside quotes it would separate cells.
            [only] if only.contains(separator::SEPARATORS) => {
                "; if each line as a whole is in double quotes, remove these quotes"
            }
            [only] if is_spaced(only) => {
                "; cells are separated by commas, semicolons, tabs or |, not by spaces"
            }
            [first, ..] if first.starts_with('#') => {
                "; if the line that begins with # is a comment, remove it"
            }
            _ if self.comments > 0 => "; the lines above them that begin with # were left out as comments",
            _ => "",
        };
        let sentence = format!("{table} has no column {column:?}: its columns are {names}{hint}");
        Err(Error::new(ErrorKind::NotFound, sentence))
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

    /// Whether a cell stands for a missing value.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn is_missing(&self, row: usize, column: &str) -> Result<bool> {
        Ok(decimal::is_missing(self.text(row, column)?))
    }

    /// Checks that a column has decimal commas or decimal points, not both.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming a row
    /// with each.
    pub fn check_decimals(&self, column: &str) -> Result<()> {
        let index = self.index(column)?;
        let Some([point, comma]) = self.decimals.mixed(index) else { return Ok(()) };
        let cell = |row: usize| format!("{:?} in {}", self.rows[row].cells[index], self.row_name(row));
        let (point, comma) = (cell(point), cell(comma));
        let problem = format!(
            "column {column:?} has a decimal point or thousands ({point}) and a decimal comma ({comma}): write all its numbers \
             in one way"
        );
        Err(Error::malformed(&self.path, problem))
    }

    /// A finite number, with a decimal point or, unless commas separate the cells, with a decimal comma.
    ///
    /// # Errors
    /// Those of [`check_decimals`](Self::check_decimals); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the cell is
    /// a missing value, could be read in two ways, or is anything else.
    pub fn number(&self, row: usize, column: &str) -> Result<f64> {
        self.check_decimals(column)?;
        self.number_in(row, column).map_err(|problem| self.bad_cell(row, column, &problem))
    }

    /// [`number`](Self::number) in a column that [`check_decimals`](Self::check_decimals) has accepted; the error is what to
    /// say about the cell.
    pub(crate) fn number_in(&self, row: usize, column: &str) -> std::result::Result<f64, String> {
        let index = self.index(column).map_err(|error| error.to_string())?;
        let text = &self.rows[row].cells[index];
        if decimal::is_missing(text) {
            return Err("is a missing value: every row needs a number here".to_owned());
        }
        self.decimals.number(index, text)
    }

    /// A whole number of at least 0, also as programs write it in a column with missing values, `2.0`, or as R does, `1e+05`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for anything else.
    pub fn count(&self, row: usize, column: &str) -> Result<u64> {
        let index = self.index(column)?;
        let whole = self.decimals.whole(index, &self.rows[row].cells[index]);
        whole.map_err(|problem| self.bad_cell(row, column, &problem))
    }

    /// "true" or "false", in any case.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for anything else.
    pub fn flag(&self, row: usize, column: &str) -> Result<bool> {
        match self.text(row, column)?.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => {
                let mut problem = "is neither true nor false: write true or false".to_owned();
                let is_translated =
                    ["wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"].contains(&other);
                if is_translated {
                    problem += "; a spreadsheet writes them in its own language, so replace its words in the whole column";
                }
                Err(self.bad_cell(row, column, &problem))
            }
        }
    }

    /// An [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) about a cell of this table.
    pub(crate) fn bad_cell(&self, row: usize, column: &str, problem: &str) -> Error {
        Error::malformed(&self.path, self.about_cell(row, column, problem))
    }

    /// "row 3 (line 4), column "score": "two" is not a finite number".
    pub(crate) fn about_cell(&self, row: usize, column: &str, problem: &str) -> String {
        let (row_name, value) = (self.row_name(row), self.text(row, column).unwrap_or_default());
        format!("{row_name}, column {column:?}: {value:?} {problem}")
    }
}
