//! The record that `fetch` leaves beside the files it unpacked, from which the original is known.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::dataset::fetch::CIFAR10_SHA256;
use crate::error::{Error, Result};
use crate::files;

/// Name of the record within the folder of the six files.
const FILE: &str = "softness-source.json";

/// Which archive the files of a folder were unpacked from, and what was in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// SHA-256 of the archive, checked before it was unpacked.
    pub(crate) archive_sha256: String,
    /// Fingerprint of the data set just after it was unpacked.
    pub(crate) fingerprint: String,
}

impl Marker {
    /// The record of a folder, if it has one.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) where the file is not such a record.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        serde_json::from_slice(&files::read(&path)?).map(Some).map_err(|error| {
            let hint = "remove it, or fetch the data set again";
            Error::malformed(
                &path,
                format!("it is not a record of where a data set came from ({error}); {hint}"),
            )
        })
    }

    /// Writes the record into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::malformed(&path, format!("it could not be put into JSON: {error}")))?;
        files::write_atomically(&path, (text + "\n").as_bytes())
    }

    /// Whether a data set with this fingerprint is what came out of the authors' archive.
    pub(crate) fn proves_original(&self, fingerprint: &str) -> bool {
        self.archive_sha256 == CIFAR10_SHA256 && self.fingerprint == fingerprint
    }
}
