//! Percentiles compared with numpy, and the properties of the threshold.

use super::*;
use crate::dataset::Dataset;
use crate::network::Architecture;
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
fn one_in_twenty_of_fresh_untrained_maps_is_soft() {
    let architecture = Architecture::paper();
    let options = ScoringOptions::default();
    for picture in [Dataset::tiny().bird(), Picture::static_noise(3)] {
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
