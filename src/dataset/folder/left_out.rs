//! Which files of a folder are pictures, and what is left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::dataset::decode::ENDINGS;
use crate::error::{Error, Result};

/// What a zip program of macOS adds to an archive.
const EXTRAS: &str = "__MACOSX";

/// How many files of each kind were left out. A kind is an ending such as ".gif", or a name for one and for several.
#[derive(Debug, Clone, Default)]
pub(super) struct LeftOut(BTreeMap<(String, String), usize>);

impl LeftOut {
    fn count(&mut self, one: &str, several: &str) {
        *self.0.entry((one.into(), several.into())).or_default() += 1;
    }

    pub(super) fn add(&mut self, others: Self) {
        others.0.into_iter().for_each(|(kind, count)| *self.0.entry(kind).or_default() += count);
    }

    /// "35 .gif and 1 broken link"; nothing if nothing was left out.
    pub(super) fn in_words(&self) -> Option<String> {
        let mut kinds: Vec<String> = self
            .0
            .iter()
            .map(|((one, several), &count)| format!("{count} {}", if count == 1 { one } else { several }))
            .collect();
        let last = kinds.pop()?;
        Some(if kinds.is_empty() { last } else { format!("{} and {last}", kinds.join(", ")) })
    }
}

/// The pictures of a class, sorted by name.
pub(super) fn pictures(class: &Path, left_out: &mut LeftOut) -> Result<Vec<PathBuf>> {
    let mut pictures = Vec::new();
    for path in entries(class)? {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match (&ending, path.metadata()) {
            _ if is_hidden(&path) => left_out.count("hidden file", "hidden files"),
            (_, Err(_)) => left_out.count("broken link", "broken links"),
            (_, Ok(data)) if data.is_dir() => left_out.count("sub-folder", "sub-folders"),
            (Some(ending), Ok(data)) if data.is_file() && ENDINGS.contains(&ending.as_str()) => {
                pictures.push(path);
            }
            (Some(ending), _) => left_out.count(&format!(".{ending}"), &format!(".{ending}")),
            (None, _) => left_out.count("file without an ending", "files without an ending"),
        }
    }
    Ok(pictures)
}

/// The sub-folders of a folder, sorted by name, without those that begin with a dot. Pictures beside them and broken links
/// are counted.
pub(super) fn sub_folders(folder: &Path, left_out: &mut LeftOut) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for path in entries(folder)? {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match path.metadata() {
            _ if is_hidden(&path) || path.file_name().is_some_and(|name| name == EXTRAS) => {}
            Err(_) => left_out.count("broken link", "broken links"),
            Ok(data) if data.is_dir() => folders.push(path),
            Ok(_) if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) => {
                left_out.count("picture outside the classes", "pictures outside the classes");
            }
            Ok(_) => {}
        }
    }
    Ok(folders)
}

/// What is in a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(Error::io(folder, "list it"))?;
    let mut paths: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    Ok(paths)
}

/// Folders that file servers and programs put next to people's own.
const OF_PROGRAMS: [&str; 4] = ["@eaDir", "__pycache__", "lost+found", "$RECYCLE.BIN"];

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || OF_PROGRAMS.contains(&&*name)
}
