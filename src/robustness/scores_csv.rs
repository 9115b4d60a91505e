//! The scores of many sessions as CSV.

use std::path::Path;

use crate::error::Result;
use crate::filters::Null;
use crate::robustness::{NullComparison, SessionScore, SessionScores};
use crate::stats::Interval;
use crate::table::CsvTable;
use crate::text::cells;
use crate::text::csv::{Csv, number};

impl SessionScores {
    /// Writes the rows as CSV, a line for each row and null: `session`, `iterations`, `layer`, `images`, `measure`,
    /// `score`, `constant`, then `null`, `draws`, `null_mean`, `null_std_dev`, `z`, `z_low`, `z_high` (empty if a row has no
    /// null).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new(
            "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high",
        );
        for row in &self.rows {
            let score = number(row.score);
            let row_cells = cells![
                row.session,
                row.iterations,
                row.layer,
                row.images.as_deref().unwrap_or_default(),
                row.measure,
                score,
                row.constant
            ];
            if row.nulls.is_empty() {
                csv.row(row_cells.iter().map(String::as_str).chain([""; 7]));
            }
            for null in &row.nulls {
                let numbers = [null.mean, null.std_dev, null.z, null.interval.low, null.interval.high];
                let null_cells = cells![null.null, null.draws].into_iter().chain(numbers.map(number));
                csv.row(row_cells.iter().cloned().chain(null_cells));
            }
        }
        csv.write(path)
    }

    /// Writes the scores of single pictures as CSV: `session`, `iterations`, `layer`, `images`, `picture`,
    /// `measure`, `score`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_pictures_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new("session,iterations,layer,images,picture,measure,score");
        for row in &self.pictures {
            let score = number(row.score);
            csv.row(cells![
                row.session,
                row.iterations,
                row.layer,
                row.images,
                row.picture,
                row.measure,
                score
            ]);
        }
        csv.write(path)
    }

    /// Reads the rows that [`write_csv`](Self::write_csv) wrote; single pictures are not in them.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        Self::of_csv(&CsvTable::open(path)?)
    }

    pub(super) fn of_csv(table: &CsvTable) -> Result<Self> {
        let mut rows: Vec<SessionScore> = Vec::new();
        for line in 0..table.len() {
            let text = |column| Ok::<_, crate::Error>(table.text(line, column)?.to_string());
            // An empty cell is what has no value.
            let value = |column| {
                if table.text(line, column)?.is_empty() { Ok(f64::NAN) } else { table.number(line, column) }
            };
            let row = SessionScore {
                session: text("session")?,
                iterations: table.count(line, "iterations")?,
                layer: table.count(line, "layer")? as usize,
                images: Some(text("images")?).filter(|images| !images.is_empty()),
                measure: table
                    .text(line, "measure")?
                    .parse()
                    .map_err(|_| table.bad_cell(line, "measure", "is not the name of a measure"))?,
                score: value("score")?,
                constant: table.count(line, "constant")? as usize,
                nulls: Vec::new(),
            };
            let same = |last: &&mut SessionScore| {
                (&last.session, last.layer, &last.images, last.measure)
                    == (&row.session, row.layer, &row.images, row.measure)
            };
            let name = table.text(line, "null")?;
            let null = Null::ALL.into_iter().find(|null| null.name() == name);
            if null.is_none() && !name.is_empty() {
                return Err(table.bad_cell(line, "null", "is none of initial, shuffled and random"));
            }
            let against = match null {
                None => None,
                Some(null) => Some(NullComparison {
                    null,
                    draws: table.count(line, "draws")?,
                    mean: value("null_mean")?,
                    std_dev: value("null_std_dev")?,
                    z: value("z")?,
                    interval: Interval { low: value("z_low")?, high: value("z_high")? },
                }),
            };
            match rows.last_mut().filter(same) {
                Some(last) => last.nulls.extend(against),
                None => rows.push(SessionScore { nulls: against.into_iter().collect(), ..row }),
            }
        }
        Ok(Self { rows, pictures: Vec::new() })
    }
}
