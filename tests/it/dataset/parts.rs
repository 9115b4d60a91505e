//! Data sets that a program puts together itself.
use ndarray::{Array3, Array4};
use softness::ErrorKind;
use softness::dataset::{Dataset, Picture, Split};
use softness::internals::Source;

use super::fixture::assert_says;

/// Pictures whose every pixel tells its place, and these labels.
fn split(labels: &[u8]) -> Split {
    let pixel = |(n, channel, row, column): (usize, usize, usize, usize)| {
        (n * 97 + channel * 31 + row * 5 + column) as u8
    };
    Split::new(Array4::from_shape_fn((labels.len(), 3, 32, 32), pixel), labels.to_vec()).unwrap()
}

fn set(train: &[u8], test: &[u8]) -> softness::Result<Dataset> {
    let names = ["cat", "dog"].map(String::from).to_vec();
    let bird = Picture::new("bird", Array3::zeros((3, 32, 32))).unwrap();
    Dataset::new(split(train), split(test), names, "two by hand", bird)
}

#[test]
fn a_sound_one_says_what_it_is() {
    let dataset = set(&[0, 1, 1], &[1]).unwrap();
    assert_eq!((dataset.description(), dataset.source()), ("two by hand", Source::Memory));
    assert!(!dataset.is_cifar10());
    assert_says(
        dataset.summary(),
        &["two by hand: 3 training and 1 test images of 2 classes", "fingerprint"],
    );
}

#[test]
fn a_label_without_a_name_or_an_empty_split_is_refused() {
    for (train, test, words) in [
        ([0, 2].as_slice(), [1].as_slice(), ["label is 2", "2 classes"]),
        (&[0], &[255], ["label is 255", "2 classes"]),
        (&[], &[0], ["training split", "at least one image"]),
        (&[0], &[], ["test split", "at least one image"]),
    ] {
        let error = set(train, test).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert_says(error, &words);
    }
}

#[test]
fn shapes_that_do_not_belong_together_are_refused() {
    for shape in [(3, 3, 32, 32), (2, 1, 32, 32), (2, 3, 31, 32), (2, 32, 32, 3)] {
        let error = Split::new(Array4::zeros(shape), vec![0, 1]).unwrap_err();
        assert_says(error, &["shape of the images", &format!("{shape:?}"), "(2, 3, 32, 32)"]);
    }
}

#[test]
fn images_in_another_memory_order_are_the_same_images() {
    let straight = split(&[0, 1]);
    // Columns first in memory, the same array to look at.
    let turned = straight.images().to_owned().permuted_axes([3, 2, 1, 0]).as_standard_layout().to_owned();
    let turned = turned.permuted_axes([3, 2, 1, 0]);
    assert!(!turned.is_standard_layout());
    let turned = Split::new(turned, vec![0, 1]).unwrap();
    assert_eq!(turned.bytes(), straight.bytes());
    assert_eq!(turned.bytes().len(), 2 * 3 * 1024);
    assert_eq!(turned.image(1), straight.image(1));
}

#[test]
#[should_panic = "there are 3 images, counted from 0, so there is no image 3"]
fn an_image_that_is_not_there_is_named() {
    let _ = split(&[0, 1, 0]).image(3);
}

#[test]
#[should_panic = "layer 1 has 16 filters, counted from 0, so it has no filter 16"]
fn a_filter_that_is_not_there_is_named() {
    let _ = softness::store::shipped_sessions().unwrap()[0].filters(1).unwrap().filter(16);
}
