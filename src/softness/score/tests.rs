//! Scores compared with scipy, with hand computation, and with the properties that every score has.

use ndarray::{Array2, array, s};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

use super::*;
use crate::golden::{assert_close, json, noise};
use crate::tolerances::{AGAINST_SCIPY, BY_HAND, REORDERED_SUMS};

#[derive(Deserialize)]
struct Golden {
    maps: Vec<Drawn>,
    pictures: Vec<Pixels>,
}

#[derive(Deserialize)]
struct Drawn {
    height: usize,
    width: usize,
    salt: u64,
    scale: f64,
    offset: f64,
    scores: HashMap<String, f64>,
}

#[derive(Deserialize)]
struct Pixels {
    pixels: Vec<[f64; 32]>,
    scores: HashMap<String, f64>,
}

fn min_max(map: ArrayView2<f64>) -> Result<Score> {
    softness_score(map, Normalisation::MinMax)
}

fn assert_scores(map: &Array2<f64>, expected: &HashMap<String, f64>, what: &str) {
    assert_eq!(expected.len(), Normalisation::ALL.len());
    for normalisation in Normalisation::ALL {
        let score = softness_score(map.view(), normalisation).unwrap();
        let expected = expected[normalisation.name()];
        assert_close(score.value(), expected, AGAINST_SCIPY, expected, &format!("{what}, {normalisation:?}"));
        assert!(!score.is_constant());
    }
}

#[test]
fn random_maps_score_as_scipys_generic_filter_says_in_every_normalisation() {
    for Drawn { height, width, salt, scale, offset, scores } in json::<Golden>("softness.json").maps {
        let values = noise(height * width, salt).into_iter().map(|value| value * scale + offset).collect();
        let map = Array2::from_shape_vec((height, width), values).unwrap();
        assert_scores(&map, &scores, &format!("{height} x {width}, {scale:e} x noise + {offset:e}"));
    }
}

#[test]
fn pictures_score_as_scipys_generic_filter_says_in_every_normalisation() {
    for (index, Pixels { pixels, scores }) in json::<Golden>("softness.json").pictures.into_iter().enumerate()
    {
        assert_scores(&Array2::from(pixels), &scores, &format!("picture {index}"));
    }
}

#[test]
fn a_bright_pixel_counts_in_every_window_that_contains_it() {
    // Each window with one 1 and eight 0 has the deviation sqrt(8) / 9. A pixel far from the border
    // lies in nine of the 5 x 6 windows, one in a corner in one.
    let deviation = 8f64.sqrt() / 9.0;
    for (at, windows) in [((3, 4), 9.0), ((0, 0), 1.0), ((0, 4), 3.0), ((1, 1), 4.0)] {
        let mut map = Array2::zeros((7, 8));
        map[at] = 255.0;
        let score = |normalisation| softness_score(map.view(), normalisation).unwrap().value();
        let expected = windows * deviation / 30.0;
        assert_close(score(Normalisation::MinMax), expected, BY_HAND, 1.0, "min-max");
        assert_close(score(Normalisation::EightBit), expected, BY_HAND, 1.0, "eight-bit");
        assert_close(score(Normalisation::DivideBy255), expected, BY_HAND, 1.0, "divide-by-255");
        assert_close(score(Normalisation::Raw), 255.0 * expected, BY_HAND, 255.0, "raw");
    }
}

#[test]
fn eight_bit_rounds_to_the_nearest_of_256_greys() {
    let map = array![[0.0, 1.0, 0.0], [0.0, 0.51 / 255.0, 0.0], [0.0, 0.49 / 255.0, 0.0]];
    let rounded = array![[0.0, 255.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]];
    let score = softness_score(map.view(), Normalisation::EightBit).unwrap();
    let expected = softness_score(rounded.view(), Normalisation::DivideBy255).unwrap();
    assert_close(score.value(), expected.value(), BY_HAND, 1.0, "eight-bit");
}

