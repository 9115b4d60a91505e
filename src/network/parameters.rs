//! The parameters of a network, in the layout of its kernels.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use super::Architecture;
use super::kernels::Aligned;

/// A parameter array and its gradient. They are not tensors: the memory of a tensor cannot be borrowed and would have to be
/// copied twice in every step, and its gradient would be allocated and set to zero in every step.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    values: Rc<Aligned>,
    /// Of the last batch. The backward operation that has this parameter replaces it; there is one.
    gradient: Rc<RefCell<Aligned>>,
}

impl Parameter {
    pub(super) fn new(values: &[f32]) -> Self {
        let gradient = Rc::new(RefCell::new(Aligned::zeros(values.len())));
        Self { values: Rc::new(Aligned::copy_of(values)), gradient }
    }

    /// The values.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// The gradient of the last batch.
    pub(super) fn gradient(&self) -> Ref<'_, Aligned> {
        self.gradient.borrow()
    }

    /// The gradient, to be replaced.
    pub(super) fn gradient_mut(&self) -> RefMut<'_, Aligned> {
        self.gradient.borrow_mut()
    }

    /// Lets `act` change the values; it gets the gradient too.
    pub(super) fn change(&mut self, act: impl FnOnce(&mut [f32], &[f32])) {
        let values: &mut Aligned = Rc::make_mut(&mut self.values);
        act(values, &self.gradient.borrow());
    }
}

/// The eight arrays of [`Weights::flat`](super::Weights::flat) in the layout of parameters: dense weights as (out, in), so
/// that the weights of a unit are contiguous, and the inputs of the first dense layer in (row, column, map) order, as the
/// convolutions write them; the others unchanged.
pub(super) fn inward(architecture: &Architecture, flat: [&[f32]; 8]) -> [Vec<f32>; 8] {
    let [maps, places] = pooled(architecture);
    let Architecture { dense, classes, .. } = *architecture;
    with_reversed_axes(flat, [[maps, places, dense], [dense, 1, classes]])
}

/// The inverse of [`inward`].
pub(super) fn outward(architecture: &Architecture, flat: [&[f32]; 8]) -> [Vec<f32>; 8] {
    let [maps, places] = pooled(architecture);
    let Architecture { dense, classes, .. } = *architecture;
    with_reversed_axes(flat, [[dense, places, maps], [classes, 1, dense]])
}

/// The pooled maps of layer 2, and the places in each.
fn pooled(architecture: &Architecture) -> [usize; 2] {
    let maps = architecture.filters[1];
    [maps, architecture.pooled() / maps]
}

/// Copies of the arrays, those of the dense weights, of these shapes, with their axes in reverse order.
fn with_reversed_axes(flat: [&[f32]; 8], [first, second]: [[usize; 3]; 2]) -> [Vec<f32>; 8] {
    let mut copies = flat.map(<[f32]>::to_vec);
    copies[4] = reversed_axes(flat[4], first);
    copies[6] = reversed_axes(flat[6], second);
    copies
}

/// An array (a, b, c) as (c, b, a).
fn reversed_axes(values: &[f32], [a, b, c]: [usize; 3]) -> Vec<f32> {
    let place = |k, j, i| values[(i * b + j) * c + k];
    (0..c).flat_map(|k| (0..b).flat_map(move |j| (0..a).map(move |i| place(k, j, i)))).collect()
}
