//! Reading CIFAR-10 and CIFAR-100, and recognising which pixels it has.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{Cifar, Cifar100Labels, RECORD, RECORDS, TRAIN_FILES};
use super::marker::Marker;
use super::place::Place;
use super::records::{read_names, read_split};
use crate::dataset::{Dataset, Source, sample};
use crate::error::{Error, Result};
use crate::files::checksums::hexadecimal;

/// Fingerprint of the copy in which all images except the first 1,000 of each file went through JPEG once.
const PARTLY_JPEG: &str = "b9043e2dfbc8541ab52f7120170aff508c5569ad4e6f8d17ae156f0280752f17";
/// SHA-256 of the parts that this copy and the original have in common: all labels, then the first 1,000 images of each
/// file.
const COMMON: &str = "22f9c67175b5ccc632fc2b587d1734ef2befef8d08366c20bb2ecab602e6799c";
/// Images of each file that are original in this copy.
const COMMON_IMAGES: usize = 1_000;

impl Dataset {
    /// CIFAR-10, or another set in the same format, in a folder or at most two levels below it, or in a tar archive. Both
    /// versions are read, and the same images give the same fingerprint:
    /// - the binary version, `data_batch_1.bin` to `data_batch_5.bin` (the training split) and `test_batch.bin`, each with a
    ///   whole number of records of 3,073 bytes, and optionally `batches.meta.txt` with the names of the ten classes;
    /// - the Python version, which torchvision and Keras keep: pickles of the same names without an ending, and optionally
    ///   `batches.meta`. No code in a pickle is run.
    ///
    /// Names may be in upper case and have no ending; the content decides.
    ///
    /// [`Dataset::source`] says whether the pixels are the original ones, those of the partly compressed copy, or others.
    /// The original is recognised by a file that [`Dataset::fetch_cifar10`] adds to the folder, and in the authors' archives.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if one of the six files is missing, or it is CIFAR-100;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file and the record if a record is incomplete or its
    /// label is not a class, if a file is empty or damaged, or if there are not ten names.
    pub fn cifar10(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let place = match Place::find_any(path)? {
            Some((place, Cifar::Ten)) => place,
            Some((place, _)) => return Err(labels_needed(&place)),
            None => return Err(Place::Folder(path.into()).missing("data_batch_1", Cifar::Ten)),
        };
        read(&place, Cifar::Ten)
    }

    /// CIFAR-100 with its hundred fine or its twenty coarse classes: the files `train.bin` and `test.bin` of the binary
    /// version, or the pickles `train` and `test` of the Python version, found as [`Dataset::cifar10`] finds its files.
    ///
    /// # Errors
    /// Those of [`Dataset::cifar10`].
    pub fn cifar100(path: impl AsRef<Path>, labels: Cifar100Labels) -> Result<Self> {
        let (path, cifar) = (path.as_ref(), Cifar::Hundred(labels));
        let missing = || Place::Folder(path.into()).missing("train", cifar);
        read(&Place::find(path, cifar)?.ok_or_else(missing)?, cifar)
    }
}

/// The error about CIFAR-100 if it was not said which labels to read.
pub(crate) fn labels_needed(place: &Place) -> Error {
    let problem = "it is CIFAR-100, which has two sets of labels; choose its 100 classes with `--labels fine` or its 20 \
                   groups with `--labels coarse` (in Rust: `Dataset::cifar100`)";
    Error::no_dataset(place.path().display(), problem)
}

/// Reads the files of a data set.
pub(crate) fn read(place: &Place, cifar: Cifar) -> Result<Dataset> {
    let (train, test) = cifar.files();
    let train = read_split(place, cifar, train)?;
    let test = read_split(place, cifar, &[test])?;
    let names = read_names(place, cifar)?;
    let bird = sample::bird(&test, &names);
    let mut dataset = Dataset::new(train, test, names, "", bird)?;
    let source = match cifar {
        Cifar::Ten => source(&dataset, place)?,
        Cifar::Hundred(_) => Source::Cifar100,
    };
    dataset.description = match (source, cifar) {
        (Source::Cifar10Original, _) => "CIFAR-10, original pixels".into(),
        (Source::Cifar10PartlyJpeg, _) => {
            "CIFAR-10, labels and order original, 54,000 of 60,000 images once through JPEG".into()
        }
        (Source::Cifar10Unverified, _) => {
            "CIFAR-10 by its labels and 6,000 of its images, the other 54,000 not verified".into()
        }
        (_, Cifar::Ten) => format!("CIFAR-10 format, other pixels ({})", &dataset.fingerprint()[..12]),
        (_, Cifar::Hundred(Cifar100Labels::Fine)) => "CIFAR-100, fine labels, pixels not verified".into(),
        (_, Cifar::Hundred(Cifar100Labels::Coarse)) => "CIFAR-100, coarse labels, pixels not verified".into(),
    };
    let found = Some(place.path().display().to_string());
    Ok(dataset.from(source, found))
}

/// The source of a data set in CIFAR-10's format.
fn source(dataset: &Dataset, place: &Place) -> Result<Source> {
    if dataset.fingerprint() == PARTLY_JPEG {
        return Ok(Source::Cifar10PartlyJpeg);
    }
    let proven = match place {
        Place::Archive { is_original, .. } => *is_original,
        Place::Folder(folder) => {
            Marker::read(folder)?.is_some_and(|marker| marker.proves_original(dataset.fingerprint()))
        }
    };
    if proven {
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
