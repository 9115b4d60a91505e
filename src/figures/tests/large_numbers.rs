//! Numbers with many digits have their room on every figure.

use std::collections::BTreeSet;

use ndarray::{Array1, Array3, Array4};

use super::super::Figure;
use super::super::ticks::Ticks;
use super::{assert_texts_are_apart, texts};
use crate::dataset::Picture;
use crate::filters::FilterBank;
use crate::models::Form;
use crate::responses::Reading;
use crate::session::Session;
use crate::softness::ScoringOptions;

/// Checkpoints of a network of one layer, at these iterations.
fn checkpoints(iterations: &[u64]) -> Session {
    let network = |(number, &iteration): (usize, &u64)| {
        let values = crate::golden::noise(2 * 3 * 3 * 3, number as u64 + 1);
        let values = values.iter().map(|&value| value as f32).collect();
        let weights = Array4::from_shape_vec((2, 3, 3, 3), values).unwrap();
        let bank = FilterBank::new(1, weights, Array1::zeros(2)).unwrap();
        Session::from_filters(format!("at {iteration}"), iteration, [bank]).unwrap()
    };
    let networks: Vec<Session> = iterations.iter().enumerate().map(network).collect();
    Session::from_checkpoints("long", &networks).unwrap()
}

/// A picture that is scored at once.
fn small() -> Picture {
    let pixels = Array3::from_shape_fn((3, 8, 8), |(channel, row, column)| {
        (row * row * (channel + 3) + 7 * column) as u8
    });
    Picture::new("small", pixels).unwrap()
}

fn words(figure: &Figure) -> Vec<String> {
    texts(figure).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn iterations_above_a_million_are_neither_cut_nor_run_into_each_other() {
    let evenly = |first: u64, step: u64| (0..17).map(|place| first + place * step).collect::<Vec<_>>();
    let decades = |last: u32| [0].into_iter().chain((0..=last).map(|power| 10u64.pow(power))).collect();
    for iterations in [evenly(0, 108_781), evenly(900_000, 1_000_001), decades(6), decades(7), decades(10)] {
        let session = checkpoints(&iterations);
        let options = ScoringOptions::default().reading(Reading::KernelSlice);
        let last = crate::text::numbers::grouped(session.iterations());
        let with_columns = [
            Figure::filter_strip(&session, 1, 0).unwrap(),
            Figure::filters_by_iteration(&session, 1).unwrap(),
            options.ridgelines(std::slice::from_ref(&session), 1, &small()).unwrap(),
        ];
        for figure in &with_columns {
            assert_texts_are_apart(figure);
            assert!(words(figure).contains(&last), "{}: {last}", figure.title());
        }
        let panels = Figure::score_panels(std::slice::from_ref(&session), &[small()]).unwrap();
        assert_texts_are_apart(&panels);
    }
}

#[test]
fn fewer_iterations_keep_all_their_labels() {
    let iterations = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
    let figure = Figure::filter_strip(&checkpoints(&iterations), 1, 0).unwrap();
    for iteration in iterations {
        assert!(words(&figure).contains(&crate::text::numbers::grouped(iteration)), "{iteration}");
    }
}

#[test]
fn labels_of_an_axis_are_never_the_same() {
    for start in [0.0, 1.0, -3.0, 12_345_678.0, 1.7e9, 1e-8, -4.2e-12, 6.02e23] {
        for exponent in -30..30 {
            let width = 3.7 * 10f64.powi(exponent);
            let ticks = Ticks::new(&(start..start + width), 5);
            let labels: BTreeSet<String> = ticks.values.iter().map(|&value| ticks.label(value)).collect();
            assert_eq!(labels.len(), ticks.values.len(), "{start} and {width}: {labels:?}");
        }
    }
}

#[test]
fn large_integers_are_grouped_where_a_power_of_ten_would_need_more_than_five_digits() {
    let labels = |range, most| -> Vec<String> {
        let ticks = Ticks::new(&range, most);
        ticks.values.iter().map(|&value| ticks.label(value)).collect()
    };
    assert_eq!(labels(12_345_678.0..12_345_735.0, 3), ["12,345,680", "12,345,700", "12,345,720"]);
    assert_eq!(labels(1.7e9..1.7e9 + 250.0, 3), ["1,700,000,000", "1,700,000,100", "1,700,000,200"]);
    assert_eq!(labels(1.0..1.000_000_25, 3), ["1.0000000", "1.0000001", "1.0000002"]);
    assert_eq!(labels(1e-8..1.000_002e-8, 3), ["1e−8", "1.000001e−8", "1.000002e−8"]);
    assert_eq!(labels(1.23e9..1.26e9, 4), ["1.23e9", "1.24e9", "1.25e9", "1.26e9"]);
}

#[test]
fn a_fit_of_large_numbers_has_labels_that_differ_and_have_room() {
    let x: Vec<f64> = (0..8).map(|minute| 1_700_000_000.0 + 60.0 * f64::from(minute)).collect();
    let y = [
        12_345_678.0,
        12_345_690.0,
        12_345_688.0,
        12_345_699.0,
        12_345_711.0,
        12_345_709.0,
        12_345_730.0,
        12_345_735.0,
    ];
    let fit = Form::Linear.fit(&x, &y).unwrap();
    for figure in [fit.plot().unwrap(), fit.residual_plot().unwrap()] {
        assert_texts_are_apart(&figure);
        let numbers: Vec<String> = words(&figure)
            .into_iter()
            .filter(|word| word.chars().all(|c| c.is_ascii_digit() || c == ','))
            .collect();
        let different: BTreeSet<&String> = numbers.iter().collect();
        assert!(numbers.len() > 3 && different.len() == numbers.len(), "{numbers:?}");
        assert!(numbers.iter().any(|number| number.starts_with("1,700,")), "{numbers:?}");
    }
}
