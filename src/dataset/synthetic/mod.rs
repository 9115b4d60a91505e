//! Synthetic pictures, for machines without CIFAR-10.

mod bird;
mod canvas;
mod scene;
mod shapes;
mod spectrum;

pub(crate) use bird::drawn_bird;

use super::random::Random;
use super::{Dataset, SIDE, Source, Split};
use crate::error::Result;
use spectrum::Texture;

/// What the description of such a data set begins with.
pub(crate) const SYNTHETIC: &str = "synthetic images";
/// Number of training pictures.
const TRAIN: usize = 10_000;
/// Number of test pictures.
const TEST: usize = 2_000;
/// Number of pairs of background textures; every background is cut from them at random.
const PAIRS: usize = 4;

impl Dataset {
    /// Ten classes of drawn 32 x 32 colour pictures: 10,000 to train on and
    /// 2,000 to test on, equally many of every class. The same seed gives the same
    /// bytes on every platform.
    ///
    /// Each picture shows one object at a random place, rotation, size, stretch, colour and opacity,
    /// with clutter behind it and in front of it, light from one side and grain, on a background with
    /// amplitude spectrum 1/f. Seven classes are outlines (ring, triangle, square, star, cross,
    /// crescent, blossom), three are patterns within a random outline (stripes, checks, spots).
    /// Each class has its own hue, from which its pictures vary widely. The set is
    /// learned about as fast as CIFAR-10; `data/README.md` has the curve.
    ///
    /// # Errors
    /// None in practice; the signature is that of the other data sets.
    pub fn synthetic(seed: u64) -> Result<Self> {
        let textures: Vec<Texture> = (0..PAIRS as u64)
            .flat_map(|pair| Texture::pair(&mut Random::new(b"softness texture", seed, pair)))
            .collect();
        let train = split(seed, 0, TRAIN, &textures);
        let test = split(seed, TRAIN as u64, TEST, &textures);
        let names = scene::CLASSES.map(String::from).to_vec();
        let bird = drawn_bird();
        Ok(Self::new(train, test, names, format!("{SYNTHETIC}, seed {seed}"), bird)?
            .from(Source::Synthetic, None))
    }
}

/// Pictures `first` to `first + count` of a seed. Each has its own stream of random numbers.
fn split(seed: u64, first: u64, count: usize, textures: &[Texture]) -> Split {
    const PICTURE: usize = 3 * SIDE * SIDE;
    let classes = scene::CLASSES.len();
    let labels: Vec<u8> = (0..count).map(|index| (index % classes) as u8).collect();
    let mut bytes = vec![0; count * PICTURE];
    for ((picture, &label), index) in bytes.chunks_exact_mut(PICTURE).zip(&labels).zip(first..) {
        let mut random = Random::new(b"softness picture", seed, index);
        scene::paint(usize::from(label), &mut random, textures).write(picture);
    }
    Split::from_bytes(bytes, labels)
}
