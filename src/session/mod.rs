//! Training sessions: options in, trained filters and their history out.
//!
//! [`train_in_memory`] trains one session. A [`Plan`] lists the sessions of a study;
//! [`Store::train_plan`](crate::store::Store::train_plan) trains them side by side and saves each on disk.
//!
//! A session can keep its filters at iterations during training ([`Training::snapshots`]); [`Session::at`] is the session as it was
//! then. [`Session::from_checkpoints`] makes such a session of the checkpoints of a network that was trained elsewhere.

pub(crate) mod along;
mod batches;
mod checkpoints;
pub(crate) mod keep;
pub(crate) mod kept;
pub(crate) mod observer;
pub(crate) mod pace;
pub(crate) mod pin;
pub(crate) mod plan;
mod plan_file;
pub(crate) mod record;
pub(crate) mod run;
pub(crate) mod shares;
pub(crate) mod snapshot;
mod snapshots;
pub(crate) mod trainer;
mod training;

pub use crate::network::{Architecture, Initialisation, Optimiser};
pub use observer::{Observer, Progress};
pub use plan::{Plan, PlanLevel};
pub use record::SessionRecord;
pub use run::train_in_memory;
pub use snapshots::Snapshots;
pub use training::Training;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::network::Weights;
use snapshot::Snapshot;

/// Loss and test accuracy at one iteration of a session.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Optimiser steps done.
    pub iteration: u64,
    /// Mean cross-entropy of the batches since the previous evaluation.
    pub loss: f64,
    /// Share of test images classified correctly, 0..1. An evaluation takes 25 test images per iteration between two
    /// evaluations (250 if one is made every 10), which costs at most a fifth of the time. Successive evaluations take
    /// successive images of the test split and start again at its end.
    pub test_accuracy: f64,
}

/// A finished training session, or filters from elsewhere that are analysed like one.
#[derive(Clone)]
pub struct Session {
    pub(crate) name: String,
    pub(crate) training: Training,
    pub(crate) filters: Vec<FilterBank>,
    pub(crate) history: Vec<Evaluation>,
    pub(crate) weights: Option<Weights>,
    pub(crate) record: Option<SessionRecord>,
    /// The filters kept while it trained, or of its earlier checkpoints, by ascending iteration, without those of the end.
    pub(crate) snapshots: Vec<Snapshot>,
}

impl Session {
    /// Filters that were trained elsewhere, as a session, for the same analysis: one bank for each convolutional layer,
    /// numbered from 1.
    ///
    /// The readings [`KernelSliceSum`](crate::responses::Reading::KernelSliceSum),
    /// [`EachKernel`](crate::responses::Reading::EachKernel) and [`KernelSlice`](crate::responses::Reading::KernelSlice) apply to any
    /// layers. The forward pass is that of the
    /// study's network. It is there if the layers fit it: two, of odd kernels, the first on 3 channels, the second on one
    /// channel per filter of the first. They are then taken to be followed by ReLU and 2 x 2 max-pooling, as in the study.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no layer, or the banks are not numbered 1,
    /// 2, 3, ..
    pub fn from_filters(
        name: impl Into<String>,
        iterations: u64,
        layers: impl Into<Vec<FilterBank>>,
    ) -> Result<Self> {
        let filters: Vec<FilterBank> = layers.into();
        Error::require(!filters.is_empty(), "layers", "empty", "a session needs at least one layer")?;
        for (bank, number) in filters.iter().zip(1..) {
            let requirement = format!("it is number {number} of the list, and layers are in order from 1");
            Error::require(bank.layer() == number, "layer of a filter bank", bank.layer(), requirement)?;
        }
        let mut training = Training::paper().iterations(iterations);
        if let [first, second] = &filters[..] {
            training.architecture.filters = [first.len(), second.len()];
            training.architecture.kernels = [first.kernel(), second.kernel()];
        }
        Ok(Self {
            name: name.into(),
            training,
            filters,
            history: Vec::new(),
            weights: None,
            record: None,
            snapshots: Vec::new(),
        })
    }

    /// The architecture of the network, if its layers are those of the study's kind of network: the one that a forward pass
    /// and untrained networks can be computed for.
    pub(crate) fn architecture(&self) -> Option<&Architecture> {
        let architecture = &self.training.architecture;
        let [first, second] = &self.filters[..] else { return None };
        let fits = first.channels() == 3
            && second.channels() == first.len()
            && architecture.filters == [first.len(), second.len()]
            && architecture.kernels == [first.kernel(), second.kernel()]
            && architecture.check().is_ok();
        fits.then_some(architecture)
    }

    getters! {
        /// The session's name in tables, file names and captions: "2000-1".
        pub fn name(&self) -> &str;

        /// The evaluations in the course of training; empty for filters from elsewhere.
        pub fn history(&self) -> &[Evaluation];
    }

    /// The options it was trained with.
    pub fn training(&self) -> Training {
        self.training.clone()
    }

    /// The number of optimiser steps.
    pub fn iterations(&self) -> u64 {
        self.training.iterations
    }

    /// The filters of convolutional layer `layer`, counted from 1.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer.
    pub fn filters(&self, layer: usize) -> Result<FilterBank> {
        let layers = self.filters.len();
        self.filters.get(layer.wrapping_sub(1)).cloned().ok_or_else(|| Error::no_layer(layer, layers))
    }

    /// The number of convolutional layers.
    pub fn layers(&self) -> usize {
        self.filters.len()
    }

    /// Accuracy on all test images at the end, 0..1; `None` for filters from elsewhere.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.record.as_ref().map(|record| record.test_accuracy)
    }

    /// Whether an evaluation in the course of training took all test images, as those of a small data set do.
    pub(crate) fn is_evaluated_on_all(&self) -> bool {
        let all = self.record.as_ref().map(|record| record.recipe.test_images);
        all.is_some_and(|all| trainer::evaluated(&self.training, all) == all)
    }

    /// How the session was made and how it ended; `None` for filters from elsewhere.
    pub fn record(&self) -> Option<SessionRecord> {
        self.record.clone()
    }

    /// All weights at the end of training; `None` if only the filters are known.
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// The same session without the weights of its dense layers, which are most of its size.
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
