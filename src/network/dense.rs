//! A dense layer as one operation on dfdx's tape.

use std::cell::RefCell;
use std::rc::Rc;

use dfdx::prelude::{Cpu, HasShape, PutTape, SplitTape, Tape, TensorFromVec};

use super::kernels::{Aligned, Dots, Instructions, Product};
use super::parameters::Parameter;
use super::tape::{Activations, Tensors, take_gradient};

/// A dense layer with memory for the inputs of a batch, which is reused for every batch.
#[derive(Debug)]
pub(super) struct Dense {
    instructions: Instructions,
    inputs: Rc<RefCell<Aligned>>,
}

impl Dense {
    /// A layer of `inputs` inputs for batches of at most `batch` images.
    pub(super) fn new(instructions: Instructions, batch: usize, inputs: usize) -> Self {
        Self { instructions, inputs: Rc::new(RefCell::new(Aligned::zeros(batch * inputs))) }
    }

    /// `input` (n, in) times the transposed `weights` (out, in), plus `bias` (out): (n, out). The backward operation replaces
    /// the gradients of both parameters, which no other operation has, and adds to that of the input.
    pub(super) fn forward<T: Tape<f32, Cpu>>(
        &self,
        input: Activations<T>,
        weights: &Parameter,
        bias: &Parameter,
        device: &Cpu,
    ) -> Tensors<Activations<T>> {
        let (input, mut tape) = input.split_tape();
        let (rows, depth) = *input.shape();
        let columns = bias.values().len();
        let mut out = vec![0.0; rows * columns];
        {
            let mut inputs = self.inputs.borrow_mut();
            let inputs = &mut inputs[..rows * depth];
            input.copy_into(inputs);
            self.instructions.dots(Dots { rows, columns, depth }, inputs, weights.values(), &mut out);
        }
        for row in out.chunks_exact_mut(columns) {
            row.iter_mut().zip(bias.values()).for_each(|(sum, bias)| *sum += bias);
        }
        let out = device.tensor_from_vec(out, (rows, columns));
        let (instructions, inputs) = (self.instructions, Rc::clone(&self.inputs));
        let (result, weights, bias) = (out.clone(), weights.clone(), bias.clone());
        tape.add_backward_op(move |gradients| {
            let grad_out = take_gradient(gradients, &result)?;
            let mut grad_bias = bias.gradient_mut();
            grad_bias.fill(0.0);
            for row in grad_out.chunks_exact(columns) {
                grad_bias.iter_mut().zip(row).for_each(|(sum, grad)| *sum += grad);
            }
            let inputs = inputs.borrow();
            // (out, in): the gradient of the output (n, out), transposed, times the inputs (n, in).
            let shape = Product::plain(columns, rows, depth, 1);
            let shape = Product { a_step: columns, ..shape };
            instructions.product(shape, depth, &grad_out, &inputs, &mut weights.gradient_mut());
            // (n, in): the gradient of the output times the weights.
            let shape = Product { add: true, ..Product::plain(rows, columns, depth, columns) };
            let grad_input = gradients.get_or_alloc_mut(&input)?;
            instructions.product(shape, depth, &grad_out, weights.values(), grad_input);
            Ok(())
        });
        Ok(out.put_tape(tape))
    }
}
