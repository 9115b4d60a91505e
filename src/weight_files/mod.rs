//! The filters of networks that other programs trained, from the files in which they saved their weights.
//!
//! A [`WeightFile`] is `.safetensors`, `.npz` or `.npy`. It has a filter bank for each convolutional layer, a
//! [`session`](WeightFile::session) for the same analysis as the study's sessions, and a
//! [`figure`](WeightFile::figure). [`WeightFile::series`] makes a session of each of a series of checkpoints, and
//! [`Session::from_checkpoints`] one session of them all, for the explorer and the figures of the course of training.
//! `docs/your-network.md` has the lines of Python that save such files.
//!
//! Only the filters are known, not what the network does between its layers. So the readings of kernels apply,
//! [`Reading::KernelSliceSum`](crate::responses::Reading::KernelSliceSum),
//! [`Reading::EachKernel`](crate::responses::Reading::EachKernel) and
//! [`Reading::KernelSlice`](crate::responses::Reading::KernelSlice), and no forward pass:
//!
//! ```
//! use softness::prelude::*;
//!
//! # fn main() -> softness::Result<()> {
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/checkpoints");
//! let file = WeightFile::open(format!("{folder}/epoch-10.safetensors"), AxisOrder::Oihw)?;
//! assert_eq!(file.layer_names(), ["features.0.weight", "features.2.weight", "features.10.weight"]);
//!
//! // Ten checkpoints; one was saved every six iterations.
//! let sessions = WeightFile::series(&format!("{folder}/epoch-{{n}}.safetensors"), AxisOrder::Oihw, 6)?;
//! let options = ScoringOptions::default().reading(Reading::KernelSliceSum);
//! let table = options.softness_table(&sessions, &[Picture::static_noise(1)])?;
//! let fits = fit_models(&table)?;
//! assert_eq!(fits.get(3, "static", Form::Power)?.n(), 10);
//!
//! // The same as one session, whose course is seen.
//! let page = Session::from_checkpoints("run", &sessions)?.explore()?;
//! # Ok(())
//! # }
//! ```

mod arrays;
mod biases;
mod entry;
mod layers;
mod natural;
mod npz;
mod optimiser;
mod series;

pub(crate) use series::{NUMBER, Series};

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::filters::{AxisOrder, FilterBank, format};
use crate::session::Session;
use arrays::Arrays;
use layers::LeftOut;

/// The largest file that is read, in bytes. It is read into memory as a whole.
const LARGEST: u64 = 2 << 30;

/// The convolutional layers in a file of weights: `.safetensors`, `.npz` (stored or deflated) or `.npy`.
///
/// Every array with four axes is a layer. Its values are floats of 16, 32 or 64 bits, or bfloat16, and become f32. The caller
/// says the order of the axes, which is never guessed: [`AxisOrder::Oihw`] for PyTorch, [`AxisOrder::Hwio`] for Keras. The
/// layers of `.npz` are in the order of the file, which is that of `numpy.savez`. Those of `.safetensors`, which is sorted, are
/// in the natural order of their names: conv2 comes before conv10. Biases are found by name: `conv1.bias` belongs to
/// `conv1.weight`, `conv1/bias` to `conv1/kernel`, `b1` to `W1`. Without one, they are 0, which a notebook says of a file that has a
/// forward pass.
///
/// Some layers are left out, and [`left_out`](Self::left_out) has a sentence for each:
/// - kernels that are not square, or of 1 x 1, which leave an image as it is;
/// - depthwise convolutions: layers of one channel per filter after a layer of more than one filter, layers in the order hwio
///   of one filter if the next layer has as many channels as it, and layers whose name says so;
/// - arrays of integers and of Python objects;
/// - state of an optimiser, such as `conv1/kernel/Adam` and `optimizer.state.0.exp_avg`, and averages of weights over training that
///   are called so beside them;
/// - layers whose values are all too small for a normal float of 32 bits;
/// - layers with a value that is not finite, or with biases that do not fit, as those of transposed convolutions.
///
/// [`only`](Self::only) reads a layer that is named even if its kernels are 1 x 1, or it looks depthwise or like state of an optimiser. Grouped convolutions
/// of several channels per group are read as any other: a file does not say groups, and readings of kernels need none.
#[derive(Clone)]
pub struct WeightFile {
    path: PathBuf,
    format: &'static str,
    order: AxisOrder,
    layer_names: Vec<String>,
    filters: Vec<FilterBank>,
    left_out: Vec<LeftOut>,
    /// A sentence about the layers whose biases are 0 because the file has none of their names.
    without_bias: Option<String>,
    /// What a session of the file is called: the name of the file without its ending, or that of a folder of a series.
    name: String,
}

impl WeightFile {
    /// Reads the layers of a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file, and the
    /// array that is at fault: it is damaged, larger than 2 GiB, or has no layer that can be read; the
    /// shape of an array contradicts `order`. For files of other programs (PyTorch's pickles, arrays of Python objects, HDF5,
    /// ONNX, TensorFlow Lite, SavedModel) the sentence has the Python that converts them.
    pub fn open(path: impl AsRef<Path>, order: AxisOrder) -> Result<Self> {
        Self::read(path.as_ref(), order, None)
    }

