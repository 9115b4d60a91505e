//! Hinton diagrams and bond diagrams: areas and widths against weights, read from the SVG.

use ndarray::{Array1, Array2, Array4};

use super::super::Figure;
use super::super::layer_weights::{LayerWeights, kernel_norms};
use super::super::palette::{NEGATIVE, POSITIVE, Rgb};
use super::{session, texts};
use crate::error::ErrorKind;
use crate::filters::FilterBank;
use crate::session::Session;

/// A session of one layer with these weights.
fn one_layer(weights: Array4<f32>) -> Session {
    let bias = Array1::zeros(weights.dim().0);
    Session::from_filters("mine", 7, [FilterBank::new(1, weights, bias).unwrap()]).unwrap()
}

/// The squares of a colour: left, top and side, in drawing units. The last `legend` of a figure are its legend.
fn squares(figure: &Figure, colour: Rgb) -> Vec<[i32; 3]> {
    let lines =
        figure.svg().lines().filter(|line| line.starts_with(&format!("<path fill=\"{colour}\" d=\"M")));
    let squares = lines.flat_map(|line| {
        let data = line.split("d=\"").nth(1).unwrap().trim_end_matches("\"/>");
        data.split('M').skip(1).map(|square| {
            let numbers = square.split(['h', 'v', 'z', ' ']).filter_map(|number| number.parse().ok());
            let numbers: Vec<i32> = numbers.collect();
            assert_eq!((numbers[2], -numbers[2]), (numbers[3], numbers[4]), "{square}");
            [numbers[0], numbers[1], numbers[2]]
        })
    });
    squares.collect()
}

#[test]
fn areas_of_squares_are_in_proportion_to_weights_and_colours_are_their_signs() {
    let weights = [1.0, -0.25, 0.5, 0.0, -1.0, 0.04, 0.09, -0.81, 0.36];
    let figure = Figure::hinton_diagram(
        &one_layer(Array4::from_shape_vec((1, 1, 3, 3), weights.to_vec()).unwrap()),
        1,
    );
    let figure = figure.unwrap();
    let (mut red, blue) = (squares(&figure, POSITIVE), squares(&figure, NEGATIVE));
    // One path has those of the weights, another the two of the legend.
    assert_eq!((red.len(), blue.len()), (5 + 2, 3 + 2));
    let largest = f64::from(red[0][2]);
    // Eight pixels of 50 units, less a tenth of a pixel on both sides.
    assert_eq!(largest, 390.0);
    red.truncate(5);
    let positive = weights.iter().filter(|weight| **weight > 0.0);
    for (square, &weight) in red.iter().zip(positive) {
        // Sides are even numbers of units, so that an area may be two sides off.
        let area = f64::from(square[2]).powi(2);
        assert!((area - largest * largest * f64::from(weight)).abs() <= 2.0 * largest, "{weight}: {area}");
    }
    let negative = weights.iter().filter(|weight| **weight < 0.0);
    for (square, &weight) in blue.iter().zip(negative) {
        let area = f64::from(square[2]).powi(2);
        assert!((area + largest * largest * f64::from(weight)).abs() <= 2.0 * largest, "{weight}: {area}");
    }
    // Middles lie on the grid of the kernel: the first and the third weight are two cells apart in one row.
    let middle = |square: [i32; 3]| (square[0] + square[2] / 2, square[1] + square[2] / 2);
    let (first, third) = (middle(red[0]), middle(red[1]));
    assert_eq!((third.0 - first.0, third.1 - first.1), (2 * 8 * 50, 0));
}

