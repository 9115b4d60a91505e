//! Figures are looked at by people; what a program can check of them is checked here.

use std::sync::OnceLock;

use image::RgbImage;
use ndarray::{Array1, Array3, Array4};
use resvg::usvg::{Options, Tree};

use super::accuracy::Line;
use super::palette::{Rgb, diverging, grey};
use super::text::Font;
use super::ticks::{Ticks, around_zero, iterations, number, padded};
use super::tiles::{Layout, reduced, reduction};
use super::*;
use crate::dataset::Dataset;
use crate::dataset::Picture;
use crate::filters::FilterBank;
use crate::models::{Fits, Form, fit, fit_models};
use crate::network::Architecture;
use crate::session::{Session, Training, train_in_memory};
use crate::table::{FilterScore, ScoreTable, softness_table};

/// A session of the paper's filters on forty pictures, trained once for all tests.
fn session() -> &'static Session {
    static SESSION: OnceLock<Session> = OnceLock::new();
    SESSION.get_or_init(|| {
        let architecture = Architecture { dense: 8, ..Architecture::paper() };
        let training = Training::paper().architecture(architecture).batch(8).iterations(40);
        train_in_memory(&Dataset::tiny(), training.evaluate_every(4).learning_rate(1e-3), &()).unwrap()
    })
}

fn bird() -> Picture {
    Dataset::tiny().bird()
}

fn table() -> &'static ScoreTable {
    static TABLE: OnceLock<ScoreTable> = OnceLock::new();
    TABLE.get_or_init(|| softness_table(std::slice::from_ref(session()), &[bird()]).unwrap())
}

fn bank(layer: usize, dim: (usize, usize, usize, usize), weight: impl Fn(usize) -> f32) -> FilterBank {
    let mut index = 0;
    let weights = Array4::from_shape_simple_fn(dim, || {
        index += 1;
        weight(index - 1)
    });
    FilterBank::new(layer, weights, Array1::zeros(dim.0)).unwrap()
}

/// A row of a score table without threshold.
fn row(session: &str, iterations: u64, layer: usize, image: &str, filter: usize, score: f64) -> FilterScore {
    FilterScore {
        session: session.into(),
        iterations,
        layer,
        image: image.into(),
        filter,
        score,
        constant: false,
        soft: false,
        soft_threshold: None,
    }
}

/// A table of the sixteen filters of layer 1 that calls none soft.
fn hand_made(session: &str, image: &str) -> ScoreTable {
    ScoreTable::from_rows((0..16).map(|filter| row(session, 40, 1, image, filter, 0.1)).collect()).unwrap()
}

/// Scores of the paper's eleven sessions that fall with iterations, one filter a layer.
fn fits(lowest: f64) -> Fits {
    let sessions = [1, 1, 1, 2_000, 2_000, 2_000, 10_000, 10_000, 30_000, 30_000, 50_000];
    let mut rows = Vec::new();
    for (number, iterations) in sessions.into_iter().enumerate() {
        for (layer, image) in [(1, "bird"), (1, "static"), (2, "bird"), (2, "static")] {
            let wave = ((number * 7 + layer * 3 + image.len()) % 5) as f64 * 0.2;
            let score =
                if iterations == 50_000 { lowest } else { 4.0 - (iterations as f64).ln() * 0.2 + wave };
            rows.push(row(&format!("session {number}"), iterations, layer, image, 0, score));
        }
    }
    fit_models(&ScoreTable::from_rows(rows).unwrap()).unwrap()
}

/// One figure of every kind.
fn all() -> Vec<Figure> {
    let fits = fits(1.5);
    let mut figures = vec![
        session().filters(1).unwrap().grid().unwrap(),
        session().filters(2).unwrap().grid().unwrap(),
        response_grid(session(), 1, &bird(), table()).unwrap(),
        response_grid(session(), 2, &bird(), table()).unwrap(),
        accuracy_curve(session()).unwrap(),
        r_squared_chart(&fits).unwrap(),
        residual_plots(&fits).unwrap(),
    ];
    figures.extend(fits.iter().flat_map(|fit| {
        [residual_plot(fit).unwrap(), fit_plot(fit).unwrap(), diagnostic_plots(fit).unwrap()]
    }));
    figures
}

