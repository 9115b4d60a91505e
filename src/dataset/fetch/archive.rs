//! Checking the archive and unpacking the expected files, and nothing else.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::dataset::cifar::layout::{
    FOLDER, NAMES_FILE, PYTHON_ARCHIVE_BYTES, RECORD, RECORDS, TEST_FILE, TRAIN_FILES,
};
use crate::error::{Error, Result};
use crate::files::checksums::hexadecimal;

/// The beginning of the name of a temporary folder for unpacking.
const SCRATCH: &str = ".softness-unpack-";
/// The largest text file of the archive, in bytes; those of the original have 61 and 88.
const TEXT_LIMIT: u64 = 10_000;
/// The most bytes that are decompressed: six full files and two texts, with room for their headers.
const TOTAL_LIMIT: u64 = 6 * (RECORD * RECORDS) as u64 + 1_000_000;

/// Checks the length and then the SHA-256 of a file. `origin` is its name in errors.
pub(super) fn check(path: &Path, origin: &str, bytes: u64, sha256: &str) -> Result<()> {
    let mut file = File::open(path).map_err(Error::io(path, "open it"))?;
    let length = file.metadata().map_err(Error::io(path, "ask for its length"))?.len();
    if length == PYTHON_ARCHIVE_BYTES && bytes != length {
        let problem = "it has the length of the archive of CIFAR-10's Python version, which need not be fetched: give the \
                       archive itself as the data set (`--dataset FILE`)";
        return Err(Error::malformed(origin, problem));
    }
    if length != bytes {
        return Err(wrong(origin, "length in bytes", length, bytes));
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(Error::io(path, "read it"))? {
            0 => break,
            count => hash.update(&buffer[..count]),
        }
    }
    let found = hexadecimal(&hash.finalize());
    if found != sha256 { Err(wrong(origin, "SHA-256", found, sha256)) } else { Ok(()) }
}

/// The error about an archive that is not the published one.
pub(super) fn wrong(origin: &str, property: &str, found: impl Display, expected: impl Display) -> Error {
    let problem = format!("its {property} is {found}, but that of the published archive is {expected}");
    Error::malformed(origin, problem)
}

/// A temporary folder for unpacking, on the file system of the target. It is removed when dropped.
pub(super) fn scratch(to: &Path) -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix(SCRATCH)
        .tempdir_in(to)
        .map_err(Error::io(to, "create a temporary folder in it"))
}

/// Removes the temporary folders of killed programs. Call it with the lock only.
pub(super) fn remove_leftovers(to: &Path) -> Result<()> {
    let entries = std::fs::read_dir(to).map_err(Error::io(to, "list it"))?;
    for entry in entries {
        let entry = entry.map_err(Error::io(to, "list it"))?;
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            std::fs::remove_dir_all(entry.path()).map_err(Error::io(entry.path(), "remove it"))?;
        }
    }
    Ok(())
}

/// Unpacks the six files and the optional texts to a new folder. Any other entry of the archive is an error. `origin` is the
/// archive's name in errors.
pub(super) fn unpack(archive: &Path, origin: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir(folder).map_err(Error::io(folder, "create the folder"))?;
    let file = File::open(archive).map_err(Error::io(archive, "open it"))?;
    let plain = GzDecoder::new(BufReader::new(file)).take(TOTAL_LIMIT);
    let broken = |error: std::io::Error| {
        Error::malformed(origin, format!("it is not a complete, gzip-compressed tar archive ({error})"))
    };
    let mut tar = tar::Archive::new(plain);
    let mut missing: BTreeSet<&str> = TRAIN_FILES.into_iter().chain([TEST_FILE]).collect();
    for entry in tar.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let refuse = |problem: &str| {
            Error::malformed(origin, format!("the entry {name:?} {problem}; nothing was unpacked"))
        };
        let kind = entry.header().entry_type();
        if kind.is_dir() && name.trim_end_matches('/') == FOLDER {
            continue;
        }
        if kind.is_symlink() || kind.is_hard_link() {
            return Err(refuse("is a link"));
        }
        // The name is only compared with the expected names; it is never used as a path.
        let name = name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
        let known = TRAIN_FILES.into_iter().chain([TEST_FILE, NAMES_FILE, "readme.html"]);
        let Some(name) = known.into_iter().find(|known| Some(*known) == name) else {
            return Err(refuse("does not belong in CIFAR-10"));
        };
        if !kind.is_file() {
            return Err(refuse("is not a regular file"));
        }
        let limit = if name.ends_with(".bin") { (RECORD * RECORDS) as u64 } else { TEXT_LIMIT };
        if entry.size() > limit {
            return Err(refuse(&format!("is {} bytes long, but at most {limit} are expected", entry.size())));
        }
        let path = folder.join(name);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 != entry.size() {
            return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
        }
        // `create_new` refuses a second entry of the same name.
        let mut output = match File::create_new(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(refuse("is there twice"));
            }
            other => other.map_err(Error::io(&path, "create it"))?,
        };
        output.write_all(&bytes).map_err(Error::io(&path, "write it"))?;
        missing.remove(name);
    }
    match missing.first() {
        Some(name) => Err(Error::malformed(origin, format!("there is no {FOLDER}/{name} in the archive"))),
        None => Ok(()),
    }
}
