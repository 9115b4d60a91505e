//! The pictures of a bird: the published study's, and that of a data set.

use super::synthetic::drawn_bird;
use super::{Picture, Split};

/// The bird of the study's figures: record 75 of CIFAR-10's test batch, counted from 0.
const BIRD_RECORD: usize = 75;
/// The same, as a file.
const BIRD_FILE: &[u8] = include_bytes!("../../data/bird.png");

/// The bird of the published study, which is part of the program.
pub(crate) fn published_bird() -> Picture {
    Picture::shipped("bird", BIRD_FILE)
}

/// The bird of a data set: image [`BIRD_RECORD`] of the test split if its class is named "bird", else the first test image
/// of that class, else a drawn bird.
pub(crate) fn bird(test: &Split, class_names: &[String]) -> Picture {
    let is_bird = |index: &usize| {
        let label = test.labels().get(*index).map(|&label| usize::from(label));
        label.and_then(|label| class_names.get(label)).is_some_and(|name| name.eq_ignore_ascii_case("bird"))
    };
    match Some(BIRD_RECORD).filter(is_bird).or_else(|| (0..test.len()).find(is_bird)) {
        Some(index) => Picture::rgb("bird", test.image(index).to_owned()),
        None => drawn_bird(),
    }
}
