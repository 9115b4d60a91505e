//! What is in a folder, by the names.

use std::path::{Path, PathBuf};

use crate::dataset::decode::ENDINGS;
use crate::error::{Error, Result};

/// What is in a folder, sorted by name.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(Error::io(folder, "list it"))?;
    let mut paths: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    Ok(paths)
}

/// Folders that systems, file servers and programs put next to people's own, in any case.
const OF_PROGRAMS: [&str; 6] =
    ["@eaDir", "__MACOSX", "__pycache__", "lost+found", "$RECYCLE.BIN", "System Volume Information"];

/// Whether such a program made it.
pub(super) fn is_of_program(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    OF_PROGRAMS.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Whether the name of a file is that of a picture.
pub(super) fn is_picture(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether people do not see it as theirs: its name begins with a dot, or a program made it.
pub(super) fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || is_of_program(path)
}