fn pixels(figure: &Figure) -> RgbImage {
    image::load_from_memory(&figure.png().unwrap()).unwrap().into_rgb8()
}

/// The texts of a figure with the boxes of their outlines: left, top, right, bottom, in CSS pixels.
fn texts(figure: &Figure) -> Vec<(String, [f32; 4])> {
    let head = figure.svg().lines().next().unwrap();
    let labelled = figure.svg().lines().filter(|line| line.contains("aria-label"));
    let read = |line: &str| {
        let text = line.split("aria-label=\"").nth(1).unwrap().split('"').next().unwrap();
        let tree = Tree::from_str(&format!("{head}{line}</svg>"), &Options::default()).unwrap();
        let outline = tree.root().abs_bounding_box();
        (text.to_string(), [outline.left(), outline.top(), outline.right(), outline.bottom()])
    };
    labelled.map(read).collect()
}

fn red_frames(figure: &Figure) -> usize {
    figure.svg().lines().filter(|line| line.starts_with("<rect") && line.contains("#d62728")).count()
}

#[test]
fn text_is_outlines_and_no_font_is_asked_for() {
    for figure in all() {
        assert!(figure.svg().contains("aria-label="), "{}", figure.title());
        for forbidden in ["<text", "font-", "<image", "href"] {
            assert!(!figure.svg().contains(forbidden), "{}: {forbidden}", figure.title());
        }
    }
}

#[test]
fn every_svg_is_read_by_a_renderer_at_its_size_and_the_png_has_twice_as_many_pixels() {
    for figure in all() {
        let tree = Tree::from_str(figure.svg(), &Options::default()).unwrap();
        let size = (tree.size().width(), tree.size().height());
        assert_eq!(size, (figure.width() as f32, figure.height() as f32));
        assert_eq!(pixels(&figure).dimensions(), (2 * figure.width(), 2 * figure.height()));
        assert!([320, 640].contains(&figure.width()), "{}", figure.title());
    }
}

#[test]
fn no_text_leaves_its_figure_or_touches_another() {
    for figure in all() {
        let texts = texts(&figure);
        for (index, (text, [left, top, right, bottom])) in texts.iter().enumerate() {
            let inside = *left >= 0.0
                && *top >= 0.0
                && *right <= figure.width() as f32
                && *bottom <= figure.height() as f32;
            assert!(inside, "{}: {text} lies outside", figure.title());
            for (other, [l, t, r, b]) in &texts[..index] {
                let apart = right < l || left > r || bottom < t || top > b;
                assert!(apart, "{}: {text} and {other} overlap", figure.title());
            }
        }
    }
}

