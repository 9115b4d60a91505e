//! Pictures in a folder, with one sub-folder for each class.

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use ndarray::Array4;

use super::picture::decode;
use super::{Dataset, SIDE, Source, Split, sample};
use crate::error::{Error, Failure, Result};

/// How a picture becomes 32 x 32. All but [`Nearest`](Self::Nearest) widen with the picture, so that
/// no detail turns into a false pattern.
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
    /// A windowed sinc over three pixels either side: the sharpest, with slight overshoot.
    Lanczos3,
}

/// How an image folder is read.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderOptions {
    /// How a picture becomes 32 x 32. Default: [`ResizeFilter::Triangle`].
    pub filter: ResizeFilter,
    /// The share of each class's pictures that go to the test split, above 0 and below 1. They are
    /// spread evenly over the files sorted by name: at the default, 0.2, every fifth one.
    pub test_share: f64,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self { filter: ResizeFilter::default(), test_share: 0.2 }
    }
}

impl Dataset {
    /// A data set from a folder with one sub-folder for each class, which gives the class its name.
    /// Classes are sorted by name. In each, the files whose names end in .png, .jpg or .jpeg are
    /// taken, sorted by name; any other file, and what begins with a dot, is left out. A picture
    /// of any size is stretched or shrunk to 32 x 32; grey becomes three equal channels, opacity
    /// is ignored, 16 bits become 8.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) names every picture that cannot be read; [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) a folder without
    /// sub-folders, a class without pictures or more than 256 classes; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) a
    /// share that is not between 0 and 1 or leaves a split empty.
    pub fn folder(folder: impl AsRef<Path>, options: &FolderOptions) -> Result<Self> {
        let folder = folder.as_ref();
        if !(options.test_share > 0.0 && options.test_share < 1.0) {
            return Err(Error::option("test share", options.test_share, "it must lie above 0 and below 1"));
        }
        let classes = list(folder, Path::is_dir)?;
        let problem = |problem: String| {
            Error::from(Failure::NoDataset { place: folder.display().to_string(), problem })
        };
        if classes.is_empty() {
            return Err(problem(
                "an image folder has one sub-folder for each class, and this has none".into(),
            ));
        }
        if classes.len() > 256 {
            return Err(problem(format!(
                "it has {} sub-folders, but 256 classes are the most",
                classes.len()
            )));
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
                    // The list of files names each of them once.
                    Err(error) => {
                        let problem = match error.into_failure() {
                            Failure::Picture { problem, .. } => problem,
                            Failure::Io { action, source, .. } => format!("could not {action}: {source}"),
                            other => other.to_string(),
                        };
                        unreadable.push((file, problem));
                    }
                }
            }
        }
        if !unreadable.is_empty() {
            return Err(Error::from(Failure::Unreadable { files: unreadable }));
        }
        if train.labels.is_empty() || test.labels.is_empty() {
            let requirement = format!(
                "it leaves {} pictures to train on and {} to test on; change it or add pictures",
                train.labels.len(),
                test.labels.len()
            );
            return Err(Error::option("test share", options.test_share, requirement));
        }
        let names: Vec<String> = classes.iter().map(|class| last_part(class)).collect();
        let test = test.split()?;
        let bird = sample::bird(&test, &names);
        let description = format!("image folder {}", name_of(folder));
        Ok(Self::new(train.split()?, test, names, description, bird)?
            .with_source(Source::ImageFolder)
            .with_place(folder.display().to_string()))
    }
}

/// Whether file `index` of a class, counted from 0 in the order of names, is for testing: where the
/// whole part of share * count grows. At 0.2 these are 4, 9, 14 and so on.
fn is_test(index: usize, share: f64) -> bool {
    // Shares such as 0.2 are not exact in binary; the product of a whole number is, to this much.
    const SLACK: f64 = 1e-9;
    let whole = |count: usize| (share * count as f64 + SLACK).floor();
    whole(index + 1) > whole(index)
}

/// What is in a folder and passes `keep`, sorted by name, without what begins with a dot.
fn list(folder: &Path, keep: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder, "list it"))? {
        let entry = entry.map_err(Error::io(folder, "list it"))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && keep(&entry.path()) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    matches!(ending.as_deref(), Some("png" | "jpg" | "jpeg")) && path.is_file()
}

/// The name of a folder, found even for `.` and `..`.
fn name_of(folder: &Path) -> String {
    last_part(&folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()))
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The picture as red, green and blue, row by row, 32 x 32.
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

/// A split that is being collected.
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

    fn split(self) -> Result<Split> {
        // The length is right by construction.
        let shape = (self.labels.len(), 3, SIDE, SIDE);
        Split::new(Array4::from_shape_vec(shape, self.bytes).unwrap_or_default(), self.labels)
    }
}
