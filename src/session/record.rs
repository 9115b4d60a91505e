//! What made a session: the record that is saved beside its filters.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Training;
use crate::dataset::{Dataset, hexadecimal};
use crate::error::{Error, Result};
use crate::network::conv::InstructionPath;

/// The name and version of this software, as in records.
pub(crate) const SOFTWARE: &str = concat!("softness ", env!("CARGO_PKG_VERSION"));

/// Counts up when a change makes the same options train to other bits. Part of a session's key.
pub const TRAINING_CODE: u32 = 3;

/// Everything that determines a session's bits: options, data set, instruction path and the version
/// of the training code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The options.
    pub training: Training,
    /// What data it was trained on, in words.
    pub dataset: String,
    /// SHA-256 of the data set's labels and pixels.
    pub dataset_fingerprint: String,
    /// Number of training images.
    pub train_images: usize,
    /// Number of test images.
    pub test_images: usize,
    /// The instructions of the processor that the convolutions used: "avx512", "avx2", "portable" ..
    pub instructions: String,
    /// [`TRAINING_CODE`] of the software that trained it.
    pub training_code: u32,
}

impl Recipe {
    /// The recipe for these options on this data set and path.
    pub(crate) fn new(dataset: &Dataset, training: &Training, path: InstructionPath) -> Self {
        Self {
            training: training.clone(),
            dataset: dataset.description().to_owned(),
            dataset_fingerprint: dataset.fingerprint().to_owned(),
            train_images: dataset.train().len(),
            test_images: dataset.test().len(),
            instructions: path.name().to_owned(),
            training_code: TRAINING_CODE,
        }
    }

    /// Twelve hexadecimal digits that differ between recipes that may train to different bits.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where an option is not a finite number.
    pub(crate) fn key(&self) -> Result<String> {
        let what = (&self.training, &self.dataset_fingerprint, &self.instructions, self.training_code);
        let text = serde_json::to_vec(&what)
            .map_err(|error| Error::option("training options", error, "every number must be finite"))?;
        Ok(hexadecimal(&Sha256::digest(&text)[..6]))
    }
}

/// A finished session's recipe and outcome, saved as `session.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRecord {
    /// The session's name.
    pub name: String,
    /// Everything that determines its bits.
    pub recipe: Recipe,
    /// The software that trained it, with its version.
    pub software: String,
    /// Share of the whole test split classified rightly at the end, 0..1.
    pub test_accuracy: f64,
    /// Mean cross-entropy of the batches since the last evaluation but one.
    pub loss: f64,
    /// Seconds spent in optimiser steps by the run that finished it.
    pub train_seconds: f64,
    /// The iteration that run started from; 0 unless an earlier one was interrupted.
    pub resumed_from: u64,
}
