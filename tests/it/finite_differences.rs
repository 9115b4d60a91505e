//! The gradients of the whole network against finite differences of a forward pass that is written
//! here a second time, in f64 and as plainly as it goes.
use softness::internals::InstructionPath;
use softness::internals::Network;
use softness::internals::Weights;
use softness::session::Training;
use softness::session::{Architecture, Initialisation, Optimiser};

use crate::support::tolerances::FINITE_DIFFERENCES;

/// Step of the central differences. Its error is the third derivative times 1e-12 and, where a
/// maximum or a ReLU changes sides within it, 1e-6 of a slope; rounding of the loss is 1e-16 / 1e-6.
const STEP: f64 = 1e-6;

const SIDE: usize = 32;

/// Maps (n, side, side) of one picture.
type Maps = Vec<Vec<f64>>;

/// Cross-correlation with zeros outside, bias, ReLU, 2 x 2 max-pool.
fn convolution(maps: &Maps, weights: &[f64], bias: &[f64], kernel: usize) -> Maps {
    let side = (maps[0].len() as f64).sqrt() as usize;
    let (half, at) = (kernel / 2, |row: usize, column: usize| row * side + column);
    let filters = weights.chunks(maps.len() * kernel * kernel).zip(bias);
    let correlated = filters.map(|(filter, bias)| {
        let mut out = vec![*bias; side * side];
        for (map, slice) in maps.iter().zip(filter.chunks(kernel * kernel)) {
            for (tap, weight) in slice.iter().enumerate() {
                let (down, right) = (tap / kernel, tap % kernel);
                for row in half.saturating_sub(down)..side.min(side + half - down) {
                    for column in half.saturating_sub(right)..side.min(side + half - right) {
                        out[at(row, column)] += weight * map[at(row + down - half, column + right - half)];
                    }
                }
            }
        }
        out
    });
    let pool = |map: Vec<f64>| {
        let places = (0..side / 2).flat_map(|row| (0..side / 2).map(move |column| (2 * row, 2 * column)));
        let block = |(r, c)| [at(r, c), at(r, c + 1), at(r + 1, c), at(r + 1, c + 1)].map(|place| map[place]);
        places.map(|place| block(place).into_iter().fold(0.0, f64::max)).collect()
    };
    correlated.map(pool).collect()
}

/// `input` (in) times `weights` (in, out) plus `bias` (out).
fn dense(input: &[f64], weights: &[f64], bias: &[f64]) -> Vec<f64> {
    let mut out = bias.to_vec();
    for (value, row) in input.iter().zip(weights.chunks(bias.len())) {
        out.iter_mut().zip(row).for_each(|(sum, weight)| *sum += value * weight);
    }
    out
}

struct Case {
    name: &'static str,
    architecture: Architecture,
    weights: [Vec<f64>; 8],
    images: Vec<f32>,
    labels: Vec<u8>,
    mask: Option<Vec<f32>>,
}

/// Numbers in -1..1 (Knuth's MMIX generator).
fn draws(seed: u64) -> impl Iterator<Item = f64> {
    let step =
        |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    std::iter::successors(Some(step(seed)), move |&state| Some(step(state)))
        .map(|state| (state >> 32) as f64 / f64::from(1_u32 << 31) - 1.0)
}

impl Case {
    fn new(name: &'static str, architecture: Architecture, batch: usize) -> Self {
        let weights = Weights::initial(&architecture, 5).unwrap();
        let images = draws(1).take(batch * 3 * SIDE * SIDE).map(|value| (value * 0.5 + 0.5) as f32).collect();
        let labels = (0..batch).map(|image| (3 * image % architecture.classes) as u8).collect();
        let keep = 1.0 / (1.0 - architecture.dropout);
        let dropped = f64::from(architecture.dropout) * 2.0 - 1.0;
        let mask =
            draws(2).take(batch * architecture.dense).map(|value| if value < dropped { 0.0 } else { keep });
        let mask = (architecture.dropout > 0.0).then(|| mask.collect());
        let weights = weights.flat().map(|values| values.iter().copied().map(f64::from).collect());
        Self { name, architecture, weights, images, labels, mask }
    }

