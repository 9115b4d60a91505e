//! Scores sessions and untrained networks under every reading and border.

use ndarray::Array2;
use rayon::prelude::*;

use super::study::ScoreColumn;
use crate::dataset::{Dataset, Picture};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::robustness::network_means::network_means;
use crate::robustness::{PictureSet, SessionScoreOptions};
use crate::session::Session;

/// The seed of the first untrained network. The seeds of the thresholds of soft maps come before it.
const FIRST_SEED: u64 = (1 << 63) + 10_000;
const PHOTOGRAPHS: usize = 20;
const STATIC_FIELDS: u64 = 10;

/// Everything that networks are scored on.
pub(super) struct Scoring {
    sets: Vec<PictureSet>,
    options: Vec<ResponseOptions>,
}

impl Scoring {
    pub fn new(dataset: &Dataset) -> Result<Self> {
        let mut sets = [dataset.bird(), Picture::static_noise(1)].map(PictureSet::from_picture).to_vec();
        sets.push(PictureSet::photographs(dataset, PHOTOGRAPHS)?);
        sets.push(PictureSet::static_fields(STATIC_FIELDS)?);
        let options = Border::ALL.into_iter().flat_map(|border| {
            Reading::ALL.map(|reading| ResponseOptions::default().reading(reading).border(border))
        });
        Ok(Self { sets, options: options.collect() })
    }

    /// The columns of the scores: by border, reading, set of images and layer.
    pub fn columns(&self) -> Vec<ScoreColumn> {
        let mut columns = Vec::new();
        for &options in &self.options {
            for set in &self.sets {
                columns.extend((1..=2).map(|layer| ScoreColumn {
                    options,
                    images: set.name().into(),
                    layer,
                }));
            }
        }
        columns
    }

    /// The layer scores of one network, in the order of the columns.
    fn scores(&self, banks: &[FilterBank], input_scale: f32) -> Result<Vec<f64>> {
        let mut scores = Vec::new();
        for &response in &self.options {
            let options = SessionScoreOptions::softness_only().response(response);
            let means = network_means(&[banks], None, input_scale, &self.sets, &options)?.remove(0);
            for set in means.sets {
                scores.extend(set.iter().zip(banks).map(|(mean, bank)| mean[0].value * bank.len() as f64));
            }
        }
        Ok(scores)
    }

    /// The layer scores of sessions: name, iterations, scores.
    pub fn sessions(&self, sessions: &[Session]) -> Result<Vec<(String, u64, Vec<f64>)>> {
        let score = |session: &Session| {
            let scale = session.training().architecture.input_scale;
            Ok((session.name().to_owned(), session.iterations(), self.scores(&session.filters, scale)?))
        };
        sessions.par_iter().map(score).collect()
    }

    /// The layer scores of so many untrained networks of the paper's architecture, (networks, columns).
    pub fn untrained(&self, count: u64) -> Result<Array2<f64>> {
        let score = |number| self.scores(&untrained_filters(number)?, architecture().input_scale);
        let rows: Vec<Vec<f64>> = (0..count).into_par_iter().map(score).collect::<Result<_>>()?;
        let columns = self.columns().len();
        Ok(Array2::from_shape_vec((rows.len(), columns), rows.concat()).expect("a score for each column"))
    }
}

/// The paper's network. The dense layers come after every map, so the smallest ones will do.
pub(super) fn architecture() -> Architecture {
    Architecture { dense: 1, classes: 1, ..Architecture::paper() }
}

/// The filters of an untrained network, counted from 0.
pub(super) fn untrained_filters(number: u64) -> Result<Vec<FilterBank>> {
    FilterBank::from_weights(&Weights::initial(&architecture(), FIRST_SEED + number)?)
}
