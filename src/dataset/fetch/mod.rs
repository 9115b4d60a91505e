//! Downloading CIFAR-10: once, verified, and completely or not at all.

mod archive;
mod download;
mod trust;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use download::FetchProgress;
use percent_encoding::percent_decode_str;

use super::Dataset;
use super::cifar::layout::{ARCHIVE_SHA256, FOLDER};
use super::cifar::marker::Marker;
use crate::error::{Error, Result};
use crate::files::lock::{Attempt, TryLock, attempt};
use crate::files::user_folder;
use crate::stop::Stop;

/// The authors' address of CIFAR-10's binary version.
const ARCHIVE_URL: &str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";
/// Length of that archive in bytes.
const ARCHIVE_BYTES: u64 = 170_052_171;
/// Time between two attempts to get a lock that another call has.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What [`fetch`] downloads, and to which folder. The default is the original, from its authors, into the
/// user's data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOptions {
    /// An address that begins with `http://` or `https://`, or the path or `file:` URL of an archive on disk. Default:
    /// <https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz>.
    pub from: String,
    /// The folder in which `cifar-10-batches-bin` is created. Default, with `None`: `softness` in the user's data folder,
    /// where [`Dataset::auto`] finds it.
    pub to: Option<PathBuf>,
    /// The SHA-256 of the archive, in lower-case hexadecimal. Default: that of the authors' archive,
    /// `c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd`.
    pub sha256: String,
    /// The length of the archive in bytes. Default: that of the authors' archive, 170,052,171.
    pub bytes: u64,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self { from: ARCHIVE_URL.into(), to: None, sha256: ARCHIVE_SHA256.into(), bytes: ARCHIVE_BYTES }
    }
}

impl Dataset {
    /// Downloads CIFAR-10's binary version from its authors into `softness` in the user's data folder, checks its length
    /// and SHA-256, unpacks the expected files and returns the folder with the six files, which [`Dataset::cifar10`] reads
    /// and [`Dataset::auto`] finds. `softness fetch cifar10` does the same, shows its progress, and accepts mirrors,
    /// downloaded archives and other folders.
    ///
    /// - If the folder already has what the archive contains, nothing is downloaded.
    /// - A broken connection is resumed where it broke. After several failures in a row the incomplete file stays, hidden,
    ///   and the next call resumes it, also after an interrupt of the cell. Other failures leave only an empty hidden file, the lock.
    /// - Of two calls at the same time, in one program or two, the second waits for the first and finds its result.
    /// - The folder appears when it is complete.
    ///
    /// # Errors
    /// [`ErrorKind::Download`](crate::ErrorKind::Download) if there is no usable connection;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the archive is not the expected one;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if the folder exists
    /// with other content, or the user has no data folder; those of [`Dataset::cifar10`].
    pub fn fetch_cifar10() -> Result<PathBuf> {
        fetch(&FetchOptions::default(), &mut |_| ())
    }
}

/// [`Dataset::fetch_cifar10`] with options; an archive on disk is not downloaded. `observer` is told how far it is.
pub fn fetch(options: &FetchOptions, observer: &mut dyn FnMut(FetchProgress)) -> Result<PathBuf> {
    fetch_with(options, observer, File::try_lock)
}

fn fetch_with(
    options: &FetchOptions,
    observer: &mut dyn FnMut(FetchProgress),
    try_lock: TryLock,
) -> Result<PathBuf> {
    let problem = "no home folder is known; name a folder to put it in";
    let to = options.to.clone().or_else(user_folder);
    let to = to.ok_or_else(|| Error::no_dataset("the user's data folder", problem))?;
    std::fs::create_dir_all(&to).map_err(Error::io(&to, "create the folder"))?;
    let lock = lock(&to.join(".softness-fetch.lock"), observer, try_lock)?;
    if lock.is_some() {
        archive::remove_leftovers(&to)?;
    }
    let target = to.join(FOLDER);
    if target.exists() {
        check_present(&target, &options.sha256)?;
        observer(FetchProgress::AlreadyThere);
        return Ok(target);
    }
    if options.from.starts_with("http://") || options.from.starts_with("https://") {
        let part = to.join(format!(".softness-{}.part", &options.sha256.get(..12).unwrap_or("archive")));
        download::download(options, &part, observer)?;
        let unpacked = install(options, &part, &to, observer);
        // Unpacked or wrong, the archive is not needed any more.
        match std::fs::remove_file(&part) {
            // Without locks, another call may have removed it.
            Err(error) if lock.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
            removed => removed.map_err(Error::io(&part, "remove it"))?,
        }
        unpacked?;
    } else {
        let archive = local_path(&options.from)?;
        let requirement = "it must be an archive, such as cifar-10-binary.tar.gz; what is in a folder needs no fetching: --dataset and \
                           the folder";
        Error::require(!archive.is_dir(), "from", format!("the folder \"{}\"", options.from), requirement)?;
        install(options, &archive, &to, observer)?;
    }
    Ok(target)
}