#[test]
fn four_dark_and_five_bright_pixels_reach_the_largest_score() {
    let checks = array![[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]];
    assert_close(min_max(checks.view()).unwrap().value(), 20f64.sqrt() / 9.0, BY_HAND, 1.0, "checks");
}

#[test]
fn a_constant_map_scores_zero_and_is_marked_in_every_normalisation() {
    for value in [0.0, -0.0, 1.0, -3.7, 1e308, -1e-308, 5e-324] {
        for normalisation in Normalisation::ALL {
            let score = softness_score(Array2::from_elem((4, 5), value).view(), normalisation).unwrap();
            assert_eq!((score.value(), score.is_constant()), (0.0, true), "{value} {normalisation:?}");
        }
    }
}

#[test]
fn a_range_of_a_million_millionth_of_the_magnitude_is_constant_and_the_next_one_is_not() {
    for sign in [1.0, -1.0] {
        let mut map = Array2::from_elem((3, 3), sign * 1e12);
        map[[1, 1]] = sign * (1e12 - 1.0); // 1 / 1e12 is CONSTANT_RANGE to the last bit
        assert!(min_max(map.view()).unwrap().is_constant());
        map[[1, 1]] = sign * (1e12 - 1.0 - 1.0 / 8192.0); // the next value that f64 has there
        let score = min_max(map.view()).unwrap();
        assert!(!score.is_constant());
        assert_close(score.value(), 8f64.sqrt() / 9.0, BY_HAND, 1.0, "one dark pixel");
    }
}

#[test]
fn a_small_structure_on_a_large_offset_keeps_its_score() {
    // Sums of 1e8 and multiples of 1/1024 are exact, so the offset must not change a bit.
    let map = Array2::from_shape_fn((9, 11), |(row, column)| ((row * 7 + column * 5) % 13) as f64 / 1024.0);
    let lifted = map.mapv(|value| value + 1e8);
    assert_eq!(min_max(map.view()).unwrap(), min_max(lifted.view()).unwrap());
}

#[test]
fn extreme_magnitudes_score_like_any_other() {
    let bright = 8f64.sqrt() / 9.0;
    let least = 5e-324; // the smallest number above 0
    for (dark, light) in [
        (0.0, 1e308),
        (-f64::MAX, f64::MAX),
        (0.0, 1e-308),
        (-1e-308, 1e-308),
        (0.0, least),
        (-least, least),
        (3.0 * least, 4.0 * least),
        (f64::MIN_POSITIVE, 2.0 * f64::MIN_POSITIVE),
    ] {
        let mut map = Array2::from_elem((3, 3), dark);
        map[[1, 1]] = light;
        for normalisation in [Normalisation::MinMax, Normalisation::EightBit] {
            let score = softness_score(map.view(), normalisation).unwrap();
            assert_close(score.value(), bright, BY_HAND, 1.0, &format!("{dark:e} and {light:e}"));
        }
        let raw = softness_score(map.view(), Normalisation::Raw).unwrap().value();
        let expected = bright * (light / 2.0 - dark / 2.0) * 2.0;
        assert!(raw.is_finite());
        // Close to 0 a number has few digits, so the smallest number is added to the relative tolerance.
        assert!((raw - expected).abs() <= BY_HAND * expected + least, "{raw:e} {expected:e}");
    }
}

#[test]
fn a_map_without_a_whole_window_is_an_error_that_says_its_size() {
    for (height, width) in [(2, 9), (9, 2), (0, 0), (1, 1), (0, 5)] {
        let error = min_max(Array2::zeros((height, width)).view()).unwrap_err().to_string();
        assert!(error.contains(&format!("{height} x {width}")) && error.contains("at least 3"), "{error}");
    }
    assert_eq!(min_max(Array2::zeros((3, 3)).view()).unwrap().value(), 0.0);
}

