//! The one error type of the crate. Every message is a sentence that names the file, record, row,
//! field or option at fault, and what to do about it.

use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in a sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // -- files, used by every module ------------------------------------------------------------
    /// The operating system refused something to do with a file or folder.
    #[error("{}: could not {action}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a verb: "read it", "create it".
        action: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is there, but what is in it is not what it should be.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what would be right, as a sentence.
        problem: String,
    },
    /// An option has a value that makes no sense.
    #[error("{option} is {value}, but {requirement}")]
    InvalidOption {
        /// The option or field.
        option: &'static str,
        /// Its value.
        value: String,
        /// What the value must be.
        requirement: String,
    },
    // -- dataset --------------------------------------------------------------------------------
    /// One of the six files of CIFAR-10's binary version is not there.
    #[error(
        "{}: there is no such file; a CIFAR-10 folder holds data_batch_1.bin to data_batch_5.bin and \
         test_batch.bin (`softness fetch cifar10` downloads them)",
        path.display()
    )]
    CifarMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file of CIFAR-10's binary version does not hold whole records.
    #[error(
        "{}: record {records} (counted from 0) is cut off after {rest} of 3073 bytes; the file is {bytes} bytes \
         long, which must be a multiple of 3073",
        path.display()
    )]
    CifarLength {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: usize,
        /// The number of whole records, which is the number of the one cut off.
        records: usize,
        /// The bytes after the last whole record.
        rest: usize,
    },
    /// A record of CIFAR-10's binary version has a label that is not a class.
    #[error("{}: record {record} (counted from 0) has the label {label}, but labels are 0 to 9", path.display())]
    CifarLabel {
        /// The file.
        path: PathBuf,
        /// The record, counted from 0.
        record: usize,
        /// Its label.
        label: u8,
    },
    /// No data set is where one was asked for.
    #[error("there is no data set at {place}: {problem}")]
    NoDataset {
        /// What was asked for: a folder, or an environment variable and its value.
        place: String,
        /// What is missing and what to do about it.
        problem: String,
    },
    /// Something could not be downloaded.
    #[error("{url}: {problem}")]
    Download {
        /// The address.
        url: String,
        /// What happened, and what to do about it.
        problem: String,
    },
    /// A downloaded file is not the one that was published.
    #[error("{}: its {property} is {found}, but {expected} is right: it is not the published archive", path.display())]
    WrongArchive {
        /// The file, or the address it came from.
        path: PathBuf,
        /// What was compared: "length in bytes" or "SHA-256".
        property: &'static str,
        /// What the file has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// An archive holds something that is not unpacked.
    #[error("{}: the entry {entry:?} {problem}; nothing was unpacked", path.display())]
    UnexpectedEntry {
        /// The archive.
        path: PathBuf,
        /// The name of the entry.
        entry: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A picture cannot be read.
    #[error("{}: could not read it as a PNG or JPEG picture: {problem}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Some pictures of an image folder cannot be read.
    #[error("{} of the folder's pictures cannot be read; mend or remove them: {}", files.len(), list(files))]
    Unreadable {
        /// The files, and what is wrong with each.
        files: Vec<(PathBuf, String)>,
    },
    // -- network --------------------------------------------------------------------------------
    // -- filters --------------------------------------------------------------------------------
    /// A layer was asked for that the network does not have.
    #[error("there is no layer {layer}: the convolutional layers are 1 to {layers}")]
    NoSuchLayer {
        /// The layer asked for, counted from 1.
        layer: usize,
        /// The number of convolutional layers.
        layers: usize,
    },
    // -- session --------------------------------------------------------------------------------
    // -- responses and softness -----------------------------------------------------------------
    // -- table ----------------------------------------------------------------------------------
    // -- models ---------------------------------------------------------------------------------
    // -- figures and report ---------------------------------------------------------------------
}

/// Files and what is wrong with them, in a line: the first ten, then how many more.
fn list(files: &[(PathBuf, String)]) -> String {
    const SHOWN: usize = 10;
    let mut shown: Vec<String> =
        files.iter().take(SHOWN).map(|(path, problem)| format!("{} ({problem})", path.display())).collect();
    if files.len() > SHOWN {
        shown.push(format!("and {} more", files.len() - SHOWN));
    }
    shown.join(", ")
}

impl Error {
    /// An [`Error::Io`] about `path`, ready for `map_err`.
    pub(crate) fn io(path: impl AsRef<Path>, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, action, source }
    }

    /// An [`Error::Malformed`] about `path`.
    pub(crate) fn malformed(path: impl AsRef<Path>, problem: impl Into<String>) -> Self {
        Self::Malformed { path: path.as_ref().to_path_buf(), problem: problem.into() }
    }

    /// An [`Error::InvalidOption`].
    pub(crate) fn option(
        option: &'static str,
        value: impl std::fmt::Display,
        requirement: impl Into<String>,
    ) -> Self {
        Self::InvalidOption { option, value: value.to_string(), requirement: requirement.into() }
    }
}
