//! Pictures in a folder with one sub-folder per class.
//!
//! `left_out` knows which files are pictures, `written` which folders are results of this program, `layout` finds the classes.

mod entries;
pub(super) mod layout;
mod left_out;
pub(crate) mod written;

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};

use layout::{Classes, Layout, last_part, layout};
use left_out::{LeftOut, pictures, sub_folders};

use super::choice::{at_least_two, choose};
use super::decode::{ENDINGS, decode};
use super::{Dataset, SIDE, Source, Split, sample};
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::text::first_of;
use crate::text::numbers::is_or_are;

/// How a picture is resized to 32 x 32. All but [`Nearest`](Self::Nearest) average over the source pixels of each new
/// pixel, which avoids aliasing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ResizeFilter {
    /// The nearest pixel.
    Nearest,
    /// Linear interpolation ("bilinear"), the default: smooth, without overshoot at edges.
    #[default]
    Triangle,
    /// Cubic interpolation after Catmull and Rom ("bicubic").
    CatmullRom,
    /// A windowed sinc function over three pixels on either side: the sharpest, with slight overshoot.
    Lanczos3,
}

/// How an image folder is read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FolderOptions {
    /// How pictures are resized. Default: [`ResizeFilter::Triangle`].
    pub filter: ResizeFilter,
    /// The share of each class's pictures that go to the test split, above 0 and below 1. They are spread evenly over the
    /// files sorted by name. Not used if the folder is split already. Default: 0.2, which is every fifth picture.
    pub test_share: f64,
    /// The names of the classes to read; none stands for all. Default: all.
    pub classes: Vec<String>,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self { filter: ResizeFilter::default(), test_share: 0.2, classes: Vec::new() }
    }
}

impl FolderOptions {
    setters! {
        /// With another way to resize pictures.
        pub fn filter(self, filter: ResizeFilter);

        /// With another share of test pictures.
        pub fn test_share(self, share: f64);
    }

    /// With these classes alone.
    pub fn classes(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.classes = names.into_iter().map(Into::into).collect();
        self
    }
}

impl Dataset {
    /// A data set from a folder with one sub-folder per class, named like the class. Classes are sorted by name, and so are
    /// the files of a class. Files that end in .png, .jpg, .jpeg, .jfif, .jpe, .webp or .bmp, in any case, are read; other
    /// files are counted in [`notes`](Self::notes). Pictures of any size are rotated as a viewer shows them (Exif
    /// orientation) and stretched to 32 x 32; grey becomes three equal channels, opacity is ignored, 16 bits become 8.
    ///
    /// If there is a sub-folder "train" or "training", and one "test", "testing", "val", "valid", "validation", "dev", "eval" or
    /// "evaluation", in any case, also in names such as "training_set", "seg_train", "train_data" and "images_train", and each
    /// has a sub-folder per class, they are the two splits, and the test share is not used. If the only sub-folder of a
    /// folder has sub-folders and no pictures, it is read in place of the folder. Folders of results that this program
    /// wrote (sessions, studies, filters) are no classes and are named in the notes.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with every picture that cannot be read, ends early or shows damage;
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if there is only one class or none, a class has no picture or
    /// is missing in one of two splits, or there are more than 256 classes;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the test share is not between 0 and 1 or leaves a
    /// split empty, if a name is not that of a class, or if one class alone of several is named.
    pub fn folder(folder: impl AsRef<Path>, options: FolderOptions) -> Result<Self> {
        read(folder.as_ref(), &options, false)
    }
}

