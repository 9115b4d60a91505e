//! Where the files of CIFAR-10 or CIFAR-100 are: in a folder or in an archive.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::layout::{
    ARCHIVE_SHA256, Cifar, Cifar100Labels, FOLDER, IMAGE, PYTHON_ARCHIVE_SHA256, PYTHON_FOLDER, stem,
};
use crate::error::{Error, ErrorKind, Result};
use crate::files::checksums::hexadecimal;

/// How far below a folder the files are searched.
const DEPTH: usize = 2;
/// The most bytes that are read from an archive: those of CIFAR-100's Python version with all its file names, doubled.
const MOST: u64 = 400_000_000;
/// The beginning of gzip's files.
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// The place and the beginning of the mark of a tar file.
const TAR: (usize, &[u8]) = (257, b"ustar");
/// The beginning of pickles since protocol 2.
const PICKLE: [u8; 1] = [0x80];
/// Bytes of a record of CIFAR-100.
const RECORD_100: u64 = 2 + IMAGE as u64;
/// How the names of all files begin, in any case.
const STARTS: [&str; 7] =
    ["data_batch_", "test", "train", "batches.meta", "meta", "fine_label", "coarse_label"];
/// Any of the two kinds of labels: the files are the same.
const HUNDRED: Cifar = Cifar::Hundred(Cifar100Labels::Fine);

/// The files of a data set.
#[derive(Debug)]
pub(crate) enum Place {
    Folder(PathBuf),
    /// Names and contents of files, and whether the archive is one of the authors'.
    Archive {
        path: PathBuf,
        files: BTreeMap<String, Vec<u8>>,
        is_original: bool,
    },
}

impl Place {
    /// The folder, or the first one at most two levels below it, with files of this data set; or the archive, also in a folder
    /// without sub-folders.
    ///
    /// # Errors
    /// Those of reading an archive. A folder without such files is none.
    pub(crate) fn find(path: &Path, cifar: Cifar) -> Result<Option<Self>> {
        if !path.is_dir() {
            let archive = if is_archive(path) { Some(Self::archive(path)?) } else { None };
            return Ok(archive.filter(|archive| archive.has(cifar)));
        }
        let mut level = vec![path.to_path_buf()];
        for depth in 0..=DEPTH {
            if let Some(found) =
                level.iter().map(|path| Self::Folder(path.clone())).find(|place| place.has(cifar))
            {
                return Ok(Some(found));
            }
            if depth < DEPTH {
                level = level.iter().flat_map(|path| folders_in(path)).collect();
            }
        }
        // Beside folders, which may be classes of pictures, an archive is only what the pictures were unpacked from.
        let alone = folders_in(path).iter().all(|folder| is_hidden(folder));
        for archive in if alone { archives_in(path, cifar) } else { Vec::new() } {
            if let Some(found) = Some(Self::archive(&archive)?).filter(|archive| archive.has(cifar)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Where CIFAR-100 is, if `path` has it as well as CIFAR-10, as the folder of torchvision may.
    pub(crate) fn hundred_beside(path: &Path) -> Result<Option<PathBuf>> {
        let found = if path.is_dir() { Self::find(path, HUNDRED)? } else { None };
        Ok(found.map(|place| place.path().to_owned()))
    }

    /// The data set whose files are there, CIFAR-10 rather than CIFAR-100.
    pub(crate) fn find_any(path: &Path) -> Result<Option<(Self, Cifar)>> {
        let any = [Cifar::Ten, HUNDRED];
        if is_archive(path) {
            let archive = Self::archive(path)?;
            return Ok(any.into_iter().find(|&cifar| archive.has(cifar)).map(|cifar| (archive, cifar)));
        }
        for cifar in any {
            if let Some(place) = Self::find(path, cifar)? {
                return Ok(Some((place, cifar)));
            }
        }
        Ok(None)
    }

    /// The name of the folder or archive.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Archive { path, .. } => path,
        }
    }

    /// Whether at least one of the files is there. The names of CIFAR-100's are so common that the content decides as well.
    fn has(&self, cifar: Cifar) -> bool {
        let (train, test) = cifar.files();
        let is_wanted = |name: &String| train.iter().chain([&test]).any(|wanted| is_stem(name, wanted));
        self.names().iter().filter(|name| is_wanted(name)).any(|name| match (self, cifar) {
            (Self::Archive { .. }, _) => true,
            (Self::Folder(path), Cifar::Ten) => path.join(name).is_file(),
            (Self::Folder(path), Cifar::Hundred(_)) => {
                let path = path.join(name);
                let length = path.metadata().map_or(0, |data| data.len());
                path.is_file() && (starts_with(&path, 0, &PICKLE) || length > 0 && length % RECORD_100 == 0)
            }
        })
    }

    /// The names of all files that belong to one of the data sets.
    fn names(&self) -> Vec<String> {
        match self {
            Self::Archive { files, .. } => files.keys().cloned().collect(),
            Self::Folder(path) => {
                let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
                let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
                names.filter(|name| is_expected(name)).collect()
            }
        }
    }

    /// The path, for errors, and the content of the file with this name, whatever its ending and its case.
    pub(super) fn read(&self, wanted: &str) -> Result<Option<(PathBuf, Vec<u8>)>> {
        let rank =
            |name: &String| stem(name).into_iter().find(|(stem, _)| stem == wanted).map(|(_, rank)| rank);
        let named = self.names().into_iter().filter_map(|name| Some((rank(&name)?, name))).min();
        let Some((_, name)) = named else { return Ok(None) };
        let path = self.path().join(&name);
        let bytes = match self {
            // To read a pipe is to wait for whoever writes to it.
            Self::Folder(_) if path.exists() && !path.is_file() => {
                let problem = "it is not a file, but a folder, a pipe or a device: put the file of the data set in its place";
                return Err(Error::malformed(&path, problem));
            }
            Self::Folder(_) => std::fs::read(&path).map_err(Error::io(&path, "read it"))?,
            Self::Archive { files, .. } => files.get(&name).cloned().unwrap_or_default(),
        };
        Ok(Some((path, bytes)))
    }

    /// The error about a file that is not there.
    pub(super) fn missing(&self, wanted: &str, cifar: Cifar) -> Error {
        let (train, test) = cifar.files();
        let files = match train {
            [only] => format!("{only} and {test}"),
            [first, .., last] => format!("{first} to {last} and {test}"),
            [] => test.into(),
        };
        let fetch = if cifar == Cifar::Ten { " (`softness fetch cifar10` downloads them)" } else { "" };
        let names = self.names();
        let is_binary = names.is_empty() || names.iter().any(|name| name.to_lowercase().ends_with(".bin"));
        let ending = if is_binary { ".bin" } else { "" };
        let problem = format!("there is no such file; {} consists of {files}{fetch}", cifar.name());
        let path = self.path().join(format!("{wanted}{ending}"));
        Error::new(ErrorKind::NoDataset, format!("{}: {problem}", path.display()))
    }

    /// The files of a tar archive, compressed or not.
    fn archive(path: &Path) -> Result<Self> {
        let broken = |error: std::io::Error| {
            Error::malformed(
                path,
                format!("it is not a complete tar archive, compressed with gzip or not ({error})"),
            )
        };
        let mut file = File::open(path).map_err(Error::io(path, "open it"))?;
        let mut hash = Sha256::new();
        std::io::copy(&mut file, &mut Hashing(&mut hash)).map_err(Error::io(path, "read it"))?;
        let sha256 = hexadecimal(&hash.finalize());
        file.seek(SeekFrom::Start(0)).map_err(Error::io(path, "read it"))?;
        let mut file = BufReader::new(file);
        let plain: Box<dyn Read> = if starts_with(path, 0, &GZIP) {
            Box::new(GzDecoder::new(&mut file))
        } else {
            Box::new(&mut file)
        };
        let mut archive = tar::Archive::new(plain.take(MOST));
        let mut files = BTreeMap::new();
        for entry in archive.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            // The name is only compared with the expected names; it is never used as a path.
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            if entry.header().entry_type().is_file() && is_expected(&name) {
                let (length, mut bytes) = (entry.size(), Vec::new());
                entry.read_to_end(&mut bytes).map_err(broken)?;
                if bytes.len() as u64 != length {
                    return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
                }
                files.insert(name, bytes);
            }
        }
        let is_original = [ARCHIVE_SHA256, PYTHON_ARCHIVE_SHA256].contains(&sha256.as_str());
        Ok(Self::Archive { path: path.into(), files, is_original })
    }
}

