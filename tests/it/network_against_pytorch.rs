//! The whole network against PyTorch: loss, logits and gradients in every preset and in odd shapes,
//! and a hundred Adam steps. Golden values and the script that made them: `golden/network.{json,py}`.
use serde::Deserialize;
use softness::internals::InstructionPath;
use softness::internals::Network;
use softness::internals::Weights;
use softness::session::Architecture;

use crate::support::golden::json;
use crate::support::tolerances::{FIRST_TEN_STEPS, HUNDRED_STEPS, NETWORK_IN_F32};

#[derive(Deserialize)]
struct Golden {
    gradients: Vec<Case>,
    run: Case,
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
        let architecture = self.architecture();
        let lengths = Weights::initial(&architecture, 0).unwrap().flat().map(<[f32]>::len);
        let array = |number: usize| {
            let scale = if number.is_multiple_of(2) { self.spread } else { 0.1 };
            noise(lengths[number], number as u64 + 1).map(|value| (value * scale) as f32).collect()
        };
        let weights = Weights::from_flat(&architecture, std::array::from_fn(array)).unwrap();
        Network::new(&architecture, &weights, self.batch, self.learning_rate, path).unwrap()
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

#[test]
fn a_hundred_adam_steps_lose_what_pytorch_loses() {
    let case = golden().run;
    let (pixels, labels) = images(200);
    for path in paths() {
        let mut network = case.network(path);
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
        println!("{path}: the loss differs by {ten:.1e} in ten steps and {hundred:.1e} in a hundred");
        assert_eq!(differences.len(), 100);
        assert!(ten <= FIRST_TEN_STEPS && hundred <= HUNDRED_STEPS, "{path}: {ten} {hundred}");
    }
}
