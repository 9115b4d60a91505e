//! What a network is made of, as plain values.

use serde::{Deserialize, Serialize};

use crate::dataset::SIDE;
use crate::error::{Error, Result};

/// A network of two convolutional and two dense layers, as plain values. Every field names the
/// source of its value in the presets.
///
/// The order of a convolutional layer is: cross-correlation (stride 1, SAME zero padding), bias,
/// ReLU, 2 x 2 max-pool with stride 2. The dense layers follow: `dense` units with bias and ReLU,
/// then one unit a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Number of filters of layer 1 and layer 2. The paper: 16 in layer 1; 36 in layer 2 is from
    /// Hvass-Labs TensorFlow tutorial 02.
    pub filters: [usize; 2],
    /// Side of the square kernels of layer 1 and layer 2, odd. 5 and 5 in both ancestors.
    pub kernels: [usize; 2],
    /// Units of the hidden dense layer. 128 in Hvass-Labs 02, 1024 in Deep MNIST.
    pub dense: usize,
    /// Share of the hidden dense layer's outputs dropped in training, 0 (none) to below 1.
    /// 0.5 in Deep MNIST, none in Hvass-Labs 02.
    pub dropout: f32,
    /// Standard deviation of the truncated normal distribution (cut at two standard deviations)
    /// that weights start from. 0.05 in Hvass-Labs 02, 0.1 in Deep MNIST.
    pub weight_sd: f32,
    /// What every bias starts from. 0.05 in Hvass-Labs 02, 0.1 in Deep MNIST.
    pub bias: f32,
    /// What a pixel byte is multiplied by on its way into the network; 1/255 in all presets.
    pub input_scale: f32,
    /// Number of classes, 10 for CIFAR-10.
    pub classes: usize,
}

/// The most weights of a network, a quarter of a gigabyte. Training takes four times that.
const MOST_WEIGHTS: usize = 1 << 26;

impl Architecture {
    /// The paper's network as far as it is stated (16 filters in layer 1), the rest from
    /// Hvass-Labs TensorFlow tutorial 02: 5x5x16 and 5x5x36 filters, 128 dense units, truncated
    /// normal of standard deviation 0.05, bias 0.05.
    pub fn paper() -> Self {
        Self {
            filters: [16, 36],
            kernels: [5, 5],
            dense: 128,
            dropout: 0.0,
            weight_sd: 0.05,
            bias: 0.05,
            input_scale: 1.0 / 255.0,
            classes: 10,
        }
    }

    /// TensorFlow's "Deep MNIST for experts" on colour pictures: 5x5x32 and 5x5x64 filters, 1024
    /// dense units with dropout 0.5, truncated normal of standard deviation 0.1, bias 0.1.
    pub fn deep_mnist() -> Self {
        Self { filters: [32, 64], dense: 1024, dropout: 0.5, weight_sd: 0.1, bias: 0.1, ..Self::paper() }
    }

    /// The number of values that reach the dense layers: the second layer's maps after both pools.
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
            if !(1..=65_536).contains(&value) {
                return Err(Error::option(option, value, "it must lie between 1 and 65536"));
            }
        }
        for (option, kernel) in
            [("kernel of layer 1", self.kernels[0]), ("kernel of layer 2", self.kernels[1])]
        {
            if kernel % 2 == 0 || kernel > 31 {
                return Err(Error::option(option, kernel, "it must be odd and at most 31"));
            }
        }
        let weights: usize = self.parameter_lengths().iter().sum();
        if weights > MOST_WEIGHTS {
            let requirement =
                format!("at most {MOST_WEIGHTS} are trained here: take fewer filters or dense units");
            return Err(Error::option("number of weights", weights, requirement));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(Error::option("dropout", self.dropout, "it must lie in 0..1, 1 not included"));
        }
        if !(self.weight_sd > 0.0 && self.weight_sd.is_finite()) {
            return Err(Error::option("weight_sd", self.weight_sd, "it must be a positive number"));
        }
        for (option, value) in [("bias", self.bias), ("input_scale", self.input_scale)] {
            if !value.is_finite() {
                return Err(Error::option(option, value, "it must be a finite number"));
            }
        }
        Ok(())
    }
}

impl Default for Architecture {
    /// [`Architecture::paper`].
    fn default() -> Self {
        Self::paper()
    }
}
