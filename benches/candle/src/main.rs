//! Times one optimiser step of the paper's network in candle on random images, as `benches/peer_step.py` does for other
//! frameworks: `RAYON_NUM_THREADS=1 taskset -c 1 cargo run --release --manifest-path benches/candle/Cargo.toml`.
//!
//! Prints one line of JSON: the best and the median time of a step, in ms, over five rounds of ten steps.

use std::time::Instant;

use candle_core::{DType, Device, Module, Result, Tensor};
use candle_nn::{AdamW, Conv2dConfig, Optimizer, ParamsAdamW, VarBuilder, VarMap, conv2d, linear, loss};

fn main() -> Result<()> {
    let device = Device::Cpu;
    let variables = VarMap::new();
    let builder = VarBuilder::from_varmap(&variables, DType::F32, &device);
    let same = Conv2dConfig { padding: 2, ..Conv2dConfig::default() };
    let first = conv2d(3, 16, 5, same, builder.pp("first"))?;
    let second = conv2d(16, 36, 5, same, builder.pp("second"))?;
    let dense = linear(8 * 8 * 36, 128, builder.pp("dense"))?;
    let last = linear(128, 10, builder.pp("last"))?;
    let adam = ParamsAdamW { lr: 1e-4, weight_decay: 0.0, ..ParamsAdamW::default() };
    let mut optimiser = AdamW::new(variables.all_vars(), adam)?;
    let images = Tensor::rand(0_f32, 1.0, (50, 3, 32, 32), &device)?;
    let labels: Vec<u32> = (0..50).map(|label| label % 10).collect();
    let labels = Tensor::new(labels, &device)?;
    let mut step = || -> Result<()> {
        let maps = first.forward(&images)?.relu()?.max_pool2d(2)?;
        let maps = second.forward(&maps)?.relu()?.max_pool2d(2)?;
        let logits = last.forward(&dense.forward(&maps.flatten_from(1)?)?.relu()?)?;
        optimiser.backward_step(&loss::cross_entropy(&logits, &labels)?)
    };
    for _ in 0..3 {
        step()?;
    }
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..10 {
            step()?;
        }
        rounds.push(start.elapsed().as_secs_f64() * 100.0);
    }
    rounds.sort_by(f64::total_cmp);
    println!("{{\"peer\": \"candle\", \"preset\": \"paper\", \"best_ms\": {}, \"median_ms\": {}}}", rounds[0], rounds[2]);
    Ok(())
}