/// Whether a file is a tar archive, compressed with gzip or not.
pub(crate) fn is_archive(path: &Path) -> bool {
    starts_with(path, 0, &GZIP) || starts_with(path, TAR.0, TAR.1)
}

fn starts_with(path: &Path, at: usize, wanted: &[u8]) -> bool {
    // Of a pipe, what is read here would be missing later.
    if !path.is_file() {
        return false;
    }
    let mut start = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take((at + wanted.len()) as u64).read_to_end(&mut start));
    read.is_ok() && start.get(at..) == Some(wanted)
}

/// Whether a file's name, in any case and with any of its endings, is this one.
fn is_stem(name: &str, wanted: &str) -> bool {
    stem(name).iter().any(|(stem, _)| stem == wanted)
}

/// Whether a file with this name belongs to one of the data sets.
fn is_expected(name: &str) -> bool {
    // Image folders have many files: most are told apart quickly.
    let start = |start: &&str| name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start));
    STARTS.iter().any(start)
        && [Cifar::Ten, HUNDRED, Cifar::Hundred(Cifar100Labels::Coarse)].iter().any(|cifar| {
            let (train, test) = cifar.files();
            train.iter().copied().chain([test]).chain(cifar.names_files()).any(|wanted| is_stem(name, wanted))
        })
}

/// The sub-folders of a folder, those with the authors' names first.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    let rank =
        |path: &PathBuf| [FOLDER, PYTHON_FOLDER].iter().position(|name| path.ends_with(name)).unwrap_or(2);
    folders.sort_by_key(|path| (rank(path), path.clone()));
    folders
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The archives of a folder that are called like this data set, in the order of their names: "cifar-10-binary.tar.gz" comes
/// before "cifar-10-python.tar.gz".
fn archives_in(folder: &Path, cifar: Cifar) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_called = |path: &PathBuf| {
        let name =
            path.file_name().unwrap_or_default().to_string_lossy().to_lowercase().replace(['-', '_'], "");
        match name.strip_prefix("cifar").map(|rest| rest.starts_with("100")) {
            Some(is_hundred) => is_hundred == matches!(cifar, Cifar::Hundred(_)),
            None => false,
        }
    };
    let mut archives: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_called(path) && path.is_file() && is_archive(path))
        .collect();
    archives.sort();
    archives
}

/// Passes bytes to a checksum.
struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
