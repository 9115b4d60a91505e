//! Grids of several pictures, roughness, slices and patches: what is in the pixels is what was computed.

use std::sync::OnceLock;

use ndarray::{Array1, Array2, Array4};

use super::super::driving_patches::{Peak, strongest, test_pictures};
use super::super::palette::{Rgb, diverging, grey, sequential};
use super::super::*;
use super::{bird, pixels, session, texts};
use crate::dataset::{Dataset, Picture};
use crate::error::ErrorKind;
use crate::filters::FilterBank;
use crate::responses::{Reading, ResponseOptions, responses};
use crate::session::Session;
use crate::softness::{Normalisation, ScoringOptions, local_deviations};
use crate::table::{ScoreTable, softness_table};

fn pictures() -> [Picture; 2] {
    [bird(), Picture::static_noise(1)]
}

/// The session's scores on both pictures, with the maps of these filters of layer 2 on static labelled soft by hand.
fn labelled(soft: &[usize]) -> ScoreTable {
    static SCORED: OnceLock<ScoreTable> = OnceLock::new();
    let scored = SCORED.get_or_init(|| softness_table(std::slice::from_ref(session()), &pictures()).unwrap());
    let mut rows = scored.rows().to_vec();
    for row in &mut rows {
        row.soft = row.layer == 2 && row.image == "static" && soft.contains(&row.filter);
        row.soft_threshold = None;
    }
    ScoreTable::from_rows(rows).unwrap()
}

/// The upper left corners of what is framed, in pixels, in the order of the drawing. The frames of soft maps are red.
fn frames(figure: &Figure) -> Vec<((f32, f32), bool)> {
    let value = |line: &str, name: &str| -> Option<f32> {
        line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse().ok()
    };
    let frame = |line: &str| {
        let width = value(line, "stroke-width")?;
        let middle = if line.contains("#d62728") { width / 2.0 } else { 0.0 };
        let place = |name: &str| Some(((value(line, name)? + middle) / 50.0).round());
        Some(((place("x")?, place("y")?), line.contains("#d62728")))
    };
    let lines =
        figure.svg().lines().filter(|line| line.starts_with("<rect") && line.contains("fill=\"none\""));
    lines.map(|line| frame(line).unwrap()).collect()
}

/// Whether the cells of these colours are in the pixels of a figure, with this size and upper left corner.
#[track_caller]
fn assert_shown(figure: &image::RgbImage, corner: (f32, f32), cell: usize, colours: &Array2<Rgb>) {
    for ((row, column), colour) in colours.indexed_iter() {
        // The middle of a cell, in an image of two pixels for one of the figure.
        let at = |first: f32, index: usize| (2.0 * (first + (index as f32 + 0.5) * cell as f32)) as u32;
        let pixel = figure.get_pixel(at(corner.0, column), at(corner.1, row)).0;
        assert_eq!(Rgb(pixel), *colour, "row {row}, column {column} from {corner:?}");
    }
}

fn extremes<'a>(values: impl IntoIterator<Item = &'a f64>) -> (f64, f64) {
    values
        .into_iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)))
}

#[test]
fn grids_show_each_map_by_itself_or_all_on_one_scale_and_outline_the_soft_ones() {
    let table = labelled(&[2, 8, 30]);
    for (layer, cell, columns) in [(1, 2, 8), (2, 3, 9)] {
        let maps =
            pictures().map(|picture| responses(session(), layer, &picture, Default::default()).unwrap());
        let all = extremes(maps.iter().flatten().flat_map(|map| map.map()));
        for scale in MapScale::ALL {
            let options = ResponseOptions::default();
            let figure = options.grids(session(), layer, &pictures(), &table, scale).unwrap();
            let drawn = pixels(&figure);
            let mut frames = frames(&figure).into_iter();
            if scale == MapScale::Shared {
                frames.next().expect("the colour scale has a frame");
            }
            // Blocks of columns; in each a row for each picture: the picture itself and then the maps.
            for first in (0..maps[0].len()).step_by(columns) {
                for (maps, picture) in maps.iter().zip(pictures()) {
                    frames.next().expect("the picture has a frame");
                    for map in &maps[first..first + columns] {
                        let (corner, is_red) = frames.next().unwrap();
                        let is_soft =
                            layer == 2 && picture.name() == "static" && [2, 8, 30].contains(&map.filter());
                        assert_eq!(is_red, is_soft, "{}", map.filter());
                        let (low, high) = if scale == MapScale::Shared { all } else { extremes(map.map()) };
                        let colours = map.map().mapv(|value| grey((value - low) / (high - low)));
                        assert_shown(&drawn, corner, cell, &colours);
                    }
                }
            }
            assert_eq!(frames.next(), None);
            let of = if layer == 1 { (0, 16) } else { (3, 36) };
            let counts =
                format!("bird 0 of {1} (labelled by hand); static {0} of {1} (labelled by hand)", of.0, of.1);
            assert!(figure.caption().contains(&counts), "{}", figure.caption());
        }
    }
}

