//! `.npz`: a zip archive of `.npy` files, as `numpy.savez` and `numpy.savez_compressed` write it.

use std::io::{Cursor, Read};
use std::path::Path;

use ndarray::IxDyn;
use zip::ZipArchive;
use zip::result::ZipError;

use super::entry::Entry;
use crate::filters::npy::{is_float, parse, shape_and_type};

/// Members may unpack to this many times the length of the archive, all together, plus this many bytes. Weights
/// hardly shrink, while a few kilobytes could unpack to gigabytes.
const MOST_GROWTH: u64 = 100;
const ANYWAY: u64 = 1 << 20;

/// Bytes of a member that hold its header: numpy pads it to some hundred bytes, and the longest of version 1 is 64 KiB.
const HEADER: u64 = 1 << 12;

/// The beginning of every member's record in the directory of an archive.
const RECORD: &[u8] = b"PK\x01\x02";

/// An archive whose members are unpacked one by one.
pub(super) struct Npz<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
}

/// The end of a member's name.
const ENDING: &str = ".npy";

impl<'a> Npz<'a> {
    /// The archive, and what its members hold, in the order of its directory. `None` if it is no zip archive, or has no
    /// `.npy` member.
    ///
    /// # Errors
    /// A sentence, if it is damaged, has two members of one name, or would unpack to far too much.
    pub fn open(bytes: &'a [u8]) -> Result<Option<(Self, Vec<Entry>)>, String> {
        if !bytes.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            format!("it is not a complete zip archive ({error}): it is cut off or damaged")
        })?;
        let directory =
            usize::try_from(archive.central_directory_start()).unwrap_or(bytes.len()).min(bytes.len());
        let records = bytes[directory..].windows(RECORD.len()).filter(|window| *window == RECORD).count();
        if records > archive.len() {
            return Err("two of its members have the same name: give each array a name of its own".into());
        }
        let left = ANYWAY + MOST_GROWTH * bytes.len() as u64;
        let mut npz = Self { archive, left };
        let names = npz.archive.file_names().filter_map(|name| name.strip_suffix(ENDING));
        let names: Vec<String> = names.map(str::to_owned).collect();
        let mut entries = Vec::new();
        for name in names {
            let header = npz.unpacked(&name, HEADER)?;
            let (shape, unread) = match shape_and_type(&header) {
                Some((shape, kind)) => (shape, (!is_float(&kind)).then_some(kind)),
                None => (Vec::new(), Some("unknown".into())),
            };
            entries.push(Entry { name, shape, unread });
        }
        Ok(if entries.is_empty() { None } else { Some((npz, entries)) })
    }

    /// The values of the member `name`; the error is a sentence.
    pub fn values(&mut self, path: &Path, name: &str) -> Result<Vec<f32>, String> {
        let bytes = self.unpacked(name, u64::MAX)?;
        parse::<IxDyn>(path, &bytes).map(|array| array.into_raw_vec_and_offset().0)
    }

    /// The first `most` bytes of a member.
    fn unpacked(&mut self, name: &str, most: u64) -> Result<Vec<u8>, String> {
        let file = self.archive.by_name(&format!("{name}{ENDING}"));
        let damaged =
            |error: String| format!("member {name:?} could not be unpacked ({error}): the file is damaged");
        let file = file.map_err(|error| match error {
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => format!(
                "member {name:?} is compressed in a way that is not read ({error}): write the file with numpy.savez or numpy.savez_compressed"
            ),
            error => damaged(error.to_string()),
        })?;
        let mut bytes = Vec::new();
        file.take(most.min(self.left + 1))
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(error.to_string()))?;
        if bytes.len() as u64 > self.left {
            return Err(format!(
                "its members unpack to more than {MOST_GROWTH} times its length: it is damaged, or made to fill the memory"
            ));
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}
