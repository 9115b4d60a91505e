//! A finished session as one file: a zip archive, not compressed, of the files of a saved session. Its comment says which host
//! trained the session. The same session on the same host makes the same bytes.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::error::{Error, Result};
use crate::session::Session;
use crate::session::keep::Keep;

/// What the comment says before the host's name.
const TRAINED_ON: &str = "trained on ";
/// The longest comment, in bytes: the longest name of a host has 253.
const LONGEST_COMMENT: usize = 512;

/// The archive of a session that was trained on `host`.
pub(super) fn bytes(session: &Session, host: &str) -> Vec<u8> {
    let write = || -> std::result::Result<Vec<u8>, ZipError> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        for (name, bytes) in session.saved_files() {
            archive.start_file(name, options)?;
            archive.write_all(&bytes)?;
        }
        archive.set_comment(format!("{TRAINED_ON}{host}"))?;
        Ok(archive.finish()?.into_inner())
    };
    write().expect("a session's files fit into an archive in memory")
}

/// Whether the file ends as archives do: with the record that says how long the comment behind it is. One that was cut off does not,
/// and nobody has to read the whole of it to see that.
pub(super) fn has_its_end(path: &Path) -> bool {
    const MARK: &[u8] = b"PK\x05\x06";
    const RECORD: usize = 22;
    let end = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub((RECORD + LONGEST_COMMENT) as u64)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end).map(|_| end)
    };
    // To open a pipe is to wait for whoever writes to it.
    path.is_file()
        && end().is_ok_and(|end| {
            end.windows(RECORD).enumerate().any(|(at, record)| {
                let comment = usize::from(u16::from_le_bytes([record[20], record[21]]));
                record.starts_with(MARK) && at + RECORD + comment == end.len()
            })
        })
}

/// The session in the archive at `path`; without its dense layers, which are then not read, unless all is asked for.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the archive, the file in it,
/// and what is wrong.
pub(super) fn load(path: &Path, keep: Keep) -> Result<Session> {
    let (archive, length) = open(path)?;
    let archive = RefCell::new(archive);
    Session::from_files(path, keep, &|name| {
        let mut archive = archive.borrow_mut();
        let place = path.join(name);
        let mut file = archive.by_name(name).map_err(|error| match error {
            ZipError::FileNotFound => Error::malformed(&place, "it is missing from the archive"),
            other => failed(&place, other),
        })?;
        // Of what is not compressed, no file is longer than the whole.
        if file.compression() != CompressionMethod::Stored || file.size() > length {
            return Err(Error::malformed(
                &place,
                "it is not stored as in the archive of a session: it is damaged",
            ));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(file.size()).unwrap_or_default());
        file.read_to_end(&mut bytes).map_err(|error| failed(&place, error.into()))?;
        Ok(bytes)
    })
}

/// The host that trained the session in an archive; `None` if it does not say.
pub(super) fn host(path: &Path) -> Option<String> {
    let (archive, _) = open(path).ok()?;
    let comment = String::from_utf8_lossy(archive.comment()).into_owned();
    comment.strip_prefix(TRAINED_ON).map(str::to_owned)
}

/// The archive, and its length in bytes.
fn open(path: &Path) -> Result<(ZipArchive<BufReader<File>>, u64)> {
    let file = File::open(path).map_err(Error::io(path, "read it"))?;
    let length = file.metadata().map_err(Error::io(path, "read it"))?.len();
    let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| failed(path, error))?;
    Ok((archive, length))
}

/// What the operating system refused, or that the archive is damaged.
fn failed(place: &Path, error: ZipError) -> Error {
    // Such an error of reading is one of the content.
    let is_content = |kind| {
        matches!(
            kind,
            std::io::ErrorKind::InvalidData
                | std::io::ErrorKind::UnexpectedEof
                | std::io::ErrorKind::InvalidInput
        )
    };
    match error {
        ZipError::Io(error) if error.raw_os_error().is_some() && !is_content(error.kind()) => {
            Error::io(place, "read it")(error)
        }
        other => Error::malformed(
            place,
            format!(
                "it is not a complete archive of a session ({other}): it is cut off, damaged or a file of another kind"
            ),
        ),
    }
}
