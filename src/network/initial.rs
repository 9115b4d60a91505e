//! The weights a network starts from.

use ndarray::{Array1, Array2, Array4};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Architecture;
use crate::dataset::SIDE;
use crate::error::Result;
use crate::filters::FilterBank;

/// All parameters of a network, as plain arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Convolution weights of layer 1 and 2, (out, in, k, k).
    pub conv: [Array4<f32>; 2],
    /// Convolution biases of layer 1 and 2, (out).
    pub conv_bias: [Array1<f32>; 2],
    /// Dense weights, (out, in). The inputs of the first are the pooled maps in (map, row, column) order.
    pub dense: [Array2<f32>; 2],
    /// Dense biases, (out).
    pub dense_bias: [Array1<f32>; 2],
}

impl Weights {
    /// The weights that a session with this seed starts from: truncated normal weights, constant
    /// biases.
    ///
    /// # Errors
    /// Those of [`Architecture::check`].
    pub fn initial(architecture: &Architecture, seed: u64) -> Result<Self> {
        architecture.check()?;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = || loop {
            let value: f32 = StandardNormal.sample(&mut random);
            if value.abs() < 2.0 {
                return value * architecture.weight_sd;
            }
        };
        let [first, second] = architecture.filters;
        let [k1, k2] = architecture.kernels;
        let pooled = second * (SIDE / 4) * (SIDE / 4);
        let bias = |count| Array1::from_elem(count, architecture.bias);
        Ok(Self {
            conv: [
                Array4::from_shape_simple_fn((first, 3, k1, k1), &mut draw),
                Array4::from_shape_simple_fn((second, first, k2, k2), &mut draw),
            ],
            conv_bias: [bias(first), bias(second)],
            dense: [
                Array2::from_shape_simple_fn((architecture.dense, pooled), &mut draw),
                Array2::from_shape_simple_fn((architecture.classes, architecture.dense), &mut draw),
            ],
            dense_bias: [bias(architecture.dense), bias(architecture.classes)],
        })
    }

    /// The filters of both convolutional layers.
    ///
    /// # Errors
    /// [`crate::Error::InvalidOption`] where a weight is not finite.
    pub fn filters(&self) -> Result<Vec<FilterBank>> {
        self.conv
            .iter()
            .zip(&self.conv_bias)
            .zip(1..)
            .map(|((weights, bias), layer)| FilterBank::new(layer, weights.clone(), bias.clone()))
            .collect()
    }
}
