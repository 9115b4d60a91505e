//! Where the files of a store lie. [`Store`](super::Store) has the table.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::files::TEMPORARY;

/// The ending of the name of a finished session.
pub(super) const FINISHED: &str = "session";

/// Hexadecimal digits of a key.
const KEY: usize = 12;

/// The paths in a store. The path of a session depends on its key alone.
#[derive(Clone)]
pub(super) struct Layout {
    root: PathBuf,
    /// The folders of earlier versions, by key. They are listed once, when a session is not found elsewhere.
    folders: Arc<OnceLock<HashMap<String, PathBuf>>>,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.root)
    }
}

impl Layout {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, folders: Arc::default() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The finished session of this key, whether it is there or not.
    pub(super) fn archive(&self, key: &str) -> PathBuf {
        self.root.join(place_of(key))
    }

    /// A file of the unfinished session of this key: `checkpoint`, `lock`, `running` or `failed`.
    pub(super) fn unfinished(&self, key: &str, ending: &str) -> PathBuf {
        self.root.join("unfinished").join(format!("{key}.{ending}"))
    }

    /// Where damaged files are kept.
    pub(super) fn damaged(&self) -> PathBuf {
        self.root.join("damaged")
    }

    /// The finished session of this key that is there: its archive, or else the folder of an earlier version.
    pub(super) fn finished(&self, key: &str) -> Result<Option<PathBuf>> {
        let archive = self.archive(key);
        if is_there(&archive)? {
            return Ok(Some(archive));
        }
        let folder = match self.folders.get() {
            Some(folders) => folders.get(key),
            None => {
                let listed = folders(&self.root.join("sessions"))?;
                self.folders.get_or_init(|| listed).get(key)
            }
        };
        // It may have been set aside since.
        Ok(folder.filter(|folder| folder.exists()).cloned())
    }
}

/// Where the finished session of this key lies in every store.
pub(crate) fn place_of(key: &str) -> String {
    let shelf = key.get(..2).unwrap_or(key);
    format!("sessions/{shelf}/{key}.{FINISHED}")
}

/// Whether there is a file.
fn is_there(path: &Path) -> Result<bool> {
    match std::fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io(path, "look for it")(error)),
    }
}

/// The folders `NAME-KEY`, by key.
fn folders(sessions: &Path) -> Result<HashMap<String, PathBuf>> {
    let entries = match std::fs::read_dir(sessions) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
        entries => entries.map_err(Error::io(sessions, "list it"))?,
    };
    let mut folders = HashMap::new();
    for entry in entries {
        let entry = entry.map_err(Error::io(sessions, "list it"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let key = name.rsplit_once('-').map(|(_, key)| key).filter(|_| !name.starts_with(TEMPORARY));
        if let Some(key) = key.filter(|key| key.len() == KEY) {
            folders.insert(key.to_owned(), entry.path());
        }
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_comes_before_a_folder_and_the_folders_are_listed_once() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path().to_owned());
        let key = "0123456789ab";
        let folder = root.path().join("sessions").join(format!("30-2-{key}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir(root.path().join("sessions/.softness-30-2-ffffffffffff")).unwrap();
        assert_eq!(layout.finished(key).unwrap(), Some(folder.clone()));
        assert_eq!(layout.finished("ffffffffffff").unwrap(), None);
        std::fs::create_dir(root.path().join("sessions/later-aaaaaaaaaaaa")).unwrap();
        assert_eq!(layout.finished("aaaaaaaaaaaa").unwrap(), None, "not listed again");
        let archive = root.path().join("sessions/01/0123456789ab.session");
        std::fs::create_dir_all(archive.parent().unwrap()).unwrap();
        std::fs::write(&archive, "").unwrap();
        assert_eq!(layout.finished(key).unwrap(), Some(archive.clone()));
        std::fs::remove_file(archive).unwrap();
        std::fs::remove_dir(folder).unwrap();
        assert_eq!(layout.finished(key).unwrap(), None);
    }
}
