//! Writing CSV. What is written here reads back to the same bits.
//!
//! The crate `csv` would not make this shorter, and its reader forgives what
//! [`CsvTable`](crate::table::CsvTable) refuses: text after a closing quote, a quote that is never closed.

use std::path::Path;

use crate::error::Result;
use crate::files::save::save;

/// A CSV text that grows row by row. Commas separate cells, lines end in LF, a cell is in double quotes if it has a
/// comma, a line end or a quote in it (RFC 4180), or begins or ends with a space, which readers may drop otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Csv {
    text: String,
    columns: usize,
}

impl Csv {
    /// A text with the header alone: the names of the columns with commas between them.
    pub fn new(header: &str) -> Self {
        Self { text: format!("{header}\n"), columns: header.split(',').count() }
    }

    /// Adds a row, which has one cell for each column.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut count = 0;
        for cell in cells {
            if count > 0 {
                self.text.push(',');
            }
            let cell = cell.as_ref();
            if cell.contains(['"', ',', '\n', '\r']) || cell.trim() != cell {
                self.text.extend(["\"", &cell.replace('"', "\"\""), "\""]);
            } else {
                self.text.push_str(cell);
            }
            count += 1;
        }
        debug_assert_eq!(count, self.columns, "a row has as many cells as the header");
        self.text.push('\n');
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Writes the text into a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write(self, path: impl AsRef<Path>) -> Result<()> {
        save(path.as_ref(), self.text.as_bytes())
    }
}

/// A number as a cell: the shortest text that reads back to the same bits, nothing for NaN.
pub(crate) fn number(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_in_quotes_if_they_have_to_be() {
        let mut csv = Csv::new("a,b");
        csv.row(["x, \"y\"", "two\nlines"]);
        csv.row([" x", "y z"]);
        csv.row([number(0.1), number(f64::NAN)]);
        csv.row([number(-f64::INFINITY), number(1e-7)]);
        assert_eq!(
            csv.into_text(),
            "a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n\" x\",y z\n0.1,\n-inf,0.0000001\n"
        );
    }
}
