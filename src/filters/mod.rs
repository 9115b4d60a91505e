//! The filters of one convolutional layer.

pub(crate) mod format;
pub(crate) mod npy;
pub(crate) mod nulls;

pub use npy::AxisOrder;
pub(crate) use npy::{npy_bytes, parse_npy, shortest_npy_bytes};
pub use nulls::Null;

pub use crate::network::{Convolution, MaxPool};

use std::ops::Range;

use ndarray::{Array1, Array4, ArrayView3, Axis, s};

use crate::error::{Error, Result};
use crate::network::Weights;

/// The filters of one layer: weights (out, in, k, k) and one bias per filter.
#[derive(Clone, PartialEq)]
pub struct FilterBank {
    layer: usize,
    weights: Array4<f32>, // (out, in, k, k), standard layout
    bias: Array1<f32>,    // (out)
}

/// Layers count from 1.
fn check_layer(layer: usize) -> Result<()> {
    Error::require(layer > 0, "layer", layer, "layers are counted from 1: the first is layer 1")
}

impl FilterBank {
    /// Filters of layer `layer`, counted from 1.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the layer is 0, the number of biases differs from
    /// the number of filters, a kernel is not square, or a value is not finite.
    pub fn new(layer: usize, weights: Array4<f32>, bias: Array1<f32>) -> Result<Self> {
        check_layer(layer)?;
        let (filters, channels, height, width) = weights.dim();
        let requirement = "filters are (out, in, k, k) with at least one filter, channel and weight";
        let fits = filters > 0 && channels > 0 && height == width && height > 0;
        Error::require(fits, "shape of the filters", format!("{:?}", weights.dim()), requirement)?;
        let requirement = format!("there are {filters} filters");
        Error::require(bias.len() == filters, "number of biases", bias.len(), requirement)?;
        if let Some(value) = weights.iter().chain(&bias).find(|value| !value.is_finite()) {
            return Err(Error::option(
                "weight",
                value,
                "every weight and bias must be a finite number of at most 3.4e38",
            ));
        }
        Ok(Self { layer, weights: weights.as_standard_layout().into_owned(), bias })
    }

    /// The same filters with other biases.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_bias(self, bias: Array1<f32>) -> Result<Self> {
        Self::new(self.layer, self.weights, bias)
    }

    /// The filters of both convolutional layers of a network.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a weight is not finite.
    pub fn from_weights(weights: &Weights) -> Result<Vec<Self>> {
        let banks = weights.conv.iter().zip(&weights.conv_bias).zip(1..);
        banks.map(|((filters, bias), layer)| Self::new(layer, filters.clone(), bias.clone())).collect()
    }

    /// The number of filters.
    pub fn len(&self) -> usize {
        self.bias.len()
    }

    /// Always false: a bank has at least one filter.
    pub fn is_empty(&self) -> bool {
        self.bias.is_empty()
    }

    /// The number of input channels.
    pub fn channels(&self) -> usize {
        self.weights.dim().1
    }

    /// The side k of the k x k kernels. [`responses`](crate::responses::responses()) says where an even kernel is placed.
    pub fn kernel(&self) -> usize {
        self.weights.dim().2
    }

    getters! {
        /// The layer these filters belong to, counted from 1.
        pub fn layer(&self) -> usize;

        /// All weights, (out, in, k, k).
        pub fn weights(&self) -> &Array4<f32>;

        /// One bias per filter.
        pub fn bias(&self) -> &Array1<f32>;
    }

    /// The first `count` filters, or all if there are no more.
    pub(crate) fn first(&self, count: usize) -> Self {
        self.part(0..count.min(self.len()))
    }

    /// Some of the filters.
    pub(crate) fn part(&self, filters: Range<usize>) -> Self {
        let weights = self.weights.slice(s![filters.clone(), .., .., ..]).to_owned();
        Self { layer: self.layer, weights, bias: self.bias.slice(s![filters]).to_owned() }
    }

    /// Every kernel as a filter of one channel, without bias: (out in, 1, k, k), those of one filter after the other.
    pub(crate) fn kernels(&self) -> Self {
        let (count, side) = (self.len() * self.channels(), self.kernel());
        let weights = self.weights.to_shape((count, 1, side, side)).expect("it has as many weights");
        Self { layer: self.layer, weights: weights.into_owned(), bias: Array1::zeros(count) }
    }

    /// Filter `index`, (in, k, k).
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[track_caller]
    pub fn filter(&self, index: usize) -> ArrayView3<'_, f32> {
        let (layer, count) = (self.layer, self.len());
        assert!(
            index < count,
            "layer {layer} has {count} filters, counted from 0, so it has no filter {index}"
        );
        self.weights.index_axis(Axis(0), index)
    }
}
