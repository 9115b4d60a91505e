//! The sample images: the bird and the static.
use ndarray::{Array3, Axis};
use sha2::{Digest, Sha256};
use softness::dataset::{Dataset, Picture};
use softness::internals::read_luma;

use super::CIFAR10_VARIABLE;
use tempfile::tempdir;

use super::fixture::{record, write_cifar};
use crate::support::tolerances::COUNTS;

fn sha256(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.into_iter().collect();
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A CIFAR-10 folder with one training record in each file and these test records.
fn with_test(records: &[Vec<u8>]) -> Dataset {
    let folder = tempdir().unwrap();
    write_cifar(folder.path(), [1, 1, 1, 1, 1, 0]);
    std::fs::write(folder.path().join("test_batch.bin"), records.concat()).unwrap();
    Dataset::cifar10(folder.path()).unwrap()
}

#[test]
fn static_is_black_and_white_the_same_in_each_channel_and_half_of_each() {
    let picture = Picture::static_noise(0);
    assert_eq!((picture.name(), picture.pixels().dim()), ("static", (3, 32, 32)));
    assert!(picture.pixels().iter().all(|&value| value == 0 || value == 255));
    let planes: Vec<_> = picture.pixels().axis_iter(Axis(0)).collect();
    assert!(planes[0] == planes[1] && planes[1] == planes[2], "grey");
    // Over 100 seeds, 102,400 pixels: the standard error of the share is 0.0016.
    let white = |seed| Picture::static_noise(seed).pixels().iter().filter(|&&value| value == 255).count() / 3;
    let share = (0..100).map(white).sum::<usize>() as f64 / 102_400.0;
    assert!((share - 0.5).abs() < 5.0 * 0.0016, "{share}");
    // And no pixel has a favourite: each was white 25 to 75 times (5 standard deviations of 5).
    let mut sums = Array3::<u32>::zeros((3, 32, 32));
    (0..100)
        .for_each(|seed| sums += &Picture::static_noise(seed).pixels().mapv(|value| u32::from(value / 255)));
    assert!(sums.iter().all(|sum| (25..=75).contains(sum)));
}

#[test]
fn static_is_the_same_for_a_seed_and_different_for_another() {
    assert_eq!(Picture::static_noise(7), Picture::static_noise(7));
    assert_ne!(Picture::static_noise(7), Picture::static_noise(8));
    // The same bits on every platform: golden/static.py computes them in Python.
    for (seed, golden) in [(0, STATIC_0), (1, STATIC_1), (u64::MAX, STATIC_MAX)] {
        assert_eq!(sha256(Picture::static_noise(seed).pixels().iter().copied()), golden, "seed {seed}");
    }
}

const STATIC_0: &str = "47ae91eefc0927ffbe7f9ffe443e2e6f4ee361e9efe5d2d32bec4d67c4676c6d";
const STATIC_1: &str = "dfb7474728a4ce8141c04a1d1d9fa6fd95c7e196621d1984f94ac13e2660bce4";
const STATIC_MAX: &str = "4e5bd187e5fa3963b23084cdffefa5b4f1f72380931914466dc2f5acb7caa4a5";

#[test]
fn the_bird_is_record_75_of_the_test_batch_where_that_is_a_bird() {
    let label = |number: usize| if number == 3 || number == 75 { 2 } else { 4 };
    let records: Vec<_> = (0..80).map(|number| record(label(number), number)).collect();
    let bird = with_test(&records).bird();
    assert_eq!(bird.name(), "bird");
    assert!(bird.pixels().iter().eq(&record(2, 75)[1..]));
}

#[test]
fn the_bird_is_else_the_first_bird_of_the_test_images() {
    let records: Vec<_> =
        (0..80).map(|number| record(if number % 40 == 9 { 2 } else { 4 }, number)).collect();
    assert!(with_test(&records).bird().pixels().iter().eq(&record(2, 9)[1..]), "75 is not a bird");
    assert!(with_test(&records[..12]).bird().pixels().iter().eq(&record(2, 9)[1..]), "there is no 75");
}

#[test]
fn a_set_without_birds_has_the_drawn_one() {
    let drawn = Dataset::synthetic(0).unwrap().bird();
    assert_eq!(with_test(&[record(4, 0)]).bird(), drawn);
    assert_eq!((drawn.name(), drawn.pixels().dim()), ("bird", (3, 32, 32)));
    assert_eq!(sha256(drawn.pixels().iter().copied()), DRAWN_BIRD, "the same bits on every platform");
}

const DRAWN_BIRD: &str = "df7034f2069b6585c97a52ec638481027576ea93c2dec5d618f57c6f8498b170";

#[test]
fn the_bird_of_cifar_10_is_the_published_one_where_it_is_here() {
    let Some(folder) = std::env::var_os(CIFAR10_VARIABLE) else {
        println!("skipped: {CIFAR10_VARIABLE} does not name a folder with CIFAR-10");
        return;
    };
    let dataset = Dataset::open(folder.to_str().unwrap()).unwrap();
    assert!(dataset.is_cifar10(), "{}", dataset.summary());
    assert_eq!(dataset.class_names()[usize::from(dataset.test().labels()[75])], "bird");
    assert_eq!(dataset.bird().pixels(), dataset.test().image(75));
    // Record 75 of test_batch.bin, its pixels: sha256 of bytes 230,476 to 233,547, taken with Python.
    assert_eq!(sha256(dataset.bird().pixels().iter().copied()), CIFAR_BIRD);
}

const CIFAR_BIRD: &str = "6f4c56df200a55e96e097524c61663a0283f36cf1874e7a418cc89b69b45c853";

#[test]
fn luma_weighs_the_channels_and_leaves_grey_as_it_is() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("colours.png");
    // A row of red, green, blue, white and a grey.
    let columns = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3], [77; 3]];
    let picture =
        Picture::new("colours", Array3::from_shape_fn((3, 1, 5), |(c, _, x)| columns[x][c])).unwrap();
    let expected = [0.299 * 255.0, 0.587 * 255.0, 0.114 * 255.0, 255.0, 77.0];
    picture.save_png(&path).unwrap();
    for luma in [picture.luma(), read_luma(&path).unwrap()] {
        assert_eq!(luma.dim(), (1, 5));
        luma.iter().zip(expected).for_each(|(found, expected)| assert!((found - expected).abs() < COUNTS));
        assert_eq!((luma[[0, 3]], luma[[0, 4]]), (255.0, 77.0), "exactly");
    }
    // 16 bits stay 16 bits: 1000 of 65,535 is 1000 / 257 of 255.
    image::ImageBuffer::from_pixel(3, 2, image::Luma([1000u16])).save(&path).unwrap();
    assert!(read_luma(&path).unwrap().iter().all(|&value| value == 1000.0 / 257.0));
}
