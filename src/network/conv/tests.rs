//! The stack held against PyTorch, finite differences and cases computed by hand.

use super::reference::ReferenceStack;
use ndarray::Array1;
use ndarray_npy::read_npy;
use proptest::prelude::*;

use super::*;
use crate::tolerances::{INPUT_GRADIENTS_IN_F32, SUMS_IN_F32};

mod any_shape;
mod reuse;

/// Knuth's MMIX generator, as in tests/golden/conv_stack.py.
pub(super) struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `count` values from `low` to `high`, rounded to multiples of 1 / `steps` unless that is 0.
    pub fn array(&mut self, count: usize, low: f32, high: f32, steps: u32) -> Vec<f32> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (self.0 >> 40) as f32 / (1 << 24) as f32;
            let value = low + (high - low) * share;
            let steps = steps as f32;
            values.push(if steps > 0.0 { (value * steps).round_ties_even() / steps } else { value });
        }
        values
    }
}

/// The inputs of a stack.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    pub architecture: Architecture,
    pub batch: usize,
    pub images: Vec<f32>,
    pub weights: [Vec<f32>; 2],
    pub bias: [Vec<f32>; 2],
    pub grad_out: Vec<f32>,
}

/// What a stack makes of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outputs {
    pub out: Vec<f32>,
    pub grad_weights: [Vec<f32>; 2],
    pub grad_bias: [Vec<f32>; 2],
}

impl Inputs {
    pub fn draw(filters: [usize; 2], kernels: [usize; 2], batch: usize, steps: u32, seed: u64) -> Self {
        let architecture = Architecture { filters, kernels, ..Architecture::paper() };
        let layers = Layer::both(&architecture).unwrap();
        let mut draw = Draw::new(seed);
        let images = draw.array(batch * layers[0].input_len(), 0.0, 1.0, steps);
        let first = draw.array(layers[0].weight_len(), -0.5, 0.5, steps);
        let first_bias = draw.array(filters[0], -0.5, 0.5, steps);
        let second = draw.array(layers[1].weight_len(), -0.5, 0.5, steps);
        let second_bias = draw.array(filters[1], -0.5, 0.5, steps);
        let grad_out = draw.array(batch * layers[1].output_len(), -1.0, 1.0, steps);
        let (weights, bias) = ([first, second], [first_bias, second_bias]);
        Self { architecture, batch, images, weights, bias, grad_out }
    }

    fn weights(&self) -> [&[f32]; 2] {
        [&self.weights[0], &self.weights[1]]
    }

    fn bias(&self) -> [&[f32]; 2] {
        [&self.bias[0], &self.bias[1]]
    }

    fn zeros(&self) -> Outputs {
        Outputs {
            out: vec![0.0; self.grad_out.len()],
            grad_weights: [0, 1].map(|layer| vec![0.0; self.weights[layer].len()]),
            grad_bias: [0, 1].map(|layer| vec![0.0; self.bias[layer].len()]),
        }
    }

    pub fn run(&self, path: InstructionPath) -> Outputs {
        let mut stack = ConvStack::new(&self.architecture, self.batch, path).unwrap();
        self.run_on(&mut stack)
    }

    /// With the sum of all products for kernels of every size.
    pub fn run_directly(&self, path: InstructionPath) -> Outputs {
        self.run_by(path, [|_| Method::Direct; 2])
    }

    pub fn run_by(&self, path: InstructionPath, methods: [fn(Layer) -> Method; 2]) -> Outputs {
        self.run_on(&mut ConvStack::with_methods(&self.architecture, self.batch, path, methods).unwrap())
    }

    pub fn run_on(&self, stack: &mut ConvStack) -> Outputs {
        let mut made = self.zeros();
        stack.forward(&self.images, self.weights(), self.bias(), &mut made.out);
        made.out = self.planes_first(&made.out);
        let Outputs { grad_weights: [w1, w2], grad_bias: [b1, b2], .. } = &mut made;
        stack.backward(&self.maps_last(&self.grad_out), [w1, w2], [b1, b2]);
        made
    }

    /// Outputs as the stack has them, (n, 8, 8, maps), in the order of the reference and of PyTorch, (n, maps, 8, 8).
    fn planes_first(&self, values: &[f32]) -> Vec<f32> {
        let (maps, places) =
            (self.architecture.filters[1], values.len() / self.batch / self.architecture.filters[1]);
        let picture = |picture: &[f32]| -> Vec<f32> {
            (0..maps * places).map(|at| picture[at % places * maps + at / places]).collect()
        };
        values.chunks_exact(maps * places).flat_map(picture).collect()
    }

