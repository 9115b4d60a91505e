//! The scores of many sessions as CSV.

use std::collections::HashMap;
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

    /// Reads the rows that [`write_csv`](Self::write_csv) wrote, in any order; the scores of single pictures are not among them.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound);
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column, also if a row stands in the file twice.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let table = CsvTable::open(path)?;
        let mut rows: Vec<SessionScore> = Vec::new();
        // For each score its place among `rows`, and the lines that have it.
        let mut seen: HashMap<_, (usize, Vec<usize>)> = HashMap::new();
        for line in 0..table.len() {
            let row = session_score(&table, line)?;
            let key = (row.session.clone(), row.iterations, row.layer, row.images.clone(), row.measure);
            let (place, lines) = seen.entry(key).or_insert((rows.len(), Vec::new()));
            if let Some(earlier) = rows.get_mut(*place) {
                check_repeated(&table, line, lines)?;
                earlier.nulls.extend(row.nulls);
            } else {
                rows.push(row);
            }
            lines.push(line);
        }
        Ok(Self { rows, pictures: Vec::new() })
    }
}

/// The score of a line, with the null distribution that the line compares it with.
fn session_score(table: &CsvTable, line: usize) -> Result<SessionScore> {
    let text = |column| Ok::<_, crate::Error>(table.text(line, column)?.to_string());
    let measure = table.text(line, "measure")?.parse();
    Ok(SessionScore {
        session: text("session")?,
        iterations: table.count(line, "iterations")?,
        layer: table.count(line, "layer")? as usize,
        images: Some(text("images")?).filter(|images| !images.is_empty()),
        measure: measure.map_err(|_| table.bad_cell(line, "measure", "is not the name of a measure"))?,
        score: value(table, line, "score")?,
        constant: table.count(line, "constant")? as usize,
        nulls: comparison(table, line)?.into_iter().collect(),
    })
}

/// The null distribution of a line; `None` if it names none.
fn comparison(table: &CsvTable, line: usize) -> Result<Option<NullComparison>> {
    let name = table.text(line, "null")?;
    if name.is_empty() {
        return Ok(None);
    }
    let unknown = |_| table.bad_cell(line, "null", "is none of initial, shuffled and random");
    let value = |column| value(table, line, column);
    Ok(Some(NullComparison {
        null: name.parse().map_err(unknown)?,
        draws: table.count(line, "draws")?,
        mean: value("null_mean")?,
        std_dev: value("null_std_dev")?,
        z: value("z")?,
        interval: Interval { low: value("z_low")?, high: value("z_high")? },
    }))
}

/// A number; NaN if the cell is empty, as [`SessionScores::write_csv`] writes it.
fn value(table: &CsvTable, line: usize, column: &str) -> Result<f64> {
    if table.text(line, column)?.is_empty() { Ok(f64::NAN) } else { table.number(line, column) }
}

/// Refuses a line about the same score as `earlier` ones if it has the same null distribution as one of them, or another score.
fn check_repeated(table: &CsvTable, line: usize, earlier: &[usize]) -> Result<()> {
    let cell = |line, column| table.text(line, column);
    for &other in earlier {
        let named = format!(
            "iterations {}, layer {}, images {:?}, measure {:?}",
            cell(line, "iterations")?,
            cell(line, "layer")?,
            cell(line, "images")?,
            cell(line, "measure")?
        );
        if cell(line, "null")? == cell(other, "null")? {
            let problem = format!(
                "with {named}, null {:?} stands in {} too: give every session a name of its own, or remove one of the two rows",
                cell(line, "null")?,
                table.row_name(other)
            );
            return Err(table.bad_cell(line, "session", &problem));
        }
        let is_same = [
            ("score", value(table, line, "score")?.to_bits() == value(table, other, "score")?.to_bits()),
            ("constant", table.count(line, "constant")? == table.count(other, "constant")?),
        ];
        if let Some((column, _)) = is_same.into_iter().find(|(_, is_same)| !is_same) {
            let problem = format!(
                "is not {:?} as in {}, which has the same session, {named}: give every session a name of its own",
                cell(other, column)?,
                table.row_name(other)
            );
            return Err(table.bad_cell(line, column, &problem));
        }
    }
    Ok(())
}
