//! The saved sessions that a command names.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::session::Session;
use crate::store::saved_sessions::saved_sessions;
use crate::store::shipped_sessions;

/// The sessions at all of these paths, without their dense layers; without a path those that are part of the program.
///
/// # Errors
/// [`ErrorKind::NotFound`] if there is none at a path; those of [`Session::load`].
pub fn sessions(paths: &[PathBuf]) -> Result<Vec<Session>> {
    if paths.is_empty() {
        return shipped_sessions();
    }
    Ok(paths.iter().map(|path| found(path)).collect::<Result<Vec<_>>>()?.concat())
}

/// The sessions at a path.
fn found(path: &Path) -> Result<Vec<Session>> {
    if path.is_file() || path.join("session.json").is_file() {
        return Ok(vec![Session::load(path)?.without_dense_layers()]);
    }
    let shelf = path.join("sessions");
    let sessions = saved_sessions(if shelf.is_dir() { &shelf } else { path })?;
    if sessions.is_empty() {
        let sentence = format!(
            "{} has no saved session: name the folder that `softness train --out` wrote",
            path.display()
        );
        return Err(Error::new(ErrorKind::NotFound, sentence));
    }
    Ok(sessions)
}