/// [`Dataset::folder`]. `share_is_asked_for`: a folder that is split already is refused.
pub(super) fn read(folder: &Path, options: &FolderOptions, share_is_asked_for: bool) -> Result<Dataset> {
    let share = options.test_share;
    Error::require(share > 0.0 && share < 1.0, "test share", share, "it must lie above 0 and below 1")?;
    let (mut left_out, mut notes) = (LeftOut::default(), Vec::new());
    let (classes, test) = match layout(folder, &mut left_out, &mut notes)? {
        Layout::Together(classes) => (classes, None),
        Layout::Split { train, test } => (train, Some(test)),
    };
    if let Some(test) = test.as_ref().filter(|_| share_is_asked_for) {
        let place = test.values().next().and_then(|class| class.parent()).unwrap_or(folder).display();
        let requirement = format!("{place} already is the test split; leave the option out");
        return Err(Error::option("test share", share, requirement));
    }
    let classes = chosen(folder, classes, &options.classes)?;
    let mut reader = Reader { filter: options.filter, left_out, unreadable: Vec::new() };
    let (mut train_part, mut test_part) = (Part::default(), Part::default());
    for (label, (name, class)) in (0..=u8::MAX).zip(&classes) {
        let files = reader.list(folder, class)?;
        match &test {
            None => files.iter().enumerate().for_each(|(index, file)| {
                let part = if is_test(index, share) { &mut test_part } else { &mut train_part };
                reader.read(label, file, part);
            }),
            Some(test) => {
                let missing = || {
                    let problem =
                        format!("the class \"{name}\" is in the training split, but not in the test split");
                    Error::no_dataset(folder.display(), problem)
                };
                let test_files = reader.list(folder, test.get(name).ok_or_else(missing)?)?;
                files.iter().for_each(|file| reader.read(label, file, &mut train_part));
                test_files.iter().for_each(|file| reader.read(label, file, &mut test_part));
            }
        }
    }
    let all = options.classes.is_empty();
    if let Some(name) = test.iter().flat_map(Classes::keys).find(|name| all && !classes.contains_key(*name)) {
        let problem = format!("the class \"{name}\" is in the test split, but not in the training split");
        return Err(Error::no_dataset(folder.display(), problem));
    }
    let Reader { left_out, unreadable, .. } = reader;
    if !unreadable.is_empty() {
        return Err(all_unreadable(&unreadable));
    }
    let requirement = format!(
        "it leaves {} pictures to train on and {} to test on; change it or add pictures",
        train_part.labels.len(),
        test_part.labels.len()
    );
    let fits = !train_part.labels.is_empty() && !test_part.labels.is_empty();
    Error::require(fits, "test share", share, requirement)?;
    let names: Vec<String> = classes.into_keys().collect();
    notes.extend(without_pictures(&names, [&train_part, &test_part], "training", "learned"));
    notes.extend(without_pictures(&names, [&test_part, &train_part], "test", "part of the accuracy"));
    let train = Split::from_bytes(train_part.bytes, train_part.labels);
    let test = Split::from_bytes(test_part.bytes, test_part.labels);
    let bird = sample::bird(&test, &names);
    // The name of the folder, also of `.` and `..`.
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let description = format!("image folder {}", last_part(&full));
    notes.extend(left_out.written_in_words());
    notes.extend(left_out.in_words().map(|files| {
        let read = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
        format!("left out: {files} (pictures that end in {read} are read)")
    }));
    let place = Some(folder.display().to_string());
    Ok(Dataset::new(train, test, names, description, bird)?
        .from(Source::ImageFolder, place)
        .with_notes(notes))
}

/// The most classes that a note names.
const NAMED: usize = 10;

/// A note on the classes that have no picture in a split, the first part: a class of few pictures, or a small share. No share
/// divides a single picture.
fn without_pictures(
    names: &[String],
    [part, other]: [&Part; 2],
    split: &str,
    is_not: &str,
) -> Option<String> {
    let count =
        |part: &Part, label: usize| part.labels.iter().filter(|&&own| usize::from(own) == label).count();
    let classes: Vec<usize> = (0..names.len()).filter(|&label| count(part, label) == 0).collect();
    let verb = is_or_are(classes.len() as u64);
    let listed = first_of(&classes, NAMED, |&label| format!("\"{}\"", names[label]));
    let or = match classes.iter().any(|&label| count(other, label) > 1) {
        true => " or choose another test share",
        false => "",
    };
    let note = format!("no {split} picture is of {listed}, which {verb} not {is_not}: add pictures{or}");
    (!classes.is_empty()).then_some(note)
}

/// The classes of these names, or all.
fn chosen(folder: &Path, mut classes: Classes, names: &[String]) -> Result<Classes> {
    let problem = |problem: String| Err(Error::no_dataset(folder.display(), problem));
    if classes.is_empty() {
        return problem("an image folder has one sub-folder per class, and this has none".into());
    }
    let all: Vec<String> = classes.keys().cloned().collect();
    let keep = choose(&all, names)?;
    if all.len() > 1 {
        at_least_two(keep.len())?;
    }
    classes.retain(|name, _| keep.iter().any(|&index| all[index] == *name));
    if classes.len() > 256 {
        let count = classes.len();
        return problem(format!("it has {count} sub-folders, but at most 256 classes are possible"));
    }
    match classes.first_key_value() {
        Some((name, _)) if classes.len() == 1 => problem(format!(
            "its only class is \"{name}\", and there is nothing to learn from one class; an image folder has a sub-folder per class"
        )),
        _ => Ok(classes),
    }
}