    /// Mean cross-entropy of the batch.
    fn loss(&self, [w1, b1, w2, b2, d1, e1, d2, e2]: &[Vec<f64>; 8]) -> f64 {
        let mut sum = 0.0;
        for (image, (pixels, &label)) in self.images.chunks(3 * SIDE * SIDE).zip(&self.labels).enumerate() {
            let maps: Maps =
                pixels.chunks(SIDE * SIDE).map(|map| map.iter().copied().map(f64::from).collect()).collect();
            let maps = convolution(&maps, w1, b1, self.architecture.kernels[0]);
            let maps = convolution(&maps, w2, b2, self.architecture.kernels[1]);
            let mut hidden: Vec<f64> =
                dense(&maps.concat(), d1, e1).into_iter().map(|value| value.max(0.0)).collect();
            if let Some(mask) = &self.mask {
                let mask = &mask[image * hidden.len()..(image + 1) * hidden.len()];
                hidden.iter_mut().zip(mask).for_each(|(value, factor)| *value *= f64::from(*factor));
            }
            let logits = dense(&hidden, d2, e2);
            let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            sum += highest + logits.iter().map(|value| (value - highest).exp()).sum::<f64>().ln();
            sum -= logits[usize::from(label)];
        }
        sum / self.labels.len() as f64
    }

    /// The slope of the loss in array `array` along `direction`.
    fn slope(&self, array: usize, direction: &[f64]) -> f64 {
        let at = |step: f64| {
            let mut weights = self.weights.clone();
            weights[array].iter_mut().zip(direction).for_each(|(value, along)| *value += step * along);
            self.loss(&weights)
        };
        (at(STEP) - at(-STEP)) / (2.0 * STEP)
    }

    fn check(&self) {
        let flat = self.weights.each_ref().map(|values| values.iter().map(|&value| value as f32).collect());
        let weights = Weights::from_flat(&self.architecture, flat).unwrap();
        let batch = self.labels.len();
        let mut network = Network::new(
            &self.architecture,
            &weights,
            batch,
            Optimiser::Adam,
            1e-4,
            InstructionPath::detect(),
        )
        .unwrap();
        let (loss, gradients) = network.gradients(&self.images, &self.labels, self.mask.clone()).unwrap();
        let expected = self.loss(&self.weights);
        assert!(
            (f64::from(loss) - expected).abs() <= FINITE_DIFFERENCES * expected,
            "{}: {loss} {expected}",
            self.name
        );
        for (array, gradient) in gradients.flat().iter().enumerate() {
            let gradient: Vec<f64> = gradient.iter().copied().map(f64::from).collect();
            let norm = gradient.iter().map(|value| value * value).sum::<f64>().sqrt();
            assert!(norm > 0.0, "{}: array {array} has no gradient", self.name);
            let largest =
                (0..gradient.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs())).unwrap();
            let scale = (gradient.len() as f64).sqrt();
            // Along the gradient, where the slope is its norm; across it; and the weight with most of it.
            let directions: [Vec<f64>; 3] = [
                gradient.iter().map(|value| value / norm).collect(),
                draws(array as u64).take(gradient.len()).map(|value| value.signum() / scale).collect(),
                (0..gradient.len()).map(|index| f64::from(u8::from(index == largest))).collect(),
            ];
            for (number, direction) in directions.iter().enumerate() {
                let ours: f64 = gradient.iter().zip(direction).map(|(a, b)| a * b).sum();
                let slope = self.slope(array, direction);
                let what = format!("{}: array {array}, direction {number}: {ours:e} {slope:e}", self.name);
                assert!((ours - slope).abs() <= FINITE_DIFFERENCES * norm, "{what}, norm {norm:e}");
            }
        }
    }
}

#[test]
fn the_gradients_of_every_preset_are_the_slopes_of_the_loss() {
    for (name, preset, batch) in [
        ("paper", Training::paper(), 2),
        ("hvass02", Training::hvass02(), 3),
        ("deep_mnist", Training::deep_mnist(), 1),
    ] {
        Case::new(name, preset.architecture, batch).check();
    }
}

#[test]
fn the_gradients_of_odd_shapes_are_the_slopes_of_the_loss() {
    let shape = |filters, kernels, dense, classes| Architecture {
        filters,
        kernels,
        dense,
        classes,
        initialisation: Initialisation::Truncated { sd: 0.3 },
        ..Architecture::paper()
    };
    Case::new("one filter, 1x1 kernels, batch of 1", shape([1, 1], [1, 1], 3, 10), 1).check();
    Case::new("7x7 and 3x3 kernels", shape([5, 3], [7, 3], 17, 4), 3).check();
    Case::new("3x3 and 9x9 kernels", shape([2, 7], [3, 9], 5, 2), 2).check();
    Case::new("31x31 and 1x1 kernels", shape([2, 3], [31, 1], 4, 3), 1).check();
}
