//! The filters of many sessions in one archive that numpy reads.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::filters::FilterBank;
use crate::filters::npy::{npy_bytes, parse_npy};
use crate::session::Session;

/// Writes the filters of sessions into an `.npz` archive, which `numpy.load` reads. Each layer has the arrays `SESSION/layer1/weights`, (out, in,
/// k, k), and `SESSION/layer1/bias`, (out), as float32. The same sessions make the same bytes.
///
/// # Errors
/// [`ErrorKind::Io`].
pub fn write_filters(sessions: &[Session], path: &Path) -> Result<()> {
    let failed =
        |error: zip::result::ZipError| Error::new(ErrorKind::Io, format!("{}: {error}", path.display()));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for session in sessions {
        for bank in &session.filters {
            for (part, bytes) in [("weights", npy_bytes(bank.weights())), ("bias", npy_bytes(bank.bias()))] {
                let name = format!("{}/layer{}/{part}.npy", session.name(), bank.layer());
                archive.start_file(name, options).map_err(failed)?;
                archive.write_all(&bytes).map_err(|error| failed(error.into()))?;
            }
        }
    }
    files::write_atomically(path, archive.finish().map_err(failed)?.get_ref())
}

/// The filters in an archive that [`write_filters`] wrote: the name and the layers of each session, in the order of the archive.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::Malformed`] names what is missing or damaged.
pub(super) fn read_filters(path: &Path) -> Result<Vec<(String, Vec<FilterBank>)>> {
    let damaged = |error: zip::result::ZipError| Error::malformed(path, error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(files::read(path)?)).map_err(damaged)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.strip_suffix("/weights.npy").map(str::to_owned))
        .collect();
    let mut array = |name: &str| -> Result<Vec<u8>> {
        let mut entry =
            archive.by_name(name).map_err(|error| Error::malformed(path, format!("{name}: {error}")))?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| Error::malformed(path, format!("{name}: {error}")))?;
        Ok(bytes)
    };
    let mut sessions: Vec<(String, Vec<FilterBank>)> = Vec::new();
    for name in names {
        let (session, layer) = name
            .split_once("/layer")
            .and_then(|(session, layer)| Some((session, layer.parse().ok()?)))
            .ok_or_else(|| Error::malformed(path, format!("{name:?} is not SESSION/layerNUMBER")))?;
        let weights = parse_npy(path, &array(&format!("{name}/weights.npy"))?)?;
        let bias = parse_npy(path, &array(&format!("{name}/bias.npy"))?)?;
        let bank = FilterBank::new(layer, weights, bias)?;
        match sessions.last_mut() {
            Some((last, banks)) if last == session => banks.push(bank),
            _ => sessions.push((session.to_owned(), vec![bank])),
        }
    }
    Ok(sessions)
}
