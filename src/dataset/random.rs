//! Random numbers that are the same on every platform and in every later version.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// ChaCha with 8 rounds, and conversions of our own: those of a library may change from one version
/// to the next, and with them every picture.
#[derive(Debug, Clone)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// The generator of one thing: `purpose` and `seed` make the key, `stream` tells the things apart.
    pub(crate) fn new(purpose: &[u8; 16], seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..16].copy_from_slice(purpose);
        key[16..24].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform from 0 to below 1: the upper 53 bits, exactly.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform from `low` to below `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// One of 0 to `count` - 1. Not exactly uniform (off by at most `count` / 2^32), and so without a loop.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (((self.bits() >> 32) * count as u64) >> 32) as usize
    }

    /// Triangular between -1 and 1, most often near 0.
    pub(crate) fn triangular(&mut self) -> f64 {
        self.unit() - self.unit()
    }

    /// Cosine and sine of a uniform angle.
    pub(crate) fn direction(&mut self) -> (f64, f64) {
        let angle = std::f64::consts::TAU * self.unit();
        (libm::cos(angle), libm::sin(angle))
    }

    /// Cosine and sine of an angle of at most `most` radians either way, most often near 0.
    pub(crate) fn tilt(&mut self, most: f64) -> (f64, f64) {
        let angle = most * self.triangular();
        (libm::cos(angle), libm::sin(angle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |stream| Random::new(b"test test test  ", 7, stream).bits();
        assert_ne!(draw(0), draw(1));
        assert_eq!(draw(5), draw(5));
    }

    #[test]
    fn numbers_keep_to_their_ranges_and_fill_them() {
        let mut random = Random::new(b"test test test  ", 1, 0);
        let values: Vec<f64> = (0..10_000).map(|_| random.between(-1.0, 3.0)).collect();
        assert!(values.iter().all(|value| (-1.0..3.0).contains(value)));
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((mean - 1.0).abs() < 0.06, "five standard errors of the mean: {mean}");
        let mut seen = [0; 6];
        (0..6_000).for_each(|_| seen[random.below(6)] += 1);
        assert!(seen.iter().all(|&count| count > 800), "{seen:?}");
    }
}