#[test]
fn the_legend_of_a_hinton_diagram_always_has_large_and_small_squares_of_round_weights() {
    for power in [-9, -3, -1, 0, 2, 7] {
        for tenths in 10..100 {
            let limit = f64::from(tenths) / 10.0 * 10f64.powi(power);
            let weights = Array4::from_elem((1, 1, 1, 1), limit as f32);
            let figure = Figure::hinton_diagram(&one_layer(weights), 1).unwrap();
            let labels: Vec<String> = texts(&figure).into_iter().map(|(text, _)| text).collect();
            let last = labels.iter().position(|text| text == "weight").unwrap();
            let number = |text: &String| text.replace('−', "-").replace(',', "").parse::<f64>().unwrap();
            let shown: Vec<f64> = labels[last - 4..last].iter().map(number).collect();
            assert_eq!((shown[0], shown[1]), (-shown[3], -shown[2]), "{limit}: {shown:?}");
            let [small, large] = [shown[2], shown[3]].map(|value| value / limit);
            assert!((0.4..=1.000_001).contains(&large), "{limit}: {shown:?}");
            assert!((0.05..=0.150_001).contains(&small), "{limit}: {shown:?}");
            // Of the one weight, and two in the legend.
            assert_eq!((squares(&figure, POSITIVE).len(), squares(&figure, NEGATIVE).len()), (1 + 2, 2));
        }
    }
}

#[test]
fn every_layer_of_a_trained_session_has_a_hinton_diagram_with_all_its_weights() {
    let session = session();
    for (layer, count) in [(1, 16 * 3 * 25), (2, 36 * 16 * 25), (3, 36 * 8), (4, 8 * 10)] {
        let figure = Figure::hinton_diagram(session, layer).unwrap();
        let drawn = squares(&figure, POSITIVE).len() + squares(&figure, NEGATIVE).len();
        // Weights of nearly nothing have no square.
        assert!(drawn <= count + 4 && drawn > count * 9 / 10, "layer {layer}: {drawn} of {count}");
    }
    let dense = Figure::hinton_diagram(session, 3).unwrap();
    assert!(dense.caption().contains("n = 18,432 weights"), "{}", dense.caption());
    assert!(dense.caption().contains("root mean square of the 64 weights from one map to one unit"));
}

#[test]
fn a_dense_layer_is_taken_together_by_maps() {
    let session = session();
    let LayerWeights::Dense(dense) = LayerWeights::of(session, 3).unwrap() else {
        panic!("layer 3 is dense")
    };
    assert_eq!((dense.strengths.dim(), dense.each), ((36, 8), 64));
    let weights = &session.weights().unwrap().dense[0];
    // By hand for one map and unit: rows 5 x 64 to 6 x 64 are map 5.
    let of_map: Vec<f64> = (5 * 64..6 * 64).map(|row| f64::from(weights[[row, 3]])).collect();
    let size = (of_map.iter().map(|weight| weight * weight).sum::<f64>() / 64.0).sqrt();
    let expected = if of_map.iter().sum::<f64>() < 0.0 { -size } else { size };
    assert_eq!(dense.strengths[[5, 3]], expected);
}

#[test]
fn bonds_of_kernels_are_their_norms_with_the_sign_of_their_sum() {
    let weights = Array4::from_shape_vec((2, 2, 1, 1), vec![3.0, -4.0, 0.0, 1.0]).unwrap();
    let bank = FilterBank::new(1, weights, Array1::zeros(2)).unwrap();
    // (channel, filter)
    assert_eq!(kernel_norms(&bank), Array2::from_shape_vec((2, 2), vec![3.0, 0.0, -4.0, 1.0]).unwrap());
    let weights = Array4::from_shape_vec((1, 1, 2, 2), vec![1.0, -3.0, 1.0, -5.0]).unwrap();
    assert_eq!(kernel_norms(&FilterBank::new(1, weights, Array1::zeros(1)).unwrap())[[0, 0]], -6.0);
}

/// The lines of a colour: their widths and the heights of their ends, in drawing units.
fn lines(figure: &Figure, colour: Rgb) -> Vec<(f64, [i32; 2])> {
    let lines = figure.svg().lines().filter(|line| line.contains(&format!("stroke=\"{colour}\"")));
    let read = |line: &str| {
        let of = |name: &str| line.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        let (from, to) = of("d").trim_start_matches('M').split_once('L').unwrap();
        let height = |place: &str| place.split(' ').nth(1).unwrap().parse().unwrap();
        (of("stroke-width").parse().unwrap(), [height(from), height(to)])
    };
    lines.map(read).collect()
}

