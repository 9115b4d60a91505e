//! Why a session failed, so that a share does not train it again and again.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::runner::Runner;
use crate::error::{Error, Result};
use crate::files;

/// The failure of a session that would fail again in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failed {
    /// The error's sentence.
    pub reason: String,
    /// Who trained it.
    pub by: Runner,
}

impl Failed {
    /// By this process, for this reason.
    pub fn now(error: &Error) -> Self {
        Self { reason: error.to_string(), by: Runner::this() }
    }

    /// The file of the session with this key.
    pub fn file(store: &Path, key: &str) -> PathBuf {
        store.join("unfinished").join(format!("{key}.failed"))
    }

    /// The failure that a store has of a session.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file.
    pub fn read(store: &Path, key: &str) -> Result<Option<Self>> {
        let path = Self::file(store, key);
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(Error::io(&path, "read it"))?,
        };
        let problem = |error| format!("it is not the reason of a failure ({error}); delete it to try again");
        serde_json::from_slice(&bytes).map(Some).map_err(|error| Error::malformed(&path, problem(error)))
    }

    /// Keeps it in a store.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub fn keep(&self, store: &Path, key: &str) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("texts have a JSON form");
        files::write_atomically(&Self::file(store, key), &text)
    }

    /// Deletes that of a session which has succeeded or is tried again. What cannot be deleted stays and is not looked at once the
    /// session is finished.
    pub fn forget(store: &Path, key: &str) {
        let _ = std::fs::remove_file(Self::file(store, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_reason_is_kept_until_it_is_forgotten_and_a_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Failed::read(folder.path(), "k").unwrap(), None);
        let failed = Failed::now(&Error::new(ErrorKind::Diverged, "too fast"));
        failed.keep(folder.path(), "k").unwrap();
        assert_eq!(Failed::read(folder.path(), "k").unwrap(), Some(failed));
        std::fs::write(Failed::file(folder.path(), "k"), b"{").unwrap();
        let error = Failed::read(folder.path(), "k").unwrap_err().to_string();
        assert!(error.contains("k.failed") && error.contains("delete it to try again"), "{error}");
        Failed::forget(folder.path(), "k");
        assert_eq!(Failed::read(folder.path(), "k").unwrap(), None);
    }
}
