//! The whole network against PyTorch: loss, logits and gradients in every preset and in odd shapes,
//! a hundred steps of Adam and of gradient descent, and the distributions of initial weights. Golden values and the script that made them: `golden/network.{json,py}`.
use serde::Deserialize;
use softness::internals::InstructionPath;
use softness::internals::Network;
use softness::internals::Weights;
use softness::session::{Architecture, Initialisation, Optimiser};

use crate::support::golden::json;
use crate::support::tolerances::{
    DESCENT, FIRST_TEN_STEPS, HUNDRED_STEPS, NETWORK_IN_F32, ONE_SUM_IN_F32, STANDARD_DEVIATIONS,
};

#[derive(Deserialize)]
struct Golden {
    gradients: Vec<Case>,
    run: Case,
    descent: Case,
    initialisation: Vec<Initial>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    filters: [usize; 2],
    kernels: [usize; 2],
    dense: usize,
    classes: usize,
    dropout: f32,
    spread: f64,
    batch: usize,
    #[serde(default)]
    learning_rate: f64,
    #[serde(default)]
    loss: f64,
    #[serde(default)]
    logits: Vec<f64>,
    #[serde(default)]
    gradients: Vec<Gradient>,
    #[serde(default)]
    losses: Vec<f64>,
}

/// The weight arrays of a case, from the first convolution to the last dense layer.
#[derive(Deserialize)]
struct Initial {
    name: String,
    arrays: Vec<Deviations>,
}

#[derive(Deserialize)]
struct Deviations {
    fans: [usize; 2],
    he: f64,
    glorot: f64,
}

#[derive(Deserialize)]
struct Gradient {
    norm: f64,
    index: Vec<usize>,
    value: Vec<f64>,
}

fn golden() -> Golden {
    json("network.json")
}

/// The integer hash of the script: numbers in -0.5..0.5.
fn noise(count: usize, salt: u64) -> impl Iterator<Item = f64> {
    (0..count as u64).map(move |index| {
        let mixed = (index * 2_654_435_761 + salt * 40_503) % (1 << 32);
        let mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519 % (1 << 32);
        (mixed >> 16) as f64 / 65_536.0 - 0.5
    })
}

impl Case {
    fn architecture(&self) -> Architecture {
        Architecture {
            filters: self.filters,
            kernels: self.kernels,
            dense: self.dense,
            classes: self.classes,
            dropout: self.dropout,
            ..Architecture::paper()
        }
    }

    fn network(&self, path: InstructionPath) -> Network {
        self.network_with(Optimiser::Adam, path)
    }

    fn network_with(&self, optimiser: Optimiser, path: InstructionPath) -> Network {
        let architecture = self.architecture();
        let lengths = Weights::initial(&architecture, 0).unwrap().flat().map(<[f32]>::len);
        let array = |number: usize| {
            let scale = if number.is_multiple_of(2) { self.spread } else { 0.1 };
            noise(lengths[number], number as u64 + 1).map(|value| (value * scale) as f32).collect()
        };
        let weights = Weights::from_flat(&architecture, std::array::from_fn(array)).unwrap();
        Network::new(&architecture, &weights, self.batch, optimiser, self.learning_rate, path).unwrap()
    }

    fn mask(&self) -> Option<Vec<f32>> {
        let keep = 1.0 / (1.0 - self.dropout);
        let dropped = f64::from(self.dropout) - 0.5;
        let draw = |value| if value < dropped { 0.0 } else { keep };
        (self.dropout > 0.0).then(|| noise(self.batch * self.dense, 7).map(draw).collect())
    }
}

fn images(count: usize) -> (Vec<f32>, Vec<u8>) {
    let mut pixels: Vec<f64> = noise(count * 3 * 32 * 32, 99).map(|value| value * 0.5 + 0.5).collect();
    let labels: Vec<u8> = (0..count).map(|image| (image % 10) as u8).collect();
    for (image, &label) in labels.iter().enumerate() {
        let (label, start) = (usize::from(label), image * 3 * 1024 + usize::from(label % 3) * 1024);
        let band = start + 3 * label * 32..start + (3 * label + 4).min(32) * 32;
        pixels[band].iter_mut().for_each(|value| *value *= 0.25);
    }
    (pixels.into_iter().map(|value| value as f32).collect(), labels)
}

fn paths() -> impl Iterator<Item = InstructionPath> {
    InstructionPath::ALL.into_iter().filter(|path| path.is_available())
}

#[test]
fn loss_logits_and_gradients_agree_with_pytorch_on_every_path() {
    for case in golden().gradients {
        for path in paths() {
            let context = format!("{} ({path})", case.name);
            let mut network = case.network(path);
            let (pixels, labels) = images(case.batch);
            let labels: Vec<u8> = labels.iter().map(|label| label % case.classes as u8).collect();
            let (loss, gradients) = network.gradients(&pixels, &labels, case.mask()).unwrap();
            assert!(
                (f64::from(loss) - case.loss).abs() <= NETWORK_IN_F32 * case.loss,
                "{context}: loss {loss}"
            );
            if case.dropout == 0.0 {
                let logits = network.logits(&pixels).unwrap();
                let scale = case.logits.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
                for (ours, theirs) in logits.iter().zip(&case.logits) {
                    assert!(
                        (f64::from(*ours) - theirs).abs() <= NETWORK_IN_F32 * scale,
                        "{context}: {ours} {theirs}"
                    );
                }
            }
            for (array, (ours, theirs)) in gradients.flat().iter().zip(&case.gradients).enumerate() {
                let norm = ours.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
                assert!(
                    (norm - theirs.norm).abs() <= NETWORK_IN_F32 * theirs.norm,
                    "{context}: norm of array {array}"
                );
                let scale = ours.iter().fold(0.0, |m: f64, &value| m.max(f64::from(value).abs()));
                for (&index, value) in theirs.index.iter().zip(&theirs.value) {
                    let ours = f64::from(ours[index]);
                    let message = format!("{context}: array {array}, entry {index}: {ours} {value}");
                    assert!((ours - value).abs() <= NETWORK_IN_F32 * scale, "{message}");
                }
            }
        }
    }
}

