//! The saved sessions that a command names.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::session::Session;
use crate::store::saved_sessions::saved_sessions;
use crate::store::shipped_sessions;

/// The sessions at all of these paths, without their dense layers; without a path those that are part of the program. Two of the
/// same name at different paths have the path in front.
///
/// # Errors
/// [`ErrorKind::NotFound`] if there is none at a path; [`ErrorKind::InvalidOption`] for a file of another kind; those of [`Session::load`].
pub fn sessions(paths: &[PathBuf]) -> Result<Vec<Session>> {
    if paths.is_empty() {
        return shipped_sessions();
    }
    let mut all = Vec::new();
    for path in paths {
        all.extend(found(path)?.into_iter().map(|session| (path, session)));
    }
    Ok(told_apart(all))
}

/// The sessions with the paths in the names of those that have the same name at another path.
fn told_apart(all: Vec<(&PathBuf, Session)>) -> Vec<Session> {
    let mut paths: HashMap<String, HashSet<PathBuf>> = HashMap::new();
    for (path, session) in &all {
        paths.entry(session.name().to_owned()).or_default().insert((*path).clone());
    }
    let named = |(path, session): (&PathBuf, Session)| {
        let name = session.name().to_owned();
        let place = if path.ends_with(&name) { path.clone() } else { path.join(&name) };
        if paths[&name].len() < 2 { session } else { session.named(place.display().to_string()) }
    };
    all.into_iter().map(named).collect()
}

/// Whether a file begins as archives do. Of one that is empty or cannot be read, more is said when it is loaded.
fn may_be_archive(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(2).read_to_end(&mut start));
    read.is_err() || b"PK".starts_with(&start)
}

/// The sessions at a path.
fn found(path: &Path) -> Result<Vec<Session>> {
    let requirement = "it is not the archive of a session: name the folder that `softness train --out` or `replicate` wrote, the folder \
                       of one session, or its archive";
    Error::require(!path.is_file() || may_be_archive(path), "SESSIONS", path.display(), requirement)?;
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
