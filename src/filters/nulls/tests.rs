//! Nulls against what a session starts from, and against what they must keep.

use ndarray::{Array1, s};

use crate::dataset::Dataset;
use crate::filters::FilterBank;
use crate::filters::nulls::{initial_filters, other_initial_filters, random_filters, shuffled_filters};
use crate::network::Architecture;
use crate::session::{Training, train_in_memory};
use crate::tolerances::ONE_SUM_IN_F32;

fn bank() -> FilterBank {
    other_initial_filters(&Architecture::paper(), 5, 0).unwrap().remove(1)
}

#[test]
fn initial_filters_are_those_that_a_session_starts_from() {
    // A step so small that no weight of the session changes.
    let still = Training::paper().iterations(1).batch(4).seed(77).learning_rate(1e-30);
    let session = train_in_memory(&Dataset::tiny(), still, &()).unwrap();
    let network = &session.training().architecture;
    let banks = initial_filters(network, 77).unwrap();
    for layer in [1, 2] {
        assert_eq!(banks[layer - 1], session.filters(layer).unwrap(), "layer {layer}");
    }
    assert_ne!(initial_filters(network, 78).unwrap(), banks);
}

#[test]
fn other_initial_filters_differ_by_seed_and_draw_and_are_the_same_every_time() {
    let of = |seed, draw| other_initial_filters(&Architecture::paper(), seed, draw).unwrap();
    assert_eq!(of(1, 2), of(1, 2));
    assert_ne!(of(1, 2), of(1, 3));
    assert_ne!(of(1, 2), of(2, 2));
}

#[test]
fn shuffling_keeps_each_place_whole_and_each_filters_weights() {
    let bank = bank();
    let shuffled = shuffled_filters(&bank, 1, 0).unwrap();
    assert_ne!(shuffled, bank);
    assert_eq!(shuffled, shuffled_filters(&bank, 1, 0).unwrap());
    assert_ne!(shuffled, shuffled_filters(&bank, 1, 1).unwrap());
    assert_eq!(shuffled.bias(), bank.bias());
    let columns = |bank: &FilterBank, filter: usize| {
        let column = |place: usize| -> Vec<u32> {
            let column = bank.weights().slice(s![filter, .., place / 5, place % 5]);
            column.iter().map(|weight| weight.to_bits()).collect()
        };
        let mut columns: Vec<Vec<u32>> = (0..25).map(column).collect();
        columns.sort();
        columns
    };
    for filter in 0..bank.len() {
        assert_eq!(columns(&shuffled, filter), columns(&bank, filter), "filter {filter}");
    }
}

#[test]
fn shuffled_places_are_even_over_many_draws() {
    // One weight alone in a filter comes to each of nine places 1/9 of the time. 9,000 draws: 1,000 at each place,
    // with a standard deviation of 30; five of them are 150.
    let mut weights = ndarray::Array4::zeros((1, 1, 3, 3));
    weights[[0, 0, 0, 0]] = 1.0;
    let bank = FilterBank::new(1, weights, Array1::zeros(1)).unwrap();
    let mut counts = [0; 9];
    for draw in 0..9_000 {
        let shuffled = shuffled_filters(&bank, 3, draw).unwrap();
        counts[shuffled.weights().iter().position(|&weight| weight == 1.0).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| (850..=1150).contains(count)), "{counts:?}");
}

#[test]
fn random_filters_keep_the_norms_and_nothing_else() {
    let bank = bank();
    let random = random_filters(&bank, 1, 0).unwrap();
    assert_eq!(random, random_filters(&bank, 1, 0).unwrap());
    assert_ne!(random, random_filters(&bank, 1, 1).unwrap());
    assert_eq!(random.bias(), bank.bias());
    let norm = |bank: &FilterBank, filter: usize| {
        bank.filter(filter).iter().map(|&weight| f64::from(weight).powi(2)).sum::<f64>().sqrt()
    };
    for filter in 0..bank.len() {
        let (ours, trained) = (norm(&random, filter), norm(&bank, filter));
        assert!((ours - trained).abs() <= ONE_SUM_IN_F32 * trained, "filter {filter}: {ours} {trained}");
    }
}
