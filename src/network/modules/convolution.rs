//! A convolution as a module of dfdx.

use dfdx::prelude::{
    BuildOnDevice, Const, Cpu, CpuError, Device, Dim, Dtype, HasShape, Module, ModuleVisitor,
    NonMutableModule, PutTape, Rank1, Rank4, ReshapeTo, SampleTensor, SplitTape, Storage, Tape, Tensor,
    TensorCollection, TensorFromVec, TensorOptions,
};
use dfdx::shapes::Shape;
use ndarray::{Array1, Array4};

use super::patches::Patches;
use crate::network::kernels::{Dots, Instructions, Product};

/// A convolutional layer for your own networks in [`dfdx`](crate::dfdx), whose own layer needs a nightly compiler: `OUT` filters
/// of (`IN`, `K`, `K`), K odd, with stride 1 and zeros outside the image (same).
///
/// out<sub>f</sub> = bias<sub>f</sub> + sum over channels c of the cross-correlation of kernel (f, c) with channel c, as in the
/// networks of this crate. It takes images (batch, IN, height, width) of any size and gives maps (batch, OUT, height, width).
/// The gradients of weights, biases and images are those of the formula. The first weights and biases are uniform in
/// ±1 / sqrt(IN K K), from the random numbers of the device, so `Cpu::seed_from_u64(1)` gives the same network every time.
/// It computes on one thread of the processor, in f32; results are bit-identical with the same set of instructions.
///
/// # Example
/// ```
/// use softness::dfdx::prelude::*;
/// use softness::filters::{Convolution, FilterBank, MaxPool};
///
/// type Network = (Convolution<3, 8, 5>, MaxPool, ReLU, AvgPoolGlobal, Linear<8, 10>);
/// # fn main() -> softness::Result<()> {
/// let device = Cpu::seed_from_u64(1);
/// let network = device.build_module::<Network, f32>();
/// let scores: Tensor<(usize, Const<10>), f32, Cpu> = network.forward(device.zeros_like(&(20, Const::<3>, 32, 32)));
/// assert_eq!(scores.shape().0, 20);
///
/// let filters = FilterBank::new(1, network.0.weights(), network.0.biases())?;
/// assert_eq!(filters.weights().dim(), (8, 3, 5, 5)); // (out, in, k, k)
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Convolution<const IN: usize, const OUT: usize, const K: usize, E: Dtype = f32, D: Storage<E> = Cpu>
{
    /// The weights, (OUT, IN, K, K).
    pub weight: Tensor<Rank4<OUT, IN, K, K>, E, D>,
    /// One bias per filter.
    pub bias: Tensor<Rank1<OUT>, E, D>,
}

impl<const IN: usize, const OUT: usize, const K: usize> Convolution<IN, OUT, K> {
    /// A copy of the weights, (out, in, k, k).
    pub fn weights(&self) -> Array4<f32> {
        let weights = self.weight.as_vec();
        Array4::from_shape_fn((OUT, IN, K, K), |(filter, channel, row, column)| {
            weights[((filter * IN + channel) * K + row) * K + column]
        })
    }

    /// A copy of the biases, one per filter.
    pub fn biases(&self) -> Array1<f32> {
        self.bias.as_vec().into()
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, E: Dtype, D: Storage<E>> std::fmt::Debug
    for Convolution<IN, OUT, K, E, D>
{
    /// Its filters, without their weights.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Convolution({OUT} filters of {IN} × {K} × {K} weights)")
    }
}

/// Fills a parameter with uniform random numbers in ±1 / sqrt(`inputs`).
fn fill<S: Shape>(parameter: &mut Tensor<S, f32, Cpu>, inputs: usize) -> Result<(), CpuError> {
    let draws: Tensor<S, f32, Cpu> = parameter.device().sample_uniform_like(parameter);
    let bound = 1.0 / (inputs as f32).sqrt();
    let values: Vec<f32> = draws.as_vec().into_iter().map(|draw| (2.0 * draw - 1.0) * bound).collect();
    parameter.copy_from(&values);
    Ok(())
}

impl<const IN: usize, const OUT: usize, const K: usize> TensorCollection<f32, Cpu>
    for Convolution<IN, OUT, K>
{
    type To<E: Dtype, D: Device<E>> = Convolution<IN, OUT, K, E, D>;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let weight = TensorOptions::reset_with(|weight| fill(weight, IN * K * K));
        let bias = TensorOptions::reset_with(|bias| fill(bias, IN * K * K));
        visitor.visit_fields(
            (
                Self::tensor("weight", |layer| &layer.weight, |layer| &mut layer.weight, weight),
                Self::tensor("bias", |layer| &layer.bias, |layer| &mut layer.bias, bias),
            ),
            |(weight, bias)| Convolution { weight, bias },
        )
    }
}

