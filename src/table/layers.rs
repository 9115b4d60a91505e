//! Layer scores: sums, means and soft counts over the filters of a layer.

use polars::frame::DataFrame;
use serde::{Deserialize, Serialize};

use super::{ScoreTable, frame};
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
    /// The mean of the filters' scores, which compares layers of different size.
    pub mean: f64,
    /// The number of soft maps.
    pub soft_count: usize,
    /// The score below which a map counts as soft; `None` if soft maps were labelled by hand.
    pub soft_threshold: Option<f64>,
}

impl ScoreTable {
    /// The layer scores, in the order in which sessions, layers and images first appear.
    pub fn layer_scores(&self) -> Vec<LayerScore> {
        let mut layers: Vec<LayerScore> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for row in self.rows() {
            let place = *places.entry((&row.session, row.layer, &row.image)).or_insert_with(|| {
                layers.push(LayerScore {
                    session: row.session.clone(),
                    iterations: row.iterations,
                    layer: row.layer,
                    image: row.image.clone(),
                    filters: 0,
                    sum: 0.0,
                    mean: 0.0,
                    soft_count: 0,
                    soft_threshold: row.soft_threshold,
                });
                layers.len() - 1
            });
            let layer = &mut layers[place];
            layer.filters += 1;
            layer.sum += row.score;
            layer.soft_count += usize::from(row.soft);
        }
        for layer in &mut layers {
            layer.mean = layer.sum / layer.filters as f64;
        }
        layers
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
