//! The files of CIFAR-10's binary version: six files of records, each a label byte and 3 x 32 x 32 bytes of red, green and
//! blue, row by row.

use std::path::Path;

use crate::dataset::{SIDE, Split};
use crate::error::{Error, ErrorKind, Result};
use crate::files;

/// The name of the folder with the six files, in the archive and on disk.
pub(crate) const FOLDER: &str = "cifar-10-batches-bin";
/// SHA-256 of the authors' archive.
pub(crate) const ARCHIVE_SHA256: &str = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
/// Bytes of a record.
pub(crate) const RECORD: usize = 1 + 3 * SIDE * SIDE;
/// Records of each file in the original.
pub(crate) const RECORDS: usize = 10_000;
/// The files of the training split, in order.
pub(crate) const TRAIN_FILES: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
/// The file of the test split.
pub(crate) const TEST_FILE: &str = "test_batch.bin";
/// The file with the names of the classes, one per line. Optional.
pub(crate) const NAMES_FILE: &str = "batches.meta.txt";
/// The names of CIFAR-10's classes, by label.
const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Whether a folder has at least one of the six files and so is meant to be a CIFAR-10 folder.
pub(crate) fn has_cifar_files(folder: &Path) -> bool {
    TRAIN_FILES.iter().chain([&TEST_FILE]).any(|file| folder.join(file).is_file())
}

/// The records of these files as one split.
pub(super) fn read_split(folder: &Path, names: &[&str]) -> Result<Split> {
    let (mut labels, mut pixels) = (Vec::new(), Vec::new());
    for name in names {
        read_records(&folder.join(name), &mut labels, &mut pixels)?;
    }
    if labels.is_empty() {
        let problem = "there is no record in it; at least one is needed";
        return Err(Error::malformed(folder.join(names[0]), problem));
    }
    Ok(Split::from_bytes(pixels, labels))
}

/// Appends the labels and pixels of one file.
fn read_records(path: &Path, labels: &mut Vec<u8>, pixels: &mut Vec<u8>) -> Result<()> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => {
            let problem = "there is no such file; a CIFAR-10 folder holds data_batch_1.bin to data_batch_5.bin and \
                           test_batch.bin (`softness fetch cifar10` downloads them)";
            Error::new(ErrorKind::NoDataset, format!("{}: {problem}", path.display()))
        }
        _ => Error::io(path, "read it")(source),
    })?;
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if !rest.is_empty() {
        let (record, rest, bytes) = (records.len(), rest.len(), bytes.len());
        let problem = format!(
            "record {record} (counted from 0) is cut off after {rest} of 3073 bytes; the file is {bytes} bytes \
             long, which must be a multiple of 3073"
        );
        return Err(Error::malformed(path, problem));
    }
    if let Some((record, [label, ..])) = records.iter().enumerate().find(|(_, record)| record[0] > 9) {
        let problem =
            format!("record {record} (counted from 0) has the label {label}, but labels are 0 to 9");
        return Err(Error::malformed(path, problem));
    }
    labels.extend(records.iter().map(|record| record[0]));
    pixels.reserve(records.len() * (RECORD - 1));
    records.iter().for_each(|record| pixels.extend_from_slice(&record[1..]));
    Ok(())
}

/// The ten names in the file, or CIFAR-10's own if there is no such file.
pub(super) fn read_names(path: &Path) -> Result<Vec<String>> {
    if !path.exists() {
        return Ok(CLASSES.map(String::from).to_vec());
    }
    let bytes = files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let names: Vec<String> = lines.map(String::from).collect();
    if names.len() == CLASSES.len() {
        return Ok(names);
    }
    let problem = format!("it names {} classes, but ten lines with one name each are needed", names.len());
    Err(Error::malformed(path, problem))
}
