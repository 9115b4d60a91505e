//! Figures of unusual data: long names, many columns, straight paths, three points.

use ndarray::{Array1, Array4};

use super::super::{Figure, TrajectoryPlane};
use super::{assert_texts_are_apart, bird, row, texts};
use crate::filters::FilterBank;
use crate::models::{Form, fit_models};
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::table::ScoreTable;

fn words(figure: &Figure) -> Vec<String> {
    texts(figure).into_iter().map(|(text, _)| text).collect()
}

/// A run of one layer of filters with three channels; `value` is a weight, by filter, place and checkpoint.
fn run(layer: usize, filters: usize, checkpoints: u64, value: impl Fn(usize, usize, u64) -> f32) -> Session {
    let bank = |number: usize, checkpoint: u64| {
        let weight = |(filter, channel, y, x)| value(filter, 9 * channel + 3 * y + x, checkpoint);
        FilterBank::new(number, Array4::from_shape_fn((filters, 3, 3, 3), weight), Array1::zeros(filters))
            .unwrap()
    };
    let session = |checkpoint: u64| {
        let layers: Vec<FilterBank> = (1..=layer).map(|number| bank(number, checkpoint)).collect();
        Session::from_filters(format!("at {checkpoint}"), 100 * checkpoint, layers).unwrap()
    };
    Session::from_checkpoints("run", &(0..checkpoints).map(session).collect::<Vec<_>>()).unwrap()
}

#[test]
fn panels_of_images_with_long_names_still_say_their_form() {
    let image = "a very long name of an image, as cameras and people give them (copy 2)";
    let rows = (1..9u64)
        .map(|n| row(&format!("s{n}"), 100 * n, 1, image, 0, 4.0 - (n as f64).ln() + (n % 3) as f64 * 0.2));
    let figure =
        fit_models(&ScoreTable::from_rows(rows.collect()).unwrap()).unwrap().residual_plots().unwrap();
    for form in Form::ALL {
        let ends =
            |text: &String| text.starts_with("layer 1, &quot;a ") && text.ends_with(&format!("…: {form}"));
        assert!(words(&figure).iter().any(ends), "{form}: {:?}", words(&figure));
    }
    assert_texts_are_apart(&figure);
}

#[test]
fn the_values_of_a_strip_of_many_columns_touch_neither_each_other_nor_their_label() {
    let run = run(1, 2, 17, |filter, place, n| ((7 * place + filter) % 5) as f32 - 2.0 + n as f32 / 9.0);
    let figure = ScoringOptions::default().filter_strip(&run, 1, 1, &bird());
    // Two layers are needed for the forward pass.
    assert!(figure.is_err());
    let figure = kernels().filter_strip(&run, 1, 1, &bird()).unwrap();
    assert_texts_are_apart(&figure);
    let score = texts(&figure).into_iter().find(|(text, _)| text == "score").unwrap().1;
    let is_value = |(text, at): &(String, [f32; 4])| text.starts_with("0.") && (at[1] - score[1]).abs() < 6.0;
    let values: Vec<[f32; 4]> = texts(&figure).into_iter().filter(is_value).map(|(_, at)| at).collect();
    assert_eq!(values.len(), 17);
    let mut left = score;
    for value in values {
        assert!(value[0] - left[2] >= 2.0, "{left:?} {value:?}");
        left = value;
    }
}

fn kernels() -> ScoringOptions {
    ScoringOptions::default().reading(crate::responses::Reading::KernelSliceSum)
}

#[test]
fn a_straight_path_is_a_straight_line() {
    // Places differ in how far they go, and 32 bits round.
    let straight = run(1, 1, 9, |_, place, n| 0.1 + (place as f32 - 11.3) * 0.01 * n as f32 / 7.0);
    let figure = kernels()
        .trajectories(std::slice::from_ref(&straight), 1, &bird(), TrajectoryPlane::Changes)
        .unwrap();
    assert!(figure.caption().starts_with("n = 1 filter at 9 points"), "{}", figure.caption());
    // Rounding, some 1e-8, has no axis of its own.
    assert!(!words(&figure).iter().any(|text| text.contains("e−")), "{:?}", words(&figure));
    assert_texts_are_apart(&figure);
}

#[test]
fn filters_that_did_not_change_have_no_variance_to_hold() {
    let frozen = run(1, 2, 3, |filter, place, _| (filter + place) as f32);
    let figure =
        kernels().trajectories(std::slice::from_ref(&frozen), 1, &bird(), TrajectoryPlane::Changes).unwrap();
    assert!(
        figure.caption().contains("The 27 changes of weights are the same everywhere"),
        "{}",
        figure.caption()
    );
    assert!(!words(&figure).iter().any(|text| text.contains('%')), "{:?}", words(&figure));
    assert_texts_are_apart(&figure);
}

#[test]
fn the_numbers_of_three_points_lie_beside_each_other() {
    let rows =
        [(100, 3.0), (200, 2.0), (300, 2.5)].map(|(n, score)| row(&format!("s{n}"), n, 1, "bird", 0, score));
    let fits = fit_models(&ScoreTable::from_rows(rows.into()).unwrap()).unwrap();
    for fit in fits.iter() {
        let figure = fit.diagnostic_plots().unwrap();
        assert_texts_are_apart(&figure);
        for number in ["1", "2", "3"] {
            assert!(words(&figure).iter().filter(|text| *text == number).count() >= 4, "{number}");
        }
    }
}

#[test]
fn only_kernels_of_layer_1_are_those_of_colours() {
    let deep = run(2, 3, 2, |filter, place, n| (filter + place) as f32 - 9.0 + n as f32);
    let of = |layer: usize| {
        [
            deep.filters(layer).unwrap().grid().unwrap(),
            Figure::filter_strip(&deep, layer, 0).unwrap(),
            Figure::filters_by_iteration(&deep, layer).unwrap(),
            Figure::hinton_diagram(&deep, layer).unwrap(),
            crate::matching::match_filters(&deep, &deep.clone().named("again"), layer)
                .unwrap()
                .figure()
                .unwrap(),
        ]
    };
    for (layer, colours) in [(1, true), (2, false)] {
        for figure in of(layer) {
            let says = figure.caption().contains("red, green and blue");
            assert_eq!(says, colours, "{}: {}", figure.title(), figure.caption());
            let has = words(&figure).iter().any(|text| ["R", "G", "B"].contains(&text.as_str()));
            assert!(colours || !has, "{}", figure.title());
        }
    }
}
