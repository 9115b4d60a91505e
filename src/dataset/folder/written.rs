//! Which folders this program wrote. They may lie among the classes of an image folder and are none.
//!
//! A folder is recognised by everything that is in it, never by its name alone. One with pictures of other origin is not
//! recognised.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::entries::{is_hidden, is_picture};
use crate::files::checksums::Checksums;
use crate::files::tables::SUMS;

/// The record of a study.
pub(crate) const RECORD: &str = "replication.json";
/// The figures of a study, and how their names begin.
const FIGURES: (&str, &str) = ("figures", "figure-");
/// The endings of the files of an unfinished session.
const UNFINISHED: [&str; 4] = ["checkpoint", "lock", "running", "failed"];
/// The table of a folder of `softness filters`, and how the names of its figures begin.
const LAYERS: &str = "layers.csv";
const LAYER: &str = "layer-";
const R_SQUARED: &str = "r-squared";
/// Hexadecimal digits of a key.
const KEY: usize = 12;
/// How far below a folder pictures are searched.
const DEPTH: usize = 2;

/// Whether a file is the record of a study that this program wrote.
pub(crate) fn is_record(path: &Path) -> bool {
    /// The fields that tell it from other files.
    #[derive(Deserialize)]
    struct Fields {
        #[serde(rename = "format")]
        _format: u32,
        #[serde(rename = "of")]
        _of: String,
        software: String,
    }
    let bytes = if path.is_file() { std::fs::read(path).unwrap_or_default() } else { Vec::new() };
    serde_json::from_slice::<Fields>(&bytes).is_ok_and(|fields| fields.software.starts_with("softness "))
}

/// Whether it is a folder of sessions, of a study or of the filters of a weight file, or a part of one, and nothing else is in it.
pub(crate) fn is_written(folder: &Path) -> bool {
    is_part(folder) || is_figures(folder) || is_whole(folder)
}

/// Whether sub-folders of a folder have pictures that may be those of classes.
pub(crate) fn has_classes(folder: &Path) -> bool {
    visible(folder).any(|path| path.is_dir() && !is_written(&path) && has_pictures(&path, DEPTH))
}

/// Whether a folder has pictures directly in it.
pub(crate) fn has_own_pictures(folder: &Path) -> bool {
    has_pictures(folder, 0)
}

/// A store, or the folder of a study or of filters. Its own files prove it; any other picture, or sub-folder with pictures, speaks
/// against it.
fn is_whole(folder: &Path) -> bool {
    let (mut has_part, has_filters) = (false, has_filters(folder));
    for path in visible(folder) {
        if !path.is_dir() {
            if is_picture(&path) && !(has_filters && is_filter_figure(&path)) {
                return false;
            }
        } else if is_part(&path) {
            has_part = true;
        } else if !is_figures(&path) && !path.join(SUMS).is_file() && has_pictures(&path, DEPTH) {
            return false;
        }
    }
    has_part || has_filters || is_record(&folder.join(RECORD))
}

/// Whether `softness filters` wrote its tables here.
fn has_filters(folder: &Path) -> bool {
    let path = folder.join(SUMS);
    let sums = std::fs::read(&path).ok().and_then(|bytes| Checksums::parse(&path, &bytes).ok());
    sums.is_some_and(|sums| sums.lists(LAYERS))
}

/// A figure that `softness filters` writes, also one that was edited since: `layer-1.png`, `r-squared.edited-2.png`.
fn is_filter_figure(path: &Path) -> bool {
    let name = name_of(path);
    let (stem, ending) = name.split_once('.').unwrap_or_default();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_edited = |text: &str| {
        let rest = text.strip_prefix("edited");
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
    };
    let is_ending = ending == "png" || ending.strip_suffix(".png").is_some_and(is_edited);
    is_ending && (stem == R_SQUARED || stem.strip_prefix(LAYER).is_some_and(is_number))
}

/// A sub-folder of a store.
fn is_part(folder: &Path) -> bool {
    let mut entries = visible(folder).peekable();
    let is_empty = entries.peek().is_none();
    match &*name_of(folder) {
        "sessions" => !is_empty && entries.all(|path| is_shelf(&path) || is_session_folder(&path)),
        // It is empty whenever no session is unfinished.
        "unfinished" => folder.is_dir() && entries.all(|path| is_unfinished(&path)),
        "damaged" => !is_empty && entries.all(|path| has_key(&name_of(&path)) && !is_picture(&path)),
        _ => false,
    }
}

/// `sessions/7c`, with nothing but archives of sessions whose keys begin with 7c.
fn is_shelf(path: &Path) -> bool {
    let shelf = name_of(path);
    let is_archive = |path: PathBuf| {
        let name = name_of(&path);
        let key = name.strip_suffix(".session").filter(|key| is_key(key));
        path.is_file() && key.is_some_and(|key| key.starts_with(&shelf))
    };
    path.is_dir() && shelf.len() == 2 && shelf.bytes().all(is_digit) && visible(path).all(is_archive)
}

