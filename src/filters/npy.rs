//! Filters as NumPy `.npy` files.

use std::io::Cursor;
use std::path::Path;

use ndarray::{Array, Array1, Array4, Dimension};
use ndarray_npy::{ReadNpyError, ReadNpyExt, WriteNpyExt};

use super::FilterBank;
use crate::error::{Error, Result};
use crate::files;

/// The order of the four axes of filters in a file. The caller states it; it is never guessed from sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AxisOrder {
    /// (out, in, height, width): this crate and PyTorch.
    Oihw,
    /// (height, width, in, out): TensorFlow and Keras.
    Hwio,
}

impl FilterBank {
    /// Writes the weights as f32 (out, in, k, k) to `weights` and the biases as f32 (out) to `bias`,
    /// in the format of `numpy.save`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub fn save_npy(&self, weights: &Path, bias: &Path) -> Result<()> {
        files::write_atomically(weights, &npy_bytes(&self.weights))?;
        files::write_atomically(bias, &npy_bytes(&self.bias))
    }

    /// Reads filters of layer `layer` from `.npy` files of f32 or f64 values. Without a file of biases, they are 0.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file.
    pub fn load_npy(layer: usize, weights: &Path, bias: Option<&Path>, order: AxisOrder) -> Result<Self> {
        let values: Array4<f32> = parse_npy(weights, &files::read(weights)?)?;
        let values = match order {
            AxisOrder::Oihw => values,
            AxisOrder::Hwio => values.permuted_axes([3, 2, 0, 1]),
        };
        let filters = values.dim().0;
        let bank = Self::new(layer, values, Array1::zeros(filters))
            .map_err(|error| Error::malformed(weights, error.to_string()))?;
        let Some(path) = bias else { return Ok(bank) };
        bank.with_bias(parse_npy(path, &files::read(path)?)?)
            .map_err(|error| Error::malformed(path, error.to_string()))
    }
}

/// An array as the bytes of a `.npy` file.
pub(crate) fn npy_bytes<D: Dimension>(array: &Array<f32, D>) -> Vec<u8> {
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).expect("writing to memory does not fail");
    bytes
}

/// The array in the bytes of a `.npy` file, f32 or f64 values with as many axes as `D`, in standard layout.
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file.
pub(crate) fn parse_npy<D: Dimension>(path: &Path, bytes: &[u8]) -> Result<Array<f32, D>> {
    if let Some(problem) = refusal(bytes) {
        return Err(Error::malformed(path, problem));
    }
    let array = match Array::<f32, D>::read_npy(Cursor::new(bytes)) {
        Err(ReadNpyError::WrongDescriptor(_)) => {
            Array::<f64, D>::read_npy(Cursor::new(bytes)).map(|array| array.mapv(|value| value as f32))
        }
        other => other,
    };
    array.map(|array| array.as_standard_layout().into_owned()).map_err(|error| {
        let axes = D::NDIM.map_or_else(|| "any number of".to_owned(), |axes| axes.to_string());
        let problem =
            format!("it must be a .npy file of 32- or 64-bit floats with {axes} axes, but: {error}");
        Error::malformed(path, problem)
    })
}

/// The text of the header, a Python dictionary. It follows eight bytes of magic and version and its own length, two bytes
/// in version 1 and four in later ones. `None` if it is not complete.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    let (start, rest) = bytes.split_at_checked(8)?;
    let (length, rest) = rest.split_at_checked(if start[6] == 1 { 2 } else { 4 })?;
    let length = length.iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
    rest.get(..length)
}

/// Why the file is not passed to the reader of `ndarray_npy`, if so. The reader allocates memory for all values of the
/// header before it reads them, takes the last of several shapes, and parses nested values twice per level. So it gets
/// neither a shape that is larger than the file nor a header other than a dictionary with one tuple.
fn refusal(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"\x93NUMPY") {
        return None; // It is no .npy file, and the reader says so.
    }
    let too_much = Some("its header promises more values than the file holds: it is cut off or damaged");
    let Some(header) = header(bytes) else { return too_much };
    let text = String::from_utf8_lossy(header);
    let count = |what: &str| text.matches(what).count();
    if count("\\") + count("[") > 0 || count("{") != 1 || count("(") != 1 || count("shape") != 1 {
        return Some("its header does not describe an array of plain numbers");
    }
    let (_, after) = text.split_once("shape")?;
    let shape = after.split_once('(').and_then(|(_, rest)| rest.split_once(')'))?;
    let lengths = shape.0.split(',').map(str::trim).filter(|length| !length.is_empty());
    // Lengths of 0 count as 1: the reader multiplies the other lengths without them.
    let lengths = lengths.map(|length| length.parse().unwrap_or(u64::MAX).max(1));
    let count = lengths.fold(1, u64::saturating_mul);
    if count > bytes.len() as u64 { too_much } else { None }
}