#[test]
fn the_smallest_letters_are_eight_points_in_print() {
    // The height of a digit is 0.729 of the size; 8 points of a 640 pixel wide figure over 170 mm.
    const DIGIT: f32 = 0.729 * 8.0 * (25.4 / 72.0) * 640.0 / 170.0;
    for figure in all() {
        let digits = texts(&figure);
        let digits = digits.iter().filter(|(text, _)| text.parse::<u32>().is_ok());
        for (text, [_, top, _, bottom]) in digits {
            let height = bottom - top;
            assert!(height >= DIGIT, "{}: {text} is {height} high", figure.title());
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    for (first, second) in all().iter().zip(all()) {
        assert_eq!(*first, second);
        assert_eq!(first.png().unwrap(), second.png().unwrap());
    }
}

#[test]
fn zero_is_white_and_the_ends_are_the_dark_blue_and_red_of_rdbu() {
    assert_eq!(diverging(0.0, 2.0), Rgb([255; 3]));
    assert_eq!(diverging(0.0, 0.0), Rgb([255; 3]));
    assert_eq!(diverging(-2.0, 2.0).to_string(), "#053061");
    assert_eq!(diverging(2.0, 2.0).to_string(), "#67001f");
    assert_eq!(diverging(9.0, 2.0), diverging(2.0, 2.0));
    // A fifth of the way is the first stop of either side.
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
    // 80 x 80 pixels but for their frames, and the ends of the colour bar.
    assert!((6_000..6_600).contains(&blue.len()), "{}", blue.len());
    assert!((6_000..6_600).contains(&red.len()), "{}", red.len());
    let (first, last) = (blue[0], red[0]);
    assert_eq!(first.1, last.1, "side by side");
    assert_eq!(last.0 - first.0, 2 * 2 * (40 + 4), "two cells apart");
    let middle = pixels.get_pixel((first.0 + last.0) / 2 + 40, first.1 + 40);
    assert_eq!(middle.0, [255; 3], "zero is white between them");
}

#[test]
fn the_second_layer_shows_the_first_slice_of_each_filter() {
    // Weights grow with their place: slice 0 of filter f starts at f * 2 * 9.
    let figure = bank(2, (2, 2, 3, 3), |index| index as f32).grid().unwrap();
    let shown = [0.0, 8.0, 18.0, 26.0];
    for value in shown {
        assert!(figure.svg().contains(&format!("stroke=\"{}\"", diverging(value, 26.0))), "{value}");
    }
    assert!(!figure.svg().contains(&format!("stroke=\"{}\"", diverging(13.0, 26.0))));
    assert!(figure.svg().contains("the first slice f[0] of 2"));
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
        assert!(figure.png().is_ok(), "{dim:?}");
        assert!(texts(&figure).iter().all(|(_, at)| at[0] >= 0.0 && at[2] <= 640.0), "{dim:?}");
    }
}

/// The session's table with the maps of these filters soft, as a person may label them.
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
        let figure = response_grid(session(), 2, &bird(), &labelled(&soft)).unwrap();
        assert_eq!(red_frames(&figure), soft.len());
        let caption = format!("{} of 36 maps are soft (labelled by hand)", soft.len());
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
    let figure = response_grid(session(), 1, &bird(), table()).unwrap();
    let threshold = table().rows()[0].soft_threshold.unwrap();
    let words: Vec<_> = texts(&figure).into_iter().map(|(text, _)| text).collect();
    assert!(words.join(" ").contains(&format!("score below {threshold:.4}")), "{words:?}");
    let soft = table().soft(session().name(), 1, "bird").unwrap();
    assert_eq!(red_frames(&figure), soft.iter().filter(|&&soft| soft).count());
}

#[test]
fn a_response_grid_of_36_maps_stays_below_600_kilobytes() {
    let figure = response_grid(session(), 2, &bird(), table()).unwrap();
    assert!(figure.svg().len() < 600_000, "{}", figure.svg().len());
    let figure = response_grid(session(), 1, &bird(), table()).unwrap();
    assert!(figure.svg().len() < 600_000, "{}", figure.svg().len());
}

#[test]
fn a_large_picture_is_shown_reduced_and_says_so() {
    let large = Array3::from_shape_fn((3, 90, 200), |(_, y, x)| (y + x) as u8);
    let large = Picture::rgb("large", large);
    let table = hand_made(session().name(), "large");
    let figure = response_grid(session(), 1, &large, &table).unwrap();
    assert!(figure.svg().contains("Shown reduced by 4."));
    assert!(figure.png().is_ok());
}

#[test]
fn a_table_without_the_session_is_an_error_that_names_it() {
    let error = response_grid(&session().clone().named("other"), 1, &bird(), table()).unwrap_err();
    assert!(error.to_string().contains("\"other\""), "{error}");
}

#[test]
fn the_least_squares_line_of_three_points_is_the_one_done_by_hand() {
    // Means 1 and 2; slope = ((-1)(-1) + 0 + (1)(0)) / 2 = 1/2; intercept = 2 - 1/2.
    let line = Line::through(&[(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)]).unwrap();
    assert!((line.slope - 0.5).abs() < 1e-15 && (line.intercept - 1.5).abs() < 1e-15, "{line:?}");
    assert_eq!(
        Line::through(&[(0.0, 4.0), (1.0, 4.0), (2.0, 4.0)]),
        Some(Line { intercept: 4.0, slope: 0.0 })
    );
    assert_eq!(Line::through(&[(0.0, 1.0), (1.0, 3.0)]), None);
}

