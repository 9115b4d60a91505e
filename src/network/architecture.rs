//! The architecture of a network.

use serde::{Deserialize, Serialize};

use super::Initialisation;
use super::architecture_fields::Fields;
use crate::dataset::SIDE;
use crate::error::{Error, Result};

/// A network of two convolutional and two dense layers. The default is [`Architecture::paper`]. Each field names the source
/// of its value in the presets.
///
/// A convolutional layer is a cross-correlation (stride 1, SAME zero padding), bias, ReLU and 2 x 2 max-pooling with stride 2.
/// The dense layers are `dense` units with bias and ReLU, then one unit per class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Architecture {
    /// Number of filters of layer 1 and layer 2, 1 to 65,536. 16 in layer 1 is from the paper, 36 in layer 2 from Hvass-Labs
    /// TensorFlow tutorial 02.
    pub filters: [usize; 2],
    /// Side of the square kernels of layer 1 and layer 2, odd, 1 to 31. 5 and 5 in both ancestors.
    pub kernels: [usize; 2],
    /// Units of the hidden dense layer, 1 to 65,536. 128 in Hvass-Labs 02, 1024 in Deep MNIST.
    pub dense: usize,
    /// Share of the hidden dense layer's outputs that are dropped in training, 0 to below 1. 0.5 in Deep MNIST, 0 in
    /// Hvass-Labs 02.
    pub dropout: f32,
    /// The distribution of the initial weights: truncated normal with a standard deviation of 0.05 in Hvass-Labs 02, 0.1 in
    /// Deep MNIST.
    pub initialisation: Initialisation,
    /// Initial value of all biases. 0.05 in Hvass-Labs 02, 0.1 in Deep MNIST.
    pub bias: f32,
    /// Factor of the pixel bytes at the input of the network; 1/255 in all presets.
    pub input_scale: f32,
    /// Number of classes. Training replaces it by that of the data set.
    pub classes: usize,
}

/// The most weights of a network, 256 MB. Training needs four times that.
const MOST_WEIGHTS: usize = 1 << 26;

impl Architecture {
    /// The paper's network as far as the paper states it (16 filters in layer 1), the rest from Hvass-Labs TensorFlow tutorial
    /// 02: 5x5x16 and 5x5x36 filters, 128 dense units, initial weights of standard deviation 0.05, biases 0.05.
    pub fn paper() -> Self {
        Self {
            filters: [16, 36],
            kernels: [5, 5],
            dense: 128,
            dropout: 0.0,
            initialisation: Initialisation::Truncated { sd: 0.05 },
            bias: 0.05,
            input_scale: 1.0 / 255.0,
            classes: 10,
        }
    }

    /// TensorFlow's "Deep MNIST for experts" on colour pictures: 5x5x32 and 5x5x64 filters, 1024 dense units with dropout
    /// 0.5, initial weights of standard deviation 0.1, biases 0.1.
    pub fn deep_mnist() -> Self {
        Self {
            filters: [32, 64],
            dense: 1024,
            dropout: 0.5,
            initialisation: Initialisation::Truncated { sd: 0.1 },
            bias: 0.1,
            ..Self::paper()
        }
    }

    /// The number of inputs of the dense layers: the values of layer 2's maps after both poolings.
    pub fn pooled(&self) -> usize {
        self.filters[1] * (SIDE / 4) * (SIDE / 4)
    }

    /// The number of values in each parameter array, in the order of `Weights::flat`.
    pub(crate) fn parameter_lengths(&self) -> [usize; 8] {
        let [first, second] = self.filters;
        let [k1, k2] = self.kernels;
        [
            first * 3 * k1 * k1,
            first,
            second * first * k2 * k2,
            second,
            self.pooled() * self.dense,
            self.dense,
            self.dense * self.classes,
            self.classes,
        ]
    }

    /// The fans, in and out, of the four layers, as [`Initialisation`] counts them.
    pub(super) fn fans(&self) -> [[usize; 2]; 4] {
        let [first, second] = self.filters;
        let [area1, area2] = self.kernels.map(|kernel| kernel * kernel);
        [
            [3 * area1, first * area1],
            [first * area2, second * area2],
            [self.pooled(), self.dense],
            [self.dense, self.classes],
        ]
    }

    /// The standard deviations, before a truncation, of the initial weights of layer 1 and layer 2.
    pub(crate) fn initial_deviations(&self) -> [f32; 2] {
        let [first, second, ..] = self.fans();
        [first, second].map(|fans| self.initialisation.sd(fans))
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) naming the field.
    pub fn check(&self) -> Result<()> {
        for (option, value) in [
            ("filters of layer 1", self.filters[0]),
            ("filters of layer 2", self.filters[1]),
            ("dense", self.dense),
            ("classes", self.classes),
        ] {
            Error::require((1..=65_536).contains(&value), option, value, "it must lie between 1 and 65536")?;
        }
        for (option, kernel) in
            [("kernel of layer 1", self.kernels[0]), ("kernel of layer 2", self.kernels[1])]
        {
            Error::require(kernel % 2 == 1 && kernel <= 31, option, kernel, "it must be odd and at most 31")?;
        }
        let weights: usize = self.parameter_lengths().iter().sum();
        let requirement =
            format!("at most {MOST_WEIGHTS} are trained here: take fewer filters or dense units");
        Error::require(weights <= MOST_WEIGHTS, "number of weights", weights, requirement)?;
        let requirement = "it must be at least 0 and below 1";
        Error::require((0.0..1.0).contains(&self.dropout), "dropout", self.dropout, requirement)?;
        self.initialisation.check()?;
        for (option, value) in [("bias", self.bias), ("input_scale", self.input_scale)] {
            Error::require(value.is_finite(), option, value, "it must be a finite number")?;
        }
        let requirement = "it must not be 0: every image would be black";
        Error::require(self.input_scale != 0.0, "input_scale", self.input_scale, requirement)?;
        Ok(())
    }
}

impl Default for Architecture {
    /// [`Architecture::paper`].
    fn default() -> Self {
        Self::paper()
    }
}
