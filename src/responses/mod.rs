//! Responses: the maps that the filters of a layer compute from a picture.
//!
//! Layers are counted from 1 and filters from 0, here and everywhere else in this crate.
//!
//! All arithmetic is in `f64`, from the `f32` weights and the byte pixels, in a fixed order and
//! without fused multiply-add, so the same weights give bit-identical maps on every machine.

mod correlate;
mod input;
mod options;
mod receptive_field;
#[cfg(test)]
mod reference;

pub(crate) use input::LayerInput;
pub use options::{Border, Reading, ResponseOptions};
pub(crate) use receptive_field::ReceptiveField;

use ndarray::{Array2, ArrayView2};

use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::session::Session;
use crate::text::named;

/// The map that one filter, or one kernel of it, computes from one picture, before ReLU.
#[derive(Clone, PartialEq)]
pub struct Response {
    layer: usize,
    filter: usize,
    channel: Option<usize>,
    image: String,
    map: Array2<f64>, // (h, w)
    /// The session and its iterations; `None` for filters that belong to none.
    session: Option<(String, u64)>,
}

impl Response {
    getters! {
        /// The layer of the filter, counted from 1.
        pub fn layer(&self) -> usize;

        /// The filter within its layer, counted from 0.
        pub fn filter(&self) -> usize;

        /// The channel of the kernel within its filter, counted from 0, if every kernel has a map of its own
        /// ([`Reading::EachKernel`]); otherwise `None`.
        pub fn channel(&self) -> Option<usize>;

        /// The name of the picture.
        pub fn image(&self) -> &str;

        /// The map, (h, w).
        pub fn map(&self) -> &Array2<f64>;
    }
}

impl Response {
    /// The name of the session and its iterations, if the filter belongs to one.
    pub(crate) fn session(&self) -> Option<(&str, u64)> {
        self.session.as_ref().map(|(name, iterations)| (name.as_str(), *iterations))
    }

    /// "filter 3", or "kernel 5 of filter 3".
    pub(crate) fn place(&self) -> String {
        match self.channel {
            Some(channel) => format!("kernel {channel} of filter {}", self.filter),
            None => format!("filter {}", self.filter),
        }
    }
}

/// The response of every filter of layer `layer` (counted from 1) to `picture`, in the order of the
/// filters. With [`Reading::EachKernel`] it is that of every kernel, in the order of the filters and, within a filter, of the
/// channels.
///
/// | reading | layer 1 | layer 2 |
/// |---|---|---|
/// | [`Reading::ForwardPass`] | cross-correlation of the RGB picture, scaled as in training, with the filter over its three channels, plus its bias | the same with layer 1's maps after bias, ReLU and 2 x 2 max-pooling in place of the picture |
/// | [`Reading::KernelSliceSum`] | the sum over all 2-D kernels of `f`, each on the grey picture | the same |
/// | [`Reading::EachKernel`] | each 2-D kernel of `f` on the grey picture, a map of its own | the same |
/// | [`Reading::KernelSlice`] | the first 2-D kernel `f[0]` on the grey picture | the same |
///
/// Cross-correlation with stride 1: out(y, x) = sum over c, i, j of f(c, i, j) in(c, y + i - p, x + j - p),
/// with p = floor((k - 1) / 2) and zeros outside for [`Border::Same`], p = 0 and whole windows only for
/// [`Border::Valid`]. The scale is the architecture's `input_scale` (1/255 in every preset). The grey
/// picture is the luma, 0.299 R + 0.587 G + 0.114 B, with the same scale.
///
/// **Even kernels** have no middle. With [`Border::Same`] the missing row and column of zeros are below and on the right, as
/// with PyTorch's `padding='same'` and TensorFlow's `SAME`.
///
/// **Networks of other kinds.** The forward pass is known for the study's kind of network only:
/// [`Session::from_filters`] says which. The other readings need one filter bank at a time, so they apply to any layer.
///
/// **Bias.** Forward passes add it. The other readings do not: a bias belongs to the filter with all its channels,
/// and these readings use kernels alone. A bias adds the same number to every value of a map, which changes
/// no softness score.
///
/// **Shapes** for a picture of h x w. Max-pooling drops an odd last row or column.
///
/// | | same | valid |
/// |---|---|---|
/// | layer 1, and every reading of kernels | h x w | (h - k + 1) x (w - k + 1) |
/// | layer 2, forward pass | floor(h / 2) x floor(w / 2) | floor((h - k1 + 1) / 2) - k2 + 1, and the same for w |
/// | layer 2, 32 x 32 with 5 x 5 kernels, forward pass | 16 x 16 | 10 x 10 |
///
/// **Numbers** for a layer (out, in, k, k): out maps; in x out with [`Reading::EachKernel`], which are 48 and 576 in the
/// paper's network.
///
/// # Errors
/// [`ErrorKind::NotFound`] if the network has no such layer; [`ErrorKind::InvalidOption`] if the reading is the forward pass
/// and the network is of another kind; [`ErrorKind::CannotScore`] if the picture is too small to leave a value.
pub fn responses(
    session: &Session,
    layer: usize,
    picture: &Picture,
    options: ResponseOptions,
) -> Result<Vec<Response>> {
    check_reading(session, options)?;
    let banks: Vec<&FilterBank> = session.filters.iter().collect();
    let mut maps =
        bank_responses(&banks, session.training().architecture.input_scale, layer, picture, options)?;
    let origin = (session.name().to_owned(), session.iterations());
    maps.iter_mut().for_each(|map| map.session = Some(origin.clone()));
    Ok(maps)
}

