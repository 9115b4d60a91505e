//! The labels and pixels of a file, of the binary or the Python version.

use std::path::Path;

use super::arrays;
use super::layout::{Cifar, IMAGE};
use super::pickle::Pickle;
use super::place::Place;
use crate::dataset::Split;
use crate::error::{Error, Result};

/// The first byte of a pickle: since protocol 2, and of a dictionary in protocol 1. Neither is a label.
const PICKLES: [u8; 2] = [0x80, b'}'];
/// The beginning of a dictionary in the oldest pickles.
const OLD_PICKLE: &[u8] = b"(dp";

/// The records of these files as one split.
pub(super) fn read_split(place: &Place, cifar: Cifar, names: &[&str]) -> Result<Split> {
    let mut content = Content::default();
    for name in names {
        let (path, bytes) = place.read(name)?.ok_or_else(|| place.missing(name, cifar))?;
        match bytes.first() {
            None => {
                let problem = "it is empty, so there is no record in it; copy or fetch it again";
                return Err(Error::malformed(path, problem));
            }
            Some(byte) if PICKLES.contains(byte) => content.unpickle(&path, &bytes, cifar)?,
            Some(_) if bytes.starts_with(OLD_PICKLE) => {
                let problem = "it is a pickle of protocol 0; in Python, load it and save it with \
                               `pickle.dump(value, file, protocol=2)`";
                return Err(Error::malformed(path, problem));
            }
            Some(_) => content.read_records(&path, &bytes, cifar)?,
        }
    }
    Ok(Split::from_bytes(content.pixels, content.labels))
}

/// What the files read so far hold.
#[derive(Default)]
struct Content {
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

impl Content {
    /// Appends the labels and pixels of a file of the binary version.
    fn read_records(&mut self, path: &Path, bytes: &[u8], cifar: Cifar) -> Result<()> {
        let (label_bytes, which) = cifar.label_bytes();
        let record_bytes = label_bytes + IMAGE;
        let records = bytes.chunks_exact(record_bytes);
        let rest = records.remainder().len();
        if rest > 0 {
            let (record, bytes) = (records.len(), bytes.len());
            let problem = format!(
                "record {record} (counted from 0) is cut off after {rest} of {record_bytes} bytes; the file is {bytes} \
             bytes long, which must be a multiple of {record_bytes}"
            );
            return Err(Error::malformed(path, problem));
        }
        let most = cifar.classes() - 1;
        if let Some((record, label)) =
            records.clone().map(|record| record[which]).enumerate().find(|(_, label)| *label > most)
        {
            let problem =
                format!("record {record} (counted from 0) has the label {label}, but labels are 0 to {most}");
            return Err(Error::malformed(path, problem));
        }
        self.labels.extend(records.clone().map(|record| record[which]));
        self.pixels.reserve(records.len() * IMAGE);
        records.for_each(|record| self.pixels.extend_from_slice(&record[label_bytes..]));
        Ok(())
    }

    /// Appends the labels and pixels of a file of the Python version.
    fn unpickle(&mut self, path: &Path, bytes: &[u8], cifar: Cifar) -> Result<()> {
        let malformed = |problem: String| Error::malformed(path, problem);
        let pickle = Pickle::read(bytes).map_err(malformed)?;
        let (key, _) = cifar.keys();
        if cifar == Cifar::Ten && pickle.entry(key).is_none() && pickle.entry("fine_labels").is_some() {
            return Err(malformed("it has the labels of CIFAR-100, not of CIFAR-10".into()));
        }
        let more = arrays::labels(&pickle, key, cifar.classes()).map_err(malformed)?;
        if more.is_empty() {
            return Err(malformed("there is no record in it; at least one is needed".into()));
        }
        self.pixels.append(&mut arrays::pixels(&pickle, more.len(), IMAGE).map_err(malformed)?);
        self.labels.extend(more);
        Ok(())
    }
}

/// The names of the classes, from a file or, if there is none, the data set's own.
pub(super) fn read_names(place: &Place, cifar: Cifar) -> Result<Vec<String>> {
    let [text, pickle] = cifar.names_files();
    let count = usize::from(cifar.classes());
    let (path, names) = if let Some((path, bytes)) = place.read(text)? {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        (path, lines.map(String::from).collect())
    } else if let Some((path, bytes)) = place.read(pickle)? {
        let key = cifar.keys().1;
        let pickle = Pickle::read(&bytes).map_err(|problem| Error::malformed(&path, problem))?;
        let names = arrays::names(&pickle, key);
        let missing = || Error::malformed(&path, format!("there is no list of texts \"{key}\" in it"));
        (path.clone(), names.ok_or_else(missing)?)
    } else {
        return Ok(cifar.default_names());
    };
    if names.len() == count {
        return Ok(names);
    }
    let problem = format!(
        "it names {}, but {count} are needed",
        if names.len() == 1 { "1 class".into() } else { format!("{} classes", names.len()) }
    );
    Err(Error::malformed(path, problem))
}
