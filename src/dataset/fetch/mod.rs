//! Downloading CIFAR-10: once, checked, and whole or not at all.

mod archive;
mod download;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

pub use download::FetchProgress;

use super::Dataset;
use crate::dataset::cifar::marker::Marker;
use crate::dataset::cifar::places::user_folder;
use crate::error::{Error, Failure, Result};

/// The authors' address of CIFAR-10's binary version.
pub const CIFAR10_URL: &str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";
/// Length of that archive in bytes.
pub const CIFAR10_BYTES: u64 = 170_052_171;
/// SHA-256 of that archive.
pub const CIFAR10_SHA256: &str = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
/// The folder within the archive, and the one that is made.
pub(crate) const FOLDER: &str = "cifar-10-batches-bin";

/// What to fetch, from where, to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOptions {
    /// An address that begins with `http://` or `https://`, or the path of an archive that is
    /// already here. Default: [`CIFAR10_URL`].
    pub from: String,
    /// The folder in which `cifar-10-batches-bin` is made. Default: where
    /// [`Dataset::auto`](crate::dataset::Dataset::auto) looks last, `softness` in the user's data folder.
    pub to: PathBuf,
    /// The SHA-256 that the archive must have, in lower-case hexadecimal. Default: [`CIFAR10_SHA256`].
    pub sha256: String,
    /// The length in bytes that the archive must have. Default: [`CIFAR10_BYTES`].
    pub bytes: u64,
}

impl FetchOptions {
    /// The original, from its authors, into the user's data folder.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) where the user has no home folder: then set [`to`](Self::to) in
    /// [`FetchOptions::into_folder`].
    pub fn cifar10() -> Result<Self> {
        let problem = "no home folder is known; name a folder to put it in";
        let to = user_folder().ok_or_else(|| {
            Error::from(Failure::NoDataset {
                place: "the user's data folder".into(),
                problem: problem.into(),
            })
        })?;
        Ok(Self::into_folder(to))
    }

    /// The original, from its authors, into `to`.
    pub fn into_folder(to: impl Into<PathBuf>) -> Self {
        Self { from: CIFAR10_URL.into(), to: to.into(), sha256: CIFAR10_SHA256.into(), bytes: CIFAR10_BYTES }
    }
}

/// Downloads the archive (or takes the file that is already here), checks its length and SHA-256,
/// unpacks the expected files, and returns the folder with the six files, `to`/cifar-10-batches-bin.
///
/// - Where that folder already holds what came from this archive, nothing is downloaded.
/// - A connection that breaks is taken up again where it broke; after several failures in a row the
///   part stays, hidden, and the next call goes on with it. No other failure leaves anything behind
///   but an empty hidden file, the lock.
/// - Two calls at once, in one program or two: the second waits for the first, then finds its result.
/// - The folder appears whole, by being renamed.
///
/// `observer` is told how far it is.
///
/// # Errors
/// [`ErrorKind::Download`](crate::ErrorKind::Download), [`ErrorKind::Malformed`](crate::ErrorKind::Malformed), [`ErrorKind::Malformed`](crate::ErrorKind::Malformed), [`ErrorKind::Io`](crate::ErrorKind::Io); those of
/// [`Dataset::cifar10`] where the files in the archive are not right; [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) where
/// the folder to be made exists with something else in it.
pub fn fetch(options: &FetchOptions, observer: &mut dyn FnMut(FetchProgress)) -> Result<PathBuf> {
    let to = &options.to;
    std::fs::create_dir_all(to).map_err(Error::io(to, "create the folder"))?;
    let _lock = lock(&to.join(".softness-fetch.lock"), observer)?;
    archive::remove_leftovers(to)?;
    let target = to.join(FOLDER);
    if target.exists() {
        check_present(&target, &options.sha256)?;
        observer(FetchProgress::AlreadyThere);
        return Ok(target);
    }
    if options.from.starts_with("http://") || options.from.starts_with("https://") {
        let part = to.join(format!(".softness-{}.part", &options.sha256.get(..12).unwrap_or("archive")));
        download::download(options, &part, observer)?;
        let unpacked = install(options, &part, &target, observer);
        // Wrong or unpacked, it is of no more use.
        std::fs::remove_file(&part).map_err(Error::io(&part, "remove it"))?;
        unpacked?;
    } else {
        install(options, Path::new(&options.from), &target, observer)?;
    }
    Ok(target)
}

/// Checks an archive, unpacks it beside its target and renames it.
fn install(
    options: &FetchOptions,
    archive: &Path,
    target: &Path,
    observer: &mut dyn FnMut(FetchProgress),
) -> Result<()> {
    observer(FetchProgress::Checking);
    archive::check(archive, &options.from, options.bytes, &options.sha256)?;
    observer(FetchProgress::Unpacking);
    let scratch = archive::scratch(&options.to)?;
    let unpacked = scratch.path().join(FOLDER);
    archive::unpack(archive, Path::new(&options.from), &unpacked)?;
    let fingerprint = Dataset::cifar10(&unpacked)?.fingerprint().into();
    Marker { archive_sha256: options.sha256.clone(), fingerprint }.write(&unpacked)?;
    std::fs::rename(&unpacked, target).map_err(Error::io(target, "put the unpacked folder there"))
}

/// Accepts a folder only if it holds, unchanged, what was unpacked from the same archive.
fn check_present(target: &Path, sha256: &str) -> Result<()> {
    let refuse = |problem: &str| {
        Error::from(Failure::NoDataset {
            place: target.display().to_string(),
            problem: format!("{problem}; remove that folder, or fetch into another one"),
        })
    };
    match Marker::read(target)? {
        Some(marker) if marker.archive_sha256 == sha256 => {
            let dataset = Dataset::cifar10(target)?;
            if dataset.fingerprint() == marker.fingerprint {
                return Ok(());
            }
            Err(refuse("its files were changed after they were unpacked"))
        }
        Some(_) => Err(refuse("its files were unpacked from another archive")),
        None => Err(refuse("the folder exists, but was not made by fetching this archive")),
    }
}

/// Holds the lock until the file is dropped. The operating system frees it when a program dies.
fn lock(path: &Path, observer: &mut dyn FnMut(FetchProgress)) -> Result<File> {
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)
        .map_err(Error::io(path, "create the lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            observer(FetchProgress::Waiting);
            file.lock().map_err(Error::io(path, "wait for the lock"))?;
        }
        Err(TryLockError::Error(error)) => return Err(Error::io(path, "lock it")(error)),
    }
    Ok(file)
}
