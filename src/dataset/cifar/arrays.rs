//! The labels and pixels in the pickles of CIFAR's Python versions.

use super::pickle::{Object, Pickle};
use crate::dataset::SIDE;

/// A NumPy array: its shape, bytes of a number, whether numbers are signed and in which order their bytes are, whether the
/// first index varies fastest, and its bytes.
struct Array<'a> {
    shape: Vec<usize>,
    size: usize,
    big_endian: bool,
    columns_first: bool,
    bytes: &'a [u8],
}

/// Functions that make an array, without their module, which differs between versions of NumPy.
const RECONSTRUCT: &[u8] = b"._reconstruct";
const FROM_BUFFER: &[u8] = b"._frombuffer";
const SCALAR: &[u8] = b".scalar";
const DTYPE: &[u8] = b"numpy.dtype";

/// The labels of a key. The error is what is wrong with them.
pub(super) fn labels(pickle: &Pickle, key: &str, classes: u8) -> Result<Vec<u8>, String> {
    let entry = pickle.entry(key).ok_or_else(|| format!("there is no \"{key}\" in it"))?;
    let numbers: Vec<i64> = match entry {
        Object::Sequence(items) => {
            items.iter().filter_map(|&item| number(pickle, pickle.get(item))).collect()
        }
        other => array(pickle, other).and_then(|array| array.integers()).unwrap_or_default(),
    };
    if let Object::Sequence(items) = entry
        && items.len() != numbers.len()
    {
        return Err(format!("\"{key}\" is no list of whole numbers"));
    }
    let label = |(index, number): (usize, &i64)| match u8::try_from(*number) {
        Ok(label) if label < classes => Ok(label),
        _ => Err(format!(
            "record {index} (counted from 0) has the label {number}, but labels are 0 to {}",
            classes - 1
        )),
    };
    numbers.iter().enumerate().map(label).collect()
}

/// The pixels of `count` images, 3,072 bytes for each, channel by channel. Of images with the channels last, they are put in
/// that order. The error is what is wrong with them.
pub(super) fn pixels(pickle: &Pickle, count: usize, each: usize) -> Result<Vec<u8>, String> {
    let data = pickle.entry("data").and_then(|data| array(pickle, data));
    let array = data.ok_or("there is no NumPy array \"data\" of whole bytes in it")?;
    let shape = &array.shape;
    let channels_last = *shape == [count, SIDE, SIDE, 3];
    let is_known = channels_last || *shape == [count, each] || *shape == [count, 3, SIDE, SIDE];
    if array.size != 1 || !is_known {
        return Err(format!(
            "\"data\" has the shape {shape:?} and {} bytes per number, but {count} labels need ({count}, {each}), \
             ({count}, 3, {SIDE}, {SIDE}) or ({count}, {SIDE}, {SIDE}, 3) of one byte",
            array.size
        ));
    }
    Ok(match array.columns_first && shape.len() == 2 {
        true => (0..count * each).map(|place| array.bytes[place % each * count + place / each]).collect(),
        false if array.columns_first => return Err("\"data\" is in an order that is not read".into()),
        false if channels_last => {
            let channel = |image: &'_ [u8], channel: usize| {
                image.iter().skip(channel).step_by(3).copied().collect::<Vec<u8>>()
            };
            let images = array.bytes.chunks_exact(each);
            images.flat_map(|image| (0..3).flat_map(move |index| channel(image, index))).collect()
        }
        false => array.bytes.to_vec(),
    })
}

/// The texts of a list.
pub(super) fn names(pickle: &Pickle, key: &str) -> Option<Vec<String>> {
    let Object::Sequence(items) = pickle.entry(key)? else { return None };
    let name = |&item: &usize| pickle.get(item).text().map(|name| String::from_utf8_lossy(name).into_owned());
    items.iter().map(name).collect()
}