    /// The same file with only the layers of these names, in this order. It is read again.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer, with the names that there are; those of
    /// [`open`](Self::open).
    pub fn only(&self, layers: &[&str]) -> Result<Self> {
        Self::read(&self.path, self.order, Some(layers))
    }

    pub(crate) fn read(path: &Path, order: AxisOrder, only: Option<&[&str]>) -> Result<Self> {
        Self::read_naming(path, order, only, &stem(path))
    }

    /// [`read`](Self::read) with the name of an array that has none in the file.
    fn read_naming(path: &Path, order: AxisOrder, only: Option<&[&str]>, array: &str) -> Result<Self> {
        let bytes = whole(path)?;
        let mut arrays = Arrays::open(path, &bytes, array)?;
        let layers::Chosen { layers, mut left_out } = layers::choose(path, &arrays, order, only)?;
        let (mut layer_names, mut filters, others) = (Vec::new(), Vec::new(), left_out.len());
        let (mut used, mut missing) = (Vec::new(), Vec::new());
        for place in layers {
            let entry = arrays.entries()[place].clone();
            match layers::bank(path, &mut arrays, place, filters.len() + 1, order, only.is_some())? {
                Ok(layers::Read { bank, bias_place }) => {
                    match bias_place {
                        Some(place) => used.push(place),
                        None => missing.push((entry.name.clone(), bank.len())),
                    }
                    filters.push(bank);
                    layer_names.push(entry.name);
                }
                Err(reason) if only.is_some() => {
                    return Err(Error::malformed(
                        path,
                        format!("layer {:?} cannot be read: {reason}", entry.name),
                    ));
                }
                Err(reason) => left_out.push(LeftOut::new(&entry, reason)),
            }
        }
        if filters.is_empty() {
            return Err(Error::malformed(
                path,
                format!("it has no layer that can be read: {}", left_out[others]),
            ));
        }
        let without_bias = biases::missing(&missing, arrays.entries(), &used);
        let (name, path, format) = (stem(path), path.to_owned(), arrays.format());
        Ok(Self { path, format, order, layer_names, filters, left_out, without_bias, name })
    }

    getters! {
        /// The file.
        pub fn path(&self) -> &Path;

        /// The order of the axes that the caller said.
        pub fn order(&self) -> AxisOrder;

        /// The names of the layers in the file, in their order.
        pub fn layer_names(&self) -> &[String];

        /// The filters of each layer, in the order of the names.
        pub fn filters(&self) -> &[FilterBank];
    }

    /// A sentence for each array that has four axes, or has Python objects, and is not among the layers: which, and why.
    pub fn left_out(&self) -> Vec<String> {
        self.left_out.iter().map(LeftOut::to_string).collect()
    }

    /// What is to be said before a forward pass: which layers have no biases.
    pub(crate) fn without_bias(&self) -> Option<&str> {
        self.without_bias.as_deref()
    }

    /// The layers as a session: a name and the number of optimiser steps, for tables and fits.
    ///
    /// # Errors
    /// None in practice: a file has at least one layer.
    pub fn session(&self, name: impl Into<String>, iterations: u64) -> Result<Session> {
        Session::from_filters(name, iterations, self.filters.clone())
    }

    /// A session for each file of a series of checkpoints, in the order of their numbers. `pattern` is a path with `{n}` in the
    /// place of the number, in the name of the file or of a folder: `run/epoch-{n}.safetensors`, `step-{n}/model.safetensors`.
    /// The number may have leading zeros. File number n was saved after n x `every` iterations. Sessions are named after that
    /// part of the path; if it is the file, without the ending. [`Session::from_checkpoints`] makes one session of them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a pattern without `{n}` or with two, and if `every` is 0;
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if no file fits; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if
    /// two files have the same number, `every` makes too large a number of iterations, the layers of the files differ in name or
    /// shape, or a layer can be read from one and not from another; those of [`open`](Self::open).
    pub fn series(pattern: &str, order: AxisOrder, every: u64) -> Result<Vec<Session>> {
        let series = Series::find(pattern, every)?;
        series
            .files(order, None)
            .map(|file| file.and_then(|(iterations, file)| file.as_session(iterations)))
            .collect()
    }

    /// The session of a file in a series, named after it.
    pub(crate) fn as_session(&self, iterations: u64) -> Result<Session> {
        self.session(self.name.clone(), iterations)
    }

    /// The same layers, of each the first `count` filters.
    pub(crate) fn first_filters(&self, count: usize) -> Self {
        let filters = self.filters.iter().map(|bank| bank.first(count)).collect();
        Self { filters, ..self.clone() }
    }
}

impl std::fmt::Display for WeightFile {
    /// One line: the file, its format, the order of the axes, the number of layers.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (path, format, order, layers) =
            (self.path.display(), self.format, self.order, self.filters.len());
        let what = if layers == 1 { "layer" } else { "layers" };
        write!(formatter, "{path}: {format}, axis order {order}, {layers} convolutional {what}")
    }
}

/// The name of a file without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The content of a file of at most [`LARGEST`] bytes.
fn whole(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        return Err(Error::malformed(path, format::folder(path)));
    }
    let file = File::open(path).map_err(Error::io(path, "open it"))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Error::io(path, "read it"))?;
    if bytes.len() as u64 > LARGEST {
        let problem = "it is larger than 2 GiB, the most that is read: save the convolutional layers alone";
        return Err(Error::malformed(path, problem));
    }
    Ok(bytes)
}
