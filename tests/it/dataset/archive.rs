//! Archives made by the tests, sound and unsound.
use softness::internals::FetchOptions;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::fixture::{FILES, records};

/// One entry of an archive, its name written as it is.
pub struct Entry {
    pub name: String,
    pub kind: EntryType,
    pub link: Option<&'static str>,
    pub bytes: Vec<u8>,
    /// What the header says of the length.
    pub length: u64,
}

impl Entry {
    pub fn file(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { name: name.into(), kind: EntryType::Regular, link: None, length: bytes.len() as u64, bytes }
    }

    pub fn other(name: &str, kind: EntryType) -> Self {
        Self { kind, ..Self::file(name, []) }
    }

    pub fn link(name: &str, kind: EntryType, to: &'static str) -> Self {
        Self { link: Some(to), ..Self::other(name, kind) }
    }
}

/// The entries of a sound archive with two records in each file, the folder first, as in the original.
pub fn sound() -> Vec<Entry> {
    let folder = Entry::other("cifar-10-batches-bin/", EntryType::Directory);
    let names = Entry::file(inside("batches.meta.txt"), "a\nb\nbird\nd\ne\nf\ng\nh\ni\nj\n");
    let readme = Entry::file(inside("readme.html"), "<p>");
    let files = FILES.iter().enumerate().map(|(k, file)| Entry::file(inside(file), records(2 * k, 2)));
    [folder, names, readme].into_iter().chain(files).collect()
}

/// The name of a file within the archive's folder.
pub fn inside(file: &str) -> String {
    format!("cifar-10-batches-bin/{file}")
}

/// The entries as a tar file.
pub fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for entry in entries {
        let mut header = Header::new_gnu();
        // The library refuses names such as `../x`; the bytes of the header do not.
        header.as_old_mut().name[..entry.name.len()].copy_from_slice(entry.name.as_bytes());
        if let Some(link) = entry.link {
            header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        }
        header.set_entry_type(entry.kind);
        header.set_mode(0o644);
        header.set_size(entry.length);
        header.set_cksum();
        builder.append(&header, entry.bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Compressed as the original is.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A sound archive, and what asks for it into `to` from `from`.
pub fn sound_archive() -> Vec<u8> {
    gzip(&tar(&sound()))
}

/// The request for exactly these bytes.
pub fn options(archive: &[u8], from: impl ToString, to: &std::path::Path) -> FetchOptions {
    let sha256: String = Sha256::digest(archive).iter().map(|byte| format!("{byte:02x}")).collect();
    FetchOptions { from: from.to_string(), to: Some(to.into()), sha256, bytes: archive.len() as u64 }
}