#[test]
fn grids_of_kernels_are_numbered_by_filter_and_kernel_and_say_what_is_left_out() {
    let (options, table) = (ScoringOptions::default().reading(Reading::EachKernel), labelled(&[1]));
    let grids =
        |layer| options.response.grids(session(), layer, &pictures(), &table, MapScale::EachMap).unwrap();
    let figure = grids(2);
    let numbers: Vec<_> =
        texts(&figure).into_iter().filter(|(text, _)| text.split(':').count() == 2).collect();
    assert_eq!(numbers.iter().filter(|(text, _)| !text.contains(' ')).count(), 3 * 16);
    assert!(figure.caption().ends_with("3:5 is kernel 5 of filter 3. Filters 0 to 2 of 36 are shown."));
    assert!(grids(1).caption().ends_with("3:5 is kernel 5 of filter 3."), "all 48 kernels of layer 1 fit");
}

#[test]
fn grids_need_a_picture_that_the_table_has() {
    let table = labelled(&[]);
    let error = Figure::response_grids(session(), 1, &[], &table).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotDraw);
    assert!(error.to_string().contains("there is no picture"), "{error}");
    let error = Figure::response_grids(session(), 1, &[bird().named("cat")], &table).unwrap_err();
    assert!(error.kind() == ErrorKind::NotFound && error.to_string().contains("\"cat\""), "{error}");
    assert_eq!(
        Figure::response_grids(session(), 3, &pictures(), &table).unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[test]
fn roughness_is_drawn_at_the_middle_of_its_window_above_the_score_that_is_its_mean() {
    let options = ScoringOptions::default();
    for (layer, cell) in [(1, 2), (2, 3)] {
        let maps = responses(session(), layer, &bird(), options.response).unwrap();
        let rough: Vec<_> = maps
            .iter()
            .map(|map| local_deviations(map.map().view(), Normalisation::MinMax).unwrap())
            .collect();
        let (_, largest) = extremes(rough.iter().flatten());
        let figure = Figure::roughness_map(session(), layer, &bird()).unwrap();
        let (drawn, said) = (pixels(&figure), texts(&figure));
        // The picture and the colour scale, then pairs.
        let frames = frames(&figure);
        assert_eq!(frames.len(), 2 + 2 * maps.len());
        for ((pair, map), rough) in frames[2..].chunks(2).zip(&maps).zip(&rough) {
            let (low, high) = extremes(map.map());
            let colours = map.map().mapv(|value| grey((value - low) / (high - low)));
            assert_shown(&drawn, pair[0].0, cell, &colours);
            let (x, y) = pair[1].0;
            let inside = (x + cell as f32, y + cell as f32);
            assert_shown(&drawn, inside, cell, &rough.mapv(|value| sequential(value / largest)));
            let score = format!("{:.4}", rough.mean().unwrap());
            let is_below = |at: &[f32; 4]| (at[0] - x).abs() < 2.0 && at[1] > y && at[1] < y + 64.0 + 20.0;
            assert!(said.iter().any(|(text, at)| *text == score && is_below(at)), "{score} below {x}, {y}");
            assert_eq!(score, format!("{:.4}", options.score(map).unwrap().value()));
        }
    }
}

#[test]
fn roughness_follows_the_options_and_refuses_what_cannot_be_scored() {
    let raw = ScoringOptions::default().normalisation(Normalisation::Raw);
    let figure = raw.roughness_map(session(), 1, &bird()).unwrap();
    let maps = responses(session(), 1, &bird(), raw.response).unwrap();
    let score = format!("{:.4}", raw.score(&maps[5]).unwrap().value());
    assert!(texts(&figure).iter().any(|(text, _)| *text == score), "{score}");
    let each = ScoringOptions::default().reading(Reading::EachKernel);
    let figure = each.roughness_map(session(), 2, &bird()).unwrap();
    assert!(figure.caption().contains("the first 64 of 576 maps"), "{}", figure.caption());
    let tiny =
        Picture::rgb("tiny", ndarray::Array3::from_shape_fn((3, 4, 4), |(_, y, x)| (40 * y + x) as u8));
    let error = Figure::roughness_map(session(), 2, &tiny).unwrap_err();
    assert!(error.kind() == ErrorKind::CannotScore && error.to_string().contains("3 x 3"), "{error}");
}

fn bank(layer: usize, dim: (usize, usize, usize, usize)) -> FilterBank {
    let values = crate::golden::noise(dim.0 * dim.1 * dim.2 * dim.3, 4);
    let weights = Array4::from_shape_vec(dim, values.iter().map(|&value| value as f32).collect()).unwrap();
    FilterBank::new(layer, weights, Array1::zeros(dim.0)).unwrap()
}

#[test]
fn slices_show_every_weight_of_every_kernel_on_one_scale() {
    for (dim, cell) in [((36, 16, 5, 5), 3), ((7, 3, 3, 3), 10), ((4, 1, 11, 11), 2), ((3, 40, 5, 5), 3)] {
        let bank = bank(2, dim);
        let figure = Figure::kernel_slices(&bank).unwrap();
        let (drawn, frames) = (pixels(&figure), frames(&figure));
        let slices = dim.1.min(32);
        // The frame of the colour scale is the last.
        assert_eq!(frames.len(), dim.0 * slices + 1);
        let shown = bank.weights().slice(ndarray::s![.., ..slices, .., ..]);
        let limit = shown.iter().fold(0f32, |limit, weight| limit.max(weight.abs()));
        for (place, (corner, _)) in frames[..dim.0 * slices].iter().enumerate() {
            let weights = shown.slice(ndarray::s![place / slices, place % slices, .., ..]);
            let colours = weights.mapv(|weight| diverging(f64::from(weight), f64::from(limit)));
            assert_shown(&drawn, *corner, cell, &colours);
        }
        let said = if dim.1 > 32 { "one of the first 32 of 40 channels" } else { "one scale" };
        assert!(figure.caption().contains(said), "{}", figure.caption());
    }
    assert!(
        Figure::kernel_slices(&bank(1, (70, 64, 31, 31)))
            .unwrap()
            .caption()
            .contains("the first 64 of 70 filters")
    );
    assert_eq!(Figure::kernel_slices(&bank(1, (2, 1, 100, 100))).unwrap().width(), 640);
}

#[test]
fn the_strongest_patches_are_those_of_the_largest_values_over_all_test_images() {
    let dataset = Dataset::tiny();
    let images = test_pictures(&dataset).unwrap();
    assert_eq!(images.len(), 20);
    for (layer, side, cell) in [(1, 5, 6), (2, 14, 2)] {
        let found = strongest(session(), layer, &images).unwrap();
        let maps: Vec<_> = images
            .iter()
            .map(|image| responses(session(), layer, image, ResponseOptions::default()).unwrap())
            .collect();
        for (filter, found) in found.iter().enumerate() {
            let mut largest: Vec<f64> = maps.iter().map(|maps| extremes(maps[filter].map()).1).collect();
            for &Peak { value, image, place } in found {
                assert_eq!(maps[image][filter].map()[place], value);
            }
            largest.sort_by(|a, b| b.total_cmp(a));
            assert_eq!(found.iter().map(|peak| peak.value).collect::<Vec<_>>(), largest[..4]);
        }
        let figure = Figure::driving_patches(session(), layer, &dataset).unwrap();
        assert!(figure.caption().contains("its 4 largest values in 20 test images (a tiny example)"));
        assert!(figure.caption().contains(&format!("the {side} × {side} patches")));
        let (drawn, frames) = (pixels(&figure), frames(&figure));
        let peaks: Vec<&Peak> = found.iter().flatten().collect();
        assert_eq!(frames.len(), peaks.len());
        let mut outside = 0;
        for ((corner, _), peak) in frames.into_iter().zip(peaks) {
            // The first pixel of the field, counted by hand: two zeros around layer 1's input; for layer 2 two zeros around
            // the pooled maps, each value of which is a maximum of 2 x 2.
            let first =
                |place: usize| if layer == 1 { place as isize - 2 } else { 2 * (place as isize - 2) - 2 };
            let (top, left) = (first(peak.place.0), first(peak.place.1));
            let pixels = images[peak.image].pixels();
            let colours = Array2::from_shape_fn((side, side), |(row, column)| {
                let (row, column) = (top + row as isize, left + column as isize);
                if (0..32).contains(&row) && (0..32).contains(&column) {
                    return Rgb([0, 1, 2].map(|channel| pixels[[channel, row as usize, column as usize]]));
                }
                outside += 1;
                Rgb([0xd8; 3])
            });
            assert_shown(&drawn, corner, cell, &colours);
        }
        assert!(outside > 0, "layer {layer}: no patch reaches over the edge, so nothing tests it");
    }
}

#[test]
fn patches_need_a_network_with_a_forward_pass() {
    let other = Session::from_filters("other", 5, [bank(1, (4, 3, 4, 4))]).unwrap();
    let error = Figure::driving_patches(&other, 1, &Dataset::tiny()).unwrap_err();
    assert!(error.kind() == ErrorKind::InvalidOption && error.to_string().contains("\"other\""), "{error}");
    assert_eq!(
        Figure::driving_patches(session(), 3, &Dataset::tiny()).unwrap_err().kind(),
        ErrorKind::NotFound
    );
}
