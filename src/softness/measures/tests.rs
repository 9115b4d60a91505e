//! Measures compared with numpy, scipy and scikit-image, and with values computed by hand.

use std::collections::BTreeMap;

use ndarray::{Array2, Array3, s};
use proptest::prelude::*;
use serde::Deserialize;

use crate::golden::{assert_close, json, noise};
use crate::softness::{FilterMeasure, Measure};
use crate::tolerances::{REORDERED_SUMS, TRANSFORMED};

#[derive(Deserialize)]
struct Golden {
    maps: Vec<DrawnMap>,
    filters: Vec<DrawnFilter>,
}

#[derive(Deserialize)]
struct DrawnMap {
    height: usize,
    width: usize,
    salt: u64,
    #[serde(rename = "box")]
    side: usize,
    values: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct DrawnFilter {
    channels: usize,
    kernel: usize,
    salt: u64,
    #[serde(rename = "box")]
    side: usize,
    values: BTreeMap<String, f64>,
}

/// Noise, summed over windows of `side` x `side` inside a larger map.
fn map(height: usize, width: usize, salt: u64, side: usize) -> Array2<f64> {
    let (tall, wide) = (height + side - 1, width + side - 1);
    let larger = Array2::from_shape_vec((tall, wide), noise(tall * wide, salt)).unwrap();
    Array2::from_shape_fn((height, width), |(y, x)| larger.slice(s![y..y + side, x..x + side]).sum())
}

fn weights(channels: usize, kernel: usize, salt: u64) -> Array3<f32> {
    let values = noise(channels * kernel * kernel, salt).into_iter().map(|value| value as f32).collect();
    Array3::from_shape_vec((channels, kernel, kernel), values).unwrap()
}

fn smoothed(weights: &Array3<f32>, side: usize) -> Array3<f32> {
    let (channels, kernel, _) = weights.dim();
    let half = side / 2;
    Array3::from_shape_fn((channels, kernel, kernel), |(channel, y, x)| {
        let rows = y.saturating_sub(half)..(y + half + 1).min(kernel);
        let columns = x.saturating_sub(half)..(x + half + 1).min(kernel);
        weights.slice(s![channel, rows, columns]).iter().map(|&weight| f64::from(weight)).sum::<f64>() as f32
    })
}

#[test]
fn measures_of_maps_are_those_of_numpy_scipy_and_scikit_image() {
    let maps = json::<Golden>("measures.json").maps;
    assert_eq!(maps.len(), 21);
    for drawn in maps {
        let map = map(drawn.height, drawn.width, drawn.salt, drawn.side);
        assert_eq!(drawn.values.len() + 1, Measure::ALL.len(), "the local deviation has its own file");
        for (name, theirs) in drawn.values {
            let ours = name.parse::<Measure>().unwrap().score(map.view()).unwrap();
            let what = format!("{name} of {} x {}, box {}", drawn.height, drawn.width, drawn.side);
            assert!(!ours.is_constant());
            assert_close(ours.value(), theirs, REORDERED_SUMS, theirs.abs().max(1.0), &what);
        }
    }
}

#[test]
fn measures_of_filters_are_those_of_numpy() {
    let filters = json::<Golden>("measures.json").filters;
    assert_eq!(filters.len(), 12);
    for drawn in filters {
        let filter = smoothed(&weights(drawn.channels, drawn.kernel, drawn.salt), drawn.side);
        let start = weights(drawn.channels, drawn.kernel, drawn.salt + 1000);
        assert_eq!(drawn.values.len(), FilterMeasure::ALL.len());
        for (name, theirs) in drawn.values {
            let measure: FilterMeasure = name.parse().unwrap();
            let ours = measure.value(filter.view(), Some(start.view())).unwrap();
            let what = format!("{name} of {} x {}, box {}", drawn.channels, drawn.kernel, drawn.side);
            assert_close(ours, theirs, REORDERED_SUMS, theirs.abs().max(1.0), &what);
        }
    }
}

#[test]
fn blurring_a_map_moves_every_measure_to_its_softer_end() {
    for measure in Measure::ALL {
        let [sharp, soft] = [1, 5].map(|side| measure.score(map(32, 32, 3, side).view()).unwrap().value());
        assert!(soft != sharp && (soft < sharp) == measure.lower_is_softer(), "{measure}: {soft} {sharp}");
    }
}

#[test]
fn constant_maps_are_marked_and_have_the_softest_value_or_none() {
    let flat = Array2::from_elem((16, 16), 7.0);
    for measure in Measure::ALL {
        let score = measure.score(flat.view()).unwrap();
        assert!(score.is_constant());
        assert!(score.value() == 0.0 || score.value().is_nan(), "{measure}");
    }
    let [small, broken] = [Array2::zeros((2, 9)), Array2::from_elem((4, 4), f64::NAN)];
    assert!(Measure::BlurEffect.score(small.view()).unwrap_err().to_string().contains("2 x 9"));
    assert!(Measure::BlurEffect.score(broken.view()).unwrap_err().to_string().contains("row 0, column 0"));
}

#[test]
fn a_wave_has_its_power_where_its_frequency_is() {
    let wave = |cycles: f64| {
        Array2::from_shape_fn((32, 32), |(_, x)| (std::f64::consts::TAU * cycles * x as f64 / 32.0).cos())
    };
    let share = |cycles| Measure::HighFrequencyShare.score(wave(cycles).view()).unwrap().value();
    // The window spreads a line of the spectrum over its neighbours, two away from the boundary at 8.
    assert!(share(4.0) < TRANSFORMED, "{}", share(4.0));
    assert!(share(12.0) > 1.0 - TRANSFORMED, "{}", share(12.0));
}

#[test]
fn filters_made_by_hand_have_the_values_computed_by_hand() {
    let value = |measure: FilterMeasure, filter: &Array3<f32>| measure.value(filter.view(), None);
    // A chessboard of +1 and -1 with a zero mean over two slices: neighbours are always opposite.
    let board = Array3::from_shape_fn((2, 5, 5), |(c, y, x)| if (c + y + x) % 2 == 0 { 1.0 } else { -1.0 });
    assert_eq!(value(FilterMeasure::MoransI, &board), Some(-1.0));
    assert_eq!(value(FilterMeasure::Roughness, &board), Some(2.0));
    // The second slice is the first, inverted: one pattern.
    assert!(value(FilterMeasure::SingularEntropy, &board).unwrap() < TRANSFORMED);
    // Strong weights: two side by side of one sign, and one alone.
    let mut few = Array3::zeros((1, 5, 5));
    (few[[0, 0, 0]], few[[0, 0, 1]], few[[0, 4, 4]], few[[0, 4, 3]]) = (1.0, 2.0, 3.0, -1.0);
    assert_eq!(value(FilterMeasure::StrongNeighbours, &few), Some(0.5));
    // No measure is defined.
    let flat = Array3::from_elem((1, 5, 5), 0.5);
    for measure in FilterMeasure::ALL {
        assert_eq!(value(measure, &flat), None, "{measure}");
    }
    let moved = FilterMeasure::DistanceTravelled.value((&flat * 3.0).view(), Some(flat.view()));
    assert_eq!(moved, Some(2.0));
}

proptest! {
    #[test]
    fn neither_brightness_nor_contrast_changes_a_measure(
        salt in 0_u64..1000, factor in 1e-2..1e2_f64, offset in -1e2..1e2_f64,
    ) {
        let map = map(12, 10, salt, 2);
        for measure in Measure::ALL {
            let value = measure.score(map.view()).unwrap().value();
            let changed = measure.score(map.mapv(|v| factor * v + offset).view()).unwrap().value();
            // What is rounded away grows with the offset over the range.
            prop_assert!((changed - value).abs() <= TRANSFORMED * (1.0 + offset.abs() / factor), "{}", measure);
        }
    }

    #[test]
    fn transposed_maps_have_the_same_measures_except_for_the_cropped_blur_effect(salt in 0_u64..1000) {
        let map = map(12, 10, salt, 1);
        for measure in Measure::ALL.into_iter().filter(|&measure| measure != Measure::BlurEffect) {
            let value = measure.score(map.view()).unwrap().value();
            let turned = measure.score(map.t()).unwrap().value();
            prop_assert!((turned - value).abs() <= TRANSFORMED, "{}: {} {}", measure, turned, value);
        }
    }
}
