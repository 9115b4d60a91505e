//! Filters as NumPy `.npy` files.

use std::borrow::Cow;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use half::f16;
use ndarray::{Array, Array1, Array4, Dimension};
use ndarray_npy::{
    ReadDataError, ReadNpyError, ReadNpyExt, ReadableElement, WritableElement, WriteDataError, WriteNpyExt,
};
use py_literal::Value;

use super::{FilterBank, format};
use crate::error::{Error, Result};
use crate::files::{
    self,
    save::{place, save},
};
use crate::names::names;
use crate::text::numbers::numbered;

/// The order of the four axes of filters in a file. The caller states it; it is never guessed from sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AxisOrder {
    /// (out, in, height, width): this crate and PyTorch.
    Oihw,
    /// (height, width, in, out): TensorFlow and Keras.
    Hwio,
}

names!(AxisOrder, "axis order", { Oihw: "oihw", Hwio: "hwio" });

impl FilterBank {
    /// Writes the weights as f32 (out, in, k, k) to `weights` and the biases as f32 (out) to `bias`,
    /// in the format of `numpy.save`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if both are the same file;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub fn save_npy(&self, weights: &Path, bias: &Path) -> Result<()> {
        let requirement = "the weights go there, and would be replaced: name another file";
        Error::require(place(weights) != place(bias), "the biases' file", bias.display(), requirement)?;
        save(weights, &npy_bytes(&self.weights))?;
        save(bias, &npy_bytes(&self.bias))
    }

    /// Reads filters of layer `layer` from `.npy` files of 16-, 32- or 64-bit floats, which become f32. Without a file of
    /// biases, the biases are 0. [`WeightFile`](crate::weight_files::WeightFile) reads all layers of a network from one file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the layer is 0.
    pub fn load_npy(layer: usize, weights: &Path, bias: Option<&Path>, order: AxisOrder) -> Result<Self> {
        super::check_layer(layer)?;
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

/// An array as the bytes of a `.npy` file, of 16-bit floats if these hold the very numbers, else of 32-bit floats.
pub(crate) fn shortest_npy_bytes<D: Dimension>(array: &Array<f32, D>) -> Vec<u8> {
    let half = array.mapv(|value| Half(f16::from_f32(value)));
    if half.iter().zip(array).any(|(Half(half), value)| half.to_f32() != *value) {
        return npy_bytes(array);
    }
    let mut bytes = Vec::new();
    half.write_npy(&mut bytes).expect("writing to memory does not fail");
    bytes
}

/// A 16-bit float as it is written.
#[derive(Clone, Copy)]
struct Half(f16);

impl WritableElement for Half {
    fn type_descriptor() -> Value {
        Value::String("<f2".into())
    }

    fn write<W: Write>(&self, mut writer: W) -> std::result::Result<(), WriteDataError> {
        Ok(writer.write_all(&self.0.to_le_bytes())?)
    }

    fn write_slice<W: Write>(slice: &[Self], mut writer: W) -> std::result::Result<(), WriteDataError> {
        slice.iter().try_for_each(|value| value.write(&mut writer))
    }
}

/// The array in the bytes of a `.npy` file, floats of 16, 32 or 64 bits with as many axes as `D`, in standard layout.
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file.
pub(crate) fn parse_npy<D: Dimension>(path: &Path, bytes: &[u8]) -> Result<Array<f32, D>> {
    parse(path, bytes).map_err(|problem| Error::malformed(path, problem))
}

/// [`parse_npy`], with the problem alone as the error. `path` is the name of the file in lines of Python.
pub(crate) fn parse<D: Dimension>(path: &Path, bytes: &[u8]) -> std::result::Result<Array<f32, D>, String> {
    if let Some(problem) = refusal(path, bytes) {
        return Err(problem);
    }
    if let Some((shape, kind)) = shape_and_type(bytes) {
        if !is_float(&kind) {
            return Err(format!("its values are {}", format::unread(&kind)));
        }
        if let Some(axes) = D::NDIM.filter(|&axes| axes != shape.len()) {
            let found = if shape.len() == 1 { "1 axis".to_owned() } else { format!("{} axes", shape.len()) };
            return Err(format!("its shape {shape:?} has {found}, but {axes} are needed"));
        }
    }
    let array = Array::<Float, D>::read_npy(Cursor::new(without_long_marks(bytes)));
    let array = array.map(|array| array.as_standard_layout().mapv(|Float(value)| value));
    array.map_err(|error| {
        let axes = D::NDIM.map_or_else(|| "any number of".to_owned(), |axes| axes.to_string());
        let floats = "a .npy file of 16-, 32- or 64-bit floats";
        match error {
            ReadNpyError::MissingData => "it ends early: it is cut off or damaged".to_owned(),
            ReadNpyError::ExtraBytes(more) => format!(
                "it has {} behind its array: save each array in a file of its own, or several with numpy.savez",
                numbered(more as u64, "byte")
            ),
            error => format!("it must be {floats} with {axes} axes, but: {error}"),
        }
    })
}

/// A floating-point number of any width and byte order, as f32.
#[derive(Clone, Copy)]
struct Float(f32);

impl ReadableElement for Float {
    fn read_to_end_exact_vec<R: Read>(
        mut reader: R,
        descriptor: &Value,
        length: usize,
    ) -> std::result::Result<Vec<Self>, ReadDataError> {
        let kind = descriptor.as_string().map(String::as_str);
        let Some(kind) = kind.and_then(Kind::of) else {
            return Err(ReadDataError::WrongDescriptor(descriptor.clone()));
        };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(ReadDataError::Io)?;
        let wanted = length.saturating_mul(kind.width);
        if bytes.len() < wanted {
            return Err(ReadDataError::MissingData);
        }
        if bytes.len() > wanted {
            return Err(ReadDataError::ExtraBytes(bytes.len() - wanted));
        }
        Ok(bytes.chunks_exact(kind.width).map(|bytes| Self(kind.value(bytes))).collect())
    }
}

/// How one number is written.
#[derive(Clone, Copy)]
struct Kind {
    is_big_endian: bool,
    /// Bytes: 2, 4 or 8.
    width: usize,
}

impl Kind {
    /// The kind of a descriptor such as "<f4"; `None` if it is no floating-point number of IEEE 754.
    fn of(descriptor: &str) -> Option<Self> {
        let (order, kind) = descriptor.split_at_checked(1)?;
        let is_big_endian = match order {
            "<" => false,
            ">" => true,
            _ => return None,
        };
        let width = ["f2", "f4", "f8"].iter().position(|name| *name == kind)?;
        Some(Self { is_big_endian, width: 2 << width })
    }

    /// The value of its bytes.
    fn value(self, bytes: &[u8]) -> f32 {
        let mut little = [0; 8];
        let little = &mut little[..self.width];
        little.copy_from_slice(bytes);
        if self.is_big_endian {
            little.reverse();
        }
        match *little {
            [a, b] => f16::from_le_bytes([a, b]).to_f32(),
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            [a, b, c, d, e, f, g, h] => narrowed(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
            _ => unreachable!("a width of 2, 4 or 8"),
        }
    }
}

/// A number as a float of 32 bits. One that is not 0 stays so: if it is too small, it becomes the smallest there is.
pub(crate) fn narrowed(value: f64) -> f32 {
    let narrow = value as f32;
    if narrow == 0.0 && value != 0.0 { f32::from_bits(1).copysign(narrow) } else { narrow }
}

/// Where the text of the header is, a Python dictionary. It follows eight bytes of magic and version and its own length, two
/// bytes in version 1 and four in later ones. `None` if it is not complete.
fn header_place(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = if *bytes.get(6)? == 1 { 10 } else { 12 };
    let length = bytes.get(8..start)?.iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
    let place = start..start.checked_add(length)?;
    (place.end <= bytes.len()).then_some(place)
}

/// The lengths of the axes, the text that names the type of the values, and where the header ends. `None` if the header
/// is not complete, or is none that [`parse`] takes.
pub(crate) fn shape_and_type(bytes: &[u8]) -> Option<(Vec<usize>, String)> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let header = String::from_utf8_lossy(&bytes[header_place(bytes)?]).into_owned();
    let lengths =
        axes(&header)?.into_iter().map(|length| length.parse().ok()).collect::<Option<Vec<usize>>>()?;
    let (_, after) = header.split_once("descr")?;
    let kind = after.get(1..)?.split(['\'', '"']).nth(1)?;
    Some((lengths, kind.to_owned()))
}

/// Whether [`parse`] reads values of this type.
pub(crate) fn is_float(descriptor: &str) -> bool {
    Kind::of(descriptor).is_some()
}

/// The beginning of every `.npy` file.
const MAGIC: &[u8] = b"\x93NUMPY";

/// The lengths in the tuple after "shape" as they are written, without the L of Python 2's long integers.
fn axes(header: &str) -> Option<Vec<&str>> {
    let (_, after) = header.split_once("shape")?;
    let (tuple, _) = after.split_once('(')?.1.split_once(')')?;
    let lengths = tuple.split(',').map(|length| length.trim().trim_end_matches('L'));
    Some(lengths.filter(|length| !length.is_empty()).collect())
}

/// The file with spaces in place of the L that Python 2 writes after a length, as in (16L, 3L, 5L, 5L).
fn without_long_marks(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(place) = header_place(bytes) else { return bytes.into() };
    let is_mark = |at: &usize| bytes[*at] == b'L' && bytes[at - 1].is_ascii_digit();
    let marks: Vec<usize> = place.filter(is_mark).collect();
    if marks.is_empty() {
        return bytes.into();
    }
    let mut bytes = bytes.to_vec();
    marks.into_iter().for_each(|at| bytes[at] = b' ');
    bytes.into()
}

/// Why the file is not passed to the reader of `ndarray_npy`, if so. The reader allocates memory for all values of the
/// header before it reads them, takes the last of several shapes, and parses nested values twice per level. So it gets
/// neither a shape that is larger than the file nor a header other than a dictionary with one tuple.
fn refusal(path: &Path, bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(MAGIC) {
        return Some(format::refusal(path, bytes));
    }
    let too_much =
        || Some("its header promises more values than the file holds: it is cut off or damaged".into());
    let Some(place) = header_place(bytes) else { return too_much() };
    let text = String::from_utf8_lossy(&bytes[place]);
    let count = |what: &str| text.matches(what).count();
    if text.contains("'|O'") {
        let is_single = axes(&text).is_some_and(|lengths| lengths.is_empty());
        return Some(format::object_array(path, is_single));
    }
    if count("\\") + count("[") > 0 || count("{") != 1 || count("(") != 1 || count("shape") != 1 {
        return Some("its header does not describe an array of plain numbers".into());
    }
    // Lengths of 0 count as 1: the reader multiplies the other lengths without them.
    let lengths = axes(&text)?.into_iter().map(|length| length.parse().unwrap_or(u64::MAX).max(1));
    let count = lengths.fold(1, u64::saturating_mul);
    if count > bytes.len() as u64 { too_much() } else { None }
}
