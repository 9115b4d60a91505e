//! Types and a function for operations on dfdx's tape.

use dfdx::prelude::{Cpu, CpuError, Gradients, Tensor};

/// The result of dfdx's operations.
pub(super) type Tensors<T> = std::result::Result<T, CpuError>;

/// Activations of a batch, (images, values).
pub(super) type Activations<T> = Tensor<(usize, usize), f32, Cpu, T>;

/// Takes the gradient of an operation's result out of the gradients; nothing reads it after that operation.
pub(super) fn take_gradient(
    gradients: &mut Gradients<f32, Cpu>,
    result: &Tensor<(usize, usize), f32, Cpu>,
) -> Tensors<Vec<f32>> {
    Ok(std::mem::take(&mut **gradients.get_or_alloc_mut(result)?))
}
