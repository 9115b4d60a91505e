//! dfdx's tape, as the operations of this network use it.

use dfdx::prelude::{Cpu, CpuError, Gradients, Tensor};

/// What the tensor library gives.
pub(super) type Tensors<T> = std::result::Result<T, CpuError>;

/// Activations of a batch, (images, values).
pub(super) type Activations<T> = Tensor<(usize, usize), f32, Cpu, T>;

/// Takes the gradient of an operation's result, which nothing reads after that operation.
pub(super) fn take_gradient(
    gradients: &mut Gradients<f32, Cpu>,
    result: &Tensor<(usize, usize), f32, Cpu>,
) -> Tensors<Vec<f32>> {
    Ok(std::mem::take(&mut **gradients.get_or_alloc_mut(result)?))
}