#[test]
fn the_first_value_that_is_not_finite_is_named_with_its_row_and_column() {
    for (value, name) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        let mut map = Array2::zeros((4, 6));
        map[[2, 1]] = value;
        map[[3, 0]] = f64::NAN;
        let error = min_max(map.view()).unwrap_err().to_string();
        assert!(error.contains(&format!("{name} at row 2, column 1 ")), "{error}");
    }
}

/// Maps of 3 x 3 to 12 x 12 with values of up to a thousand.
fn maps() -> impl Strategy<Value = Array2<f64>> {
    (3_usize..12, 3_usize..12).prop_flat_map(|(height, width)| {
        prop::collection::vec(-1e3..1e3, height * width)
            .prop_map(move |values| Array2::from_shape_vec((height, width), values).unwrap())
    })
}

/// The mean deviation of all windows, one window after the other. The fast code must be bit-identical.
fn mean_deviation_by_window(map: &Array2<f64>) -> f64 {
    let (height, width) = map.dim();
    let mut total = 0.0;
    for y in 0..height - 2 {
        let mut sum = 0.0;
        for x in 0..width - 2 {
            let window = map.slice(s![y..y + 3, x..x + 3]);
            let mean = window.iter().sum::<f64>() / 9.0;
            sum += (window.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 9.0).sqrt();
        }
        total += sum;
    }
    total / ((height - 2) * (width - 2)) as f64
}

fn score_of(map: &Array2<f64>) -> f64 {
    min_max(map.view()).unwrap().value()
}

proptest! {
    #[test]
    fn many_windows_at_a_time_are_bit_identical_to_one_after_the_other(map in maps()) {
        let values: Vec<f64> = map.iter().copied().collect();
        prop_assert_eq!(mean_deviation(&values, map.ncols()), mean_deviation_by_window(&map));
    }

    #[test]
    fn scores_lie_between_0_and_the_largest_score(map in maps()) {
        for normalisation in [Normalisation::MinMax, Normalisation::EightBit] {
            let score = softness_score(map.view(), normalisation).unwrap().value();
            prop_assert!((0.0..=20f64.sqrt() / 9.0 + BY_HAND).contains(&score), "{score}");
        }
    }

    #[test]
    fn neither_brightness_nor_contrast_nor_inversion_changes_the_score(
        map in maps(), factor in 1e-3..1e3_f64, offset in -1e3..1e3_f64,
    ) {
        let score = score_of(&map);
        for factor in [factor, -factor] {
            let changed = score_of(&map.mapv(|value| factor * value + offset));
            prop_assert!((changed - score).abs() <= REORDERED_SUMS * (1.0 + (offset / factor).abs()), "{changed} {score}");
        }
    }

    #[test]
    fn a_power_of_two_as_contrast_does_not_change_a_bit(map in maps(), power in -200_i32..200) {
        prop_assert_eq!(score_of(&map.mapv(|value| value * 2f64.powi(power))), score_of(&map));
    }

    #[test]
    fn mirrored_and_transposed_maps_score_the_same(map in maps()) {
        let score = score_of(&map);
        for other in [map.t(), map.slice(s![..;-1, ..]), map.slice(s![.., ..;-1])] {
            let other = min_max(other).unwrap().value();
            prop_assert!((other - score).abs() <= REORDERED_SUMS, "{other} {score}");
        }
    }

    #[test]
    fn raw_scores_are_in_the_unit_of_the_map(map in maps(), factor in 1e-3..1e3_f64) {
        let raw = |map: &Array2<f64>| softness_score(map.view(), Normalisation::Raw).unwrap().value();
        let score = raw(&map);
        prop_assert!((raw(&map.mapv(|value| value * factor)) - factor * score).abs() <= REORDERED_SUMS * factor * score);
        let shared = softness_score(map.view(), Normalisation::DivideBy255).unwrap().value();
        prop_assert!((shared * 255.0 - score).abs() <= REORDERED_SUMS * score);
    }
}
