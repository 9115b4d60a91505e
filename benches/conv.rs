//! Milliseconds of the convolution stack, beside the plain form of it: the paper's layers, batches of
//! 50. The fastest of several rounds counts, since other programs use the machine as well.
//!
//! `cargo bench --bench conv`

use std::time::Instant;

use softness::network::Architecture;
use softness::network::conv::{ConvStack, InstructionPath, ReferenceStack};

const BATCH: usize = 50;
const ROUNDS: usize = 15;
const REPEATS: usize = 8;

/// `count` values between `low` and `high` from a linear congruential generator (Knuth's MMIX).
fn draw(count: usize, low: f32, high: f32) -> Vec<f32> {
    let mut state = count as u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (state >> 40) as f32 / (1 << 24) as f32
    };
    (0..count).map(|_| next()).collect()
}

/// The least milliseconds of one call of `work`.
fn fastest(rounds: usize, repeats: usize, mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..rounds {
        let start = Instant::now();
        for _ in 0..repeats {
            work();
        }
        least = least.min(start.elapsed().as_secs_f64() * 1e3 / repeats as f64);
    }
    least
}

fn main() -> softness::Result<()> {
    let architecture = Architecture::paper();
    let [first, second] = architecture.filters;
    let [k1, k2] = architecture.kernels;
    let images = draw(BATCH * 3 * 32 * 32, 0.0, 1.0);
    let weights = [draw(first * 3 * k1 * k1, -0.1, 0.1), draw(second * first * k2 * k2, -0.1, 0.1)];
    let bias = [draw(first, 0.0, 0.1), draw(second, 0.0, 0.1)];
    let weights = [&weights[0][..], &weights[1][..]];
    let bias = [&bias[0][..], &bias[1][..]];
    let grad_out = draw(BATCH * second * 64, -1.0, 1.0);
    let mut out = vec![0.0; grad_out.len()];
    let mut grad_weights = weights.map(|weights| vec![0.0; weights.len()]);
    let mut grad_bias = bias.map(|bias| vec![0.0; bias.len()]);

    println!("{:<10} {:>9} {:>9} {:>9} {:>9}", "ms", "forward", "only", "backward", "both");
    let line = |name: &str, [forward, only, backward]: [f64; 3]| {
        println!("{name:<10} {forward:>9.3} {only:>9.3} {backward:>9.3} {:>9.3}", forward + backward);
    };
    let mut plain = ReferenceStack::new(&architecture)?;
    let forward = fastest(5, 1, || plain.forward(&images, weights, bias, &mut out));
    let backward = fastest(5, 1, || {
        let [w1, w2] = &mut grad_weights;
        let [b1, b2] = &mut grad_bias;
        plain.backward(&grad_out, [w1, w2], [b1, b2]);
    });
    line("reference", [forward, forward, backward]);
    for path in InstructionPath::ALL.into_iter().filter(|path| path.is_available()) {
        let mut stack = ConvStack::new(&architecture, BATCH, path)?;
        let only = fastest(ROUNDS, REPEATS, || stack.forward_only(&images, weights, bias, &mut out));
        let forward = fastest(ROUNDS, REPEATS, || stack.forward(&images, weights, bias, &mut out));
        let backward = fastest(ROUNDS, REPEATS, || {
            let [w1, w2] = &mut grad_weights;
            let [b1, b2] = &mut grad_bias;
            stack.backward(&grad_out, [w1, w2], [b1, b2]);
        });
        line(path.name(), [forward, only, backward]);
    }
    let alive = out.iter().filter(|value| **value > 0.0).count() as f64 / out.len() as f64;
    println!("share of outputs above 0: {alive:.2}");
    Ok(())
}
