//! What the figure of the settings shows, read from `settings.csv`.

use std::path::Path;

use super::study::ScoreColumn;
use crate::error::{Error, Result};
use crate::responses::{Reading, ResponseOptions};
use crate::stats::mean;
use crate::table::CsvTable;

/// The scores of one setting under one reading in the course of training.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingCourse {
    /// The setting.
    pub setting: String,
    /// How filters are applied.
    pub reading: Reading,
    /// Iterations, and the mean over the sessions of the change of the ln score since iteration 0.
    pub(crate) points: Vec<(f64, f64)>,
}

/// The course of each setting under each reading, border same: one layer on "bird" or "static".
///
/// # Errors
/// Those of a CSV file; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a session has no score of the untrained.
pub(super) fn courses(path: &Path, image: &str, layer: usize) -> Result<Vec<SettingCourse>> {
    let table = CsvTable::open(path)?;
    let mut found: Vec<SettingCourse> = Vec::new();
    for reading in Reading::ALL {
        let options = ResponseOptions::default().reading(reading);
        let column = ScoreColumn { options, images: image.to_owned(), layer }.to_string();
        let cell = |row: usize| {
            let (setting, session) = (table.text(row, "setting")?, table.count(row, "session")?);
            let iterations = table.count(row, "iterations")?;
            Ok((setting.to_owned(), session, iterations, table.number(row, &column)?.ln()))
        };
        let cells: Vec<(String, u64, u64, f64)> = (0..table.len()).map(cell).collect::<Result<_>>()?;
        for of_setting in cells.chunk_by(|a, b| a.0 == b.0) {
            let setting = &of_setting[0].0;
            let start = |session: u64| {
                let is_it = |cell: &&(String, u64, u64, f64)| cell.1 == session && cell.2 == 0;
                of_setting.iter().find(is_it).map(|cell| cell.3).ok_or_else(|| {
                    Error::malformed(path, format!("{setting}, session {session}: no score at iteration 0"))
                })
            };
            let mut iterations: Vec<u64> = of_setting.iter().map(|cell| cell.2).collect();
            iterations.sort_unstable();
            iterations.dedup();
            let mut points = Vec::new();
            for iterations in iterations.into_iter().filter(|&iterations| iterations > 0) {
                let here = of_setting.iter().filter(|cell| cell.2 == iterations);
                let changes: Vec<f64> =
                    here.map(|cell| Ok(cell.3 - start(cell.1)?)).collect::<Result<_>>()?;
                points.push((iterations as f64, mean(&changes)));
            }
            found.push(SettingCourse { setting: setting.clone(), reading, points });
        }
    }
    Ok(found)
}
