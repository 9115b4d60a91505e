//! People judge figures. These tests check what a program can check.

mod accuracy;
mod captions;
mod course;
mod diagrams;
mod fits;
mod grids;
mod large_numbers;
mod maps;
mod matching;
mod palette;
mod parts;
mod pdf;
mod saving;
mod scores;
mod sessions;
mod size;
mod unusual;

use std::path::Path;
use std::sync::OnceLock;

use image::RgbImage;
use resvg::usvg::{Options, Tree};

use super::settings::settings_at_a_glance;
use super::*;
use crate::dataset::{Dataset, Picture};
use crate::models::{Fits, fit_models};
use crate::network::Architecture;
use crate::paper::second::SecondStudy;
use crate::responses::{Reading, ResponseOptions, responses};
use crate::session::{Evaluation, Session, Training, train_in_memory};
use crate::softness::Measure;
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

/// The same bird under two names.
fn twice() -> ScoreTable {
    let again = |row: &FilterScore| FilterScore { image: "again".into(), ..row.clone() };
    let rows = table().rows().iter().cloned().chain(table().rows().iter().map(again));
    ScoreTable::from_rows(rows.collect()).unwrap()
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

/// A table of the sixteen filters of layer 1 with no soft map.
fn hand_made(session: &str, image: &str) -> ScoreTable {
    ScoreTable::from_rows((0..16).map(|filter| row(session, 40, 1, image, filter, 0.1)).collect()).unwrap()
}

/// Fits of eleven sessions like the paper's, with one filter per layer and scores that fall with iterations.
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

/// The evaluations of two sessions.
fn histories() -> Vec<(String, Vec<Evaluation>)> {
    ["one", "two"].map(|name| (name.to_owned(), session().history().to_vec())).to_vec()
}

/// At least one figure of every kind that takes a session or fits.
fn all() -> Vec<Figure> {
    let fits = fits(1.5);
    let mut figures = vec![
        session().filters(1).unwrap().grid().unwrap(),
        session().filters(2).unwrap().grid().unwrap(),
        Figure::response_grid(session(), 1, &bird(), table()).unwrap(),
        Figure::response_grid(session(), 2, &bird(), table()).unwrap(),
        Figure::readings(&Reading::ALL).unwrap(),
        session().accuracy_curve().unwrap(),
        r_squared_chart(&fits).unwrap(),
        fits.residual_plots().unwrap(),
        Figure::response_grids(session(), 1, &[bird(), bird().named("again")], &twice()).unwrap(),
        Figure::roughness_map(session(), 2, &bird()).unwrap(),
        Figure::kernel_slices(&session().filters(2).unwrap()).unwrap(),
        Figure::driving_patches(session(), 2, &Dataset::tiny()).unwrap(),
        Figure::second_study("bird").unwrap(),
        Figure::second_study("static").unwrap(),
        shipped_settings(),
        picture_figure(&bird()).unwrap(),
        responses(session(), 1, &bird(), ResponseOptions::default()).unwrap()[3].figure().unwrap(),
        Figure::accuracy_curves("Two", &histories()).unwrap(),
        Figure::r_squared_spread(&sessions::robustness(), Measure::BlurEffect).unwrap(),
        Figure::training_curves(&sessions::robustness(), Measure::BlurEffect).unwrap(),
    ];
    figures.extend(scores::figures().iter().cloned());
    figures.extend((1..=4).flat_map(|layer| {
        [Figure::hinton_diagram(session(), layer).unwrap(), Figure::bond_diagram(session(), layer).unwrap()]
    }));
    figures.extend(course::figures().iter().cloned());
    figures.extend(fits.iter().flat_map(|fit| {
        [fit.residual_plot().unwrap(), fit.plot().unwrap(), fit.diagnostic_plots().unwrap()]
    }));
    figures
}

/// The settings of the second study on static, from the crate's own files.
fn shipped_settings() -> Figure {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/second");
    settings_at_a_glance(&SecondStudy::setting_courses(&folder, "static").unwrap(), "static").unwrap()
}

#[test]
fn the_second_study_is_there_for_two_images_and_its_table_names_another() {
    let error = Figure::second_study("cat").unwrap_err().to_string();
    assert!(error.contains("image is cat") && error.contains("bird"), "{error}");
    let bird = Figure::second_study("bird").unwrap();
    // The printed R² of the other image would be another diamond.
    assert_ne!(bird.svg(), Figure::second_study("static").unwrap().svg());
    let names: Vec<String> = texts(&bird).into_iter().map(|(text, _)| text).collect();
    for reading in Reading::ALL {
        // A panel, and a row of the panel of R².
        assert_eq!(names.iter().filter(|name| *name == reading.in_words()).count(), 2, "{reading}");
    }
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

#[test]
fn text_is_outlines_and_no_font_is_named() {
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
    all().iter().for_each(assert_texts_are_apart);
}

/// Fails if a text of a figure leaves it or touches another.
fn assert_texts_are_apart(figure: &Figure) {
    let texts = texts(figure);
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
fn names_may_contain_any_letters() {
    let name = "a<b> & \"c\"\u{7}\n鳥 ".repeat(30);
    let odd = session().clone().named(&name);
    let table = hand_made(&name, &name);
    for figure in [
        Figure::response_grid(&odd, 1, &bird().named(&name), &table).unwrap(),
        odd.accuracy_curve().unwrap(),
        odd.filters(1).unwrap().grid_titled(&name).unwrap(),
        r_squared_chart(&fits(1.5)).unwrap(),
    ] {
        assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
        assert!(texts(&figure).iter().all(|(_, at)| at[2] <= figure.width() as f32));
    }
}
