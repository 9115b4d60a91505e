//! The options of a training session.

use serde::{Deserialize, Serialize};

use crate::network::Architecture;

/// The options of one training session. Values are checked once, by
/// `train_session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// What the network is made of.
    pub architecture: Architecture,
    /// Number of optimiser steps, each on one batch.
    pub iterations: u64,
    /// Images a batch. 50 in the paper, 64 in Hvass-Labs 02.
    pub batch: usize,
    /// Seed of the initial weights, the order of the batches and dropout.
    pub seed: u64,
    /// Adam's step size; 1e-4 in both ancestors.
    pub learning_rate: f64,
    /// Loss and test accuracy are noted every so many iterations; 10 in the paper's figure 6. 0: at the end only.
    pub evaluate_every: u64,
}

impl Training {
    /// The paper's options: its network, batches of 50, Adam with 1e-4, evaluated every 10
    /// iterations. 2,000 iterations and seed 1 unless told otherwise.
    pub fn paper() -> Self {
        Self {
            architecture: Architecture::paper(),
            iterations: 2_000,
            batch: 50,
            seed: 1,
            learning_rate: 1e-4,
            evaluate_every: 10,
        }
    }

    /// Hvass-Labs TensorFlow tutorial 02: as [`paper`](Self::paper) with batches of 64.
    pub fn hvass02() -> Self {
        Self { batch: 64, ..Self::paper() }
    }

    /// TensorFlow's "Deep MNIST for experts": [`Architecture::deep_mnist`], batches of 50.
    pub fn deep_mnist() -> Self {
        Self { architecture: Architecture::deep_mnist(), ..Self::paper() }
    }

    /// With another number of optimiser steps.
    pub fn iterations(mut self, iterations: u64) -> Self {
        self.iterations = iterations;
        self
    }

    /// With another seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// With another network.
    pub fn architecture(mut self, architecture: Architecture) -> Self {
        self.architecture = architecture;
        self
    }

    /// With another number of images a batch.
    pub fn batch(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }

    /// With another step size for Adam.
    pub fn learning_rate(mut self, learning_rate: f64) -> Self {
        self.learning_rate = learning_rate;
        self
    }

    /// Evaluated every so many iterations; 0 for the end only.
    pub fn evaluate_every(mut self, iterations: u64) -> Self {
        self.evaluate_every = iterations;
        self
    }
}
