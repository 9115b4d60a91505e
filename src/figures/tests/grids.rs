//! Grids of filters and responses, and their colours.

use ndarray::{Array1, Array3, Array4};

use super::super::Figure;
use super::super::palette::{Rgb, diverging};
use super::{bird, hand_made, pixels, session, table, texts};
use crate::dataset::Picture;
use crate::filters::FilterBank;
use crate::responses::{Border, Reading, ResponseOptions, responses};
use crate::softness::ScoringOptions;
use crate::table::ScoreTable;

fn bank(layer: usize, dim: (usize, usize, usize, usize), weight: impl Fn(usize) -> f32) -> FilterBank {
    let mut index = 0;
    let weights = Array4::from_shape_simple_fn(dim, || {
        index += 1;
        weight(index - 1)
    });
    FilterBank::new(layer, weights, Array1::zeros(dim.0)).unwrap()
}

fn red_frames(figure: &Figure) -> usize {
    figure.svg().lines().filter(|line| line.starts_with("<rect") && line.contains("#d62728")).count()
}

#[test]
fn zero_is_white_and_the_ends_are_the_dark_blue_and_red_of_rdbu() {
    assert_eq!(diverging(0.0, 2.0), Rgb([255; 3]));
    assert_eq!(diverging(0.0, 0.0), Rgb([255; 3]));
    assert_eq!(diverging(-2.0, 2.0).to_string(), "#053061");
    assert_eq!(diverging(2.0, 2.0).to_string(), "#67001f");
    assert_eq!(diverging(9.0, 2.0), diverging(2.0, 2.0));
    // A fifth of the way is the first stop on each side.
    assert_eq!(diverging(0.4, 2.0).to_string(), "#fddbc7");
    assert_eq!(diverging(-0.4, 2.0).to_string(), "#d1e5f0");
}

#[test]
fn equal_magnitudes_are_equally_dark_to_a_fifth_of_the_scale() {
    /// ColorBrewer's stops of one rank differ in luma by up to 46 of 255 (#b2182b and #2166ac: 73 and 99).
    const UNEVEN: f64 = 50.0;
    let luma = |Rgb([r, g, b]): Rgb| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    let mut before = f64::INFINITY;
    for step in 0..=100 {
        let value = f64::from(step) / 100.0;
        let (blue, red) = (luma(diverging(-value, 1.0)), luma(diverging(value, 1.0)));
        assert!((blue - red).abs() < UNEVEN, "at {value}");
        assert!(blue + red < before + 1e-9, "darker with magnitude, at {value}");
        before = blue + red;
    }
}

#[test]
fn known_weights_have_their_colours_in_the_pixels() {
    // One filter of 1 x 1 with the channels -1, 0, 1: a blue, a white and a red cell of 40 pixels.
    let figure = bank(1, (1, 3, 1, 1), |index| index as f32 - 1.0).grid().unwrap();
    let pixels = pixels(&figure);
    let where_is = |colour: [u8; 3]| -> Vec<(u32, u32)> {
        let all = pixels.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 == colour);
        let (columns, rows): (Vec<u32>, Vec<u32>) = all.map(|(x, y, _)| (x, y)).unzip();
        columns.into_iter().zip(rows).collect()
    };
    let (blue, red) = (where_is([0x05, 0x30, 0x61]), where_is([0x67, 0x00, 0x1f]));
    // 80 x 80 pixels without their frames, and the ends of the colour bar.
    assert!((6_000..6_600).contains(&blue.len()), "{}", blue.len());
    assert!((6_000..6_600).contains(&red.len()), "{}", red.len());
    let (first, last) = (blue[0], red[0]);
    assert_eq!(first.1, last.1, "side by side");
    assert_eq!(last.0 - first.0, 2 * 2 * (40 + 4), "two cells apart");
    let middle = pixels.get_pixel((first.0 + last.0) / 2 + 40, first.1 + 40);
    assert_eq!(middle.0, [255; 3], "zero is white between them");
}

