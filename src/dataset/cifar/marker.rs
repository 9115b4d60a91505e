//! The record that `fetch` adds to the files that it unpacked, by which the original is recognised.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::layout::ARCHIVE_SHA256;
use crate::error::{Error, Result};
use crate::files;

/// Name of the record within the folder of the six files.
const FILE: &str = "softness-source.json";

/// The archive from which the files of a folder were unpacked, and what they contained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// SHA-256 of the archive, checked before it was unpacked.
    pub(crate) archive_sha256: String,
    /// Fingerprint of the data set when it was unpacked.
    pub(crate) fingerprint: String,
}

impl Marker {
    /// The record of a folder, if it has one.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the file is not such a record.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        serde_json::from_slice(&files::read(&path)?).map(Some).map_err(|error| {
            let hint = "remove it, or fetch the data set again";
            let problem = format!("it is not a record of where a data set came from ({error}); {hint}");
            Error::malformed(&path, problem)
        })
    }

    /// Writes the record into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self).expect("two strings have a JSON form");
        files::write_atomically(&path, (text + "\n").as_bytes())
    }

    /// Whether a data set with this fingerprint was unpacked from the authors' archive and not changed since.
    pub(crate) fn proves_original(&self, fingerprint: &str) -> bool {
        self.archive_sha256 == ARCHIVE_SHA256 && self.fingerprint == fingerprint
    }
}
