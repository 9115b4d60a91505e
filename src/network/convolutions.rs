//! Both convolutional layers as one operation on dfdx's tape.

use std::cell::RefCell;
use std::rc::Rc;

use dfdx::prelude::{Cpu, CpuError, HasShape, PutTape, Tape, Tensor, TensorFromVec};

use super::conv::ConvStack;

/// What the tensor library gives.
pub(super) type Tensors<T> = std::result::Result<T, CpuError>;

/// A parameter of the network: every one is a flat dfdx tensor, given its shape where it is used.
pub(super) type Parameter = Tensor<(usize,), f32, Cpu>;

/// Activations of a batch, (images, values).
pub(super) type Activations<T> = Tensor<(usize, usize), f32, Cpu, T>;

/// The values of a parameter.
pub(super) fn values(parameter: &Parameter) -> Vec<f32> {
    let mut values = vec![0.0; parameter.shape().0];
    parameter.copy_into(&mut values);
    values
}

/// Cross-correlation, bias, ReLU and max-pool, twice, on `images` (n, 3, 32, 32), with the weights
/// and bias of layer 1 and layer 2. With a tape that records, the backward operation adds to the
/// gradients of the four parameters; the images get none.
pub(super) fn convolutions<T: Tape<f32, Cpu> + 'static>(
    stack: &Rc<RefCell<ConvStack>>,
    images: &[f32],
    count: usize,
    parameters: [&Parameter; 4],
    mut tape: T,
    device: &Cpu,
) -> Tensors<Activations<T>> {
    let [w1, b1, w2, b2] = parameters.map(values);
    let mut out = vec![0.0; count * stack.borrow().output_len()]; // (n, f2 * 8 * 8)
    let shape = (count, out.len() / count);
    let (weights, bias) = ([w1.as_slice(), &w2], [b1.as_slice(), &b2]);
    if !T::OWNS_TAPE {
        stack.borrow_mut().forward_only(images, weights, bias, &mut out);
        return Ok(device.tensor_from_vec(out, shape).put_tape(tape));
    }
    stack.borrow_mut().forward(images, weights, bias, &mut out);
    let out = device.tensor_from_vec(out, shape);
    let (stack, result, parameters) = (Rc::clone(stack), out.clone(), parameters.map(Clone::clone));
    tape.add_backward_op(move |gradients| {
        // Nothing reads the gradient of the output after this, so it is taken, not copied.
        let grad_out = std::mem::take(&mut **gradients.get_or_alloc_mut(&result)?);
        let [w1, b1, w2, b2] = &parameters;
        let mut grads = [w1, b1, w2, b2].map(|parameter| vec![0.0; parameter.shape().0]);
        let [gw1, gb1, gw2, gb2] = &mut grads;
        stack.borrow_mut().backward(&grad_out, [gw1, gw2], [gb1, gb2]);
        for (parameter, grad) in parameters.iter().zip(&grads) {
            for (sum, value) in gradients.get_or_alloc_mut(parameter)?.iter_mut().zip(grad) {
                *sum += value;
            }
        }
        Ok(())
    });
    Ok(out.put_tape(tape))
}