    /// The inverse of [`planes_first`](Self::planes_first).
    fn maps_last(&self, values: &[f32]) -> Vec<f32> {
        let (maps, places) =
            (self.architecture.filters[1], values.len() / self.batch / self.architecture.filters[1]);
        let picture = |picture: &[f32]| -> Vec<f32> {
            (0..maps * places).map(|at| picture[at % maps * places + at / maps]).collect()
        };
        values.chunks_exact(maps * places).flat_map(picture).collect()
    }

    pub fn run_reference(&self) -> Outputs {
        let mut stack = ReferenceStack::new(&self.architecture).unwrap();
        let mut made = self.zeros();
        stack.forward(&self.images, self.weights(), self.bias(), &mut made.out);
        let Outputs { grad_weights: [w1, w2], grad_bias: [b1, b2], .. } = &mut made;
        stack.backward(&self.grad_out, [w1, w2], [b1, b2]);
        made
    }
}

impl Inputs {
    /// Compares two outputs, relative to the size of the terms that they are sums of: few filters can
    /// leave sums that are next to nothing, whose relative error says nothing.
    pub fn assert_outputs_close(&self, made: &Outputs, expected: &Outputs, tolerance: f64, what: &str) {
        let scale = self.terms().out.iter().copied().fold(0.0, f32::max);
        let errors = made.out.iter().zip(&expected.out).map(|(made, expected)| (made - expected).abs());
        let error = f64::from(errors.fold(0.0, f32::max) / scale);
        assert!(error <= tolerance, "{what}: output: {error:e} of its terms");
    }

    /// Compares all gradients in the L2 norm, relative to the size of their terms, for the same reason.
    pub fn assert_gradients_close(&self, made: &Outputs, expected: &Outputs, tolerance: f64, what: &str) {
        let terms = self.terms();
        let parts = made.parts().into_iter().zip(expected.parts()).zip(terms.parts());
        for (((part, made), (_, expected)), (_, terms)) in parts.skip(1) {
            let error = relative_error(made, expected, norm(terms));
            assert!(error <= tolerance, "{what}: {part}: {error:e} of its terms");
        }
    }

    /// Outputs and gradients with the sizes of all numbers in their place, so that nothing cancels.
    fn terms(&self) -> Outputs {
        let sizes = |values: &Vec<f32>| values.iter().map(|value| value.abs()).collect::<Vec<f32>>();
        let terms = Self {
            images: sizes(&self.images),
            weights: [sizes(&self.weights[0]), sizes(&self.weights[1])],
            bias: [sizes(&self.bias[0]), sizes(&self.bias[1])],
            grad_out: sizes(&self.grad_out),
            ..self.clone()
        };
        terms.run_reference()
    }
}

