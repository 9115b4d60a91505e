//! Scores of filters with several maps, by hand and against the maps one by one.

use ndarray::{Array1, Array3, Array4, s};

use super::*;
use crate::dataset::Dataset;
use crate::golden::{assert_close, noise, picture};
use crate::responses::{Response, bank_responses};
use crate::session::snapshot::{SNAPSHOT_TOLERANCE, Snapshot};
use crate::softness::Normalisation;
use crate::tolerances::BY_HAND;

fn each_kernel() -> ScoringOptions {
    ScoringOptions::default().reading(Reading::EachKernel)
}

fn scores(options: ScoringOptions, bank: &FilterBank, picture: &Picture) -> Vec<Score> {
    options.filter_scores(&[bank], 1.0 / 255.0, 1, picture, |_, error| error).unwrap()
}

/// Filters with random weights; the first filter has no weight but 0, the second a first kernel of zeros.
fn with_zeros(filters: usize, channels: usize) -> FilterBank {
    let weights = noise(filters * channels * 9, 3).into_iter().map(|weight| weight as f32).collect();
    let mut weights = Array4::from_shape_vec((filters, channels, 3, 3), weights).unwrap();
    weights.slice_mut(s![0, .., .., ..]).fill(0.0);
    weights.slice_mut(s![1, 0, .., ..]).fill(0.0);
    FilterBank::new(1, weights, Array1::from_elem(filters, 0.5)).unwrap()
}

#[test]
fn the_score_of_a_filter_is_the_mean_over_its_kernels_by_hand() {
    // One bright pixel in the middle of 3 x 3. A kernel that copies it scores sqrt(8) / 9, one that shifts it out of the
    // map makes it constant: 0.
    let pixels =
        Array3::from_shape_fn((3, 3, 3), |(_, row, column)| if (row, column) == (1, 1) { 255 } else { 0 });
    let mut weights = Array4::zeros((1, 4, 5, 5));
    weights[[0, 0, 2, 2]] = 2.0;
    weights[[0, 1, 2, 2]] = -3.0;
    weights[[0, 2, 0, 0]] = 1.0;
    let bank = FilterBank::new(1, weights, Array1::zeros(1)).unwrap();
    let found = scores(each_kernel(), &bank, &Picture::rgb("spot", pixels));
    assert_eq!(found.len(), 1);
    assert_close(found[0].value(), 2.0 * 8f64.sqrt() / 9.0 / 4.0, BY_HAND, 1.0, "two of four kernels");
    assert!(!found[0].is_constant());
}

#[test]
fn a_filter_is_constant_if_all_its_maps_are_and_a_constant_map_counts_as_0() {
    let (bank, picture) = (with_zeros(4, 3), Picture::static_noise(1));
    let found = scores(each_kernel(), &bank, &picture);
    let constant: Vec<bool> = found.iter().map(Score::is_constant).collect();
    assert_eq!(constant, [true, false, false, false]);
    assert_eq!(found[0].value(), 0.0);
    let alone = FilterBank::new(1, bank.weights().slice(s![1..2, 1.., .., ..]).to_owned(), Array1::zeros(1));
    let of_two = scores(each_kernel(), &alone.unwrap(), &picture)[0].value();
    assert_close(found[1].value(), of_two * 2.0 / 3.0, BY_HAND, 1.0, "a kernel of zeros");
}

#[test]
fn maps_that_are_scored_a_few_at_a_time_have_the_scores_of_all_at_once() {
    // 100 x 80: eight maps at a time, so filters of five kernels are cut.
    let (bank, picture) = (with_zeros(7, 5), Picture::rgb("large", picture(100, 80, 7)));
    for reading in [Reading::KernelSliceSum, Reading::EachKernel, Reading::KernelSlice] {
        for normalisation in Normalisation::ALL {
            let options = ScoringOptions::default().reading(reading).normalisation(normalisation);
            let maps = bank_responses(&[&bank], 1.0 / 255.0, 1, &picture, options.response).unwrap();
            let found = scores(options, &bank, &picture);
            assert_eq!(found.len(), bank.len());
            for (filter, found) in found.iter().enumerate() {
                let own: Vec<&Response> = maps.iter().filter(|map| map.filter() == filter).collect();
                let sum: f64 = own.iter().map(|map| options.score(map).unwrap().value()).sum();
                assert_eq!(found.value(), sum / own.len() as f64, "{reading} {normalisation} {filter}");
            }
        }
    }
}

#[test]
fn a_map_that_cannot_be_scored_is_named_with_its_kernel() {
    let bank = with_zeros(3, 2);
    let picture = Picture::rgb("white", ndarray::Array3::from_elem((3, 5, 5), 255));
    let place = |options: ScoringOptions| {
        let at = |place: &str, error: Error| Error::malformed("here", format!("{place}: {error}"));
        options.filter_scores(&[&bank], f32::INFINITY, 1, &picture, at).unwrap_err().to_string()
    };
    let problem = "the map holds NaN at row 0, column 0 (from 0): only finite numbers can be scored";
    assert_eq!(place(each_kernel()), format!("here: filter 0, kernel 0: {problem}"));
    let summed = ScoringOptions::default().reading(Reading::KernelSliceSum);
    assert_eq!(place(summed), format!("here: filter 0: {problem}"));
}

#[test]
fn scores_of_rounded_filters_are_those_of_the_filters_to_the_stated_bound() {
    let pictures = [Dataset::tiny().bird(), Picture::static_noise(1)];
    let mut largest = 0.0_f64;
    for session in crate::store::shipped_sessions().unwrap() {
        let rounded = Snapshot::rounded(1, &session.filters).unwrap().filters();
        let rounded: Vec<&FilterBank> = rounded.iter().collect();
        let exact: Vec<&FilterBank> = session.filters.iter().collect();
        assert_ne!(exact, rounded);
        let scale = session.training.architecture.input_scale;
        for (reading, picture) in
            Reading::ALL.iter().flat_map(|reading| pictures.iter().map(move |p| (reading, p)))
        {
            let options = ScoringOptions::default().reading(*reading);
            for layer in [1, 2] {
                let scores = |banks: &[&FilterBank]| {
                    options.filter_scores(banks, scale, layer, picture, |_, problem| problem).unwrap()
                };
                for (one, other) in scores(&exact).iter().zip(&scores(&rounded)) {
                    largest = largest.max((one.value() - other.value()).abs());
                }
            }
        }
    }
    println!("largest difference of scores: {largest:.2e}");
    // The bound is not exhausted, and not so wide that it would hold for anything.
    assert!((SNAPSHOT_TOLERANCE / 20.0..SNAPSHOT_TOLERANCE / 2.0).contains(&largest), "{largest}");
}
