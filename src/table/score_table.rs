//! The table of all scores, checked when it is made.

use std::collections::{HashMap, HashSet};

use polars::frame::DataFrame;

use super::{SoftLabels, frame};
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::text::numbers::numbered;

/// One row of a [`ScoreTable`]: the score of one filter's map.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterScore {
    /// The session's name.
    pub session: String,
    /// The session's number of optimiser steps.
    pub iterations: u64,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The picture's name.
    pub image: String,
    /// The filter within its layer, counted from 0.
    pub filter: usize,
    /// The softness of the map, lower is softer.
    pub score: f64,
    /// Whether the map is constant; its score is 0 then.
    pub constant: bool,
    /// Whether the map counts as soft: below the threshold, or labelled so.
    pub soft: bool,
    /// The threshold for this layer and image; `None` if soft maps were labelled by hand.
    pub soft_threshold: Option<f64>,
}

/// The scores of many sessions, layers and images, a row for each filter, in a polars data frame.
///
/// | column | type | content |
/// |---|---|---|
/// | `session` | str | the session's name |
/// | `iterations` | i64 | its number of optimiser steps |
/// | `layer` | i64 | the convolutional layer, from 1 |
/// | `image` | str | the picture's name |
/// | `filter` | i64 | the filter, from 0 |
/// | `score` | f64 | softness of the map, lower is softer |
/// | `constant` | bool | whether the map is constant (its score is 0) |
/// | `soft` | bool | whether the map counts as soft |
/// | `soft_threshold` | f64 or null | the score below which it does; null if labelled by hand |
///
/// Each combination of session, layer, image and filter occurs at most once; every session has one number of
/// iterations; scores are finite and not negative; thresholds are finite.
#[derive(Clone)]
pub struct ScoreTable {
    rows: Vec<FilterScore>,
    frame: DataFrame,
}

impl ScoreTable {
    /// A table from its rows.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming the row (from 1) that breaks a rule of the schema.
    pub fn from_rows(rows: Vec<FilterScore>) -> Result<Self> {
        check(&rows)?;
        let frame = frame::from_filters(&rows)?;
        Ok(Self { rows, frame })
    }

    /// A table from a data frame with the columns above, such as a filtered [`dataframe`](Self::dataframe).
    /// Integers may have any width.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming the column, and the row if one is at fault.
    pub fn from_dataframe(frame: &DataFrame) -> Result<Self> {
        Self::from_rows(frame::to_filters(frame)?)
    }

    /// The rows as plain values, in the order of the table.
    pub fn rows(&self) -> &[FilterScore] {
        &self.rows
    }

    /// The polars data frame. A copy shares its columns, so it costs almost nothing.
    pub fn dataframe(&self) -> DataFrame {
        self.frame.clone()
    }

    /// The scores of one session, layer and image, in the order of the filters.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn scores(&self, session: &str, layer: usize, image: &str) -> Result<Vec<f64>> {
        Ok(self.cell(session, layer, image)?.iter().map(|row| row.score).collect())
    }

    /// Which maps of one session, layer and image are soft, in the order of the filters.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn soft(&self, session: &str, layer: usize, image: &str) -> Result<Vec<bool>> {
        Ok(self.cell(session, layer, image)?.iter().map(|row| row.soft).collect())
    }

    /// The scores of one layer and image.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there are none.
    pub fn part(&self, layer: usize, image: &str) -> Result<Self> {
        let rows: Vec<_> =
            self.rows.iter().filter(|row| row.layer == layer && row.image == image).cloned().collect();
        if rows.is_empty() {
            let sentence = format!("the table has no scores for layer {layer}, image {image:?}");
            return Err(Error::new(ErrorKind::NotFound, sentence));
        }
        Self::from_rows(rows)
    }

    fn cell(&self, session: &str, layer: usize, image: &str) -> Result<Vec<&FilterScore>> {
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.session == session && row.layer == layer && row.image == image)
            .collect();
        if rows.is_empty() {
            let place = format!("session {session:?}, layer {layer}, image {image:?}");
            return Err(Error::new(ErrorKind::NotFound, format!("the table has no scores for {place}")));
        }
        rows.sort_by_key(|row| row.filter);
        Ok(rows)
    }

    /// The same scores with soft maps as labelled by hand; the thresholds become null.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) for the first row that has no label.
    pub fn with_labels(&self, labels: &SoftLabels) -> Result<Self> {
        let mut rows = self.rows.clone();
        for row in &mut rows {
            row.soft = labels.is_soft(&row.session, row.layer, &row.image, row.filter)?;
            row.soft_threshold = None;
        }
        Self::from_rows(rows)
    }
}

impl PartialEq for ScoreTable {
    /// Whether all rows are the same, bit for bit.
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

/// The rules that a polars schema cannot express.
fn check(rows: &[FilterScore]) -> Result<()> {
    let mut seen = HashSet::new();
    let mut iterations_of = HashMap::new();
    for (row, number) in rows.iter().zip(1..) {
        let bad = |column: &str, problem: String| {
            Err(Error::from(Failure::BadFrame { place: format!("column {column}, row {number}"), problem }))
        };
        let FilterScore { session, iterations, layer, image, filter, score, soft, .. } = row;
        for (column, count) in
            [("iterations", *iterations), ("layer", *layer as u64), ("filter", *filter as u64)]
        {
            if i64::try_from(count).is_err() {
                return bad(column, format!("{count} is more than an i64 column can hold"));
            }
        }
        if *layer == 0 {
            return bad("layer", "0 is no layer: the first is 1".into());
        }
        if !(score.is_finite() && *score >= 0.0) {
            return bad("score", format!("{score} is no score: it must be a finite number of at least 0"));
        }
        if let Some(threshold) = row.soft_threshold {
            if !threshold.is_finite() {
                let problem = format!("{threshold} is no threshold: it must be a finite number");
                return bad("soft_threshold", problem);
            }
            if (*score < threshold) != *soft {
                let problem = format!(
                    "soft is {soft}, but the score {score} and the threshold {threshold} say otherwise: leave \
                     soft_threshold empty if soft maps are labelled by hand"
                );
                return bad("soft", problem);
            }
        }
        if !seen.insert((session, layer, image, filter)) {
            let problem = format!(
                "session {session:?}, layer {layer}, image {image:?}, filter {filter} stands in an earlier row too: \
                 give every session and every image a name of its own"
            );
            return bad("filter", problem);
        }
        let first = *iterations_of.entry(session).or_insert(*iterations);
        if first != *iterations {
            let problem = format!(
                "session {session:?} has {} here and {first} in an earlier row",
                numbered(*iterations, "iteration")
            );
            return bad("iterations", problem);
        }
    }
    Ok(())
}
