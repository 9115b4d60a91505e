//! The scores of many sessions.

use serde::Serialize;

use crate::robustness::NullComparison;

/// One measure of one session's layer: the mean over the layer's filters, and over the pictures of a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionScore {
    /// The session's name.
    pub session: String,
    /// Its optimiser steps.
    pub iterations: u64,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The set of pictures; empty for measures of the filters themselves.
    pub images: String,
    /// The name of the measure.
    pub measure: String,
    /// The mean over pictures and filters, NaN where there is nothing to average. Filters without a value
    /// (constant maps) are left out where the measure has no limit for them.
    pub score: f64,
    /// The number of constant maps.
    pub constant: usize,
    /// The score beside its nulls. The initial one is missing for filters from elsewhere, whose seed is not known.
    pub nulls: Vec<NullComparison>,
}

/// One measure of one session's layer on one picture: the mean over the layer's filters.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureScore {
    /// The session's name.
    pub session: String,
    /// Its optimiser steps.
    pub iterations: u64,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The set of pictures.
    pub images: String,
    /// The picture.
    pub picture: String,
    /// The name of the measure.
    pub measure: String,
    /// The mean over filters.
    pub score: f64,
}

/// The scores of many sessions: a long table with one row a session, layer, set of pictures and measure.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionScores {
    pub(super) rows: Vec<SessionScore>,
    pub(super) pictures: Vec<PictureScore>,
}

impl SessionScores {
    /// The rows: by session, then set of pictures, layer and measure; those of the filters come last.
    pub fn rows(&self) -> &[SessionScore] {
        &self.rows
    }

    /// The scores of single pictures, without nulls; empty where the table was read from a file.
    pub fn pictures(&self) -> &[PictureScore] {
        &self.pictures
    }

    /// Layers, sets of pictures and measures, each combination once, in order of appearance.
    pub fn responses(&self) -> Vec<(usize, String, String)> {
        let mut found: Vec<(usize, String, String)> = Vec::new();
        for row in &self.rows {
            let key = (row.layer, row.images.clone(), row.measure.clone());
            if !found.contains(&key) {
                found.push(key);
            }
        }
        found
    }

    /// The rows of one layer, set of pictures and measure, one a session.
    pub fn select<'a>(
        &'a self,
        layer: usize,
        images: &'a str,
        measure: &'a str,
    ) -> impl Iterator<Item = &'a SessionScore> {
        self.rows
            .iter()
            .filter(move |row| row.layer == layer && row.images == images && row.measure == measure)
    }

    /// The rows of one measure alone.
    pub fn with_measure(&self, measure: &str) -> Self {
        Self {
            rows: self.rows.iter().filter(|row| row.measure == measure).cloned().collect(),
            pictures: self.pictures.iter().filter(|row| row.measure == measure).cloned().collect(),
        }
    }
}
