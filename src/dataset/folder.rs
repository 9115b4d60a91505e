//! Pictures in a folder with one sub-folder per class.

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};

use super::picture::decode;
use super::{Dataset, SIDE, Source, Split, sample};
use crate::error::{Error, ErrorKind, Failure, Result};

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
    /// files sorted by name. Default: 0.2, which is every fifth picture.
    pub test_share: f64,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self { filter: ResizeFilter::default(), test_share: 0.2 }
    }
}

impl FolderOptions {
    setters! {
        /// With another way to resize pictures.
        pub fn filter(self, filter: ResizeFilter);

        /// With another share of test pictures.
        pub fn test_share(self, share: f64);
    }
}

impl Dataset {
    /// A data set from a folder with one sub-folder per class, named like the class. Classes are sorted by name, and so are
    /// the files of a class. Files that end in .png, .jpg or .jpeg are read; other files, and names that begin with a dot,
    /// are ignored. Pictures of any size are stretched to 32 x 32; grey becomes three equal channels, opacity is ignored,
    /// 16 bits become 8.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with every picture that cannot be read;
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if there is no sub-folder, a class has no picture, or there are
    /// more than 256 classes; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the test share is not between
    /// 0 and 1 or leaves a split empty.
    pub fn folder(folder: impl AsRef<Path>, options: FolderOptions) -> Result<Self> {
        let folder = folder.as_ref();
        let fits = options.test_share > 0.0 && options.test_share < 1.0;
        Error::require(fits, "test share", options.test_share, "it must lie above 0 and below 1")?;
        let classes = list(folder, Path::is_dir)?;
        let problem = |problem: String| Error::no_dataset(folder.display(), problem);
        if classes.is_empty() {
            return Err(problem("an image folder has one sub-folder per class, and this has none".into()));
        }
        if classes.len() > 256 {
            let count = classes.len();
            return Err(problem(format!("it has {count} sub-folders, but at most 256 classes are possible")));
        }
        let (mut train, mut test) = (Part::default(), Part::default());
        let mut unreadable = Vec::new();
        for (label, class) in (0..=u8::MAX).zip(&classes) {
            let files = list(class, is_picture)?;
            if files.is_empty() {
                return Err(problem(format!("there is no .png, .jpg or .jpeg file in {}", class.display())));
            }
            for (index, file) in files.into_iter().enumerate() {
                let part = if is_test(index, options.test_share) { &mut test } else { &mut train };
                match small(&file, options.filter) {
                    Ok(pixels) => part.push(label, &pixels),
                    // The list of files names the path, so only the problem is taken.
                    Err(error) => {
                        let problem = match error.into_failure() {
                            Failure::Picture { problem, .. } => problem,
                            Failure::Io { action, source, .. } => format!("could not {action}: {source}"),
                            other => other.to_string(),
                        };
                        unreadable.push(format!("{} ({problem})", file.display()));
                    }
                }
            }
        }
        if !unreadable.is_empty() {
            return Err(all_unreadable(&unreadable));
        }
        let requirement = format!(
            "it leaves {} pictures to train on and {} to test on; change it or add pictures",
            train.labels.len(),
            test.labels.len()
        );
        let fits = !train.labels.is_empty() && !test.labels.is_empty();
        Error::require(fits, "test share", options.test_share, requirement)?;
        let names: Vec<String> = classes.iter().map(|class| last_part(class)).collect();
        let train = Split::from_bytes(train.bytes, train.labels);
        let test = Split::from_bytes(test.bytes, test.labels);
        let bird = sample::bird(&test, &names);
        // The name of the folder, also of `.` and `..`.
        let full = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        let description = format!("image folder {}", last_part(&full));
        let place = Some(folder.display().to_string());
        Ok(Self::new(train, test, names, description, bird)?.from(Source::ImageFolder, place))
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

/// The entries of a folder that pass `keep`, sorted by name, without those that begin with a dot.
fn list(folder: &Path, keep: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(Error::io(folder, "list it"))?.into_iter();
    let visible = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let mut paths: Vec<_> = visible.map(|entry| entry.path()).filter(|path| keep(path)).collect();
    paths.sort();
    Ok(paths)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    matches!(ending.as_deref(), Some("png" | "jpg" | "jpeg")) && path.is_file()
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
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
