//! The scores of many sessions.

use serde::{Serialize, Serializer};

use crate::robustness::{AnyMeasure, NullComparison};
use crate::softness::Measure;

/// One measure of one session's layer: the mean over the layer's filters, and over the pictures of a set.
#[derive(Clone, PartialEq, Serialize)]
pub struct SessionScore {
    /// The session's name.
    pub session: String,
    /// Its optimiser steps.
    pub iterations: u64,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The name of the set of pictures; `None` for measures of the filters themselves, in a file an empty text.
    #[serde(serialize_with = "text_or_empty")]
    pub images: Option<String>,
    /// The measure.
    pub measure: AnyMeasure,
    /// The mean over pictures and filters; NaN if there is nothing to average. Filters without a value (constant maps)
    /// are left out if the measure has no limit for them.
    pub score: f64,
    /// The number of constant maps.
    pub constant: usize,
    /// The score compared with each null distribution. The initial filters are missing if the filters were not trained
    /// here, since their seed is not known.
    pub nulls: Vec<NullComparison>,
}

/// One measure of one session's layer on one picture: the mean over the layer's filters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PictureScore {
    pub session: String,
    pub iterations: u64,
    /// Counted from 1.
    pub layer: usize,
    /// The name of the set of pictures.
    pub images: String,
    pub picture: String,
    pub measure: Measure,
    pub score: f64,
}

/// A layer, a set of pictures (`None` for filters) and a measure. A session has one score for each.
pub(crate) type Response = (usize, Option<String>, AnyMeasure);

fn text_or_empty<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.as_deref().unwrap_or_default())
}

/// The scores of many sessions: a long table with one row for each session, layer, set of pictures and measure.
#[derive(Clone, PartialEq)]
pub struct SessionScores {
    pub(super) rows: Vec<SessionScore>,
    pub(super) pictures: Vec<PictureScore>,
}

impl SessionScores {
    #[cfg(test)]
    pub(crate) fn from_rows(rows: Vec<SessionScore>) -> Self {
        Self { rows, pictures: Vec::new() }
    }

    /// The rows: by session, then set of pictures, layer and measure; those of the filters come last.
    pub fn rows(&self) -> &[SessionScore] {
        &self.rows
    }

    /// Layers, sets of pictures and measures, each combination once, in order of appearance.
    pub(crate) fn responses(&self) -> Vec<Response> {
        let mut found: Vec<Response> = Vec::new();
        for row in &self.rows {
            let key = (row.layer, row.images.clone(), row.measure);
            if !found.contains(&key) {
                found.push(key);
            }
        }
        found
    }

    /// The rows of one layer, set of pictures (`None` for measures of filters) and measure: one for each session.
    pub fn select<'a>(
        &'a self,
        layer: usize,
        images: impl Into<Option<&'a str>>,
        measure: impl Into<AnyMeasure>,
    ) -> impl Iterator<Item = &'a SessionScore> {
        let (images, measure) = (images.into(), measure.into());
        let selected = move |row: &&SessionScore| {
            row.layer == layer && row.images.as_deref() == images && row.measure == measure
        };
        self.rows.iter().filter(selected)
    }

    /// The rows of one measure.
    pub fn with_measure(&self, measure: impl Into<AnyMeasure>) -> Self {
        let measure = measure.into();
        let pictures = self.pictures.iter().filter(|row| AnyMeasure::Map(row.measure) == measure);
        Self {
            rows: self.rows.iter().filter(|row| row.measure == measure).cloned().collect(),
            pictures: pictures.cloned().collect(),
        }
    }
}
