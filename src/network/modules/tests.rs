use dfdx::optim::{Adam, AdamConfig, Optimizer};
use dfdx::prelude::*;

use super::{Convolution, MaxPool};
use crate::dataset::Dataset;

type Images<const C: usize> = Tensor<(usize, Const<C>, usize, usize), f32, Cpu>;

/// The same formula in f64, as plainly as it goes; `image` is (channels, height, width).
fn plain(image: &[f64], weights: &[f64], bias: &[f64], [channels, height, width, k]: [usize; 4]) -> Vec<f64> {
    let at = |channel: usize, row: usize, column: usize| {
        let inside = |place: usize, side: usize| place.checked_sub(k / 2).filter(|place| *place < side);
        let place = inside(row, height).zip(inside(column, width));
        place.map_or(0.0, |(row, column)| image[(channel * height + row) * width + column])
    };
    let mut out = Vec::new();
    for (filter, bias) in bias.iter().enumerate() {
        for place in 0..height * width {
            let (row, column) = (place / width, place % width);
            let terms = (0..channels * k * k).map(|index| {
                let (channel, down, right) = (index / (k * k), index / k % k, index % k);
                weights[filter * channels * k * k + index] * at(channel, row + down, column + right)
            });
            out.push(bias + terms.sum::<f64>());
        }
    }
    out
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// Values and gradients of one convolution against the plain formula and its finite differences. The loss is the sum of the
/// maps times random numbers: it is linear in each of the three arrays, so a central difference is exact but for rounding.
fn check<const IN: usize, const OUT: usize, const K: usize>(height: usize, width: usize) {
    const BATCH: usize = 3;
    let device = Cpu::seed_from_u64(1);
    let layer = device.build_module::<Convolution<IN, OUT, K>, f32>();
    let images: Images<IN> = device.sample_normal_like(&(BATCH, Const, height, width));
    let maps = layer.forward(images.leaky_trace());
    let factors: Images<OUT> = device.sample_normal_like(&(BATCH, Const, height, width));

    let mut arrays =
        [&images.as_vec(), &layer.weight.as_vec(), &layer.bias.as_vec()].map(|array| wide(array));
    let factor = wide(&factors.as_vec());
    let forward = |[images, weights, bias]: &[Vec<f64>; 3]| -> Vec<f64> {
        let images = images.chunks_exact(IN * height * width);
        images.flat_map(|image| plain(image, weights, bias, [IN, height, width, K])).collect()
    };
    let loss = |arrays: &[Vec<f64>; 3]| -> f64 {
        forward(arrays).iter().zip(&factor).map(|(value, factor)| value * factor).sum()
    };
    let expected = forward(&arrays);
    for (index, (ours, expected)) in maps.as_vec().iter().zip(&expected).enumerate() {
        assert!((f64::from(*ours) - expected).abs() < 1e-5, "map value {index}: {ours}, not {expected}");
    }

    let gradients = (maps * factors).sum().backward();
    let ours = [
        gradients.get(&images).as_vec(),
        gradients.get(&layer.weight).as_vec(),
        gradients.get(&layer.bias).as_vec(),
    ];
    for (which, (name, ours)) in ["images", "weights", "biases"].iter().zip(&ours).enumerate() {
        let step = ours.len().div_ceil(40);
        for index in (0..ours.len()).step_by(step) {
            let value = arrays[which][index];
            let mut moved = |by: f64| {
                arrays[which][index] = value + by;
                loss(&arrays)
            };
            let difference = moved(0.5) - moved(-0.5);
            arrays[which][index] = value;
            let error = (f64::from(ours[index]) - difference).abs();
            assert!(
                error < 1e-4 * (1.0 + difference.abs()),
                "{name} {index}: {}, not {difference}",
                ours[index]
            );
        }
    }
}

#[test]
fn values_and_gradients_are_those_of_the_formula() {
    check::<3, 5, 3>(6, 7);
    check::<1, 1, 1>(4, 4);
    check::<2, 17, 5>(9, 5);
    // A kernel larger than the image.
    check::<2, 3, 7>(2, 3);
}

#[test]
fn images_without_a_common_layout_give_the_same() {
    let device = Cpu::seed_from_u64(2);
    let layer = device.build_module::<Convolution<2, 3, 3>, f32>();
    let last: Tensor<Rank4<4, 5, 6, 2>, f32, Cpu> = device.sample_normal();
    let first: Tensor<Rank4<4, 2, 5, 6>, f32, Cpu> = last.permute::<_, Axes4<0, 3, 1, 2>>();
    let mut copy: Tensor<Rank4<4, 2, 5, 6>, f32, Cpu> = device.zeros();
    copy.copy_from(&first.as_vec());
    assert_eq!(layer.forward(first).as_vec(), layer.forward(copy).as_vec());
}

#[test]
fn the_first_of_equal_maxima_takes_the_gradient_and_odd_edges_none() {
    let device = Cpu::default();
    let maps: Tensor<Rank4<1, 1, 3, 5>, f32, Cpu> =
        device.tensor([[[[1.0, 1.0, 0.0, 7.0, 9.0], [1.0, 0.0, 8.0, 7.0, 9.0], [9.0, 9.0, 9.0, 9.0, 9.0]]]]);
    let pooled = MaxPool.forward(maps.leaky_trace());
    assert_eq!((*pooled.shape(), pooled.as_vec()), ((Const, Const, 1, 2), vec![1.0, 8.0]));
    let gradients = pooled.sum().backward();
    let expected = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(gradients.get(&maps).as_vec(), expected);
}

type Layer<const IN: usize, const OUT: usize> = (Convolution<IN, OUT, 5>, MaxPool, ReLU);
type Network = (Layer<3, 8>, Layer<8, 12>, AvgPoolGlobal, Linear<12, 10>);

/// The loss of each of 30 iterations, and the trained filters of layer 1.
fn train(seed: u64) -> (Vec<f32>, Vec<f32>) {
    let data = Dataset::tiny();
    let count = 20;
    let device = Cpu::seed_from_u64(seed);
    let mut network = device.build_module::<Network, f32>();
    let pixels =
        data.train().bytes()[..count * 3 * 32 * 32].iter().map(|byte| f32::from(*byte) / 255.0).collect();
    let images: Images<3> = device.tensor_from_vec(pixels, (count, Const, 32, 32));
    let train = data.train();
    let labels = train.labels()[..count].iter();
    let labels = labels.flat_map(|label| (0..10).map(|class| f32::from(class == *label))).collect();
    let labels: Tensor<(usize, Const<10>), f32, Cpu> = device.tensor_from_vec(labels, (count, Const));
    let mut adam = Adam::new(&network, AdamConfig { lr: 1e-2, ..AdamConfig::default() });
    let mut gradients = network.alloc_grads();
    let losses = (0..30).map(|_| {
        let scores = network.forward_mut(images.clone().traced(gradients.clone()));
        let loss = cross_entropy_with_logits_loss(scores, labels.clone());
        let value = loss.array();
        gradients = loss.backward();
        adam.update(&mut network, &gradients).unwrap();
        network.zero_grads(&mut gradients);
        value
    });
    (losses.collect(), network.0.0.weights().iter().copied().collect())
}

#[test]
fn a_network_of_ones_own_learns_and_is_bit_identical() {
    let (losses, filters) = train(1);
    let (first, last) = (losses[0], losses[29]);
    assert!((2.0..2.6).contains(&first) && last < first - 0.3, "the loss went from {first} to {last}");
    assert_eq!((losses, filters.clone()), train(1));
    assert_ne!(filters, train(2).1);
}

#[test]
fn the_first_weights_are_within_their_bound() {
    let layer = Cpu::seed_from_u64(3).build_module::<Convolution<3, 16, 5>, f32>();
    let (weights, bound) = (layer.weights(), 1.0 / 75_f32.sqrt());
    assert_eq!(weights.dim(), (16, 3, 5, 5));
    assert_eq!(layer.biases().len(), 16);
    let largest = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    assert!((0.95 * bound..=bound).contains(&largest), "{largest}");
    assert_eq!(weights[[15, 2, 4, 3]], layer.weight.as_vec()[16 * 75 - 2]);
}
