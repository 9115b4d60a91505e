//! Percentiles compared with numpy, and the properties of the threshold.

use super::*;
use crate::dataset::Dataset;
use crate::network::Architecture;
use crate::responses::Border;
use crate::tolerances::STANDARD_DEVIATIONS;

#[test]
fn the_same_arguments_give_a_bit_identical_threshold() {
    let architecture = Architecture { filters: [4, 3], ..Architecture::paper() };
    let threshold = |layer| {
        untrained_threshold(&architecture, layer, &Picture::static_noise(1), ScoringOptions::default())
            .unwrap()
    };
    assert_eq!(threshold(1), threshold(1));
    assert_eq!(threshold(2), threshold(2));
}

#[test]
fn the_dense_layers_do_not_change_the_threshold() {
    let small = Architecture { filters: [3, 2], ..Architecture::paper() };
    let large = Architecture { dense: 64, classes: 4, dropout: 0.5, ..small.clone() };
    let threshold = |architecture| {
        untrained_threshold(architecture, 2, &Picture::static_noise(1), ScoringOptions::default())
    };
    assert_eq!(threshold(&small).unwrap(), threshold(&large).unwrap());
}

#[test]
fn one_in_twenty_of_fresh_untrained_filters_is_soft() {
    let architecture = Architecture::paper();
    let readings = [Reading::ForwardPass, Reading::EachKernel];
    let pictures = [Dataset::tiny().bird(), Picture::static_noise(3)];
    for (reading, picture) in readings.into_iter().zip(pictures) {
        let options = ScoringOptions::default().reading(reading);
        let threshold = untrained_threshold(&architecture, 1, &picture, options).unwrap();
        let drawn = Architecture { dense: 1, classes: 1, ..architecture.clone() };
        let scores = |seed| untrained_scores(&drawn, seed, 1, &picture, options).unwrap();
        let scores: Vec<f64> = (1..=UNTRAINED_SEEDS).flat_map(scores).collect();
        let soft = scores.iter().filter(|&&score| score < threshold).count();
        let share = soft as f64 / scores.len() as f64;
        // The filters of layer 1 are independent, so counts are binomial. The threshold is estimated from as many maps
        // and has the same error, hence the factor 2.
        let deviation = (2.0 * 0.05 * 0.95 / scores.len() as f64).sqrt();
        assert_eq!(scores.len(), 1600);
        assert!((share - 0.05).abs() < STANDARD_DEVIATIONS * deviation, "{}: {share}", picture.name());
    }
}

/// 24 channels are more than are drawn for each filter, 9 are not.
#[test]
fn one_in_twenty_of_fresh_filters_of_another_network_is_soft_if_each_kernel_has_a_map() {
    let options = ScoringOptions::default().reading(Reading::EachKernel);
    let picture = Picture::static_noise(2);
    for channels in [9, 24] {
        let threshold = untrained_kernel_threshold(channels, 3, &picture, options).unwrap();
        assert_eq!(threshold, untrained_kernel_threshold(channels, 3, &picture, options).unwrap());
        let count = 2_000;
        let kernels = Weights::initial_kernels(&Architecture::paper(), 5, count * channels, 1, 3);
        let weights = kernels.into_shape_with_order((count, channels, 3, 3)).unwrap();
        let bank = FilterBank::new(1, weights, Array1::zeros(count)).unwrap();
        let scores = options.filter_scores(&[&bank], 1.0, 1, &picture, |_, error| error).unwrap();
        let soft = scores.iter().filter(|score| score.value() < threshold).count();
        let share = soft as f64 / count as f64;
        // Counts of fresh filters, and the 1,000 that the threshold is estimated from. If it is drawn from 16,000 kernels, their mean
        // is off by sqrt(channels / 16,000) standard deviations of a filter, at a density of 0.103 there.
        let counts = 0.05 * 0.95 * (1.0 / count as f64 + 1.0 / UNTRAINED_FILTERS as f64);
        let pool = 0.103 * 0.103 * channels as f64 / (UNTRAINED_FILTERS * MOST_KERNELS) as f64;
        let deviation = (counts + pool).sqrt();
        assert!((share - 0.05).abs() < STANDARD_DEVIATIONS * deviation, "{channels} channels: {share}");
    }
}

#[test]
fn filters_that_all_have_one_score_are_never_soft_by_rounding() {
    // Kernels of 1 x 1 make maps that are the picture but for scale and offset, and so all kernels of a ramp.
    let ramp = Picture::rgb("ramp", ndarray::Array3::from_shape_fn((3, 20, 20), |(_, _, x)| 10 * x as u8));
    let [bird, valid] = [Dataset::tiny().bird(), ramp];
    for (picture, kernel, border) in [(bird, 1, Border::Same), (valid, 3, Border::Valid)] {
        let options = ScoringOptions::default().reading(Reading::KernelSliceSum).border(border);
        let threshold = untrained_kernel_threshold(4, kernel, &picture, options).unwrap();
        let weights = Weights::initial_kernels(&Architecture::paper(), 5, 200, 4, kernel);
        let bank = FilterBank::new(1, weights, Array1::zeros(200)).unwrap();
        let scores = options.filter_scores(&[&bank], 1.0, 1, &picture, |_, error| error).unwrap();
        assert!(scores[0].value() > 0.0 && threshold > 0.999 * scores[0].value(), "{}", picture.name());
        assert!(scores.iter().all(|score| score.value() >= threshold), "{}", picture.name());
    }
}
