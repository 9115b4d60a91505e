//! Fails if the AVX-512 kernels have lost their vector instructions: `cargo bench --bench widths`.
//!
//! `benches/instructions.sh` counts instructions, but valgrind does not know AVX-512. This program runs a training step of the
//! `paper()` network, and its parts, with AVX-512, with AVX2 and with the instructions of every processor, in turn in one
//! process, and compares the fastest rounds. Clock and load drop out, because they affect all of them. The limits are wide:
//! processors with full vector units take about half of AVX2's time, those that do AVX-512 in two halves about the same (measured: up to 1.08, and
//! 0.47 of the time of the instructions of every processor). A kernel that is no longer compiled to vectors takes ten times as long and more.
//!
//! Without AVX-512 it says so and ends with 0.

mod support;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use softness::internals::{ConvStack, InstructionPath, Network, Weights};
use softness::session::{Architecture, Optimiser};
use support::draw;

const BATCH: usize = 50;
const ROUNDS: usize = 40;

/// At most this much of the time of each other path.
const LIMITS: [(InstructionPath, f64); 2] = [(InstructionPath::Avx2, 1.5), (InstructionPath::Portable, 0.7)];

/// The parts, in the order of [`Parts::run`].
const NAMES: [&str; 4] =
    ["convolutions forward", "convolutions backward", "a whole step", "classification of test images"];

/// What is timed, on one path.
struct Parts {
    path: InstructionPath,
    stack: ConvStack,
    network: Network,
    images: Vec<f32>,
    labels: Vec<u8>,
    weights: Weights,
    out: Vec<f32>,
    grad_out: Vec<f32>,
    grads: [Vec<f32>; 4],
    /// The fastest round of each part, in seconds.
    best: [f64; 4],
}

impl Parts {
    fn new(path: InstructionPath) -> Self {
        let architecture = Architecture::paper();
        let weights = Weights::initial(&architecture, 1).expect("a preset is in order");
        let stack = ConvStack::new(&architecture, BATCH, path).expect("the path is available");
        let outputs = BATCH * stack.output_len();
        let lengths = weights.flat().map(<[f32]>::len);
        Self {
            path,
            stack,
            network: Network::new(&architecture, &weights, BATCH, Optimiser::Adam, 1e-4, path)
                .expect("the path is available"),
            images: draw(BATCH * 3 * 32 * 32, 0.0, 1.0),
            labels: (0..BATCH).map(|image| (image % 10) as u8).collect(),
            weights,
            out: vec![0.0; outputs],
            grad_out: draw(outputs, -1.0, 1.0),
            grads: [0, 1, 2, 3].map(|index| vec![0.0; lengths[index]]),
            best: [f64::INFINITY; 4],
        }
    }

    /// Runs every part once.
    fn run(&mut self) {
        let [w1, b1, w2, b2, ..] = self.weights.flat();
        let images = black_box(&self.images);
        let start = Instant::now();
        self.stack.forward(images, [w1, w2], [b1, b2], &mut self.out);
        let forward = Instant::now();
        let [w1, b1, w2, b2] = &mut self.grads;
        self.stack.backward(&self.grad_out, [w1, w2], [b1, b2]);
        let backward = Instant::now();
        self.network.train(images, &self.labels, None).expect("sizes fit");
        let step = Instant::now();
        black_box(self.network.count_correct(images, &self.labels).expect("sizes fit"));
        let times = [start, forward, backward, step, Instant::now()];
        for (best, pair) in self.best.iter_mut().zip(times.windows(2)) {
            *best = best.min((pair[1] - pair[0]).as_secs_f64());
        }
    }
}

fn main() -> ExitCode {
    if !InstructionPath::Avx512.is_available() {
        println!("this processor has no AVX-512: not compared");
        return ExitCode::SUCCESS;
    }
    let mut ours = Parts::new(InstructionPath::Avx512);
    let mut others = LIMITS.map(|(path, _)| Parts::new(path));
    for _ in 0..ROUNDS {
        ours.run();
        others.iter_mut().for_each(Parts::run);
    }
    let mut outcome = ExitCode::SUCCESS;
    for (other, (_, limit)) in others.iter().zip(LIMITS) {
        for (part, name) in NAMES.into_iter().enumerate() {
            let ratio = ours.best[part] / other.best[part];
            println!(
                "{name}: avx512 takes {ratio:.2} of the time of {}, at most {limit} allowed",
                other.path
            );
            if ratio > limit {
                eprintln!(
                    "error: {name} is too slow with AVX-512; find the kernel that lost its vector instructions (cargo bench --bench step)"
                );
                outcome = ExitCode::FAILURE;
            }
        }
    }
    outcome
}
