//! Some optimiser steps of the paper's network on random pictures, for `benches/instructions.sh` to
//! count: `train_steps COUNT PATH`, PATH being avx512, avx2, neon or portable.

use softness::network::conv::InstructionPath;
use softness::network::{Architecture, Network, Weights};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or("how many steps?")?.parse()?;
    let path: InstructionPath = arguments.next().ok_or("on which path?")?.parse()?;
    let architecture = Architecture::paper();
    let mut network = Network::new(&architecture, &Weights::initial(&architecture, 1)?, 50, 1e-4, path)?;
    let mut state = 1_u64; // Knuth's MMIX generator
    let mut pixel = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32
    };
    let images: Vec<f32> = (0..50 * 3 * 32 * 32).map(|_| pixel()).collect();
    let labels: Vec<u8> = (0..50).map(|image| image % 10).collect();
    for _ in 0..count {
        network.train(&images, &labels, None)?;
    }
    Ok(())
}
