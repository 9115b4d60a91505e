//! The scores of many sessions as CSV.

use std::fmt::Write;
use std::path::Path;

use crate::error::Result;
use crate::files;
use crate::filters::Null;
use crate::models::Interval;
use crate::robustness::{Against, SessionScore, SessionScores};
use crate::table::{CsvTable, quoted};

impl SessionScores {
    /// Writes the rows as CSV, one line a row and null: `session`, `iterations`, `layer`, `images`, `measure`,
    /// `score`, `constant`, then `null`, `draws`, `null_mean`, `null_std_dev`, `z`, `z_low`, `z_high` (empty where a row has
    /// no null).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text = String::from(
            "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high\n",
        );
        for row in &self.rows {
            let head = format!(
                "{},{},{},{},{},{},{}",
                quoted(&row.session),
                row.iterations,
                row.layer,
                quoted(&row.images),
                row.measure,
                number(row.score),
                row.constant
            );
            if row.nulls.is_empty() {
                // Writing to a String does not fail.
                let _ = writeln!(text, "{head},,,,,,,");
            }
            for against in &row.nulls {
                let numbers =
                    [against.mean, against.std_dev, against.z, against.interval.low, against.interval.high];
                let numbers = numbers.map(number).join(",");
                let _ = writeln!(text, "{head},{},{},{numbers}", against.null, against.draws);
            }
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
    }

    /// Writes the scores of single pictures as CSV: `session`, `iterations`, `layer`, `images`, `picture`,
    /// `measure`, `score`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_pictures_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text = String::from("session,iterations,layer,images,picture,measure,score\n");
        for row in &self.pictures {
            let (images, picture) = (quoted(&row.images), quoted(&row.picture));
            let (session, measure, score) = (quoted(&row.session), &row.measure, number(row.score));
            let (iterations, layer) = (row.iterations, row.layer);
            let _ = writeln!(text, "{session},{iterations},{layer},{images},{picture},{measure},{score}");
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
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
                images: text("images")?,
                measure: text("measure")?,
                score: value("score")?,
                constant: table.count(line, "constant")? as usize,
                nulls: Vec::new(),
            };
            let same = |last: &&mut SessionScore| {
                (&last.session, last.layer, &last.images, &last.measure)
                    == (&row.session, row.layer, &row.images, &row.measure)
            };
            let name = table.text(line, "null")?;
            let null = Null::ALL.into_iter().find(|null| null.name() == name);
            if null.is_none() && !name.is_empty() {
                return Err(table.bad_cell(line, "null", "is none of initial, shuffled and random"));
            }
            let against = match null {
                None => None,
                Some(null) => Some(Against {
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

/// A number as a cell, empty where there is none.
pub(super) fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}
