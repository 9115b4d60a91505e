//! Layer scores: sums, means and soft counts over the filters of a layer.

use std::collections::HashMap;
use std::hash::Hash;

use polars::frame::DataFrame;
use serde::{Deserialize, Serialize};

use super::{FilterScore, ScoreTable, frame};
use crate::error::Result;

/// The scores of one session, layer and image combined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerScore {
    /// The session's name.
    pub session: String,
    /// The session's number of optimiser steps.
    pub iterations: u64,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The picture's name.
    pub image: String,
    /// The number of filters.
    pub filters: usize,
    /// The layer score: the sum of the filters' scores. Lower is softer.
    pub sum: f64,
    /// The mean of the filters' scores, for comparing layers of different size.
    pub mean: f64,
    /// The number of soft maps.
    pub soft_count: usize,
    /// The score below which a map counts as soft; `None` if soft maps were labelled by hand.
    pub soft_threshold: Option<f64>,
}

impl ScoreTable {
    /// The layer scores, in the order in which sessions, layers and images first appear.
    pub fn layer_scores(&self) -> Vec<LayerScore> {
        let rows = self.rows().iter().map(|row| ((&row.session, row.layer, &row.image), row));
        let layer_score = |rows: Vec<&FilterScore>| {
            let (first, sum) = (rows[0], rows.iter().fold(0.0, |sum, row| sum + row.score));
            LayerScore {
                session: first.session.clone(),
                iterations: first.iterations,
                layer: first.layer,
                image: first.image.clone(),
                filters: rows.len(),
                sum,
                mean: sum / rows.len() as f64,
                soft_count: rows.iter().filter(|row| row.soft).count(),
                soft_threshold: first.soft_threshold,
            }
        };
        grouped(rows).into_iter().map(|(_, rows)| layer_score(rows)).collect()
    }

    /// [`layer_scores`](Self::layer_scores) as a data frame with the columns `session` (str), `iterations`, `layer`
    /// (i64), `image` (str), `filters` (i64), `score_sum`, `score_mean` (f64), `soft_count` (i64) and
    /// `soft_threshold` (f64 or null).
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal), which does not happen for a valid table.
    pub fn layers(&self) -> Result<DataFrame> {
        frame::from_layers(&self.layer_scores())
    }
}

/// The items of each key, both in the order in which they first appear.
pub(crate) fn grouped<K: Clone + Eq + Hash, T>(items: impl IntoIterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    let mut places = HashMap::new();
    for (key, item) in items {
        let place = *places.entry(key).or_insert_with_key(|key| {
            groups.push((key.clone(), Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(item);
    }
    groups
}