/// A whole number, of Python or of NumPy.
fn number(pickle: &Pickle, object: &Object) -> Option<i64> {
    match object {
        Object::Integer(number) => Some(*number),
        Object::Made { of, arguments, .. } if is_named(pickle, *of, SCALAR) => {
            let &[kind, bytes] = sequence(pickle.get(*arguments))? else { return None };
            let (size, big_endian) = number_type(pickle, pickle.get(kind))?;
            let Object::Bytes(bytes) = pickle.get(bytes) else { return None };
            let array = Array { shape: vec![1], size, big_endian, columns_first: false, bytes };
            array.integers().filter(|numbers| numbers.len() == 1).map(|numbers| numbers[0])
        }
        _ => None,
    }
}

/// A NumPy array, if its bytes are as many as its shape and type need.
fn array<'p>(pickle: &'p Pickle, object: &'p Object) -> Option<Array<'p>> {
    let Object::Made { of, arguments, state } = object else { return None };
    let arguments = sequence(pickle.get(*arguments))?;
    let (shape, kind, columns_first, bytes) = if is_named(pickle, *of, RECONSTRUCT) {
        // (version, shape, type, whether the first index varies fastest, bytes)
        let &[_, shape, kind, order, bytes] = sequence(pickle.get((*state)?))? else { return None };
        (shape, kind, matches!(pickle.get(order), Object::Integer(1)), bytes)
    } else if is_named(pickle, *of, FROM_BUFFER) {
        let &[bytes, kind, shape, order] = arguments else { return None };
        (shape, kind, pickle.get(order).text() == Some(b"F"), bytes)
    } else {
        return None;
    };
    let extent = |&place: &usize| match pickle.get(place) {
        Object::Integer(extent) => usize::try_from(*extent).ok(),
        _ => None,
    };
    let shape: Vec<usize> = sequence(pickle.get(shape))?.iter().map(extent).collect::<Option<_>>()?;
    let Object::Bytes(bytes) = pickle.get(bytes) else { return None };
    let (size, big_endian) = number_type(pickle, pickle.get(kind))?;
    let needed = shape.iter().try_fold(size, |product, &extent| product.checked_mul(extent))?;
    (bytes.len() == needed).then_some(Array { shape, size, big_endian, columns_first, bytes })
}

/// Bytes of a whole number of this type, and whether the first is the highest.
fn number_type(pickle: &Pickle, object: &Object) -> Option<(usize, bool)> {
    let Object::Made { of, arguments, state } = object else { return None };
    let name = pickle.get(*sequence(pickle.get(*arguments))?.first()?).text()?;
    let order = state.and_then(|state| pickle.get(*sequence(pickle.get(state))?.get(1)?).text());
    let big_endian = order == Some(b">");
    match name {
        [b'u' | b'i', size @ (b'1' | b'2' | b'4' | b'8')] if is_named(pickle, *of, DTYPE) => {
            Some((usize::from(size - b'0'), big_endian))
        }
        _ => None,
    }
}

fn sequence<'p>(object: &'p Object) -> Option<&'p [usize]> {
    match object {
        Object::Sequence(items) => Some(items),
        _ => None,
    }
}

fn is_named(pickle: &Pickle, place: usize, ending: &[u8]) -> bool {
    matches!(pickle.get(place), Object::Named(name) if name.ends_with(ending))
}

impl Array<'_> {
    /// The numbers of an array of one dimension. Labels are small, so that signs do not matter.
    fn integers(&self) -> Option<Vec<i64>> {
        if self.shape.iter().filter(|&&extent| extent != 1).count() > 1 {
            return None;
        }
        let number = |bytes: &[u8]| {
            let mut all = [0; 8];
            all[..bytes.len()].copy_from_slice(bytes);
            if self.big_endian {
                all[..bytes.len()].reverse();
            }
            i64::from_le_bytes(all)
        };
        Some(self.bytes.chunks_exact(self.size).map(number).collect())
    }
}
