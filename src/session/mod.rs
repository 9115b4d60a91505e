//! Training sessions: options in, trained filters and their history out.
//!
//! [`train_session`] trains one session in memory. A [`Plan`] says which sessions a study consists
//! of; [`train_plan`] trains them side by side and keeps each in a [`Store`] on disk.

mod batches;
pub(crate) mod observer;
pub(crate) mod plan;
pub(crate) mod plan_file;
pub(crate) mod record;
pub(crate) mod run;
pub(crate) mod trainer;
pub(crate) mod training;

pub use observer::{Observer, Progress, Trained};
pub use plan::{Level, Plan, PlannedSession};
pub use record::{Recipe, SessionRecord, TRAINING_CODE};
pub use run::{INSTRUCTIONS_VARIABLE, instructions, train_session, train_session_observed};
pub use training::Training;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Failure, Result};
use crate::filters::FilterBank;
use crate::network::{Architecture, Weights};

/// What was measured at one iteration of a session.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Optimiser steps done.
    pub iteration: u64,
    /// Mean cross-entropy of the batches since the evaluation before.
    pub loss: f64,
    /// Share of test images classified rightly, 0..1. Measured on 25 images for every iteration since
    /// the evaluation before (250 where it is every 10), so that it takes at most a fifth of the time;
    /// evaluations go round through the test split, so their mean is not that of one subset.
    pub test_accuracy: f64,
}

/// A finished training session, or filters from elsewhere that are analysed like one.
#[derive(Debug, Clone)]
pub struct Session {
    pub(crate) name: String,
    pub(crate) training: Training,
    pub(crate) filters: Vec<FilterBank>,
    pub(crate) history: Vec<Evaluation>,
    pub(crate) weights: Option<Weights>,
    pub(crate) record: Option<SessionRecord>,
}

impl Session {
    /// Filters from elsewhere as a session, so that they go through the same analysis.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where the filters of layer 2 do not fit those of layer 1.
    pub fn from_filters(
        name: impl Into<String>,
        iterations: u64,
        first: FilterBank,
        second: FilterBank,
    ) -> Result<Self> {
        if first.channels() != 3 {
            return Err(Error::option("channels of layer 1", first.channels(), "a colour image has 3"));
        }
        if second.channels() != first.len() {
            let requirement = format!("layer 1 has {} filters", first.len());
            return Err(Error::option("channels of layer 2", second.channels(), requirement));
        }
        let architecture = Architecture {
            filters: [first.len(), second.len()],
            kernels: [first.kernel(), second.kernel()],
            ..Architecture::paper()
        };
        let training = Training::paper().architecture(architecture).iterations(iterations);
        let filters = vec![first, second];
        Ok(Self { name: name.into(), training, filters, history: Vec::new(), weights: None, record: None })
    }

    /// The session's name, as it appears in tables, file names and captions: "2000-1".
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The options it was trained with.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// The number of optimiser steps.
    pub fn iterations(&self) -> u64 {
        self.training.iterations
    }

    /// The filters of convolutional layer `layer`, counted from 1.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn filters(&self, layer: usize) -> Result<&FilterBank> {
        let layers = self.filters.len();
        self.filters.get(layer.wrapping_sub(1)).ok_or(Error::from(Failure::NoSuchLayer { layer, layers }))
    }

    /// The number of convolutional layers.
    pub fn layers(&self) -> usize {
        self.filters.len()
    }

    /// Loss and test accuracy in the course of training; empty for filters from elsewhere.
    pub fn history(&self) -> &[Evaluation] {
        &self.history
    }

    /// Accuracy on the whole test split at the end, 0..1; `None` for filters from elsewhere.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.record.as_ref().map(|record| record.test_accuracy)
    }

    /// What made the session and how it ended; `None` for filters from elsewhere.
    pub fn record(&self) -> Option<&SessionRecord> {
        self.record.as_ref()
    }

    /// All weights at the end of training; `None` where only the filters are known.
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// The same session with its filters alone, as small as it is to be shared.
    pub fn without_dense_layers(mut self) -> Self {
        self.weights = None;
        self
    }

    /// The same session under another name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        if let Some(record) = &mut self.record {
            record.name.clone_from(&self.name);
        }
        self
    }
}
