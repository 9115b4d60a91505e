//! The scores of many sessions as CSV.

use std::path::Path;

use crate::error::Result;
use crate::robustness::scores::PictureScore;
use crate::robustness::{NullComparison, SessionScore, SessionScores};
use crate::stats::Interval;
use crate::table::CsvTable;
use crate::text::cells;
use crate::text::csv::{Csv, number};

impl SessionScores {
    /// Writes a CSV file with one line for each row and null distribution: `session`, `iterations`, `layer`, `images`, `measure`,
    /// `score`, `constant`, then `null`, `draws`, `null_mean`, `null_std_dev`, `z`, `z_low`, `z_high` (empty if there is no null distribution).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new(
            "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high",
        );
        for row in &self.rows {
            let SessionScore { session, iterations, layer, measure, constant, .. } = row;
            let images = row.images.as_deref().unwrap_or_default();
            let row_cells = cells![session, iterations, layer, images, measure, number(row.score), constant];
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

    /// Writes a CSV file with the scores of single pictures: `session`, `iterations`, `layer`, `images`, `picture`,
    /// `measure`, `score`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_pictures_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new("session,iterations,layer,images,picture,measure,score");
        for row in &self.pictures {
            let PictureScore { session, iterations, layer, images, picture, measure, score } = row;
            csv.row(cells![session, iterations, layer, images, picture, measure, number(*score)]);
        }
        csv.write(path)
    }

    /// Reads the rows that [`write_csv`](Self::write_csv) wrote; the scores of single pictures are not among them.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let table = CsvTable::open(path)?;
        let mut rows: Vec<SessionScore> = Vec::new();
        for line in 0..table.len() {
            let text = |column| Ok::<_, crate::Error>(table.text(line, column)?.to_string());
            // A cell without a value is empty.
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
            let comparison = match table.text(line, "null")? {
                "" => None,
                name => Some(NullComparison {
                    null: name.parse().map_err(|_| {
                        table.bad_cell(line, "null", "is none of initial, shuffled and random")
                    })?,
                    draws: table.count(line, "draws")?,
                    mean: value("null_mean")?,
                    std_dev: value("null_std_dev")?,
                    z: value("z")?,
                    interval: Interval { low: value("z_low")?, high: value("z_high")? },
                }),
            };
            match rows.last_mut().filter(same) {
                Some(last) => last.nulls.extend(comparison),
                None => rows.push(SessionScore { nulls: comparison.into_iter().collect(), ..row }),
            }
        }
        Ok(Self { rows, pictures: Vec::new() })
    }
}
