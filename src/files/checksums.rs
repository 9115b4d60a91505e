//! Checksums of the files of a folder, by which truncated or changed files are detected.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The file with the checksums of a saved session, in the format of `sha256sum --check`.
pub(crate) const FILE: &str = "SHA256SUMS";

/// The SHA-256 of files, by name.
#[derive(Debug, Default)]
pub(crate) struct Checksums {
    sums: BTreeMap<String, String>,
}

impl Checksums {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        self.sums.insert(name.to_owned(), sha256(bytes));
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, name: &str) {
        self.sums.remove(name);
    }

    /// Whether a file of this name and with these bytes was added.
    pub(crate) fn has(&self, name: &str, bytes: &[u8]) -> bool {
        self.sums.get(name).is_some_and(|sum| *sum == sha256(bytes))
    }

    /// Whether it has the checksum of a file of this name.
    pub(crate) fn lists(&self, name: &str) -> bool {
        self.sums.contains_key(name)
    }

    /// The names of all files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.sums.keys().map(|name| &**name)
    }

    /// The names of files that both list with other sums.
    pub(crate) fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let differs =
            |(name, sum): &(&String, &String)| other.sums.get(*name).is_some_and(|other| other != *sum);
        self.sums.iter().filter(differs).map(|(name, _)| &**name)
    }

    /// The text of the file, one line per file: digits, two spaces, name.
    pub(crate) fn text(&self) -> String {
        self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
    }

    /// Parses such a text.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with `path` and the line.
    pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::malformed(path, "it is not UTF-8 text"))?;
        let mut sums = BTreeMap::new();
        for (line, number) in text.lines().zip(1..) {
            let problem = || format!("line {number} is not a checksum, two spaces and a file's name");
            let (sum, name) = line.split_once("  ").ok_or_else(|| Error::malformed(path, problem()))?;
            sums.insert(name.to_owned(), sum.to_owned());
        }
        Ok(Self { sums })
    }

    /// Checks the bytes of a file; `path` is its path in errors.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if they are not as they were saved.
    pub(crate) fn check(&self, path: &Path, name: &str, bytes: &[u8]) -> Result<()> {
        if self.has(name, bytes) {
            return Ok(());
        }
        let problem = if self.lists(name) {
            format!("it has changed since it was saved: its checksum differs from {FILE}")
        } else {
            format!("{FILE} in the same folder does not list it")
        };
        Err(Error::malformed(path, problem))
    }
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_abc_is_that_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let mut sums = Checksums::default();
        sums.add("a.txt", b"abc");
        assert_eq!(sums.text(), format!("{sum}  a.txt\n"));
    }

    #[test]
    fn a_changed_or_unlisted_file_is_an_error_that_names_it() {
        let mut sums = Checksums::default();
        sums.add("a.txt", b"abc");
        let sums = Checksums::parse(Path::new("SHA256SUMS"), sums.text().as_bytes()).unwrap();
        assert!(sums.check(Path::new("a.txt"), "a.txt", b"abc").is_ok());
        for (name, bytes) in [("a.txt", b"abd"), ("b.txt", b"abc")] {
            let message = sums.check(Path::new(name), name, bytes).unwrap_err().to_string();
            assert!(message.contains(name), "{message}");
        }
    }
}
