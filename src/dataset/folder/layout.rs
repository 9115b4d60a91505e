//! Where the classes of an image folder are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::left_out::{LeftOut, pictures, sub_folders};
use crate::error::{Error, Result};

/// Names of the folder of training pictures, in lower case.
const TRAIN: [&str; 2] = ["train", "training"];
/// Names of the folder of test pictures, in lower case. If there are several, the first of these is read.
const TEST: [&str; 8] = ["test", "testing", "val", "valid", "validation", "dev", "eval", "evaluation"];
/// What the name of a split may begin or end with, as in "seg_train" and "training_set".
const BEGINNINGS: [&str; 4] = ["seg_", "seg-", "images_", "images-"];
const ENDINGS: [&str; 4] = ["_set", "-set", "_data", "-data"];
/// How many folders are gone through to one with classes, as long as each has only one sub-folder.
const DEPTH: usize = 2;

/// The folders of the classes, by name.
pub(super) type Classes = BTreeMap<String, PathBuf>;

/// The classes of an image folder.
pub(super) enum Layout {
    /// One folder per class, whose pictures are still to be split.
    Together(Classes),
    /// The same classes in a folder for training and in one for testing.
    Split { train: Classes, test: Classes },
}

/// Finds the classes. What a folder has in addition to a training and a test split is noted.
pub(super) fn layout(folder: &Path, left_out: &mut LeftOut, notes: &mut Vec<String>) -> Result<Layout> {
    let mut folder = folder.to_path_buf();
    for _ in 0..DEPTH {
        let mut here = LeftOut::default();
        match sub_folders(&folder, &mut here)?.as_slice() {
            [only] if pictures(only, &mut LeftOut::default())?.is_empty() && has_sub_folders(only) => {
                left_out.add(here);
                folder.clone_from(only);
            }
            _ => break,
        }
    }
    let found = sub_folders(&folder, left_out)?;
    // A class of that name has pictures, not sub-folders.
    let is = |path: &&PathBuf, name: &str| split_name(&last_part(path)) == name && has_sub_folders(path);
    let named = |names: &[&str]| names.iter().find_map(|name| found.iter().find(|path| is(path, name)));
    let Some(train) = named(&TRAIN) else {
        notes.extend(splits_as_classes(&found));
        return Ok(Layout::Together(classes(&found)?));
    };
    let test = named(&TEST);
    let others: Vec<String> = found
        .iter()
        .filter(|path| *path != train && Some(*path) != test)
        .map(|path| format!("\"{}\"", last_part(path)))
        .collect();
    if !others.is_empty() {
        let split = test.map_or("training", |_| "training and the test");
        notes.push(format!("outside the {split} split, {} is left out", others.join(", ")));
    }
    let train = classes(&sub_folders(train, left_out)?)?;
    let Some(test_folder) = test else { return Ok(Layout::Together(train)) };
    let test = classes(&sub_folders(test_folder, left_out)?)?;
    Ok(Layout::Split { train, test })
}

/// A note on classes that are called like a training and a test split.
fn splits_as_classes(found: &[PathBuf]) -> Option<String> {
    let is = |path: &PathBuf, names: &[&str]| names.contains(&&*split_name(&last_part(path)));
    let has = |names: &[&str]| found.iter().any(|path| is(path, names));
    let are_splits =
        has(&TRAIN) && has(&TEST) && found.iter().all(|path| is(path, &TRAIN) || is(path, &TEST));
    let names: Vec<String> = found.iter().map(|path| format!("\"{}\"", last_part(path))).collect();
    are_splits.then(|| {
        format!(
            "{} are read as classes; if they are splits, put the pictures of each class into a sub-folder of them",
            names.join(" and ")
        )
    })
}

/// The name of a folder in lower case, without what the names of splits begin or end with.
fn split_name(folder: &str) -> String {
    let name = folder.to_lowercase();
    let name = BEGINNINGS.iter().find_map(|start| name.strip_prefix(start)).unwrap_or(&name);
    ENDINGS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
}

fn has_sub_folders(folder: &Path) -> bool {
    sub_folders(folder, &mut LeftOut::default()).is_ok_and(|folders| !folders.is_empty())
}

/// Class folders by name. Letters with accents may be written in two ways; they are composed, so that a name is the same
/// whichever system wrote it.
fn classes(folders: &[PathBuf]) -> Result<Classes> {
    let mut classes = Classes::new();
    for folder in folders {
        let name = composed(&last_part(folder));
        if let Some(other) = classes.insert(name.clone(), folder.clone()) {
            let (one, two) = (other.display(), folder.display());
            let problem = format!("{one} and {two} are both the class \"{name}\"; rename one of them");
            return Err(Error::no_dataset(folder.parent().unwrap_or(folder).display(), problem));
        }
    }
    Ok(classes)
}

/// The composed form (NFC) of a name.
pub(in crate::dataset) fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// The last part of a path.
pub(super) fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_names_of_splits_are_known() {
        for name in ["train", "Training_Set", "seg_train", "train-data", "images_train"] {
            assert!(TRAIN.contains(&split_name(name).as_str()), "{name}");
        }
        for name in ["test_set", "seg_test", "DEV", "validation_data", "images_val", "eval-set"] {
            assert!(TEST.contains(&split_name(name).as_str()), "{name}");
        }
        for name in ["trains", "test_sets", "seg", "devil", "_set", "data_train"] {
            let name = split_name(name);
            assert!(!TRAIN.contains(&name.as_str()) && !TEST.contains(&name.as_str()), "{name}");
        }
    }
}
