//! The parameters of a network as plain arrays, and their initial values.

use ndarray::{Array1, Array2, Array4};

use super::Architecture;
use super::random::{Purpose, stream};
use crate::error::{Error, Result};

/// All parameters of a network, as plain arrays.
#[derive(Clone, PartialEq)]
pub struct Weights {
    /// Convolution weights of layer 1 and 2, (out, in, k, k).
    pub conv: [Array4<f32>; 2],
    /// Convolution biases of layer 1 and 2, (out).
    pub conv_bias: [Array1<f32>; 2],
    /// Dense weights, (in, out), as in TensorFlow. The inputs of the first layer are the pooled maps in (map, row, column)
    /// order.
    pub dense: [Array2<f32>; 2],
    /// Dense biases, (out).
    pub dense_bias: [Array1<f32>; 2],
}

/// A sum of this many truncated normal numbers cannot be distinguished from a normal one at the precision of a percentile.
const MOST_CHANNELS: usize = 64;

impl Weights {
    /// The initial weights of a session with this seed: weights of the architecture's [`Initialisation`](super::Initialisation)
    /// and constant biases.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names the field of the architecture that is out of range.
    pub fn initial(architecture: &Architecture, seed: u64) -> Result<Self> {
        architecture.check()?;
        let mut random = stream(seed, Purpose::Weights, 0);
        let Architecture { initialisation, bias, .. } = *architecture;
        let (lengths, fans) = (architecture.parameter_lengths(), architecture.fans());
        let flat = std::array::from_fn(|array| {
            // Weights and biases take turns.
            if array % 2 == 1 {
                return vec![bias; lengths[array]];
            }
            let sd = initialisation.sd(fans[array / 2]);
            (0..lengths[array]).map(|_| initialisation.draw(&mut random) * sd).collect()
        });
        Self::from_flat(architecture, flat)
    }

    /// The sums over the channels of `count` untrained filters (channels, k, k): (count, 1, k, k). Of more than
    /// [`MOST_CHANNELS`] channels, as many are drawn and the sum is scaled to the standard deviation of all.
    pub fn initial_kernels(
        architecture: &Architecture,
        seed: u64,
        count: usize,
        channels: usize,
        kernel: usize,
    ) -> Array4<f32> {
        let mut random = stream(seed, Purpose::Weights, 0);
        let drawn = channels.min(MOST_CHANNELS);
        let initialisation = architecture.initialisation;
        let sd = initialisation.sd([channels, count].map(|maps| maps * kernel * kernel));
        let scale = sd * (channels as f32 / drawn as f32).sqrt();
        let sum = |_| (0..drawn).map(|_| initialisation.draw(&mut random)).sum::<f32>() * scale;
        let sums = (0..count * kernel * kernel).map(sum).collect();
        Array4::from_shape_vec((count, 1, kernel, kernel), sums).expect("one sum for each place")
    }

    /// The eight parameter arrays as flat slices: weights and bias of each layer, from the first convolution to the last dense
    /// layer.
    ///
    /// # Panics
    /// If an array was replaced by one that is not in standard layout.
    pub fn flat(&self) -> [&[f32]; 8] {
        let [c1, c2] = self.conv.each_ref().map(|weights| weights.as_slice());
        let [d1, d2] = self.dense.each_ref().map(|weights| weights.as_slice());
        let [cb1, cb2] = self.conv_bias.each_ref().map(|bias| bias.as_slice());
        let [db1, db2] = self.dense_bias.each_ref().map(|bias| bias.as_slice());
        [c1, cb1, c2, cb2, d1, db1, d2, db2].map(|slice| slice.expect("weights are in standard layout"))
    }

    /// The inverse of [`flat`](Self::flat).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a length does not fit the
    /// architecture.
    pub fn from_flat(architecture: &Architecture, flat: [Vec<f32>; 8]) -> Result<Self> {
        let lengths = architecture.parameter_lengths();
        for (values, expected) in flat.iter().zip(lengths) {
            let requirement = format!("this network needs {expected}");
            let fits = values.len() == expected;
            Error::require(fits, "number of weights of a layer", values.len(), requirement)?;
        }
        let [first, second] = architecture.filters;
        let [k1, k2] = architecture.kernels;
        let [c1, cb1, c2, cb2, d1, db1, d2, db2] = flat;
        let fits = "the lengths were checked above";
        let pooled = architecture.pooled();
        Ok(Self {
            conv: [
                Array4::from_shape_vec((first, 3, k1, k1), c1).expect(fits),
                Array4::from_shape_vec((second, first, k2, k2), c2).expect(fits),
            ],
            conv_bias: [cb1.into(), cb2.into()],
            dense: [
                Array2::from_shape_vec((pooled, architecture.dense), d1).expect(fits),
                Array2::from_shape_vec((architecture.dense, architecture.classes), d2).expect(fits),
            ],
            dense_bias: [db1.into(), db2.into()],
        })
    }
}