/// The path of an archive on disk, which may be written as a `file:` URL.
fn local_path(from: &str) -> Result<PathBuf> {
    let Some(rest) = from.strip_prefix("file:") else { return Ok(from.into()) };
    let path = match rest.strip_prefix("//") {
        None => rest,
        Some(path) => path.strip_prefix("localhost").filter(|path| path.starts_with('/')).unwrap_or(path),
    };
    let decoded = percent_decode_str(path).decode_utf8().ok();
    let decoded = decoded.filter(|path| path.starts_with(['/', '.'])).ok_or_else(|| {
        let requirement = "the URL of a file on this computer is `file://` and its whole path, as in \
                           file:///home/me/cifar-10-binary.tar.gz";
        Error::option("from", format!("\"{from}\""), requirement)
    })?;
    // On Windows a path begins with a drive: file:///C:/Users.
    let drive = decoded.get(1..).filter(|rest| cfg!(windows) && rest.as_bytes().get(1) == Some(&b':'));
    Ok(drive.unwrap_or(&decoded).into())
}

/// Checks an archive, unpacks it to a temporary folder in `to` and renames that.
fn install(
    options: &FetchOptions,
    archive: &Path,
    to: &Path,
    observer: &mut dyn FnMut(FetchProgress),
) -> Result<()> {
    observer(FetchProgress::Checking);
    archive::check(archive, &options.from, options.bytes, &options.sha256)?;
    observer(FetchProgress::Unpacking);
    let scratch = archive::scratch(to)?;
    let unpacked = scratch.path().join(FOLDER);
    archive::unpack(archive, Path::new(&options.from), &unpacked)?;
    let fingerprint = Dataset::cifar10(&unpacked)?.fingerprint().into();
    Marker { archive_sha256: options.sha256.clone(), fingerprint }.write(&unpacked)?;
    let target = to.join(FOLDER);
    match std::fs::rename(&unpacked, &target) {
        // Without locks, another call may have put it there.
        Err(_) if target.exists() => check_present(&target, &options.sha256),
        moved => moved.map_err(Error::io(&target, "put the unpacked folder there")),
    }
}

/// Checks that a folder has the unchanged content of the same archive.
fn check_present(target: &Path, sha256: &str) -> Result<()> {
    let problem = match Marker::read(target)? {
        None => "the folder exists, but was not made by fetching this archive",
        Some(marker) if marker.archive_sha256 != sha256 => "its files were unpacked from another archive",
        Some(marker) if marker.fingerprint == Dataset::cifar10(target)?.fingerprint() => return Ok(()),
        Some(_) => "its files were changed after they were unpacked",
    };
    let hint = "remove that folder, or fetch into another one";
    Err(Error::no_dataset(target.display(), format!("{problem}; {hint}")))
}

/// The lock, which is released when the file is dropped, by the operating system when a program ends. `None` if the file
/// system has no locks: two calls at the same time then do the same work, and the checksum tells if they disturb each other.
fn lock(path: &Path, observer: &mut dyn FnMut(FetchProgress), try_lock: TryLock) -> Result<Option<File>> {
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)
        .map_err(Error::io(path, "create the lock"))?;
    let stop = Stop::from_environment();
    let mut waits = false;
    loop {
        match attempt(&file, path, try_lock)? {
            Attempt::Locked => return Ok(Some(file)),
            Attempt::NoLocks(sentence) => {
                observer(FetchProgress::NoLocks(sentence));
                return Ok(None);
            }
            Attempt::Busy if !waits => {
                observer(FetchProgress::Waiting);
                waits = true;
            }
            Attempt::Busy => {
                stop.check("waiting for another download")?;
                std::thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::lock::refuse;

    #[test]
    fn a_file_system_without_locks_is_told_and_fetched_into() {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Vec::new();
        let options = FetchOptions {
            from: "no/such/archive".into(),
            to: Some(folder.path().into()),
            ..FetchOptions::default()
        };
        let error = fetch_with(&options, &mut |progress| told.push(progress), refuse).unwrap_err();
        // It went on to the archive, which is not there.
        assert!(error.to_string().contains("no/such/archive"), "{error}");
        let [FetchProgress::NoLocks(sentence), FetchProgress::Checking] = &told[..] else {
            panic!("{told:?}")
        };
        assert!(sentence.contains("has no locks"), "{sentence}");
    }
}