impl Outputs {
    fn parts(&self) -> [(&'static str, &[f32]); 5] {
        [
            ("output", &self.out),
            ("gradient of weights 1", &self.grad_weights[0]),
            ("gradient of bias 1", &self.grad_bias[0]),
            ("gradient of weights 2", &self.grad_weights[1]),
            ("gradient of bias 2", &self.grad_bias[1]),
        ]
    }

    pub fn assert_close(&self, expected: &Self, tolerance: f64, what: &str) {
        let theirs = expected.parts();
        for (place, (part, mine)) in self.parts().into_iter().enumerate() {
            // The gradient of a bias is one sum over all positions, which may cancel to nearly nothing. Its error is
            // that of the terms, whose size the weights' gradient of the same layer has.
            let scale = if part.contains("bias") { norm(theirs[place - 1].1) } else { 0.0 };
            let error = relative_error(mine, theirs[place].1, scale);
            assert!(error <= tolerance, "{what}: {part}: relative error {error:e}");
        }
    }
}

/// |mine - theirs| / max(|theirs|, scale) in the L2 norm; of two equal arrays 0.
fn relative_error(mine: &[f32], theirs: &[f32], scale: f64) -> f64 {
    assert_eq!(mine.len(), theirs.len());
    let difference: Vec<f32> = mine.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let difference = norm(&difference);
    if difference == 0.0 { 0.0 } else { difference / norm(theirs).max(scale) }
}

fn norm(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

pub(super) fn available_paths() -> Vec<InstructionPath> {
    InstructionPath::ALL.into_iter().filter(|path| path.is_available()).collect()
}

fn agrees_with_pytorch(case: &str, filters: [usize; 2], kernels: [usize; 2], batch: usize, steps: u32) {
    let file = format!("{}/tests/golden/conv_stack_{case}.npy", env!("CARGO_MANIFEST_DIR"));
    let golden: Array1<f32> = read_npy(file).unwrap();
    let mut golden = golden.as_slice().unwrap();
    let inputs = Inputs::draw(filters, kernels, batch, steps, 1);
    let mut expected = inputs.zeros();
    let Outputs { out, grad_weights: [w1, w2], grad_bias: [b1, b2] } = &mut expected;
    for part in [out, w1, b1, w2, b2] {
        let (head, tail) = golden.split_at(part.len());
        part.copy_from_slice(head);
        golden = tail;
    }
    assert!(golden.is_empty());
    inputs.run_reference().assert_close(&expected, SUMS_IN_F32, "reference");
    for path in available_paths() {
        inputs.run(path).assert_close(&expected, SUMS_IN_F32, path.name());
    }
}

#[test]
fn one_filter_of_one_weight_on_one_picture_agrees_with_pytorch() {
    agrees_with_pytorch("one_by_one_one_filter_one_picture", [1, 1], [1, 1], 1, 0);
}

#[test]
fn three_by_three_kernels_agree_with_pytorch() {
    agrees_with_pytorch("three_by_three", [3, 2], [3, 3], 2, 0);
}

#[test]
fn seven_by_seven_kernels_agree_with_pytorch() {
    agrees_with_pytorch("seven_by_seven", [2, 5], [7, 7], 2, 0);
}

#[test]
fn layers_with_kernels_of_unequal_size_agree_with_pytorch() {
    agrees_with_pytorch("unequal_kernels", [5, 3], [5, 3], 3, 0);
}

#[test]
fn kernels_as_large_as_allowed_agree_with_pytorch() {
    agrees_with_pytorch("largest_kernels", [2, 2], [31, 31], 1, 0);
}

#[test]
fn the_papers_layers_agree_with_pytorch() {
    agrees_with_pytorch("paper", [16, 36], [5, 5], 2, 0);
}

#[test]
fn equal_values_in_a_pooling_window_agree_with_pytorch() {
    agrees_with_pytorch("ties", [4, 4], [3, 3], 2, 4);
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    // The loss is piecewise linear in the weights of a layer. The step is small, for few maxima to
    // move, and large against the rounding of the outputs, some 1e-7; the rest is the tolerance.
    const SLOPE_TOLERANCE: f64 = 2e-2;
    const STEP: f32 = 1e-3;
    let inputs = Inputs::draw([2, 2], [3, 3], 1, 0, 7);
    let gradients = inputs.run(InstructionPath::Portable);
    let loss = |inputs: &Inputs| -> f64 {
        let made = inputs.run(InstructionPath::Portable);
        made.out.iter().zip(&inputs.grad_out).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    for layer in 0..2 {
        let mut slopes = Vec::new();
        for at in 0..inputs.weights[layer].len() {
            let [mut more, mut less] = [inputs.clone(), inputs.clone()];
            more.weights[layer][at] += STEP;
            less.weights[layer][at] -= STEP;
            slopes.push(((loss(&more) - loss(&less)) / f64::from(2.0 * STEP)) as f32);
        }
        let error = relative_error(&slopes, &gradients.grad_weights[layer], 0.0);
        assert!(error < SLOPE_TOLERANCE, "layer {}: {error:e}", layer + 1);
    }
}

/// A picture of zeros with these (channel, row, column, value).
fn picture(pixels: &[(usize, usize, usize, f32)]) -> Vec<f32> {
    let mut picture = vec![0.0; 3 * 32 * 32];
    for &(channel, row, column, value) in pixels {
        picture[(channel * 32 + row) * 32 + column] = value;
    }
    picture
}

/// 1 x 1 kernels that add up the colours and hand them on.
fn adding_up(images: Vec<f32>, bias: [f32; 2]) -> Inputs {
    Inputs {
        batch: images.len() / (3 * 32 * 32),
        images,
        weights: [vec![1.0; 3], vec![1.0]],
        bias: bias.map(|bias| vec![bias]),
        grad_out: vec![1.0; 64],
        architecture: Architecture { filters: [1, 1], kernels: [1, 1], ..Architecture::paper() },
    }
}

#[test]
fn a_bright_pixel_comes_out_where_pooling_twice_takes_it() {
    // Pixel (9, 14) lies in the pooled pixel (9 / 4, 14 / 4) = (2, 3).
    let inputs = adding_up(picture(&[(0, 9, 14, 0.5), (2, 9, 14, 0.25)]), [0.0, 0.0]);
    for path in available_paths() {
        let made = inputs.run(path);
        for (at, value) in made.out.iter().enumerate() {
            assert_eq!(*value, if at == 2 * 8 + 3 { 0.75 } else { 0.0 }, "{at}");
        }
        // One position lives on. d out / d w1 is its colours, d out / d w2 its sum.
        assert_eq!(made.grad_weights, [vec![0.5, 0.0, 0.25], vec![0.75]]);
        assert_eq!(made.grad_bias, [vec![1.0], vec![1.0]]);
    }
}

#[test]
fn relu_at_zero_has_no_gradient_and_biases_count_every_position_that_lives() {
    let black = adding_up(picture(&[]), [0.0, 0.0]);
    let grey = adding_up(picture(&[]), [0.5, -0.25]);
    for path in available_paths() {
        let made = black.run(path);
        assert_eq!(
            (made.grad_weights, made.grad_bias),
            (black.zeros().grad_weights, black.zeros().grad_bias)
        );
        let made = grey.run(path);
        assert_eq!(made.out, vec![0.25; 64]);
        assert_eq!(made.grad_weights, [vec![0.0; 3], vec![32.0]]);
        assert_eq!(made.grad_bias, [vec![64.0], vec![64.0]]);
    }
}

#[test]
fn a_kernel_sees_zeros_beyond_the_border() {
    // A 3 x 3 kernel of ones on a white picture: 3 x 9 inside, 3 x 4 in the corners; the pooled
    // maximum is 27 everywhere. Layer 2 then sees a white picture of 27.
    let mut inputs = Inputs::draw([1, 1], [3, 3], 1, 0, 1);
    inputs.images.fill(1.0);
    inputs.weights.iter_mut().for_each(|weights| weights.fill(1.0));
    inputs.bias.iter_mut().for_each(|bias| bias.fill(0.0));
    // The last tap of layer 1 only: it looks one pixel down and right, so the last row sees zeros.
    let mut corner = inputs.clone();
    corner.weights[0].fill(0.0);
    corner.weights[0][8] = 1.0;
    corner.bias[0][0] = -0.5;
    for path in available_paths() {
        assert_eq!(inputs.run(path).out, vec![27.0 * 9.0; 64]);
        // Every 2 x 2 window still has one position whose tap is inside: 0.5 everywhere after layer 1.
        assert_eq!(corner.run(path).out, vec![4.5; 64]);
    }
}

#[test]
fn gradients_are_added_to_what_is_there() {
    for path in available_paths() {
        let inputs = Inputs::draw([3, 4], [3, 5], 2, 4, 3);
        let once = inputs.run(path);
        let mut twice = inputs.zeros();
        let mut stack = ConvStack::new(&inputs.architecture, 2, path).unwrap();
        stack.forward(&inputs.images, inputs.weights(), inputs.bias(), &mut twice.out);
        let Outputs { grad_weights: [w1, w2], grad_bias: [b1, b2], .. } = &mut twice;
        let grad_out = inputs.maps_last(&inputs.grad_out);
        stack.backward(&grad_out, [&mut *w1, &mut *w2], [&mut *b1, &mut *b2]);
        stack.backward(&grad_out, [w1, w2], [b1, b2]);
        for layer in 0..2 {
            let double: Vec<_> = once.grad_weights[layer].iter().map(|value| 2.0 * value).collect();
            assert!(relative_error(&twice.grad_weights[layer], &double, 0.0) < SUMS_IN_F32);
            let double: Vec<_> = once.grad_bias[layer].iter().map(|value| 2.0 * value).collect();
            assert!(relative_error(&twice.grad_bias[layer], &double, 0.0) < SUMS_IN_F32);
        }
    }
}