#[test]
fn widths_of_bonds_are_in_proportion_to_strengths_and_the_strongest_is_on_top() {
    let weights = Array4::from_shape_vec((2, 2, 1, 1), vec![3.0, -4.0, 0.0, 1.0]).unwrap();
    let figure = Figure::bond_diagram(&one_layer(weights), 1).unwrap();
    assert!(figure.caption().starts_with("All 3 bonds."), "{}", figure.caption());
    let (red, blue) = (lines(&figure, POSITIVE), lines(&figure, NEGATIVE));
    let widths: Vec<f64> = red.iter().take(2).map(|line| line.0).collect();
    // Five pixels of 50 units are the strongest, 4; whole units.
    assert_eq!((widths, blue[0].0), (vec![63.0, 188.0], 250.0));
    // From channel 0 to filter 0, level; from channel 1 to filter 0, upwards.
    assert_eq!(red[1].1[0], red[1].1[1]);
    assert!(blue[0].1[0] > blue[0].1[1]);
    let place = |colour: Rgb, width: &str| {
        figure.svg().find(&format!("stroke=\"{colour}\" stroke-width=\"{width}\"")).unwrap()
    };
    assert!(
        place(POSITIVE, "63") < place(POSITIVE, "188") && place(POSITIVE, "188") < place(NEGATIVE, "250")
    );
}

#[test]
fn many_bonds_are_cut_to_the_strongest_and_the_caption_counts_them() {
    for (layer, all) in [(2, "576"), (3, "288")] {
        let figure = Figure::bond_diagram(session(), layer).unwrap();
        assert!(
            figure.caption().starts_with(&format!("The 100 strongest of {all} bonds.")),
            "{}",
            figure.caption()
        );
        let ends = |line: &(f64, [i32; 2])| line.1[0] != line.1[1];
        let drawn = [POSITIVE, NEGATIVE]
            .map(|colour| lines(&figure, colour).iter().filter(|line| ends(line)).count());
        assert!((80..=100).contains(&(drawn[0] + drawn[1])), "{drawn:?}");
    }
    assert!(Figure::bond_diagram(session(), 1).unwrap().caption().starts_with("All 48 bonds."));
    assert!(Figure::bond_diagram(session(), 4).unwrap().caption().starts_with("All 80 bonds."));
}

#[test]
fn layers_that_are_not_there_are_named() {
    let foreign = one_layer(Array4::from_elem((2, 3, 3, 3), 0.5));
    for draw in [Figure::hinton_diagram, Figure::bond_diagram] {
        for (session, layer, words) in [
            (session(), 0, "the convolutional layers are 1 to 2, and the dense layers 3 and 4"),
            (session(), 5, "there is no layer 5"),
            (&session().clone().without_dense_layers(), 3, "has no dense layers, so there is no layer 3"),
            (&foreign, 2, "session mine has no dense layers"),
            (&foreign, 4, "the convolutional layers are 1 to 1, and the dense layers 2 and 3"),
        ] {
            let error = draw(session, layer).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotFound);
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}

#[test]
fn layers_of_other_sizes_are_drawn_too() {
    for dim in [(1, 1, 1, 1), (2, 3, 100, 100), (70, 5, 3, 3), (3, 64, 5, 5), (4, 300, 1, 1)] {
        let mut index = 0u16;
        let weights = Array4::from_shape_simple_fn(dim, || {
            index = (index + 1) % 7;
            f32::from(index) - 3.0
        });
        for figure in [Figure::hinton_diagram, Figure::bond_diagram]
            .map(|draw| draw(&one_layer(weights.clone()), 1).unwrap())
        {
            assert!(figure.png().unwrap().starts_with(b"\x89PNG"), "{dim:?}");
            let texts = super::texts(&figure);
            assert!(
                texts.iter().all(|(_, at)| at[0] >= 0.0 && at[2] <= 640.0),
                "{dim:?}: {}",
                figure.title()
            );
        }
    }
    let zero = one_layer(Array4::zeros((2, 3, 3, 3)));
    assert_eq!(squares(&Figure::hinton_diagram(&zero, 1).unwrap(), POSITIVE).len(), 2, "the legend alone");
    assert!(Figure::bond_diagram(&zero, 1).unwrap().caption().starts_with("All 0 bonds."));
}
