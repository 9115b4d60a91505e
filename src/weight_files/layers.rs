//! Which arrays of a file are convolutional layers, and their filters.

use std::path::Path;

use ndarray::{Array1, Array4};

use super::arrays::Arrays;
use super::entry::Entry;
use super::{biases, optimiser};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::{AxisOrder, FilterBank, format};
use crate::text::numbers::numbered;

/// A side that is plausible as a number of channels, not of a kernel.
const NO_KERNEL: usize = 32;

/// The largest side of a kernel. Patch embeddings have up to 32. What is larger is a mask or a table of positions.
const LARGEST_SIDE: usize = 64;

/// Names in a sentence that lists what a file holds.
const LISTED: usize = 6;

/// Why an array of objects in a file with layers is left out.
const OBJECTS: &str = "its values are Python objects, a pickle, which can run any program when it is opened; name it as a layer \
                       for the lines of Python that convert it";

/// The arrays that are layers.
pub(super) struct Chosen {
    /// Places among the entries of the file.
    pub layers: Vec<usize>,
    /// The arrays that could be layers, and are none.
    pub left_out: Vec<LeftOut>,
}

/// An array that is not read.
#[derive(Debug, Clone)]
pub(super) struct LeftOut {
    pub name: String,
    pub shape: Vec<usize>,
    pub reason: String,
}

impl LeftOut {
    pub fn new(entry: &Entry, reason: String) -> Self {
        Self { name: entry.name.clone(), shape: entry.shape.clone(), reason }
    }
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} {:?} is left out: {}", self.name, self.shape, self.reason)
    }
}

/// A layer that was read.
pub(super) struct Read {
    pub bank: FilterBank,
    /// The place of its biases among the entries of the file. Without one, they are 0.
    pub bias_place: Option<usize>,
}

/// The layers of a file, or those of the names in `only`.
///
/// # Errors
/// [`ErrorKind::NotFound`] if a name is not there; [`ErrorKind::Malformed`] if a shape contradicts the order of the axes, or
/// there is no layer.
pub(super) fn choose(
    path: &Path,
    arrays: &Arrays,
    order: AxisOrder,
    only: Option<&[&str]>,
) -> Result<Chosen> {
    let entries = arrays.entries();
    // Arrays of objects may hold the layers, whatever their own shape.
    let objects: Vec<&Entry> = entries.iter().filter(|entry| entry.is_of_objects()).collect();
    let four: Vec<usize> = (0..entries.len())
        .filter(|&place| entries[place].shape.len() == 4 && !entries[place].is_of_objects())
        .collect();
    let hidden = |entry: &Entry| {
        Error::malformed(path, format!("array {:?}: {}", entry.name, format::object_member(path)))
    };
    if let (true, Some(entry)) = (four.is_empty(), objects.first()) {
        return Err(hidden(entry));
    }
    if four.is_empty() {
        return Err(Error::malformed(
            path,
            format!("it has no array with four axes, as filters are; it has {}", listed(entries.iter())),
        ));
    }
    if let Some(names) = only {
        let mut layers = Vec::new();
        for (at, name) in names.iter().enumerate() {
            Error::require(
                !names[..at].contains(name),
                "layer",
                format!("{name:?} twice"),
                "each is read once",
            )?;
            if let Some(entry) = objects.iter().find(|entry| entry.name == *name) {
                return Err(hidden(entry));
            }
            let Some(&place) = four.iter().find(|&&place| entries[place].name == *name) else {
                let has = listed(four.iter().map(|&place| &entries[place]));
                let sentence =
                    format!("{} has no layer {name:?}: its arrays with four axes are {has}", path.display());
                return Err(Error::new(ErrorKind::NotFound, sentence));
            };
            if let Some(problem) = unreadable(&entries[place], order) {
                return Err(Error::malformed(path, format!("layer {name:?} cannot be read: {problem}")));
            }
            layers.push(place);
        }
        Error::require(!layers.is_empty(), "layers", "empty", "name at least one")?;
        return Ok(Chosen { layers, left_out: Vec::new() });
    }
    let (mut layers, mut left_out) = (Vec::new(), Vec::new());
    let mut weights = Vec::new();
    for place in four {
        match optimiser::reason(&entries[place], entries) {
            None => weights.push(place),
            Some(reason) => left_out.push(LeftOut::new(&entries[place], reason)),
        }
    }
    let four = weights;
    check_order(path, four.iter().map(|&place| &entries[place]), order)?;
    for (at, &place) in four.iter().enumerate() {
        let entry = &entries[place];
        let beside = |at: Option<usize>| {
            at.and_then(|at| four.get(at)).map(|&place| oihw(&entries[place].shape, order))
        };
        let reason = unreadable(entry, order)
            .or_else(|| pointless(entry, order))
            .or_else(|| depthwise(entry, beside(at.checked_sub(1)), beside(Some(at + 1)), order));
        match reason {
            None => layers.push(place),
            Some(reason) => left_out.push(LeftOut::new(entry, reason)),
        }
    }
    if let (true, Some(entry)) = (layers.is_empty(), objects.first()) {
        return Err(hidden(entry));
    }
    if layers.is_empty() {
        let more =
            if left_out.len() > 1 { format!(" (and {} more)", left_out.len() - 1) } else { String::new() };
        return Err(Error::malformed(
            path,
            format!("it has no layer that can be read: {}{more}", left_out[0]),
        ));
    }
    left_out.extend(objects.into_iter().map(|entry| LeftOut::new(entry, OBJECTS.into())));
    Ok(Chosen { layers, left_out })
}

