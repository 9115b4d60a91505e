//! The filters of one iteration, kept while a session trains or taken from a checkpoint.

use std::sync::Arc;

use half::f16;
use ndarray::{Array1, Array4};

use crate::error::Result;
use crate::filters::FilterBank;

/// The softness score of a filter of a snapshot differs by at most this from the score of the filter that was trained:
/// weights are kept as 16-bit floats.
pub const SNAPSHOT_TOLERANCE: f64 = 2e-4;

/// A 16-bit float differs by at most this share from the number that was rounded to it, if it is neither too large nor
/// too small.
const ROUNDING: f32 = 1.0 / 2048.0;

/// The filters of all convolutional layers after an iteration. Cloning it does not copy them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    pub iteration: u64,
    layers: Arc<[Layer]>,
}

/// The filters of one layer.
#[derive(Debug, PartialEq)]
struct Layer {
    weights: Values,
    bias: Array1<f32>,
}

/// Weights, (out, in, k, k): as 16-bit floats whenever these hold the very numbers.
#[derive(Debug, PartialEq)]
enum Values {
    Half(Array4<f16>),
    Single(Array4<f32>),
}

impl Values {
    fn of(weights: &Array4<f32>) -> Self {
        let half = weights.mapv(f16::from_f32);
        let is_exact = half.iter().zip(weights).all(|(half, weight)| half.to_f32() == *weight);
        if is_exact { Self::Half(half) } else { Self::Single(weights.clone()) }
    }

    fn shape(&self) -> &[usize] {
        match self {
            Self::Half(weights) => weights.shape(),
            Self::Single(weights) => weights.shape(),
        }
    }

    fn weights(&self) -> Array4<f32> {
        match self {
            Self::Half(weights) => weights.mapv(f16::to_f32),
            Self::Single(weights) => weights.clone(),
        }
    }
}

impl Snapshot {
    /// The filters after `iteration`, their weights rounded to 16-bit floats. A layer is not rounded if one of its kernels
    /// would lose precision, which takes weights beyond 65,504 or a kernel of weights below 0.00006.
    pub(crate) fn rounded(iteration: u64, banks: &[FilterBank]) -> Result<Self> {
        let rounded = |bank: &FilterBank| {
            let weights = bank.weights();
            let half = weights.mapv(|weight| f16::from_f32(weight).to_f32());
            let side = bank.kernel() * bank.kernel();
            let (exact, near) = (in_rows(weights), in_rows(&half));
            let is_near = exact.chunks(side).zip(near.chunks(side)).all(|(exact, near)| {
                let most = exact.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())) * ROUNDING;
                exact.iter().zip(near).all(|(exact, near)| (exact - near).abs() <= most)
            });
            if is_near { FilterBank::new(bank.layer(), half, bank.bias().clone()) } else { Ok(bank.clone()) }
        };
        let banks = banks.iter().map(rounded).collect::<Result<Vec<_>>>()?;
        Ok(Self::new(iteration, &banks))
    }

    /// These very filters.
    pub(crate) fn new(iteration: u64, banks: &[FilterBank]) -> Self {
        let layer =
            |bank: &FilterBank| Layer { weights: Values::of(bank.weights()), bias: bank.bias().clone() };
        Self { iteration, layers: banks.iter().map(layer).collect() }
    }

    /// Whether it has layers of the sizes of these.
    pub(crate) fn fits(&self, banks: &[FilterBank]) -> bool {
        let fits = |(layer, bank): (&Layer, &FilterBank)| {
            layer.weights.shape() == bank.weights().shape() && layer.bias.len() == bank.len()
        };
        self.layers.len() == banks.len() && self.layers.iter().zip(banks).all(fits)
    }

    /// The filters, one bank for each layer.
    pub(crate) fn filters(&self) -> Vec<FilterBank> {
        let bank = |(layer, number): (&Layer, usize)| {
            let bank = FilterBank::new(number, layer.weights.weights(), layer.bias.clone());
            bank.expect("it is one that was kept")
        };
        self.layers.iter().zip(1..).map(bank).collect()
    }
}

fn in_rows(weights: &Array4<f32>) -> &[f32] {
    weights.as_slice().expect("filters are in standard layout")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bank of one filter of one channel, with these four weights.
    fn bank(weights: [f32; 4]) -> FilterBank {
        let weights = Array4::from_shape_vec((1, 1, 2, 2), weights.to_vec()).unwrap();
        FilterBank::new(1, weights, Array1::from_elem(1, 0.1)).unwrap()
    }

    fn kept(weights: [f32; 4]) -> Vec<f32> {
        let filters = Snapshot::rounded(5, &[bank(weights)]).unwrap().filters();
        assert_eq!(filters[0].bias()[0], 0.1, "biases are not rounded");
        filters[0].weights().iter().copied().collect()
    }

    #[test]
    fn weights_are_rounded_to_sixteen_bits() {
        // Ten bits after the first: 1 + 2^-11 lies halfway and goes to the even neighbour.
        let ulp = 1.0 / 1024.0;
        let expected = [1.0, 1.0 + ulp, -0.5, 0.0];
        assert_eq!(kept([1.0 + ulp / 2.0, 1.0 + 0.75 * ulp, -0.5, 0.0]), expected);
    }

    #[test]
    fn a_layer_that_would_lose_precision_is_not_rounded() {
        for weights in [[70_000.0, 1.0 / 3.0, 0.1, 0.2], [1e-6 / 3.0, 2e-6 / 3.0, -1e-6 / 7.0, 0.0]] {
            assert_eq!(kept(weights), weights);
        }
        // Small weights next to a large one are rounded to a multiple of 2^-24.
        let [_, small, ..] = kept([0.1, 1e-6 / 3.0, 0.0, 0.0])[..] else { panic!("four weights") };
        assert_eq!(small, 6.0 / 16_777_216.0);
    }

    #[test]
    fn what_is_rounded_once_stays_as_it_is() {
        let once = Snapshot::rounded(5, &[bank([0.1, -0.2, 0.3, 1.0 / 3.0])]).unwrap();
        let filters = once.filters();
        assert_eq!(Snapshot::new(5, &filters), once);
        assert_eq!(Snapshot::rounded(5, &filters).unwrap(), once);
    }
}