#[test]
fn a_line_ends_where_it_leaves_the_chart() {
    let line = Line { intercept: -1.0, slope: 2.0 };
    assert_eq!(line.within(0.0..10.0, 0.0..9.0), [(0.5, 0.0), (5.0, 9.0)]);
    assert_eq!(line.within(1.0..2.0, 0.0..9.0), [(1.0, 1.0), (2.0, 3.0)]);
}

#[test]
fn the_red_line_of_figure_6_is_the_least_squares_line_of_its_dots() {
    /// A drawing unit, the rounding of every coordinate.
    const ROUNDING: f64 = 1.5;
    let figure = accuracy_curve(session()).unwrap();
    let numbers = |line: &str| -> Vec<(f64, f64)> {
        let data = line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let points = data.split(['M', 'L']).filter(|point| !point.is_empty());
        let read = |point: &str| {
            let (x, y) = point.trim_end_matches("h1").split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        };
        points.map(read).collect()
    };
    let line_with = |mark: &str| figure.svg().lines().rfind(|line| line.contains(mark)).unwrap();
    let dots = numbers(line_with("stroke-linecap=\"round\""));
    assert_eq!(dots.len(), session().history().len());
    let ends = numbers(line_with("stroke=\"#d62728\""));
    // Least squares by the textbook's sums, in drawing units.
    let n = dots.len() as f64;
    let sum = |term: &dyn Fn(&(f64, f64)) -> f64| dots.iter().map(term).sum::<f64>();
    let (sx, sy, sxx, sxy) = (sum(&|p| p.0), sum(&|p| p.1), sum(&|p| p.0 * p.0), sum(&|p| p.0 * p.1));
    let slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    let intercept = (sy - slope * sx) / n;
    for (x, y) in ends {
        assert!((intercept + slope * x - y).abs() < ROUNDING, "{x}, {y}: {}", intercept + slope * x);
    }
}

#[test]
fn thousands_of_evaluations_are_one_element() {
    let architecture = Architecture { filters: [4, 4], kernels: [3, 3], dense: 16, ..Architecture::paper() };
    let training = Training::paper()
        .architecture(architecture)
        .batch(4)
        .iterations(1_200)
        .evaluate_every(1)
        .learning_rate(3e-3);
    let figure = accuracy_curve(&train_in_memory(&Dataset::tiny(), training, &()).unwrap()).unwrap();
    let dots = figure.svg().lines().filter(|line| line.contains("stroke-linecap=\"round\""));
    assert_eq!(dots.map(|line| line.matches("h1").count()).collect::<Vec<_>>(), [1_200]);
    assert!(figure.svg().len() < 100_000, "{}", figure.svg().len());
    let words: Vec<_> = texts(&figure).into_iter().map(|(text, _)| text).collect();
    assert!(
        words.contains(&"1,200".to_string()) && words.contains(&"every iteration".to_string()),
        "{words:?}"
    );
}

#[test]
fn a_session_without_history_has_no_curve_and_the_error_says_what_to_do() {
    let [first, second] = [1, 2].map(|layer| session().filters(layer).unwrap().clone());
    let loaded = Session::from_filters("loaded", 30, first, second).unwrap();
    let error = accuracy_curve(&loaded).unwrap_err().to_string();
    assert!(error.contains("session loaded") && error.contains("0 evaluations"), "{error}");
    assert!(error.contains("evaluate_every"), "{error}");
}