/// The filters of a layer, with the biases that belong to it by name, or the reason why they cannot be read. Biases that do not
/// fit are such a reason, unless the layer `is_named` by the caller: no reading of kernels uses them.
///
/// # Errors
/// [`ErrorKind::Malformed`] with the file and the array.
pub(super) fn bank(
    path: &Path,
    arrays: &mut Arrays,
    place: usize,
    number: usize,
    order: AxisOrder,
    is_named: bool,
) -> Result<std::result::Result<Read, String>> {
    let Entry { name, shape, .. } = arrays.entries()[place].clone();
    let bad = |error: Error| Error::malformed(path, format!("layer {name:?}: {error}"));
    let [a, b, c, d] = shape[..] else { unreachable!("layers have four axes") };
    let weights = Array4::from_shape_vec((a, b, c, d), arrays.values(place)?)
        .expect("as many values as its shape says");
    let weights = match order {
        AxisOrder::Oihw => weights,
        AxisOrder::Hwio => weights.permuted_axes([3, 2, 0, 1]),
    };
    let filters = weights.dim().0;
    let found = biases::of_layer(arrays.entries(), &name);
    let bias = found.map(|place| arrays.values(place)).transpose()?;
    let (bias, bias_place) = match bias {
        None => (Array1::zeros(filters), None),
        Some(bias) if bias.len() == filters => (Array1::from(bias), found),
        Some(_) if is_named => (Array1::zeros(filters), None),
        Some(bias) => {
            let count = bias.len();
            return Ok(Err(format!(
                "its bias has {} for {}, as in a transposed convolution; name the layer to read it \
                 without its bias",
                numbered(count as u64, "value"),
                numbered(filters as u64, "filter")
            )));
        }
    };
    if let Some(((filter, channel, row, column), value)) =
        weights.indexed_iter().find(|(_, value)| !value.is_finite())
    {
        let index = match order {
            AxisOrder::Oihw => [filter, channel, row, column],
            AxisOrder::Hwio => [row, column, channel, filter],
        };
        return Ok(Err(format!("its weight {index:?} (axis order {order}) is {}", not_finite(*value))));
    }
    if is_vanishing(&weights) {
        return Ok(Err("its weights are all 0 or too small for floats of 32 bits, below 1.2e-38: multiply them by a constant before \
                       you save them"
            .into()));
    }
    if let Some((index, value)) = bias.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Ok(Err(format!("its bias {index} is {}", not_finite(*value))));
    }
    let bank = FilterBank::new(number, weights, bias).map_err(bad)?;
    Ok(Ok(Read { bank, bias_place }))
}

/// Whether no value is a normal float of 32 bits, though not all are 0.
fn is_vanishing(weights: &Array4<f32>) -> bool {
    weights.iter().any(|&value| value != 0.0) && !weights.iter().any(|value| value.is_normal())
}

/// A value that is not finite, in words.
fn not_finite(value: f32) -> String {
    let too_large = if value.is_nan() { "" } else { ", or too large for a float of 32 bits" };
    format!("{value}{too_large}")
}

/// The lengths of a shape with four axes in the order of this crate.
fn oihw(shape: &[usize], order: AxisOrder) -> [usize; 4] {
    let [a, b, c, d] = [0, 1, 2, 3].map(|axis| shape[axis]);
    if order == AxisOrder::Oihw { [a, b, c, d] } else { [d, c, a, b] }
}

