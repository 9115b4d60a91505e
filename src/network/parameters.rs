//! The parameters of a network, in the layout of its kernels.

use std::rc::Rc;

use dfdx::prelude::{Cpu, Gradients, Tensor, TensorFromVec};

use super::Architecture;
use super::kernels::Aligned;
use super::tape::Tensors;

/// A parameter array: a flat dfdx tensor, which identifies it on the tape and in the gradients, and the values. The memory of
/// the tensor cannot be borrowed and would have to be copied twice in every step, so the values are separate.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// Its identity and length; its content is the initial values.
    tensor: Tensor<(usize,), f32, Cpu>,
    values: Rc<Aligned>,
}

impl Parameter {
    pub(super) fn new(device: &Cpu, values: &[f32]) -> Self {
        let tensor = device.tensor_from_vec(values.to_vec(), (values.len(),));
        Self { tensor, values: Rc::new(Aligned::copy_of(values)) }
    }

    /// The values.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Lets `act` change the values.
    pub(super) fn change(&mut self, act: impl FnOnce(&mut [f32])) {
        let values: &mut Aligned = Rc::make_mut(&mut self.values);
        act(values);
    }

    /// Its gradient; zeros if there is none yet.
    pub(super) fn gradient<'a>(&self, gradients: &'a mut Gradients<f32, Cpu>) -> Tensors<&'a mut [f32]> {
        Ok(gradients.get_or_alloc_mut(&self.tensor)?)
    }
}

/// The eight arrays of [`Weights::flat`](super::Weights::flat) in the layout of parameters: dense weights as (out, in), so
/// that the weights of a unit are contiguous; the others unchanged.
pub(super) fn inward(architecture: &Architecture, flat: [&[f32]; 8]) -> [Vec<f32>; 8] {
    let [w1, b1, w2, b2, d1, e1, d2, e2] = flat;
    let Architecture { dense, classes, .. } = *architecture;
    let d1 = transposed(d1, architecture.pooled(), dense);
    let d2 = transposed(d2, dense, classes);
    [w1.to_vec(), b1.to_vec(), w2.to_vec(), b2.to_vec(), d1, e1.to_vec(), d2, e2.to_vec()]
}

/// The inverse of [`inward`].
pub(super) fn outward(architecture: &Architecture, flat: [&[f32]; 8]) -> [Vec<f32>; 8] {
    let [w1, b1, w2, b2, d1, e1, d2, e2] = flat;
    let Architecture { dense, classes, .. } = *architecture;
    let d1 = transposed(d1, dense, architecture.pooled());
    let d2 = transposed(d2, classes, dense);
    [w1.to_vec(), b1.to_vec(), w2.to_vec(), b2.to_vec(), d1, e1.to_vec(), d2, e2.to_vec()]
}

/// (rows, columns) as (columns, rows).
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut result = vec![0.0; rows * columns];
    for (row, values) in values.chunks_exact(columns).enumerate() {
        for (place, value) in result[row..].iter_mut().step_by(rows).zip(values) {
            *place = *value;
        }
    }
    result
}
