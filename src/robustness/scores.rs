//! The scores of many sessions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use maud::html;
use serde::Serialize;

use crate::display::notebook;
use crate::robustness::NullComparison;
use crate::robustness::held_text::{table, write_columns};

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

    /// Shows in a notebook what was scored: how many sessions of which length, and each response with its mean at the
    /// least and at the most training.
    pub fn evcxr_display(&self) {
        let page = html! { p { (self.heading()) } (table(&COLUMNS, &self.cells())) };
        notebook::show_html(&page.into_string(), &self.to_string());
    }

    /// Levels and numbers of sessions.
    fn levels(&self) -> BTreeMap<u64, BTreeSet<&str>> {
        let mut levels: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
        for row in &self.rows {
            levels.entry(row.iterations).or_default().insert(&row.session);
        }
        levels
    }

    fn heading(&self) -> String {
        let levels = self.levels();
        let sessions: usize = levels.values().map(BTreeSet::len).sum();
        let each: Vec<String> =
            levels.iter().map(|(level, names)| format!("{} × {level}", names.len())).collect();
        format!("{sessions} sessions (sessions × iterations: {})", each.join(", "))
    }

    fn cells(&self) -> Vec<[String; 5]> {
        let levels = self.levels();
        let (least, most) = (levels.keys().next().copied(), levels.keys().next_back().copied());
        let mean = |rows: &[&SessionScore], level: Option<u64>| {
            let of: Vec<f64> =
                rows.iter().filter(|row| Some(row.iterations) == level).map(|row| row.score).collect();
            format!("{:.4}", of.iter().sum::<f64>() / of.len() as f64)
        };
        let cells = |(layer, images, measure): (usize, String, String)| {
            let rows: Vec<&SessionScore> = self.select(layer, &images, &measure).collect();
            let place = if images.is_empty() { "filters".into() } else { images.clone() };
            [layer.to_string(), place, measure.clone(), mean(&rows, least), mean(&rows, most)]
        };
        self.responses().into_iter().map(cells).collect()
    }
}

/// The columns of what people see.
const COLUMNS: [&str; 5] = ["layer", "images", "measure", "mean, least training", "mean, most training"];

impl fmt::Display for SessionScores {
    /// What was scored, one line a response.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.heading())?;
        write_columns(formatter, &COLUMNS, &self.cells())
    }
}
