//! The scores of the second study.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ndarray::Array2;

use crate::error::{Error, Result};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::robustness::SubsampleDesign;
use crate::stats::LevelSummary;

/// Sessions of more iterations are shown and enter no fit.
const LONGEST: u64 = 50_000;
/// A level with fewer sessions is shown and enters no fit.
const FEWEST_SESSIONS: usize = 5;

/// What a score is of: the layer score of one layer, on one set of images, under one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScoreColumn {
    pub options: ResponseOptions,
    pub images: String,
    /// Counted from 1.
    pub layer: usize,
}

impl fmt::Display for ScoreColumn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ResponseOptions { reading, border, .. } = self.options;
        write!(formatter, "{reading}/{border}/{}/{}", self.images, self.layer)
    }
}

impl FromStr for ScoreColumn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let refused = || Error::option("column", text, "it must be reading/border/images/layer");
        let [reading, border, images, layer] = parts[..] else { return Err(refused()) };
        let options = ResponseOptions::default().reading(reading.parse()?).border(border.parse()?);
        Ok(Self { options, images: images.to_owned(), layer: layer.parse().map_err(|_| refused())? })
    }
}

/// The ln layer scores of untrained networks and of sessions, (networks, columns).
#[derive(Debug, Clone)]
pub(crate) struct Study {
    pub columns: Vec<ScoreColumn>,
    pub untrained: Array2<f64>,
    /// By iterations.
    pub levels: BTreeMap<u64, Array2<f64>>,
}

impl Study {
    /// Refuses a study in which a level of the paper's trained sessions has too few to enter fits.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names the level.
    pub fn check_levels(&self) -> Result<()> {
        let paper = SubsampleDesign::default().levels;
        for &(level, _) in paper.iter().filter(|(level, _)| *level > 1) {
            let sessions = self.levels.get(&level).map_or(0, Array2::nrows);
            let requirement = format!("the study needs at least {FEWEST_SESSIONS} of {level} iterations");
            Error::require(
                sessions >= FEWEST_SESSIONS,
                "number of sessions of a level",
                sessions,
                requirement,
            )?;
        }
        Ok(())
    }

    /// The levels that enter fits, with their iterations.
    pub fn fitted_levels(&self) -> impl Iterator<Item = (u64, &Array2<f64>)> {
        let is_fitted = |(iterations, scores): &(u64, &Array2<f64>)| {
            *iterations <= LONGEST && scores.nrows() >= FEWEST_SESSIONS
        };
        self.levels.iter().map(|(&iterations, scores)| (iterations, scores)).filter(is_fitted)
    }

    /// The summaries of one column's levels, the untrained (x = 0) first.
    pub fn summaries(&self, column: usize) -> Vec<LevelSummary> {
        let summary = |x: f64, scores: &Array2<f64>| LevelSummary::new(x, &scores.column(column).to_vec());
        let trained = self.fitted_levels().map(|(iterations, scores)| summary(iterations as f64, scores));
        std::iter::once(summary(0.0, &self.untrained)).chain(trained).collect()
    }

    /// The iterations and the ln score of every session from `fewest` iterations on that enters fits.
    pub fn trained(&self, column: usize, fewest: u64) -> (Vec<f64>, Vec<f64>) {
        let levels = self.fitted_levels().filter(|&(iterations, _)| iterations >= fewest);
        levels
            .flat_map(|(iterations, scores)| {
                scores.column(column).to_vec().into_iter().map(move |score| (iterations as f64, score))
            })
            .unzip()
    }

    /// The place of a column.
    pub fn column(&self, reading: Reading, border: Border, images: &str, layer: usize) -> Option<usize> {
        let options = ResponseOptions::default().reading(reading).border(border);
        let is_it = |column: &ScoreColumn| {
            column.options == options && column.images == images && column.layer == layer
        };
        self.columns.iter().position(is_it)
    }
}
