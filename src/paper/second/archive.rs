//! The filters of many sessions in one archive that numpy reads.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::filters::npy::npy_bytes;
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