/// How far the losses of ten and of a hundred steps may be from PyTorch's.
fn check_losses(case: &Case, optimiser: Optimiser, [first_ten, all]: [f64; 2]) {
    let (pixels, labels) = images(200);
    for path in paths() {
        let mut network = case.network_with(optimiser, path);
        let mut differences = Vec::new();
        for (step, theirs) in case.losses.iter().enumerate() {
            let chosen = (0..case.batch).map(|k| (step * case.batch + k) % 200);
            let (mut batch, mut batch_labels) = (Vec::new(), Vec::new());
            for image in chosen {
                batch.extend_from_slice(&pixels[image * 3072..(image + 1) * 3072]);
                batch_labels.push(labels[image]);
            }
            let loss = f64::from(network.train(&batch, &batch_labels, None).unwrap());
            differences.push((loss - theirs).abs() / theirs);
        }
        let worst = |steps: &[f64]| steps.iter().copied().fold(0.0, f64::max);
        let (ten, hundred) = (worst(&differences[..10]), worst(&differences));
        println!(
            "{optimiser}, {path}: the loss differs by {ten:.1e} in ten steps and {hundred:.1e} in a hundred"
        );
        assert_eq!(differences.len(), 100);
        assert!(ten <= first_ten && hundred <= all, "{path}: {ten} {hundred}");
    }
}

#[test]
fn a_hundred_adam_steps_lose_what_pytorch_loses() {
    check_losses(&golden().run, Optimiser::Adam, [FIRST_TEN_STEPS, HUNDRED_STEPS]);
}

#[test]
fn a_hundred_steps_of_gradient_descent_lose_what_pytorch_loses() {
    let case = golden().descent;
    check_losses(&case, Optimiser::Sgd, [FIRST_TEN_STEPS, DESCENT]);
}

#[test]
fn a_step_of_gradient_descent_is_the_rate_times_the_gradient() {
    let case = golden().descent;
    let (pixels, labels) = images(case.batch);
    let rate = case.learning_rate as f32;
    for path in paths() {
        let mut network = case.network_with(Optimiser::Sgd, path);
        let before = network.weights();
        let (_, gradients) = network.gradients(&pixels, &labels, None).unwrap();
        network.train(&pixels, &labels, None).unwrap();
        let after = network.weights();
        for ((before, gradients), after) in before.flat().iter().zip(gradients.flat()).zip(after.flat()) {
            let expected: Vec<f32> =
                before.iter().zip(gradients).map(|(weight, gradient)| weight - rate * gradient).collect();
            assert!(expected == after && before != &after, "{path}");
        }
        assert!(network.state().moments.iter().flatten().flatten().all(|&moment| moment == 0.0), "{path}");
    }
}

/// The root mean square, and the share beyond two of them.
fn spread(values: &[f32]) -> (f64, f64) {
    let square = |&value: &f32| f64::from(value).powi(2);
    let sd = (values.iter().map(square).sum::<f64>() / values.len() as f64).sqrt();
    let beyond = values.iter().filter(|value| f64::from(value.abs()) > 2.0 * sd).count();
    (sd, beyond as f64 / values.len() as f64)
}

#[test]
fn initial_weights_are_normal_with_the_standard_deviations_of_pytorch() {
    let golden = golden();
    for (case, theirs) in golden.gradients.iter().zip(&golden.initialisation) {
        assert_eq!(case.name, theirs.name);
        let drawn = |initialisation| {
            let architecture = Architecture { initialisation, ..case.architecture() };
            Weights::initial(&architecture, 3).unwrap()
        };
        let (he, glorot) = (drawn(Initialisation::He), drawn(Initialisation::Glorot));
        for (array, theirs) in theirs.arrays.iter().enumerate() {
            let (he, glorot) = (he.flat()[2 * array], glorot.flat()[2 * array]);
            let context = format!("{}: array {array}, fans {:?}", case.name, theirs.fans);
            // Both are the same draws, so their ratio is exact.
            let expected = theirs.he / theirs.glorot;
            for (he, glorot) in he.iter().zip(glorot) {
                let ratio = f64::from(*he) / f64::from(*glorot);
                assert!((ratio / expected - 1.0).abs() <= ONE_SUM_IN_F32, "{context}: {ratio} {expected}");
            }
            let (sd, beyond) = spread(he);
            let count = he.len() as f64;
            let error = STANDARD_DEVIATIONS / (2.0 * count).sqrt();
            assert!((sd / theirs.he - 1.0).abs() <= error, "{context}: {sd} {}", theirs.he);
            // A normal distribution has 4.55 % beyond two standard deviations. They are not truncated.
            let share = 0.0455;
            let error = STANDARD_DEVIATIONS * (share * (1.0 - share) / count).sqrt();
            assert!((beyond - share).abs() <= error, "{context}: {beyond}");
            if count > 1_000.0 {
                assert!(beyond > 0.0, "{context}");
            }
        }
    }
    // A truncated normal distribution keeps 0.8796 of its standard deviation.
    let weights = Weights::initial(&Architecture::paper(), 3).unwrap();
    let values = weights.flat()[4];
    assert!(values.iter().all(|value| value.abs() < 0.1));
    let error = STANDARD_DEVIATIONS / (2.0 * values.len() as f64).sqrt();
    assert!((spread(values).0 / (0.05 * 0.8796) - 1.0).abs() <= error);
}