#[test]
fn bars_are_as_high_as_their_r_squared() {
    let fits = fits(1.5);
    let figure = r_squared_chart(&fits).unwrap();
    let bars: Vec<f64> = figure
        .svg()
        .lines()
        .filter(|line| line.starts_with("<rect") && line.contains("height"))
        .filter(|line| ["#0072b2", "#e69f00", "#009e73"].iter().any(|colour| line.contains(colour)))
        .skip(3) // the legend
        .map(|line| line.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(bars.len(), 12);
    let unit = bars[0] / fits.iter().next().unwrap().r_squared();
    for (bar, fit) in bars.iter().zip(&fits) {
        assert!((bar / unit - fit.r_squared()).abs() < 1e-3, "{:?}", fit.group());
    }
}

#[test]
fn a_refused_form_has_no_bar_and_says_so() {
    let fits = fits(0.0);
    assert_eq!(fits.refusals().len(), 8);
    let chart = r_squared_chart(&fits).unwrap();
    assert_eq!(texts(&chart).iter().filter(|(text, _)| text == "none").count(), 8);
    let residuals = residual_plots(&fits).unwrap();
    assert_eq!(texts(&residuals).iter().filter(|(text, _)| text.starts_with("refused")).count(), 8);
}

#[test]
fn no_fits_are_an_error_sentence() {
    let none = fit_models(&ScoreTable::from_rows(Vec::new()).unwrap()).unwrap();
    for error in [r_squared_chart(&none).unwrap_err(), residual_plots(&none).unwrap_err()] {
        assert!(error.to_string().ends_with("there are no fits"), "{error}");
    }
}

#[test]
fn exact_and_extreme_fits_are_drawn() {
    for scale in [1e-300, 1e-9, 1.0, 1e12, 1e300] {
        let x = [1.0, 2.0, 3.0, 4.0];
        let exact = fit(Form::Linear, &x, &x.map(|x| scale * x)).unwrap();
        let rough = fit(Form::Linear, &x, &[scale, 3.0 * scale, 2.0 * scale, -scale]).unwrap();
        for fit in [exact, rough] {
            assert!(residual_plot(&fit).unwrap().png().is_ok(), "{scale}");
            assert!(fit_plot(&fit).unwrap().png().is_ok(), "{scale}");
        }
    }
}

#[test]
fn ticks_are_round_and_lie_within_the_range() {
    let labels = |range, most| -> Vec<String> {
        let ticks = Ticks::new(&range, most);
        ticks.values.iter().map(|&value| ticks.label(value)).collect()
    };
    assert_eq!(labels(0.0..1.0, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(labels(0.0..50_000.0, 6), ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]);
    assert_eq!(labels(-0.137..0.137, 5), ["−0.10", "−0.05", "0.00", "0.05", "0.10"]);
    assert_eq!(labels(3.2..3.9, 4), ["3.2", "3.4", "3.6", "3.8"]);
    assert_eq!(labels(-250.0..2_700.0, 4), ["0", "1,000", "2,000"]);
    assert_eq!(labels(0.0..3e-9, 4), ["0", "1e−9", "2e−9", "3e−9"]);
    assert_eq!(labels(0.0..2e9, 3), ["0", "1e9", "2e9"]);
    assert_eq!(labels(1.0..1.0, 5), [""; 0]);
    assert_eq!(labels(0.0..f64::INFINITY, 5), [""; 0]);
}

#[test]
fn ticks_are_never_more_than_asked_for_and_at_least_two_where_four_are() {
    for exponent in -12..12 {
        for factor in [1.0, 1.3, 2.7, 3.3, 4.9, 6.1, 8.8] {
            for most in [4, 5, 7] {
                let width = factor * 10f64.powi(exponent);
                let ticks = Ticks::new(&(-0.3 * width..0.7 * width), most).values;
                assert!((2..=most).contains(&ticks.len()), "{width}: {ticks:?}");
            }
        }
    }
}

#[test]
fn numbers_have_commas_and_minus_signs() {
    assert_eq!(number(1_234_567.891, 2), "1,234,567.89");
    assert_eq!(number(-1_000.0, 0), "−1,000");
    assert_eq!(number(-0.001, 2), "0.00");
    assert_eq!(number(999.0, 0), "999");
    assert_eq!((iterations(1), iterations(30_000)), ("1 iteration".into(), "30,000 iterations".into()));
}

#[test]
fn ranges_hold_their_values() {
    assert_eq!(padded([0.0, 20.0, 10.0]), -1.0..21.0);
    assert_eq!(padded([3.0, 3.0]), 2.5..3.5);
    assert_eq!(padded([]), 0.0..1.0);
    assert_eq!(around_zero([1.0, -10.0]), -11.0..11.0);
    assert_eq!(around_zero([0.0, 0.0]), -1.0..1.0);
}

#[test]
fn tiles_stand_in_equal_rows_where_they_can() {
    let columns = |count, tile, width| Layout::new(count, tile, 6, width).columns;
    assert_eq!(columns(36, 80, 530), 6);
    assert_eq!(columns(16, 128, 530), 4);
    assert_eq!(columns(7, 80, 530), 6, "7 has no divisor between 3 and 6");
    assert_eq!(columns(1, 80, 530), 1);
    assert_eq!(columns(3, 900, 530), 1, "one at least");
}

#[test]
fn a_reduced_map_holds_the_means_of_its_blocks() {
    assert_eq!((reduction((32, 32)), reduction((64, 65)), reduction((1, 300))), (1, 2, 5));
    let map = ndarray::arr2(&[[1.0, 3.0, 5.0], [1.0, 3.0, 7.0], [9.0, 11.0, 20.0]]);
    assert_eq!(reduced(&map, 2), ndarray::arr2(&[[2.0, 6.0], [10.0, 20.0]]));
    assert_eq!((grey(0.0), grey(1.0)), (Rgb([0; 3]), Rgb([255; 3])));
}

#[test]
fn long_lines_break_between_words_and_long_words_within() {
    let font = Font::new();
    // DejaVu Sans: "m" is 1995 of 2048 units wide, a space 651.
    assert!((font.width("m m", 2048.0) - (2.0 * 1995.0 + 651.0)).abs() < 1e-9);
    assert_eq!(font.wrap("mm mm mm", 2048.0, 9_000.0), ["mm mm", "mm"]);
    assert_eq!(font.wrap("mmmmm m", 2048.0, 4_700.0), ["mm", "mm", "m m"]);
    assert_eq!(font.wrap("mm", 2048.0, 10.0), ["m", "m"]);
    assert_eq!(font.wrap(" ", 2048.0, 10.0), [""; 0]);
    assert_eq!(font.shorten("mmmmm", 2048.0, 6_100.0), "mm…");
    assert_eq!(font.shorten("mmm", 2048.0, 6_100.0), "mmm");
}

#[test]
fn names_may_hold_any_letters() {
    let name = "a<b> & \"c\"\u{7}\n鳥 ".repeat(30);
    let odd = session().clone().named(&name);
    let table = hand_made(&name, &name);
    for figure in [
        response_grid(&odd, 1, &bird().named(&name), &table).unwrap(),
        accuracy_curve(&odd).unwrap(),
        filter_grid(odd.filters(1).unwrap(), &name).unwrap(),
        r_squared_chart(&fits(1.5)).unwrap(),
    ] {
        assert!(figure.png().is_ok());
        assert!(texts(&figure).iter().all(|(_, at)| at[2] <= figure.width() as f32));
    }
}

#[test]
fn a_figure_is_saved_by_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    let figure = fit_plot(fits(1.5).iter().next().unwrap()).unwrap();
    let (svg, png) = (folder.path().join("new/figure.svg"), folder.path().join("new/figure.PNG"));
    figure.save(&svg).unwrap();
    figure.save(&png).unwrap();
    assert_eq!(std::fs::read_to_string(&svg).unwrap(), figure.svg());
    assert_eq!(std::fs::read(&png).unwrap(), figure.png().unwrap());
}

#[test]
fn another_ending_is_refused_and_what_was_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let figure = fit_plot(fits(1.5).iter().next().unwrap()).unwrap();
    for name in ["figure.pdf", "figure", "figure.svg.gz"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "old").unwrap();
        let error = figure.save(&path).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(".svg or .png"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    }
    // A folder in the place of the file: the write fails, and nothing half-written is left.
    let taken = folder.path().join("taken.svg");
    std::fs::create_dir(&taken).unwrap();
    let error = figure.save(&taken).unwrap_err().to_string();
    assert!(error.contains("taken.svg"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_notebook_is_given_svg_png_and_text() {
    let figure = fit_plot(fits(1.5).iter().next().unwrap()).unwrap();
    let contents = figure.contents();
    let kinds: Vec<_> = contents.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["text/plain", "image/svg+xml", "image/png"]);
    assert_eq!(contents[0].1, figure.title());
    assert!(contents[1].1.starts_with("<svg "));
    assert!(contents[2].1.starts_with("iVBORw0KGgo"), "the signature of PNG in base64");
    assert!(!contents[2].1.contains('\n'));
}

use crate::softness::measures::Measure;

/// Fifty sessions of one measure, each level a little lower than the one before.
fn holds() -> crate::robustness::Robustness {
    use crate::robustness::{
        RobustnessOptions, SessionScore, SessionScores, SubsampleDesign, assess_robustness,
    };
    let mut text = String::from("session,iterations,layer,images,measure,score,constant,null\n");
    let noise = crate::golden::noise(50, 1);
    for layer in [1, 2] {
        for (place, noise) in noise.iter().enumerate() {
            let level = [1, 2_000, 10_000, 30_000, 50_000][place / 10];
            let score = 1.0 - 0.02 * (f64::from(level)).ln() + 0.1 * noise;
            text.push_str(&format!("{place},{level},{layer},bird,blur-effect,{score},0,\n"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scores.csv"), text).unwrap();
    let scores = SessionScores::read_csv(folder.path().join("scores.csv")).unwrap();
    assert!(scores.rows().iter().all(|row: &SessionScore| row.nulls.is_empty()));
    let draw = SubsampleDesign::default().draws(200);
    assess_robustness(&scores, RobustnessOptions::default().subsamples(draw)).unwrap()
}

#[test]
fn the_spread_shows_every_form_and_the_published_value_beside_layer_2_alone() {
    let figure = r_squared_spread(&holds(), Measure::BlurEffect).unwrap();
    let svg = figure.svg();
    // Two layers of three forms, each with a dot; one published value for the bird.
    assert_eq!(svg.matches("<circle").count(), 6);
    assert_eq!(svg.matches(&format!("fill=\"{}\"", super::palette::RED)).count(), 1);
    assert!(svg.contains("layer 1, bird") && svg.contains("layer 2, bird"));
    let error = r_squared_spread(&holds(), Measure::LocalDeviation).unwrap_err().to_string();
    assert!(error.contains("no answer is about local-deviation"), "{error}");
}

#[test]
fn training_curves_show_every_session_on_a_scale_of_powers_of_ten() {
    let figure = training_curves(&holds(), Measure::BlurEffect).unwrap();
    assert_eq!(figure.svg().matches("<circle").count(), 100);
    for tick in ["1", "10", "100", "1,000", "10,000"] {
        assert!(figure.svg().contains(&format!("aria-label=\"{tick}\"")), "{tick}");
    }
    assert!(training_curves(&holds(), Measure::TotalVariation).is_err());
}

#[test]
fn a_fit_plot_has_the_band_of_the_line_inside_that_of_a_new_point() {
    let points = [(1.0, 3.1), (2.0, 2.2), (4.0, 1.4), (8.0, 1.1), (16.0, 0.6)];
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    for form in Form::ALL {
        let figure = fit_plot(&fit(form, &x, &y).unwrap()).unwrap();
        let red = format!("fill=\"{}\" fill-opacity=\"0.15\"", super::palette::RED);
        assert_eq!(figure.svg().matches(&red).count(), 1, "{form}");
        // The line and the two sides of the prediction band.
        let lines = format!("stroke=\"{}\"", super::palette::RED);
        assert_eq!(figure.svg().matches(&lines).count(), 3, "{form}");
    }
}

#[test]
fn diagnostics_leave_out_what_has_no_residual_and_show_the_rest() {
    let fitted = fit(Form::Linear, &[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0]).unwrap();
    assert_eq!(diagnostic_plots(&fitted).unwrap().svg().matches("<circle").count(), 16);
    // An exact line has residuals of zero and no standardised ones.
    let exact = fit(Form::Linear, &[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    assert_eq!(diagnostic_plots(&exact).unwrap().svg().matches("<circle").count(), 3);
    // A point that decides the line alone stands in the first panel only.
    let alone = fit(Form::Linear, &[1.0, 1.0, 1.0, 9.0], &[1.0, 3.0, 2.0, 5.0]).unwrap();
    assert_eq!(diagnostic_plots(&alone).unwrap().svg().matches("<circle").count(), 4 + 3 * 3);
}
