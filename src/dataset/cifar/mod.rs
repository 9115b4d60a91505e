//! CIFAR-10's binary version (A. Krizhevsky, *Learning Multiple Layers of Features from Tiny
//! Images*, 2009; <https://www.cs.toronto.edu/~kriz/cifar.html>): six files of records, each a label
//! byte and 3 x 32 x 32 bytes of red, green and blue, row by row.

pub(crate) mod marker;
pub(crate) mod places;

use std::path::{Path, PathBuf};

use ndarray::Array4;
use sha2::{Digest, Sha256};

use crate::dataset::cifar::marker::Marker;
use crate::dataset::{Dataset, SIDE, Source, Split, hexadecimal, sample};
use crate::error::{Error, Failure, Result};
use crate::files;

/// Bytes of one record.
pub(crate) const RECORD: usize = 1 + 3 * SIDE * SIDE;
/// Records of each file of the original.
pub(crate) const RECORDS: usize = 10_000;
/// The files of the training split, in order.
pub(crate) const TRAIN_FILES: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
/// The file of the test split.
pub(crate) const TEST_FILE: &str = "test_batch.bin";
/// The file with the names of the classes, one a line. May be missing.
pub(crate) const NAMES_FILE: &str = "batches.meta.txt";
/// The names of CIFAR-10's classes, by label.
const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Fingerprint of the copy whose images but the first 1,000 of each file went through JPEG once.
const PARTLY_JPEG: &str = "b9043e2dfbc8541ab52f7120170aff508c5569ad4e6f8d17ae156f0280752f17";
/// SHA-256 of what that copy and the original have in common: all labels, then the first 1,000
/// images of each file.
const COMMON: &str = "22f9c67175b5ccc632fc2b587d1734ef2befef8d08366c20bb2ecab602e6799c";
/// Images of each file that are original in the partly compressed copy.
const COMMON_IMAGES: usize = 1_000;

impl Dataset {
    /// CIFAR-10's binary version, or any set in its form: the folder holds `data_batch_1.bin` to
    /// `data_batch_5.bin` (the training split) and `test_batch.bin`, each any whole number of
    /// records, and may hold `batches.meta.txt` with ten names of classes.
    ///
    /// [`Dataset::source`] tells the original, the partly compressed copy and other pixels apart.
    /// The original is known by the record that `fetch` leaves beside the files.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset), [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) and [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) name the file and
    /// the record; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) a file of names that has not ten, or a split without images.
    pub fn cifar10(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let train = read_split(folder, &TRAIN_FILES)?;
        let test = read_split(folder, &[TEST_FILE])?;
        let names = read_names(&folder.join(NAMES_FILE))?;
        let bird = sample::bird(&test, &names);
        let dataset = Self::new(train, test, names, "", bird)?;
        let source = source(&dataset, folder)?;
        let description = match source {
            Source::Cifar10Original => "CIFAR-10, original pixels".into(),
            Source::Cifar10PartlyJpeg => {
                "CIFAR-10, labels and order original, 54,000 of 60,000 images once through JPEG".into()
            }
            Source::Cifar10Unverified => {
                "CIFAR-10 by its labels and 6,000 of its images, the other 54,000 not verified".into()
            }
            _ => format!("CIFAR-10 binary format, other pixels ({})", &dataset.fingerprint()[..12]),
        };
        Ok(dataset.described(description).with_source(source).with_place(folder.display().to_string()))
    }
}

/// Whether a folder holds at least one of the six files: then it is meant to be a CIFAR-10 folder.
pub(crate) fn has_cifar_files(folder: &Path) -> bool {
    TRAIN_FILES.iter().chain([&TEST_FILE]).any(|file| folder.join(file).is_file())
}

/// What a data set in CIFAR-10's form is.
fn source(dataset: &Dataset, folder: &Path) -> Result<Source> {
    if dataset.fingerprint() == PARTLY_JPEG {
        return Ok(Source::Cifar10PartlyJpeg);
    }
    if Marker::read(folder)?.is_some_and(|marker| marker.proves_original(dataset.fingerprint())) {
        return Ok(Source::Cifar10Original);
    }
    let full = dataset.train().len() == TRAIN_FILES.len() * RECORDS && dataset.test().len() == RECORDS;
    let common = full && common_fingerprint(dataset) == COMMON;
    Ok(if common { Source::Cifar10Unverified } else { Source::Cifar10Format })
}

/// SHA-256 of all labels and the first [`COMMON_IMAGES`] images of every 10,000.
fn common_fingerprint(dataset: &Dataset) -> String {
    let mut hash = Sha256::new();
    hash.update(dataset.train().labels());
    hash.update(dataset.test().labels());
    for split in [dataset.train(), dataset.test()] {
        for file in split.bytes().chunks(RECORDS * (RECORD - 1)) {
            hash.update(&file[..file.len().min(COMMON_IMAGES * (RECORD - 1))]);
        }
    }
    hexadecimal(&hash.finalize())
}

/// The records of some files as one split.
fn read_split(folder: &Path, names: &[&str]) -> Result<Split> {
    let (mut labels, mut pixels) = (Vec::new(), Vec::new());
    for name in names {
        read_records(&folder.join(name), &mut labels, &mut pixels)?;
    }
    if labels.is_empty() {
        return Err(Error::malformed(
            folder.join(names[0]),
            "there is no record in it; one at least is needed",
        ));
    }
    let shape = (labels.len(), 3, SIDE, SIDE);
    let images = Array4::from_shape_vec(shape, pixels)
        .map_err(|error| Error::malformed(folder, format!("its pixels have no proper shape: {error}")))?;
    Split::new(images, labels)
}

/// Appends the labels and pixels of one file.
fn read_records(path: &Path, labels: &mut Vec<u8>, pixels: &mut Vec<u8>) -> Result<()> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::from(Failure::CifarMissing { path: path.to_path_buf() }),
        _ => Error::io(path, "read it")(source),
    })?;
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if !rest.is_empty() {
        return Err(Error::from(Failure::CifarLength {
            path: path.to_path_buf(),
            bytes: bytes.len(),
            records: records.len(),
            rest: rest.len(),
        }));
    }
    if let Some((record, [label, ..])) = records.iter().enumerate().find(|(_, record)| record[0] > 9) {
        return Err(Error::from(Failure::CifarLabel { path: path.to_path_buf(), record, label: *label }));
    }
    labels.extend(records.iter().map(|record| record[0]));
    pixels.reserve(records.len() * (RECORD - 1));
    records.iter().for_each(|record| pixels.extend_from_slice(&record[1..]));
    Ok(())
}

/// The ten names of the file, or CIFAR-10's own where there is no such file.
fn read_names(path: &PathBuf) -> Result<Vec<String>> {
    if !path.exists() {
        return Ok(CLASSES.map(String::from).to_vec());
    }
    let bytes = files::read(path)?;
    let names: Vec<String> = String::from_utf8_lossy(&bytes)
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(String::from)
        .collect();
    if names.len() == CLASSES.len() {
        return Ok(names);
    }
    let problem = format!("it names {} classes, where ten lines with one name each are needed", names.len());
    Err(Error::malformed(path, problem))
}
