//! What the benches share.

/// `count` values between `low` and `high` from a linear congruential generator (Knuth's MMIX).
pub fn draw(count: usize, low: f32, high: f32) -> Vec<f32> {
    let mut state = count as u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (state >> 40) as f32 / (1 << 24) as f32
    };
    (0..count).map(|_| next()).collect()
}
