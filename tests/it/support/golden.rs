//! What tests share that compare with golden files: the files, and the numbers that the scripts beside
//! them (`hash_noise.py`) draw alike.
#![allow(dead_code)] // the unit tests share this file, and both use a part of it
use std::path::PathBuf;

use ndarray::Array3;
use serde::de::DeserializeOwned;

/// The path of a golden file.
pub fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", name].iter().collect()
}

/// The content of a golden JSON file.
pub fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap()
}

/// `count` numbers in -0.5..0.5, exact in f32.
pub fn noise(count: usize, salt: u64) -> Vec<f64> {
    let draw = |index: u64| {
        let mixed = (index * 2_654_435_761 + salt * 40_503) % (1 << 32);
        let mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519 % (1 << 32);
        (mixed >> 16) as f64 / 65_536.0 - 0.5
    };
    (0..count as u64).map(draw).collect()
}

/// Random bytes (3, height, width).
pub fn picture(height: usize, width: usize, salt: u64) -> Array3<u8> {
    let bytes = noise(3 * height * width, salt).into_iter().map(|value| ((value + 0.5) * 256.0) as u8);
    Array3::from_shape_vec((3, height, width), bytes.collect()).unwrap()
}

/// Asserts that two numbers differ by at most `tolerance` times `scale`.
#[track_caller]
pub fn assert_close(ours: f64, theirs: f64, tolerance: f64, scale: f64, what: &str) {
    let difference = (ours - theirs).abs();
    assert!(
        difference <= tolerance * scale,
        "{what}: {ours:e} but {theirs:e}, {:e} apart",
        difference / scale
    );
}