/// Refuses an order of axes that the shapes contradict: under it, at least half of the kernels are not square or far too
/// large, and under the other order they are square and small. Filters of 1 x 1 say nothing.
fn check_order<'a>(path: &Path, entries: impl Iterator<Item = &'a Entry>, order: AxisOrder) -> Result<()> {
    let other = if order == AxisOrder::Oihw { AxisOrder::Hwio } else { AxisOrder::Oihw };
    let side = |entry: &Entry, order| {
        let [_, _, height, width] = oihw(&entry.shape, order);
        (height == width && (2..NO_KERNEL).contains(&height)).then_some(height)
    };
    let (mut fitting, mut contradicting) = (Vec::new(), Vec::new());
    for entry in entries {
        if oihw(&entry.shape, order)[2..] == [1, 1] {
            continue;
        }
        match (side(entry, order), side(entry, other)) {
            (Some(_), _) => fitting.push(entry),
            (None, Some(there)) if there < NO_KERNEL / 2 => contradicting.push((entry, there)),
            (None, _) => {}
        }
    }
    let Some(&(entry, there)) = contradicting.first().filter(|_| contradicting.len() >= fitting.len()) else {
        return Ok(());
    };
    let [_, _, height, width] = oihw(&entry.shape, order);
    let rust = if other == AxisOrder::Oihw { "Oihw" } else { "Hwio" };
    // Only square kernels are read, so that naming a layer that contradicts the order does not help.
    let or = fitting.first().map_or_else(String::new, |entry| {
        format!("; if {order} is right, name the layers with square kernels, such as {:?}", entry.name)
    });
    let problem = format!(
        "the shape {:?} of {:?} contradicts the axis order {order}: its kernels would be {height} x {width}; in the order {other} \
         they are {there} x {there}: read the file with `--order {other}` (in Rust: `AxisOrder::{rust}`){or}",
        entry.shape, entry.name
    );
    Err(Error::malformed(path, problem))
}

/// Why an array cannot be filters.
fn unreadable(entry: &Entry, order: AxisOrder) -> Option<String> {
    let [filters, channels, height, width] = oihw(&entry.shape, order);
    if let Some(kind) = &entry.unread {
        return Some(format!("its values are {}", format::unread(kind)));
    }
    if [filters, channels, height, width].contains(&0) {
        return Some("it is empty".into());
    }
    if height != width {
        return Some(format!("its kernels are {height} x {width}, and only square ones are read"));
    }
    (height > LARGEST_SIDE).then(|| {
        format!(
            "its kernels would be {height} x {width}, and those of filters have at most {LARGEST_SIDE} rows"
        )
    })
}

/// Why nothing is to be seen in an array.
fn pointless(entry: &Entry, order: AxisOrder) -> Option<String> {
    let [_, _, side, _] = oihw(&entry.shape, order);
    (side == 1).then(|| "its kernels are 1 x 1, which leave an image as it is".into())
}

/// Why a layer is depthwise, if it is; `before` and `after` are the shapes of its neighbours.
fn depthwise(
    entry: &Entry,
    before: Option<[usize; 4]>,
    after: Option<[usize; 4]>,
    order: AxisOrder,
) -> Option<String> {
    let [filters, channels, _, _] = oihw(&entry.shape, order);
    let one_channel = filters > 1 && channels == 1 && before.is_some_and(|[filters, ..]| filters > 1);
    // Keras keeps the filters of a depthwise layer as the channels of one filter.
    let one_filter = order == AxisOrder::Hwio
        && filters == 1
        && channels > 1
        && after.is_some_and(|[_, after, _, _]| after == channels);
    let by_name = entry.name.to_ascii_lowercase().contains("depthwise");
    (one_channel || one_filter || by_name).then(|| {
        "it looks like a depthwise convolution, one channel per filter, or like the first layer of a network of grey images; \
         name the layer to read it nevertheless"
            .into()
    })
}

/// Names and shapes in a sentence.
fn listed<'a>(entries: impl ExactSizeIterator<Item = &'a Entry>) -> String {
    let count = entries.len();
    if count == 0 {
        return "none".into();
    }
    let names: Vec<String> =
        entries.take(LISTED).map(|entry| format!("{:?} {:?}", entry.name, entry.shape)).collect();
    let more = if count > LISTED { format!(" and {} more", count - LISTED) } else { String::new() };
    names.join(", ") + &more
}
