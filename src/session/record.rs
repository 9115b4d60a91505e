//! The record of a session: how it was made and how it ended.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Snapshots, Training};
use crate::dataset::Dataset;
use crate::files::checksums::hexadecimal;
use crate::network::kernels::InstructionPath;

/// The name and version of this software, as in records.
pub(crate) const SOFTWARE: &str = concat!("softness ", env!("CARGO_PKG_VERSION"));

/// Increased whenever a change makes the same options give other bits. Part of a session's key.
pub(crate) const TRAINING_CODE: u32 = 4;

/// The first version whose initial weights are those of [`TRAINING_CODE`].
pub(crate) const FIRST_CODE_OF_INITIAL_WEIGHTS: u32 = 3;

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
        key_of(&self.training, &self.dataset_fingerprint, &self.instructions, self.training_code)
    }
}

/// The key of a session with these options, data set, instruction path and training code. It does not depend on the snapshots.
pub(crate) fn key_of(training: &Training, fingerprint: &str, instructions: &str, code: u32) -> String {
    let training = training.clone().snapshots(Snapshots::None);
    let what = (training, fingerprint, instructions, code);
    let text = serde_json::to_vec(&what).expect("numbers and strings have a JSON form");
    hexadecimal(&Sha256::digest(&text)[..6])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Initialisation, Optimiser};

    /// The text of a record of the crate.
    fn text(session: &str) -> String {
        let root = env!("CARGO_MANIFEST_DIR");
        std::fs::read_to_string(format!("{root}/data/paper/sessions/{session}/session.json")).unwrap()
    }

    #[test]
    fn records_and_keys_of_earlier_sessions_stay_as_they_are() {
        for session in ["1-1", "2000-1", "50000-1"] {
            let text = text(session);
            let record: SessionRecord = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string_pretty(&record).unwrap() + "\n", text, "{session}");
        }
        // The first six bytes of the SHA-256 that Python's hashlib gives for the options and data of the file, without
        // spaces.
        let record: SessionRecord = serde_json::from_str(&text("2000-1")).unwrap();
        assert_eq!(record.recipe.key(), "ab791b8c0ddf");
    }

    #[test]
    fn snapshots_are_in_the_record_and_not_in_the_key() {
        let mut record: SessionRecord = serde_json::from_str(&text("2000-1")).unwrap();
        let without = record.recipe.key();
        for (snapshots, expected) in
            [(Snapshots::LogSpaced, "\"snapshots\":true"), (Snapshots::from([1, 7]), "\"snapshots\":[1,7]")]
        {
            record.recipe.training.snapshots = snapshots;
            assert_eq!(record.recipe.key(), without);
            let json = serde_json::to_string(&record).unwrap();
            assert!(json.contains(expected), "{json}");
            assert!(serde_json::from_str::<SessionRecord>(&json).unwrap() == record, "{json}");
        }
    }

    #[test]
    fn every_initialisation_and_optimiser_has_a_key_and_a_record_of_its_own() {
        let record: SessionRecord = serde_json::from_str(&text("2000-1")).unwrap();
        let mut keys = std::collections::HashSet::new();
        let truncated = |sd| Initialisation::Truncated { sd };
        for initialisation in [truncated(0.05), truncated(0.1), Initialisation::He, Initialisation::Glorot] {
            for optimiser in Optimiser::ALL {
                let mut record = record.clone();
                let training = record.recipe.training.initialisation(initialisation).optimiser(optimiser);
                record.recipe.training = training;
                assert!(keys.insert(record.recipe.key()), "{initialisation} {optimiser}");
                let json = serde_json::to_string(&record).unwrap();
                assert_eq!(json.contains("optimiser"), optimiser != Optimiser::Adam, "{json}");
                assert!(serde_json::from_str::<SessionRecord>(&json).unwrap() == record, "{json}");
            }
        }
    }
}