/// Reads pictures, and collects what is left out and what cannot be read.
struct Reader {
    filter: ResizeFilter,
    left_out: LeftOut,
    unreadable: Vec<String>,
}

impl Reader {
    /// The pictures of a class.
    fn list(&mut self, folder: &Path, class: &Path) -> Result<Vec<PathBuf>> {
        let mut here = LeftOut::default();
        let files = pictures(class, &mut here)?;
        if files.is_empty() {
            let others = here.in_words().map(|others| format!(", only {others}")).unwrap_or_default();
            let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
            let nested = match sub_folders(class, &mut LeftOut::default())?.is_empty() {
                true => {
                    ": put pictures there, remove the folder, or name the classes to use with `--classes` (in Rust: \
                     `FolderOptions::classes`)"
                }
                false => {
                    ": the pictures of a class are in its folder itself, so move them there, or name a folder whose sub-folders \
                     are the classes"
                }
            };
            let problem =
                format!("there is no picture in {}{others} (read are {endings}){nested}", class.display());
            return Err(Error::no_dataset(folder.display(), problem));
        }
        self.left_out.add(here);
        Ok(files)
    }

    /// Adds a picture to a part of the data set.
    fn read(&mut self, label: u8, file: &Path, part: &mut Part) {
        match small(file, self.filter) {
            Ok(pixels) => part.push(label, &pixels),
            // The list of files names the path, so only the problem is taken.
            Err(error) => {
                let problem = match error.into_failure() {
                    Failure::Picture { problem, .. } => problem,
                    Failure::Io { action, source, .. } => format!("could not {action}: {source}"),
                    other => other.to_string(),
                };
                self.unreadable.push(format!("{} ({problem})", file.display()));
            }
        }
    }
}

/// The error about pictures that cannot be read: the first ten and what is wrong with them, then how many more.
fn all_unreadable(files: &[String]) -> Error {
    const SHOWN: usize = 10;
    let (count, shown) = (files.len(), files[..files.len().min(SHOWN)].join(", "));
    let more = if count > SHOWN { format!(", and {} more", count - SHOWN) } else { String::new() };
    let problem = "of the folder's pictures cannot be read; repair or remove them";
    Error::new(ErrorKind::Malformed, format!("{count} {problem}: {shown}{more}"))
}

/// Whether file `index` of a class, counted from 0 in the order of names, goes to the test split: if floor(share * count)
/// increases there. With 0.2 these are 4, 9, 14 and so on.
fn is_test(index: usize, share: f64) -> bool {
    // Shares such as 0.2 are not exact in binary, so a product that should be a whole number may be just below it.
    const SLACK: f64 = 1e-9;
    let whole = |count: usize| (share * count as f64 + SLACK).floor();
    whole(index + 1) > whole(index)
}

/// The picture resized to 32 x 32, row by row, three bytes per pixel.
fn small(path: &Path, filter: ResizeFilter) -> Result<Vec<u8>> {
    let filter = match filter {
        ResizeFilter::Nearest => FilterType::Nearest,
        ResizeFilter::Triangle => FilterType::Triangle,
        ResizeFilter::CatmullRom => FilterType::CatmullRom,
        ResizeFilter::Lanczos3 => FilterType::Lanczos3,
    };
    let picture = decode(path)?.into_rgb8();
    Ok(imageops::resize(&picture, SIDE as u32, SIDE as u32, filter).into_raw())
}

/// An unfinished split.
#[derive(Debug, Default)]
struct Part {
    labels: Vec<u8>,
    bytes: Vec<u8>, // (n, 3, 32, 32)
}

impl Part {
    fn push(&mut self, label: u8, pixels: &[u8]) {
        self.labels.push(label);
        for channel in 0..3 {
            self.bytes.extend(pixels.iter().skip(channel).step_by(3));
        }
    }
}
