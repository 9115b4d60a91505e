//! Both convolutional layers as one operation on dfdx's tape.

use std::cell::RefCell;
use std::rc::Rc;

use dfdx::prelude::{Cpu, PutTape, Tape, TensorFromVec};

use super::conv::ConvStack;
use super::parameters::Parameter;
use super::tape::{Activations, Tensors, take_gradient};

/// Cross-correlation, bias, ReLU and max-pool, twice, on `images` (n, 3, 32, 32), with the weights
/// and bias of layer 1 and layer 2. With a tape that records, the backward operation replaces the
/// gradients of the four parameters, which no other operation has; the images get none.
pub(super) fn convolutions<T: Tape<f32, Cpu> + 'static>(
    stack: &Rc<RefCell<ConvStack>>,
    images: &[f32],
    count: usize,
    parameters: [&Parameter; 4],
    mut tape: T,
    device: &Cpu,
) -> Tensors<Activations<T>> {
    let [w1, b1, w2, b2] = parameters.map(Parameter::values);
    let mut out = vec![0.0; count * stack.borrow().output_len()]; // (n, f2 * 8 * 8)
    let shape = (count, out.len() / count);
    if !T::OWNS_TAPE {
        stack.borrow_mut().forward_only(images, [w1, w2], [b1, b2], &mut out);
        return Ok(device.tensor_from_vec(out, shape).put_tape(tape));
    }
    stack.borrow_mut().forward(images, [w1, w2], [b1, b2], &mut out);
    let out = device.tensor_from_vec(out, shape);
    let (stack, result, parameters) = (Rc::clone(stack), out.clone(), parameters.map(Clone::clone));
    tape.add_backward_op(move |gradients| {
        let grad_out = take_gradient(gradients, &result)?;
        let mut grads = parameters.each_ref().map(Parameter::gradient_mut);
        grads.iter_mut().for_each(|grad| grad.fill(0.0));
        let [gw1, gb1, gw2, gb2] = &mut grads;
        stack.borrow_mut().backward(&grad_out, [gw1, gw2], [gb1, gb2]);
        Ok(())
    });
    Ok(out.put_tape(tape))
}
