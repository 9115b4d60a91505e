//! The arrays in a file of weights, whatever its format: names and shapes first, values when they are asked for.
//!
//! Another format is a variant of `Values`, which `Arrays::open` recognises by the first bytes. `filters::format` says which formats are
//! read; add it there too.

use std::path::Path;

use half::{bf16, f16};
use ndarray::IxDyn;
use safetensors::{Dtype, SafeTensors};

use super::entry::Entry;
use super::natural;
use super::npz::Npz;
use crate::error::{Error, Result};
use crate::filters::format;
use crate::filters::npy::{is_float, narrowed, parse, shape_and_type};

/// Bytes at each end of a file that tell its format. Those at the end of a zip archive name its members.
const TELLING: usize = 1 << 16;

/// All arrays of a file, in the order of the layers.
pub(super) struct Arrays<'a> {
    path: &'a Path,
    entries: Vec<Entry>,
    values: Values<'a>,
}

enum Values<'a> {
    SafeTensors(SafeTensors<'a>),
    Npz(Npz<'a>),
    Npy(&'a [u8]),
}

impl<'a> Arrays<'a> {
    /// The arrays in the bytes of a file. Its content decides which format it is. The array of a `.npy` file has no name; it
    /// gets `name`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file.
    pub fn open(path: &'a Path, bytes: &'a [u8], name: &str) -> Result<Self> {
        let bad = |problem: String| Error::malformed(path, problem);
        if bytes.starts_with(b"\x93NUMPY") {
            // What cannot be described is refused by the reader, with its reason.
            let (shape, kind) = match shape_and_type(bytes) {
                Some(described) => described,
                None => {
                    return Err(bad(parse::<IxDyn>(path, bytes)
                        .err()
                        .unwrap_or_else(|| "its header is damaged".into())));
                }
            };
            if !is_float(&kind) {
                parse::<IxDyn>(path, bytes).map_err(bad)?;
            }
            let entries = vec![Entry { name: name.to_owned(), shape, unread: None }];
            return Ok(Self { path, entries, values: Values::Npy(bytes) });
        }
        if let Some((npz, entries)) = Npz::open(bytes).map_err(bad)? {
            return Ok(Self { path, entries, values: Values::Npz(npz) });
        }
        // A header of JSON after its length of eight bytes.
        if bytes.get(8) == Some(&b'{') {
            let tensors = SafeTensors::deserialize(bytes).map_err(|error| {
                bad(format!("it is not a complete safetensors file ({error}): it is cut off or damaged"))
            })?;
            let entry = |(name, tensor): (&str, safetensors::tensor::TensorView)| {
                let is_read = matches!(tensor.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64);
                let unread = (!is_read).then(|| format!("{:?}", tensor.dtype()));
                Entry { name: name.to_owned(), shape: tensor.shape().to_vec(), unread }
            };
            let mut entries: Vec<Entry> = tensors.iter().map(entry).collect();
            entries.sort_by(|a, b| natural::compare(&a.name, &b.name));
            return Ok(Self { path, entries, values: Values::SafeTensors(tensors) });
        }
        let ends =
            [&bytes[..bytes.len().min(TELLING)], &bytes[bytes.len().saturating_sub(TELLING)..]].concat();
        Err(bad(format::refusal(path, &ends)))
    }

    /// The name of the format.
    pub fn format(&self) -> &'static str {
        match self.values {
            Values::SafeTensors(_) => "safetensors",
            Values::Npz(_) => "npz",
            Values::Npy(_) => "npy",
        }
    }

    /// The arrays.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The values of an array in standard layout.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file and the array.
    pub fn values(&mut self, place: usize) -> Result<Vec<f32>> {
        let entry = &self.entries[place];
        let values = match &mut self.values {
            Values::Npy(bytes) => {
                parse::<IxDyn>(self.path, bytes).map(|array| array.into_raw_vec_and_offset().0)
            }
            Values::Npz(npz) => npz.values(self.path, &entry.name),
            Values::SafeTensors(tensors) => match tensors.tensor(&entry.name) {
                Ok(tensor) => Ok(floats(tensor.dtype(), tensor.data())),
                Err(error) => Err(error.to_string()),
            },
        };
        let place = |problem| Error::malformed(self.path, format!("array {:?}: {problem}", entry.name));
        let values = values.map_err(place)?;
        if values.len() != entry.shape.iter().product::<usize>() {
            return Err(place("its header and its values disagree: the file is damaged".into()));
        }
        Ok(values)
    }
}

/// The numbers in little-endian bytes; none for a type that is not read.
fn floats(kind: Dtype, bytes: &[u8]) -> Vec<f32> {
    fn each<const WIDTH: usize>(bytes: &[u8], value: fn([u8; WIDTH]) -> f32) -> Vec<f32> {
        bytes.as_chunks().0.iter().map(|&bytes| value(bytes)).collect()
    }
    match kind {
        Dtype::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        Dtype::F32 => each(bytes, f32::from_le_bytes),
        Dtype::F64 => each(bytes, |bytes| narrowed(f64::from_le_bytes(bytes))),
        _ => Vec::new(),
    }
}
