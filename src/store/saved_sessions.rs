//! All sessions that are saved in one folder.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::TEMPORARY;
use crate::session::Session;
use crate::session::keep::Keep;
use crate::store::layout::FINISHED;

/// The sessions in a folder: those in its sub-folders, and the archives of a store, if it is the store's folder `sessions`. They are
/// loaded without their dense layers, because those of thousands of sessions would not fit into memory. They are ordered by name and
/// key, as text. Other files and sub-folders are ignored.
///
/// # Errors
/// Those of [`Session::load`]; [`ErrorKind::Io`](crate::ErrorKind::Io) if the folder cannot be listed.
pub fn saved_sessions(folder: &Path) -> Result<Vec<Session>> {
    let mut sessions: Vec<(String, Session)> = Vec::new();
    for path in listed(folder)? {
        if path.join("session.json").is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sessions.push((name, Session::load_part(&path, Keep::Filters)?));
        } else if path.is_dir() {
            for archive in listed(&path)?.into_iter().filter(|path| is_archive(path)) {
                let session = Session::load_part(&archive, Keep::Filters)?;
                let key = archive.file_stem().unwrap_or_default().to_string_lossy();
                sessions.push((format!("{}-{key}", session.name()), session));
            }
        }
    }
    sessions.sort_by(|(one, _), (other, _)| one.cmp(other));
    // A session that an earlier version kept as a folder may have been trained again.
    sessions.dedup_by(|(one, _), (other, _)| one == other);
    Ok(sessions.into_iter().map(|(_, session)| session).collect())
}

/// The archives of the finished sessions in the store `root`; none if there is no such folder.
pub(super) fn archives(root: &Path) -> Result<Vec<PathBuf>> {
    let sessions = root.join("sessions");
    if !sessions.exists() {
        return Ok(Vec::new());
    }
    let mut archives = Vec::new();
    for shelf in listed(&sessions)?.into_iter().filter(|path| path.is_dir()) {
        archives.extend(listed(&shelf)?.into_iter().filter(|path| is_archive(path)));
    }
    Ok(archives)
}

/// The finished sessions in the store `root`, in the order of their paths: archives, and the folders of earlier versions.
pub(super) fn finished(root: &Path) -> Result<Vec<PathBuf>> {
    let mut finished = archives(root)?;
    if root.join("sessions").exists() {
        let is_folder = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with(TEMPORARY) && path.join("session.json").is_file()
        };
        finished.extend(listed(&root.join("sessions"))?.into_iter().filter(is_folder));
    }
    finished.sort();
    Ok(finished)
}

pub(super) fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io(folder, "list the folder"))?;
    entries.map(|entry| Ok(entry.map_err(Error::io(folder, "list the folder"))?.path())).collect()
}

/// Whether it is named as a store names finished sessions, not temporary files.
fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == FINISHED)
}