/// [`responses`] for filter banks that need not belong to a session; `banks[0]` is layer 1.
pub(crate) fn bank_responses(
    banks: &[&FilterBank],
    input_scale: f32,
    layer: usize,
    picture: &Picture,
    options: ResponseOptions,
) -> Result<Vec<Response>> {
    let maps = layer_input(banks, input_scale, layer, picture, options)?.responses(banks[layer - 1]);
    let each = options.reading.maps(banks[layer - 1].channels());
    let is_kernel = options.reading == Reading::EachKernel;
    let response = |(at, map): (usize, ArrayView2<f64>)| Response {
        layer,
        filter: at / each,
        channel: is_kernel.then_some(at % each),
        image: picture.name().to_string(),
        map: map.to_owned(),
        session: None,
    };
    Ok(maps.outer_iter().enumerate().map(response).collect())
}

/// What the filters of layer `layer` (counted from 1) are applied to.
///
/// # Errors
/// Those of [`responses`], but for the reading.
pub(crate) fn layer_input(
    banks: &[&FilterBank],
    input_scale: f32,
    layer: usize,
    picture: &Picture,
    options: ResponseOptions,
) -> Result<LayerInput> {
    check_size(banks, layer, picture, options, 1)?;
    let input = LayerInput::new(picture, input_scale, options);
    Ok(banks[..layer - 1].iter().fold(input, |input, bank| input.after(bank)))
}

/// Refuses a forward pass through a network of which only the filters are known.
pub(crate) fn check_reading(session: &Session, options: ResponseOptions) -> Result<()> {
    if options.reading != Reading::ForwardPass || session.architecture().is_some() {
        return Ok(());
    }
    let shapes: Vec<String> =
        session.filters.iter().take(3).map(|bank| format!("{:?}", bank.weights().dim())).collect();
    let more = if session.layers() > shapes.len() { ", .." } else { "" };
    let sentence = format!(
        "session {:?}: the forward pass is known for two layers only, of odd kernels, the first on 3 channels and the second \
         on its maps, but these are {}{more}: take the reading {}, {} or {}",
        session.name(),
        shapes.join(", "),
        Reading::KernelSliceSum,
        Reading::EachKernel,
        Reading::KernelSlice
    );
    Err(Error::new(ErrorKind::InvalidOption, sentence))
}

/// Refuses a layer that is not there, and a picture that is too small for it: the sides of its maps need `least` values.
pub(crate) fn check_size(
    banks: &[&FilterBank],
    layer: usize,
    picture: &Picture,
    options: ResponseOptions,
    least: usize,
) -> Result<()> {
    let Some(before) = layer.checked_sub(1).filter(|&before| before < banks.len()) else {
        return Err(Error::no_layer(layer, banks.len()));
    };
    let lost = |bank: &FilterBank| options.border.lost(bank.kernel());
    // The smallest side that leaves enough values, from the layer back to the picture.
    let pooled = if options.reading == Reading::ForwardPass { &banks[..before] } else { &[] };
    let needed = pooled.iter().rev().fold(least + lost(banks[before]), |side, bank| 2 * side + lost(bank));
    let (_, height, width) = picture.pixels().dim();
    if height.min(width) >= needed {
        return Ok(());
    }
    let (image, kernel) = (named(picture.name()), banks[before].kernel());
    let or = if options.border == Border::Valid { " or the border same" } else { "" };
    let sentence = format!(
        "image {image} has {width} x {height} pixels, but layer {layer}, with kernels of {kernel} x {kernel} and the border {}, \
         needs at least {needed} x {needed}: take a larger picture{or}",
        options.border.name()
    );
    Err(Error::new(ErrorKind::CannotScore, sentence))
}

#[cfg(test)]
mod tests;
