//! The drawn pictures.
use ndarray::Axis;
use softness::dataset::{Dataset, Split};
use softness::internals::Source;

#[test]
fn the_same_seed_gives_the_same_bits_on_every_platform() {
    for (seed, golden) in [(0, SEED_0), (1, SEED_1)] {
        assert_eq!(Dataset::synthetic(seed).unwrap().fingerprint(), golden, "seed {seed}");
    }
    assert_eq!(Dataset::open("synthetic").unwrap().fingerprint(), SEED_0);
    assert_eq!(
        Dataset::open("synthetic:1").unwrap().fingerprint(),
        SEED_1,
        "and so another for another seed"
    );
    let error = Dataset::open("synthetic:one").unwrap_err().to_string();
    assert!(error.contains("synthetic:one") && error.contains("whole number"), "{error}");
}

/// SHA-256 of labels and pixels, as [`Dataset::fingerprint`] states. A change here is a change of
/// the data set: results from before it can no longer be reproduced.
const SEED_0: &str = "3518d003537efc85882fd6f862236a06bbcdcafe8dd38b3957dc5c73f25fd160";
const SEED_1: &str = "b5bb30d320af426cf784384964b945470cf166deeca87e7cd8505f36d00390f4";

#[test]
fn there_are_12_000_different_pictures_equally_many_of_every_class() {
    let dataset = Dataset::synthetic(2).unwrap();
    assert_eq!((dataset.train().len(), dataset.test().len()), (10_000, 2_000));
    assert_eq!((dataset.class_names().len(), dataset.source()), (10, Source::Synthetic));
    for label in 0..10 {
        let count = |split: &Split| split.labels().iter().filter(|&&other| other == label).count();
        assert_eq!((count(&dataset.train()), count(&dataset.test())), (1_000, 200), "class {label}");
    }
    let splits = [dataset.train(), dataset.test()];
    let mut pictures: Vec<Vec<u8>> = splits
        .iter()
        .flat_map(|split| split.images().axis_iter(Axis(0)).map(|image| image.iter().copied().collect()))
        .collect();
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), 12_000, "no picture twice, and none of the test among the training pictures");
}

#[test]
fn the_pictures_use_the_whole_range_and_are_in_colour() {
    let dataset = Dataset::synthetic(0).unwrap();
    let mut counts = [0usize; 256];
    dataset.train().bytes().iter().for_each(|&byte| counts[usize::from(byte)] += 1);
    let total = dataset.train().bytes().len() as f64;
    assert!(counts.iter().all(|&count| count > 0), "every value occurs");
    let clipped = (counts[0] + counts[255]) as f64 / total;
    assert!(clipped < 0.1, "few values are cut off: {clipped}");
    let train = dataset.train();
    let coloured = train
        .images()
        .axis_iter(Axis(0))
        .filter(|image| image.index_axis(Axis(0), 0) != image.index_axis(Axis(0), 1));
    assert_eq!(coloured.count(), 10_000);
}
