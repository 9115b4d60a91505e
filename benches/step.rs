//! Times a training step and its parts, on every instruction path that this machine supports.
//!
//! `cargo bench --bench step`; `cargo bench --bench step -- avx2` for one path.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use softness::internals::Network;
use softness::internals::Weights;
use softness::internals::{ConvStack, InstructionPath};
use softness::session::{Architecture, Optimiser};
use std::hint::black_box;
use std::time::Duration;
use support::draw;

const BATCH: usize = 50;

fn paths() -> impl Iterator<Item = InstructionPath> {
    InstructionPath::ALL.into_iter().filter(|path| path.is_available())
}

/// For each preset, one optimiser step on a batch, and the classification of as many test images.
fn steps(criterion: &mut Criterion) {
    let presets = [("paper", Architecture::paper(), 50), ("hvass02", Architecture::paper(), 64)];
    let presets = presets.into_iter().chain([("deep_mnist", Architecture::deep_mnist(), BATCH)]);
    for (name, architecture, batch) in presets {
        let images = draw(batch * 3 * 32 * 32, 0.0, 1.0);
        let labels: Vec<u8> = (0..batch).map(|image| (image % 10) as u8).collect();
        let weights = Weights::initial(&architecture, 1).expect("a preset is in order");
        for path in paths() {
            let network = || Network::new(&architecture, &weights, batch, Optimiser::Adam, 1e-4, path);
            let mut network = network().expect("the path is available");
            let mask = (architecture.dropout > 0.0).then(|| vec![1.0; batch * architecture.dense]);
            criterion.bench_function(&format!("step {name} {path}"), |bencher| {
                bencher.iter(|| network.train(&images, &labels, mask.clone()).expect("sizes fit"));
            });
            criterion.bench_function(&format!("evaluation {name} {path}"), |bencher| {
                bencher.iter(|| network.count_correct(&images, &labels).expect("sizes fit"));
            });
        }
    }
}

/// The convolution stack of the paper's network.
fn convolutions(criterion: &mut Criterion) {
    let architecture = Architecture::paper();
    let images = draw(BATCH * 3 * 32 * 32, 0.0, 1.0);
    let weights = [draw(16 * 3 * 25, -0.1, 0.1), draw(36 * 16 * 25, -0.1, 0.1)];
    let bias = [draw(16, 0.0, 0.1), draw(36, 0.0, 0.1)];
    let (weights, bias) = ([&weights[0][..], &weights[1]], [&bias[0][..], &bias[1]]);
    let grad_out = draw(BATCH * 36 * 64, -1.0, 1.0);
    let mut out = vec![0.0; grad_out.len()];
    let mut grads = [weights[0], bias[0], weights[1], bias[1]].map(|values| vec![0.0; values.len()]);
    for path in paths() {
        let mut stack = ConvStack::new(&architecture, BATCH, path).expect("the path is available");
        criterion.bench_function(&format!("convolutions forward {path}"), |bencher| {
            bencher.iter(|| stack.forward(black_box(&images), weights, bias, &mut out));
        });
        criterion.bench_function(&format!("convolutions backward {path}"), |bencher| {
            let [w1, b1, w2, b2] = &mut grads;
            bencher.iter(|| stack.backward(black_box(&grad_out), [w1, w2], [b1, b2]));
        });
    }
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = quick(); targets = steps, convolutions }
criterion_main!(benches);