impl<const IN: usize, const OUT: usize, const K: usize> BuildOnDevice<Cpu, f32> for Convolution<IN, OUT, K> {
    type Built = Self;
}

impl<const IN: usize, const OUT: usize, const K: usize> NonMutableModule for Convolution<IN, OUT, K> {}

impl<const IN: usize, const OUT: usize, const K: usize, B: Dim, H: Dim, W: Dim, T: Tape<f32, Cpu>>
    Module<Tensor<(B, Const<IN>, H, W), f32, Cpu, T>> for Convolution<IN, OUT, K>
{
    type Output = Tensor<(B, Const<OUT>, H, W), f32, Cpu, T>;
    type Error = CpuError;

    fn try_forward(
        &self,
        images: Tensor<(B, Const<IN>, H, W), f32, Cpu, T>,
    ) -> Result<Self::Output, CpuError> {
        const { assert!(K % 2 == 1, "the side of a kernel must be odd") };
        let (images, mut tape) = images.try_contiguous()?.split_tape();
        let (batch, _, height, width) = *images.shape();
        let pass = Pass {
            patches: Patches { channels: IN, height: height.size(), width: width.size(), kernel: K },
            filters: OUT,
            instructions: Instructions::widest(),
        };
        let out = pass.forward(&images.as_vec(), &self.weight.as_vec(), &self.bias.as_vec());
        let out = images.device().try_tensor_from_vec(out, (batch, Const::<OUT>, height, width))?;
        let (result, weight, bias) = (out.clone(), self.weight.clone(), self.bias.clone());
        tape.add_backward_op(move |gradients| {
            let grad_out = std::mem::take(&mut **gradients.get_or_alloc_mut(&result)?);
            let values = [images.as_vec(), weight.as_vec()];
            let grads = pass.backward(&values[0], &values[1], &grad_out);
            add(gradients.get_or_alloc_mut(&images)?, &grads[0]);
            add(gradients.get_or_alloc_mut(&weight)?, &grads[1]);
            add(gradients.get_or_alloc_mut(&bias)?, &grads[2]);
            Ok(())
        });
        Ok(out.put_tape(tape))
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// The computations of one pass through a layer.
#[derive(Debug, Clone, Copy)]
struct Pass {
    patches: Patches,
    filters: usize,
    instructions: Instructions,
}

impl Pass {
    /// The maps (n, filters, height, width) of `images` (n, channels, height, width).
    fn forward(self, images: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
        let Self { patches, filters, instructions } = self;
        let (depth, places) = (patches.depth(), patches.places());
        let mut matrix = vec![0.0; depth * places];
        let mut out = Vec::with_capacity(images.len() / patches.channels * filters);
        for image in images.chunks_exact(patches.channels * places) {
            patches.gather(image, &mut matrix);
            let start = out.len();
            out.extend(bias.iter().flat_map(|bias| std::iter::repeat_n(*bias, places)));
            let shape = Product { add: true, ..Product::plain(filters, depth, places, depth) };
            instructions.product(shape, places, weights, &matrix, &mut out[start..]);
        }
        out
    }

    /// The gradients of images, weights and biases, from the gradient of the maps.
    fn backward(self, images: &[f32], weights: &[f32], grad_out: &[f32]) -> [Vec<f32>; 3] {
        let Self { patches, filters, instructions } = self;
        let (depth, places) = (patches.depth(), patches.places());
        let mut matrix = vec![0.0; depth * places];
        let mut products = vec![0.0; filters * depth];
        let (mut grad_images, mut grad_weights) = (vec![0.0; images.len()], vec![0.0; filters * depth]);
        let mut grad_bias = vec![0.0; filters];
        let length = patches.channels * places;
        let all = images.chunks_exact(length).zip(grad_images.chunks_exact_mut(length));
        for ((image, grad_image), grad_maps) in all.zip(grad_out.chunks_exact(filters * places)) {
            for (sum, map) in grad_bias.iter_mut().zip(grad_maps.chunks_exact(places)) {
                *sum += map.iter().sum::<f32>();
            }
            // (filters, depth): the gradient of the maps times the transposed patches.
            patches.gather(image, &mut matrix);
            let shape = Dots { rows: filters, columns: depth, depth: places };
            instructions.dots(shape, grad_maps, &matrix, &mut products);
            add(&mut grad_weights, &products);
            // (depth, places): the transposed weights times the gradient of the maps.
            let shape = Product { a_step: depth, ..Product::plain(depth, filters, places, 1) };
            instructions.product(shape, places, weights, grad_maps, &mut matrix);
            patches.scatter(&matrix, grad_image);
        }
        [grad_images, grad_weights, grad_bias]
    }
}