#[test]
fn the_second_layer_shows_the_first_kernel_of_each_filter() {
    // Weights grow with their place: slice 0 of filter f starts at f * 2 * 9.
    let figure = bank(2, (2, 2, 3, 3), |index| index as f32).grid().unwrap();
    let shown = [0.0, 8.0, 18.0, 26.0];
    for value in shown {
        assert!(figure.svg().contains(&format!("stroke=\"{}\"", diverging(value, 26.0))), "{value}");
    }
    assert!(!figure.svg().contains(&format!("stroke=\"{}\"", diverging(13.0, 26.0))));
    assert!(figure.svg().contains("the first kernel f[0] of 2"));
}

#[test]
fn filters_that_are_all_zero_are_white() {
    let figure = bank(1, (2, 3, 3, 3), |_| 0.0).grid().unwrap();
    let cells: Vec<_> = figure.svg().lines().filter(|line| line.starts_with("<path stroke=\"#")).collect();
    assert_eq!(cells.len(), 1);
    assert!(cells[0].contains("#ffffff"));
}

#[test]
fn banks_of_other_sizes_are_drawn_too() {
    for dim in [(1, 1, 1, 1), (64, 32, 5, 5), (32, 3, 11, 11), (7, 3, 3, 3), (100, 3, 31, 31)] {
        let figure = bank(1, dim, |index| (index % 7) as f32 - 3.0).grid().unwrap();
        assert!(figure.png().unwrap().starts_with(b"\x89PNG"), "{dim:?}");
        assert!(texts(&figure).iter().all(|(_, at)| at[0] >= 0.0 && at[2] <= 640.0), "{dim:?}");
    }
}

/// The session's table with the maps of these filters labelled soft by hand.
fn labelled(soft: &[usize]) -> ScoreTable {
    let mut rows = table().rows().to_vec();
    for row in &mut rows {
        row.soft = row.layer == 2 && soft.contains(&row.filter);
        row.soft_threshold = None;
    }
    ScoreTable::from_rows(rows).unwrap()
}

#[test]
fn soft_maps_and_no_others_are_outlined_in_red_and_counted() {
    for soft in [vec![], vec![0], vec![3, 17, 35], (0..36).collect()] {
        let figure = Figure::response_grid(session(), 2, &bird(), &labelled(&soft)).unwrap();
        assert_eq!(red_frames(&figure), soft.len());
        let are = if soft.len() == 1 { "is" } else { "are" };
        let caption = format!("{} of 36 maps {are} soft (labelled by hand)", soft.len());
        let words: Vec<_> = texts(&figure).into_iter().map(|(text, _)| text).collect();
        assert!(words.join(" ").contains(&caption), "{words:?}");
        // The numbers of soft maps are red too, so the right ones are outlined.
        let numbers = figure.svg().lines().filter(|line| line.starts_with("<path fill=\"#d62728\""));
        let numbers: Vec<String> = numbers.map(|line| line.split('"').nth(3).unwrap().to_string()).collect();
        assert_eq!(numbers, soft.iter().map(usize::to_string).collect::<Vec<_>>());
    }
}

#[test]
fn the_caption_names_the_threshold_of_the_table() {
    let figure = Figure::response_grid(session(), 1, &bird(), table()).unwrap();
    let threshold = table().rows()[0].soft_threshold.unwrap();
    let words: Vec<_> = texts(&figure).into_iter().map(|(text, _)| text).collect();
    assert!(words.join(" ").contains(&format!("score below {threshold:.4}")), "{words:?}");
    let soft = table().soft(session().name(), 1, "bird").unwrap();
    assert_eq!(red_frames(&figure), soft.iter().filter(|&&soft| soft).count());
}

