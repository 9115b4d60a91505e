//! The record of a session: how it was made and how it ended.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Training;
use crate::dataset::{Dataset, hexadecimal};
use crate::network::kernels::InstructionPath;

/// The name and version of this software, as in records.
pub(crate) const SOFTWARE: &str = concat!("softness ", env!("CARGO_PKG_VERSION"));

/// Increased whenever a change makes the same options give other bits. Part of a session's key.
pub(crate) const TRAINING_CODE: u32 = 4;

/// Everything that determines a session to the last bit: options, data set, instruction path and the version of the
/// training code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The options.
    pub training: Training,
    /// The description of the data set.
    pub dataset: String,
    /// SHA-256 of the data set's labels and pixels.
    pub dataset_fingerprint: String,
    /// Number of training images.
    pub train_images: usize,
    /// Number of test images.
    pub test_images: usize,
    /// The processor instructions of the convolutions: "avx512", "avx2", "neon" or "portable".
    pub instructions: String,
    /// The version of the training code, 4 now. It increases when the same options give other bits.
    pub training_code: u32,
}

impl Recipe {
    /// The recipe of a session with these options on this data set and instruction path.
    pub(crate) fn new(dataset: &Dataset, training: Training, path: InstructionPath) -> Self {
        Self {
            training,
            dataset: dataset.description().to_owned(),
            dataset_fingerprint: dataset.fingerprint().to_owned(),
            train_images: dataset.train().len(),
            test_images: dataset.test().len(),
            instructions: path.name().to_owned(),
            training_code: TRAINING_CODE,
        }
    }

    /// Twelve hexadecimal digits, different for recipes that may give different bits.
    pub(crate) fn key(&self) -> String {
        let what = (&self.training, &self.dataset_fingerprint, &self.instructions, self.training_code);
        let text = serde_json::to_vec(&what).expect("numbers and strings have a JSON form");
        hexadecimal(&Sha256::digest(&text)[..6])
    }
}

/// The recipe and outcome of a finished session, saved as `session.json`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRecord {
    /// The session's name.
    pub name: String,
    /// Everything that determines the session to the last bit.
    pub(crate) recipe: Recipe,
    /// The software that trained it, with version.
    pub software: String,
    /// Share of all test images classified correctly at the end, 0..1.
    pub test_accuracy: f64,
    /// Mean cross-entropy of the batches between the last two evaluations.
    pub loss: f64,
    /// Seconds in optimiser steps, of the run that finished the session.
    pub train_seconds: f64,
    /// The iteration at which that run started; 0 unless an earlier run was interrupted.
    pub resumed_from: u64,
}

impl SessionRecord {
    /// The description of the data set.
    pub fn dataset(&self) -> &str {
        &self.recipe.dataset
    }

    /// The processor instructions of the convolutions: "avx512", "avx2", "neon" or "portable".
    pub fn instructions(&self) -> &str {
        &self.recipe.instructions
    }
}
