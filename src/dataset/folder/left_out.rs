//! The pictures and classes of a folder, and what is left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entries::{entries, is_hidden, is_of_program, is_picture};
use super::written::is_written;
use crate::dataset::decode::ENDINGS;
use crate::error::Result;
use crate::text::first_of;

/// The most folders that a note names.
const NAMED: usize = 10;

/// How many files of each kind were left out. A kind is an ending such as ".gif", or a name for one and for several.
#[derive(Debug, Clone, Default)]
pub(super) struct LeftOut {
    kinds: BTreeMap<(String, String), usize>,
    /// The folders among the classes that this program wrote.
    written: Vec<PathBuf>,
}

impl LeftOut {
    fn count(&mut self, one: &str, several: &str) {
        *self.kinds.entry((one.into(), several.into())).or_default() += 1;
    }

    pub(super) fn add(&mut self, others: Self) {
        others.kinds.into_iter().for_each(|(kind, count)| *self.kinds.entry(kind).or_default() += count);
        self.written.extend(others.written);
    }

    /// "35 .gif and 1 broken link"; nothing if nothing was left out.
    pub(super) fn in_words(&self) -> Option<String> {
        let mut kinds: Vec<String> = self
            .kinds
            .iter()
            .map(|((one, several), &count)| format!("{count} {}", if count == 1 { one } else { several }))
            .collect();
        let last = kinds.pop()?;
        Some(if kinds.is_empty() { last } else { format!("{} and {last}", kinds.join(", ")) })
    }

    /// A note on the folders that this program wrote; nothing if there are none.
    pub(super) fn written_in_words(&self) -> Option<String> {
        let listed = first_of(&self.written, NAMED, |path| format!("\"{}\"", path.display()));
        let are = if self.written.len() == 1 { "is not a class" } else { "are not classes" };
        (!self.written.is_empty())
            .then(|| format!("left out: {listed}, which softness wrote and which {are}"))
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

/// The sub-folders of a folder, sorted by name, without those that begin with a dot. Pictures beside them, folders of systems,
/// broken links and folders that this program wrote are counted.
pub(super) fn sub_folders(folder: &Path, left_out: &mut LeftOut) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for path in entries(folder)? {
        match path.metadata() {
            Ok(data) if data.is_dir() && is_of_program(&path) => {
                left_out.count("folder of the system", "folders of the system");
            }
            _ if is_hidden(&path) => {}
            Err(_) => left_out.count("broken link", "broken links"),
            Ok(data) if data.is_dir() && is_written(&path) => left_out.written.push(path),
            Ok(data) if data.is_dir() => folders.push(path),
            Ok(_) if is_picture(&path) => {
                left_out.count("picture outside the classes", "pictures outside the classes");
            }
            Ok(_) => {}
        }
    }
    Ok(folders)
}