#[test]
fn a_response_grid_of_36_maps_stays_below_600_kilobytes() {
    let figure = Figure::response_grid(session(), 2, &bird(), table()).unwrap();
    assert!(figure.svg().len() < 600_000, "{}", figure.svg().len());
    let figure = Figure::response_grid(session(), 1, &bird(), table()).unwrap();
    assert!(figure.svg().len() < 600_000, "{}", figure.svg().len());
}

#[test]
fn a_large_picture_is_shown_reduced_and_the_caption_says_so() {
    let large = Array3::from_shape_fn((3, 90, 200), |(_, y, x)| (y + x) as u8);
    let large = Picture::rgb("large", large);
    let table = hand_made(session().name(), "large");
    let figure = Figure::response_grid(session(), 1, &large, &table).unwrap();
    assert!(figure.svg().contains("Shown reduced by 4."));
    assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_table_without_the_session_is_an_error_that_names_it() {
    let error = Figure::response_grid(&session().clone().named("other"), 1, &bird(), table()).unwrap_err();
    assert!(error.to_string().contains("\"other\""), "{error}");
}

#[test]
fn the_border_valid_leaves_smaller_maps() {
    // Six maps fill a row, so smaller maps have larger cells: 5 pixels for 16 x 16 values, 8 for 10 x 10. The cells of
    // the picture itself have 3.
    let side = |figure: Figure| -> Vec<String> {
        let groups = figure.svg().lines().filter(|line| line.starts_with("<g ")).map(str::to_owned);
        groups
            .filter_map(|line| Some(line.split("stroke-width=\"").nth(1)?.split('"').next()?.to_owned()))
            .collect()
    };
    let valid = ResponseOptions::default().border(Border::Valid);
    let [same, valid] = [ResponseOptions::default(), valid]
        .map(|options| side(options.grid(session(), 2, &bird(), table()).unwrap()));
    assert_eq!((same, valid), (vec!["3".into(), "5".into()], vec!["3".into(), "8".into()]));
}

/// What a grid says, in the order of its texts.
fn words(figure: &Figure) -> String {
    texts(figure).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_grid_to_label_tells_neither_the_session_nor_which_maps_are_soft() {
    let figure = ResponseOptions::default().grid_to_label("Network A", session(), 1, &bird()).unwrap();
    assert_eq!(red_frames(&figure), 0);
    let words = words(&figure);
    assert!(words.starts_with("Network A 16 maps. Each map has its own scale"), "{words}");
    for told in [session().name(), "soft", "iteration", "labelled"] {
        assert!(!words.contains(told), "{told} in {words}");
    }
    // The maps are those of the grid with labels.
    let cells = |figure: &Figure| -> Vec<String> {
        figure.svg().lines().filter(|line| line.starts_with("<path stroke=\"#")).map(str::to_owned).collect()
    };
    let labelled = Figure::response_grid(session(), 1, &bird(), table()).unwrap();
    assert_eq!(cells(&figure).len(), cells(&labelled).len());
}

#[test]
fn a_map_is_a_figure_with_its_score() {
    let maps = responses(session(), 1, &bird(), ResponseOptions::default()).unwrap();
    let figure = maps[3].figure().unwrap();
    assert_eq!(figure.title(), "Image bird through filter 3 of layer 1");
    let score = table().scores(session().name(), 1, "bird").unwrap()[3];
    let words = words(&figure);
    assert!(words.contains(&format!("Softness score {score:.4}; 32 × 32 values")), "{words}");
}

#[test]
fn a_gallery_puts_figures_beside_each_other_and_then_below() {
    let maps = responses(session(), 1, &bird(), ResponseOptions::default()).unwrap();
    let figures: Vec<Figure> = maps[..5].iter().map(|map| map.figure().unwrap()).collect();
    let gallery = Figure::gallery(&figures).unwrap();
    // Four columns of 320 pixels, 16 apart, and a second row.
    assert_eq!((gallery.width(), gallery.height()), (4 * 320 + 3 * 16, 2 * figures[0].height() + 16));
    assert!(
        gallery.title().starts_with("Image bird through filter 0 of layer 1; Image bird through filter 1")
    );
    for (figure, (x, y)) in figures.iter().zip([(0, 0), (336, 0), (672, 0), (1008, 0), (0, 1)]) {
        let at = format!("<svg x=\"{x}\" y=\"{}\" width=\"320\"", y * (figures[0].height() + 16));
        assert!(gallery.svg().contains(&at), "{at}");
        let score = figure.html().into_string().split("Softness score ").nth(1).unwrap()[..6].to_owned();
        assert!(gallery.html().into_string().contains(&score), "{score}");
    }
    assert!(gallery.html().into_string().contains("32 × 32 values; Session "), "captions are told apart");
    // Each figure's pixels are where they are alone: the first one is the gallery's corner.
    let pixels = |figure: &Figure| image::load_from_memory(&figure.png().unwrap()).unwrap().into_rgba8();
    let (alone, together) = (pixels(&figures[1]), pixels(&gallery));
    for (x, y, pixel) in alone.enumerate_pixels() {
        assert_eq!(together.get_pixel(x + 2 * 336, y), pixel, "{x}, {y}");
    }
    assert_eq!(Figure::gallery(&figures[..1]).unwrap(), figures[0]);
    let error = Figure::gallery(&[]).unwrap_err();
    assert_eq!(error.to_string(), "A gallery: there is nothing to draw, since there is no figure");
}

#[test]
fn each_kernel_has_its_map_under_the_number_of_its_filter_and_the_maps_of_soft_filters_are_outlined() {
    let options = ScoringOptions::default().reading(Reading::EachKernel);
    let scored = options.softness_table(std::slice::from_ref(session()), &[bird()]).unwrap();
    let mut rows = scored.rows().to_vec();
    for row in &mut rows {
        (row.soft, row.soft_threshold) = (row.filter % 8 == 1, None);
    }
    let table = ScoreTable::from_rows(rows).unwrap();
    for (layer, filters, kernels) in [(1, 16, 3), (2, 36, 16)] {
        let figure = options.response.grid(session(), layer, &bird(), &table).unwrap();
        let shown = filters.min(128 / kernels);
        let [soft, soft_shown] =
            [filters, shown].map(|count| (0..count).filter(|filter| filter % 8 == 1).count());
        assert_eq!(red_frames(&figure), soft_shown * kernels);
        let numbers =
            texts(&figure).into_iter().filter(|(text, _)| text.contains(':') && !text.contains(' '));
        let numbers: Vec<String> = numbers.map(|(text, _)| text).collect();
        assert_eq!(numbers.len(), shown * kernels);
        assert_eq!((&*numbers[0], &*numbers[kernels + 1]), ("0:0", "1:1"));
        let words = figure.caption();
        assert!(
            words.contains(&format!("{soft} of {filters} filters are soft (labelled by hand)")),
            "{words}"
        );
        let part = if layer == 1 { "" } else { " Filters 0 to 7 of 36 are shown." };
        assert!(words.ends_with(&format!(" 3:5 is kernel 5 of filter 3.{part}")), "{words}");
    }
    let map = &responses(session(), 2, &bird(), options.response).unwrap()[17];
    assert_eq!(map.figure().unwrap().title(), "Image bird through kernel 1 of filter 1 of layer 2");
}

#[test]
fn the_drawing_of_readings_has_every_reading_and_is_refused_without_one() {
    for reading in Reading::ALL {
        let figure = Figure::readings(&[reading]).unwrap();
        assert_eq!(figure.title(), format!("How a filter is read: {}", reading.in_words()));
        let texts = texts(&figure);
        let name = format!("{} ({reading})", reading.in_words());
        assert!(texts.iter().any(|(text, _)| *text == name), "{reading}");
    }
    let error = Figure::readings(&[]).unwrap_err().to_string();
    assert!(error.contains("there is no reading"), "{error}");
}
