//! The options of a training session.

use serde::{Deserialize, Serialize};

use super::Snapshots;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::network::{Architecture, Initialisation, Optimiser};

/// Optimiser steps are counted in 32 bits.
pub(super) const MAX_ITERATIONS: u64 = i32::MAX as u64;

/// The options of one training session; the default is [`Training::paper`]. Setters never fail. The values are checked
/// when training starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Training {
    /// The network. Its number of classes is replaced by that of the data set.
    pub architecture: Architecture,
    /// Number of optimiser steps, one batch each, 1 to 2,147,483,647.
    pub iterations: u64,
    /// Images per batch, 1 to the number of training images. 50 in the paper, 64 in Hvass-Labs 02.
    pub batch: usize,
    /// Seed of the initial weights, the order of the batches and dropout.
    pub seed: u64,
    /// The optimiser's step size, above 0; 1e-4 in both ancestors.
    pub learning_rate: f64,
    /// What turns the gradient into a step: Adam in both ancestors.
    #[serde(default, skip_serializing_if = "Optimiser::is_adam")]
    pub optimiser: Optimiser,
    /// Iterations between two evaluations of loss and test accuracy; 10 in the paper's figure 6. 0: at the end only.
    pub evaluate_every: u64,
    /// The iterations at which it keeps its filters, for [`Session::at`](super::Session::at); default: none. Not part of the
    /// session's key: the session is bit-identical whether they are kept or not.
    #[serde(default, skip_serializing_if = "Snapshots::is_none")]
    pub snapshots: Snapshots,
    /// Whether a store trains the session again even if it has it. Not part of the session's key.
    #[serde(skip)]
    pub retrain: bool,
}

impl Training {
    /// The paper's options: its network, batches of 50, Adam with 1e-4, evaluated every 10 iterations; 2,000 iterations
    /// and seed 1.
    pub fn paper() -> Self {
        Self {
            architecture: Architecture::paper(),
            iterations: 2_000,
            batch: 50,
            seed: 1,
            learning_rate: 1e-4,
            optimiser: Optimiser::Adam,
            evaluate_every: 10,
            snapshots: Snapshots::None,
            retrain: false,
        }
    }

    /// Hvass-Labs TensorFlow tutorial 02: [`paper`](Self::paper) with batches of 64.
    pub fn hvass02() -> Self {
        Self { batch: 64, ..Self::paper() }
    }

    /// TensorFlow's "Deep MNIST for experts": [`Architecture::deep_mnist`], batches of 50.
    pub fn deep_mnist() -> Self {
        Self { architecture: Architecture::deep_mnist(), ..Self::paper() }
    }

    setters! {
        /// With another number of optimiser steps.
        pub fn iterations(self, iterations: u64);

        /// With another seed.
        pub fn seed(self, seed: u64);

        /// With another network.
        pub fn architecture(self, architecture: Architecture);

        /// With another number of images per batch.
        pub fn batch(self, batch: usize);

        /// With another step size.
        pub fn learning_rate(self, learning_rate: f64);

        /// With another optimiser. The learning rate stays, and is much too small for plain gradient descent.
        pub fn optimiser(self, optimiser: Optimiser);

        /// Evaluated every `iterations` iterations; 0 for the end only.
        pub fn evaluate_every(self, iterations: u64);

        /// With its filters kept at these iterations, for [`Session::at`](super::Session::at): `true` for 1, 2, 5, 10, 20, 50,
        /// 100, .. to the end, or an ascending list between 1 and the last iteration. It takes less than 2 % of the time and,
        /// for the paper's network, 31 KB for each iteration kept.
        ///
        /// A store that has the session without them trains it again: the result is the same, with the snapshots.
        pub fn snapshots(self, snapshots: impl Into<Snapshots>);
    }

    /// With another distribution of the initial weights: that of the [`architecture`](Self::architecture).
    pub fn initialisation(mut self, initialisation: Initialisation) -> Self {
        self.architecture.initialisation = initialisation;
        self
    }

    /// Trained again even if a store has it.
    pub fn retrain(mut self) -> Self {
        self.retrain = true;
        self
    }

    /// The preset of this name: `paper`, `hvass02` or `deep_mnist`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no such preset.
    pub fn preset(name: &str) -> Result<Self> {
        match name {
            "paper" => Ok(Self::paper()),
            "hvass02" => Ok(Self::hvass02()),
            "deep_mnist" => Ok(Self::deep_mnist()),
            _ => {
                Err(Error::option("preset", format!("\"{name}\""), "it must be paper, hvass02 or deep_mnist"))
            }
        }
    }

    /// The name of a session of these options if it is given no other: "2000-seed1".
    pub fn default_name(&self) -> String {
        format!("{}-seed{}", self.iterations, self.seed)
    }

    /// The same options with the number of classes of the data set.
    pub(crate) fn with_classes_of(mut self, dataset: &Dataset) -> Self {
        self.architecture.classes = dataset.class_names().len();
        self
    }

    /// The same options with the number of classes of the data set, every option checked.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names the option that is out of range.
    pub(crate) fn for_dataset(self, dataset: &Dataset) -> Result<Self> {
        let training = self.with_classes_of(dataset);
        training.check(dataset)?;
        Ok(training)
    }

    pub(super) fn check(&self, dataset: &Dataset) -> Result<()> {
        self.architecture.check()?;
        let images = dataset.train().len();
        let requirement = format!(
            "it must lie between 1 and the {images} training images; choose another with `--batch`, in a plan file with \
             `batch`, in Rust with `Training::batch`"
        );
        Error::require((1..=images).contains(&self.batch), "batch", self.batch, requirement)?;
        let requirement = format!("it must lie between 1 and {MAX_ITERATIONS}");
        let fits = (1..=MAX_ITERATIONS).contains(&self.iterations);
        Error::require(fits, "iterations", self.iterations, requirement)?;
        let fits = self.learning_rate > 0.0 && self.learning_rate.is_finite();
        Error::require(fits, "learning rate", self.learning_rate, "it must be a positive number")?;
        self.snapshots.check(self.iterations)
    }
}

impl Default for Training {
    /// [`Training::paper`].
    fn default() -> Self {
        Self::paper()
    }
}
