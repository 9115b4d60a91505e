//! All sessions that are saved in one folder.

use std::path::Path;

use crate::error::{Error, Result};
use crate::session::Session;

/// The sessions in the sub-folders of a folder, in the order of their folders' names. Other sub-folders are passed over.
///
/// # Errors
/// Those of [`Session::load`]; [`ErrorKind::Io`](crate::ErrorKind::Io) if the folder cannot be listed.
pub fn saved_sessions(folder: &Path) -> Result<Vec<Session>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder, "list the folder"))? {
        let path = entry.map_err(Error::io(folder, "list the folder"))?.path();
        if path.join("session.json").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    folders.iter().map(|folder| Session::load(folder)).collect()
}
