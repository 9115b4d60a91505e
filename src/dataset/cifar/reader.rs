//! Reading CIFAR-10, and recognising which pixels it has.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{NAMES_FILE, RECORD, RECORDS, TEST_FILE, TRAIN_FILES, read_names, read_split};
use super::marker::Marker;
use crate::dataset::{Dataset, Source, hexadecimal, sample};
use crate::error::Result;

/// Fingerprint of the copy in which all images except the first 1,000 of each file went through JPEG once.
const PARTLY_JPEG: &str = "b9043e2dfbc8541ab52f7120170aff508c5569ad4e6f8d17ae156f0280752f17";
/// SHA-256 of the parts that this copy and the original have in common: all labels, then the first 1,000 images of each
/// file.
const COMMON: &str = "22f9c67175b5ccc632fc2b587d1734ef2befef8d08366c20bb2ecab602e6799c";
/// Images of each file that are original in this copy.
const COMMON_IMAGES: usize = 1_000;

impl Dataset {
    /// CIFAR-10's binary version, or another set in the same format. The folder has the files `data_batch_1.bin` to
    /// `data_batch_5.bin` (the training split) and `test_batch.bin`, each with a whole number of records of 3,073 bytes,
    /// and optionally `batches.meta.txt` with the names of the ten classes.
    ///
    /// [`Dataset::source`] says whether the pixels are the original ones, those of the partly compressed copy, or others.
    /// The original is recognised by a file that [`Dataset::fetch_cifar10`] adds to the folder.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if one of the six files is missing;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file and the record if a record is incomplete or its
    /// label is not a class, if there are not ten names, or if a split has no image.
    pub fn cifar10(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let train = read_split(folder, &TRAIN_FILES)?;
        let test = read_split(folder, &[TEST_FILE])?;
        let names = read_names(&folder.join(NAMES_FILE))?;
        let bird = sample::bird(&test, &names);
        let mut dataset = Self::new(train, test, names, "", bird)?;
        let source = source(&dataset, folder)?;
        dataset.description = match source {
            Source::Cifar10Original => "CIFAR-10, original pixels".into(),
            Source::Cifar10PartlyJpeg => {
                "CIFAR-10, labels and order original, 54,000 of 60,000 images once through JPEG".into()
            }
            Source::Cifar10Unverified => {
                "CIFAR-10 by its labels and 6,000 of its images, the other 54,000 not verified".into()
            }
            _ => format!("CIFAR-10 binary format, other pixels ({})", &dataset.fingerprint()[..12]),
        };
        let place = Some(folder.display().to_string());
        Ok(dataset.from(source, place))
    }
}

/// The source of a data set in CIFAR-10's format.
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
