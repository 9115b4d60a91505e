//! What the key figure shows of each reading: read from the files of the study's answers.

use std::path::Path;

use super::study::ScoreColumn;
use crate::error::Result;
use crate::paper::published;
use crate::responses::{Border, Reading, ResponseOptions};
use crate::stats::{Interval, LevelFit, LevelModel};
use crate::table::CsvTable;

/// The layer that the figure is about.
const LAYER: usize = 2;
/// The models that are drawn.
const DRAWN: [LevelModel; 3] = [LevelModel::Step, LevelModel::Power, LevelModel::Saturating];

/// One reading of the filters of layer 2, on one image.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingPanel {
    /// How filters are applied.
    pub reading: Reading,
    /// The mean ln score of the untrained networks, and the range of 95 % of theirs.
    pub(crate) untrained: (f64, Interval),
    /// The iterations and the ln score of each session.
    pub(crate) sessions: Vec<(f64, f64)>,
    /// The models that are drawn, each with the p-value of its lack of fit after Holm.
    pub(crate) models: Vec<(LevelFit, f64)>,
    /// The power model's R² in new sets of eleven: median and predictive interval.
    pub(crate) r_squared: (f64, Interval),
    /// The R² that the paper printed.
    pub(crate) printed: f64,
}

/// The files that panels are read from.
pub(crate) struct AnswerFiles {
    scores: CsvTable,
    levels: CsvTable,
    shapes: CsvTable,
    sets: CsvTable,
}

impl AnswerFiles {
    /// The files in a folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let open = |name: &str| CsvTable::open(folder.join(name));
        Ok(Self {
            scores: open("scores.csv")?,
            levels: open("levels.csv")?,
            shapes: open("shapes.csv")?,
            sets: open("sets.csv")?,
        })
    }

    /// The files of `data/second`, which are part of the crate.
    pub fn shipped() -> Result<Self> {
        macro_rules! shipped {
            ($name:literal) => {
                CsvTable::parse(
                    Path::new(concat!("data/second/", $name)),
                    include_str!(concat!("../../../data/second/", $name)),
                )
            };
        }
        Ok(Self {
            scores: shipped!("scores.csv")?,
            levels: shipped!("levels.csv")?,
            shapes: shipped!("shapes.csv")?,
            sets: shipped!("sets.csv")?,
        })
    }

    /// One panel for each reading, border same, on "bird" or "static".
    pub fn panels(&self, image: &str) -> Result<Vec<ReadingPanel>> {
        Reading::ALL.into_iter().map(|reading| self.panel(reading, image)).collect()
    }

    fn panel(&self, reading: Reading, image: &str) -> Result<ReadingPanel> {
        let options = ResponseOptions::default().reading(reading).border(Border::Same);
        let response = ScoreColumn { options, images: image.to_owned(), layer: LAYER }.to_string();
        let rows = |table: &CsvTable| -> Result<Vec<usize>> {
            let mut found = Vec::new();
            for row in 0..table.len() {
                if table.text(row, "response")? == response {
                    found.push(row);
                }
            }
            Ok(found)
        };
        let session = |row: usize| {
            Ok((self.scores.count(row, "iterations")? as f64, self.scores.number(row, &response)?.ln()))
        };
        let levels = &self.levels;
        let untrained = rows(levels)?[0];
        let sets = rows(&self.sets)?[0];
        let interval = |table: &CsvTable, row: usize, low: &str, high: &str| {
            Ok::<_, crate::error::Error>(Interval {
                low: table.number(row, low)?,
                high: table.number(row, high)?,
            })
        };
        let mut models = Vec::new();
        for row in rows(&self.shapes)? {
            let name = self.shapes.text(row, "model")?;
            let Some(model) = DRAWN.into_iter().find(|model| model.name() == name) else { continue };
            let numbers = self.shapes.text(row, "coefficients")?.split(' ');
            let coefficients = numbers.map(|text| text.parse()).collect::<std::result::Result<Vec<f64>, _>>();
            let coefficients =
                coefficients.map_err(|_| self.shapes.bad_cell(row, "coefficients", "has no numbers"))?;
            let tau =
                if model == LevelModel::Saturating { Some(self.shapes.number(row, "tau")?) } else { None };
            let q = self.shapes.number(row, "q")?;
            models.push((
                LevelFit { model, coefficients, tau, q },
                self.shapes.number(row, "lack_of_fit_p_holm")?,
            ));
        }
        let is_printed = |value: &crate::paper::PublishedValue| {
            !value.is_slip
                && value.quantity == "r_squared"
                && value.relation == "="
                && value.image.as_deref() == Some(image)
        };
        let printed = published()?.into_iter().find(is_printed).and_then(|value| value.value);
        Ok(ReadingPanel {
            reading,
            untrained: (levels.number(untrained, "mean")?, interval(levels, untrained, "low", "high")?),
            sessions: (0..self.scores.len()).map(session).collect::<Result<_>>()?,
            models,
            r_squared: (
                self.sets.number(sets, "r_squared")?,
                interval(&self.sets, sets, "r_squared_low", "r_squared_high")?,
            ),
            printed: printed.unwrap_or(f64::NAN),
        })
    }
}