/// A session as earlier versions kept it: the folder `NAME-KEY`.
fn is_session_folder(path: &Path) -> bool {
    let name = name_of(path);
    name.rsplit_once('-').is_some_and(|(_, key)| is_key(key)) && path.join("session.json").is_file()
}

fn is_unfinished(path: &Path) -> bool {
    let name = name_of(path);
    let parts = name.split_once('.').filter(|(key, ending)| is_key(key) && UNFINISHED.contains(ending));
    path.is_file() && parts.is_some()
}

/// The figures of a study, beside its record or, while they are drawn, its sessions.
fn is_figures(folder: &Path) -> bool {
    let is_figure = |path: PathBuf| path.is_file() && name_of(&path).starts_with(FIGURES.1);
    name_of(folder) == FIGURES.0
        && visible(folder).all(is_figure)
        && folder
            .parent()
            .is_some_and(|study| is_record(&study.join(RECORD)) || is_part(&study.join("sessions")))
}

fn has_pictures(folder: &Path, depth: usize) -> bool {
    visible(folder).any(|path| match path.is_dir() {
        true => depth > 0 && has_pictures(&path, depth - 1),
        false => is_picture(&path),
    })
}

/// What is in a folder and not hidden; nothing if it cannot be listed.
fn visible(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| !is_hidden(path))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn has_key(name: &str) -> bool {
    name.split(['.', '-']).any(is_key)
}

fn is_key(text: &str) -> bool {
    text.len() == KEY && text.bytes().all(is_digit)
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a file of this path and its folders.
    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    const OURS: &str = r#"{"format": 1, "of": "a study", "software": "softness 0.1.0", "plan": {}}"#;

    #[test]
    fn a_folder_is_recognised_by_what_is_in_it() {
        for (files, expected) in [
            (&["run/unfinished/0123456789ab.checkpoint"][..], true),
            (&["run/sessions/01/0123456789ab.session", "run/notes.txt"], true),
            (&["run/sessions/30-2-0123456789ab/session.json"], true),
            (&["run/replication.json", "run/figures/figure-1.png", "run/report.html"], true),
            (&["run/replication.json", "run/filters/tables.sha256", "run/filters/layer-1.png"], true),
            (&["run/sessions/01/0123456789ab.session", "run/figures/figure-1.png"], true),
            (&["run/sessions/01/0123456789ab.session", "run/figures/cat.png"], false),
            (&["run/sessions/01/0123456789ab.session", "run/1.png"], false),
            (&["run/sessions/01/0123456789ab.session", "run/cat/1.png"], false),
            (&["run/sessions/01/0123456789ab.session", "run/train/cat/1.png"], false),
            (&["run/sessions/01/ffffffffffff.session"], false),
            (&["run/sessions/1.png"], false),
            (&["run/unfinished/1.png"], false),
            (&["run/unfinished/readme.txt"], false),
            (&["run/figures/figure-1.png"], false),
            (&["run/replication.json", "run/figures/cat.png"], false),
            (&["run/1.gif"], false),
            (&["run/tables.sha256", "run/1.png"], false),
        ] {
            let root = tempfile::tempdir().unwrap();
            files.iter().for_each(|file| write(root.path(), file, OURS));
            assert_eq!(is_written(&root.path().join("run")), expected, "{files:?}");
        }
    }

    #[test]
    fn a_folder_of_filters_is_recognised_by_its_checksums_and_the_names_of_its_pictures() {
        for (sums, pictures, expected) in [
            ("00  layers.csv\n00  layer-1.png\n", &["layer-1.png"][..], true),
            ("00  layers.csv\n", &["layer-12.edited.png", "r-squared.png", "layer-1.edited-2.png"], true),
            ("00  layers.csv\n", &["layer-1.png", "cat.png"], false),
            ("00  layers.csv\n", &["layer-1.jpg"], false),
            ("00  layers.csv\n", &["layer-one.png"], false),
            ("00  layers.csv\n", &["layer-1.png", "more/layer-1.png"], false),
            ("00  scores.csv\n", &["layer-1.png"], false),
            ("mine", &["layer-1.png"], false),
        ] {
            let root = tempfile::tempdir().unwrap();
            write(root.path(), "run/tables.sha256", sums);
            pictures.iter().for_each(|file| write(root.path(), &format!("run/{file}"), ""));
            assert_eq!(is_written(&root.path().join("run")), expected, "{sums} {pictures:?}");
        }
    }

    #[test]
    fn a_record_is_known_by_its_fields() {
        let root = tempfile::tempdir().unwrap();
        for (text, expected) in [
            (OURS, true),
            ("mine", false),
            ("{}", false),
            (r#"{"format": 1, "of": "a study", "software": "other 0.1.0"}"#, false),
        ] {
            write(root.path(), RECORD, text);
            assert_eq!(is_record(&root.path().join(RECORD)), expected, "{text}");
        }
    }
}
