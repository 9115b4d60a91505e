//! Strips, panels, ridges and accuracy: dots stand at the scores, and captions have the numbers of other programs.

use std::sync::OnceLock;

use ndarray::Array1;

use super::super::palette::{RED, layer as layer_colour, reading as reading_colour};
use super::super::ridgelines::{density, silverman};
use super::super::score_panels::panels;
use super::super::scored::{NETWORKS, Untrained, all_kept};
use super::super::*;
use super::{bird, session, texts};
use crate::dataset::{Dataset, Picture};
use crate::error::ErrorKind;
use crate::filters::FilterBank;
use crate::network::Architecture;
use crate::paper::second::AnswerFiles;
use crate::responses::Reading;
use crate::session::{Session, Training, train_in_memory};
use crate::softness::ScoringOptions;
use crate::table::softness_table;
use crate::text::numbers::{is_or_are, numbered};
use crate::tolerances::{BY_HAND, STANDARD_ERRORS};

/// Untrained networks of the figures in these tests: as many as define the threshold, and fewer in panels, which do not show it and
/// take long because every kernel has a map of its own.
const FEWER: u64 = 100;
const FEW: u64 = 5;

/// Two sessions of four iterations and one of nine, which kept their filters on the way.
fn sessions() -> &'static [Session] {
    static SESSIONS: OnceLock<Vec<Session>> = OnceLock::new();
    SESSIONS.get_or_init(|| {
        let architecture = Architecture { dense: 8, ..Architecture::paper() };
        let train = |(iterations, seed): (u64, u64)| {
            let training = Training::paper().architecture(architecture.clone()).batch(8).learning_rate(3e-3);
            let training = training.iterations(iterations).seed(seed).snapshots(true);
            train_in_memory(&Dataset::tiny(), training, &()).unwrap().named(format!("{iterations}-{seed}"))
        };
        [(4, 1), (4, 2), (9, 3)].map(train).to_vec()
    })
}

fn strips(sessions: &[Session], layer: usize) -> crate::Result<Figure> {
    ScoringOptions::default().strips_with(sessions, layer, &bird(), FEWER)
}

/// A figure of each kind, drawn once: each scores hundreds of untrained networks.
pub(super) fn figures() -> &'static [Figure] {
    static FIGURES: OnceLock<Vec<Figure>> = OnceLock::new();
    FIGURES.get_or_init(|| {
        vec![
            strips(sessions(), 1).unwrap(),
            ScoringOptions::default().ridges_with(sessions(), 2, &bird(), FEWER).unwrap(),
            panels(sessions(), &[bird()], FEW).unwrap(),
            Figure::accuracy_against_softness(sessions(), 2, &bird()).unwrap(),
        ]
    })
}

#[test]
fn the_same_sessions_give_the_same_bytes() {
    assert!(strips(sessions(), 1).unwrap() == figures()[0]);
}

/// The dots of a colour in each element, in pixels.
fn dots(figure: &Figure, colour: impl std::fmt::Display) -> Vec<Vec<(f64, f64)>> {
    let start = format!("<path fill=\"none\" stroke=\"{colour}\" stroke-width=");
    let lines = figure
        .svg()
        .lines()
        .filter(|line| line.starts_with(&start) && line.contains("stroke-linecap=\"round\""));
    let read = |line: &str| {
        let path = line.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        let dot = |dot: &str| {
            let (x, y) = dot.strip_suffix("h1").unwrap().split_once(' ').unwrap();
            (x.parse::<f64>().unwrap() / 50.0, y.parse::<f64>().unwrap() / 50.0)
        };
        path.split('M').skip(1).map(dot).collect()
    };
    lines.map(read).collect()
}

/// From pixels to the values of an axis, by the places of the first and the last of its labels: the numbers whose boxes are left
/// of (y) or below (x) the others. An axis of numbers with these labels.
fn axis(figure: &Figure, is_tick: impl Fn(&str, &[f32; 4]) -> bool, is_across: bool) -> impl Fn(f64) -> f64 {
    let number = |text: &str| text.replace(',', "").parse::<f64>();
    let mut ticks: Vec<(f64, f64)> = texts(figure)
        .iter()
        .filter(|(text, at)| is_tick(text, at))
        .filter_map(|(text, [left, top, right, bottom])| {
            let place = if is_across { (left + right) / 2.0 } else { (top + bottom) / 2.0 };
            Some((f64::from(place), number(text).ok()?))
        })
        .collect();
    ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (first, last) = (ticks[0], ticks[ticks.len() - 1]);
    move |place| first.1 + (place - first.0) * (last.1 - first.1) / (last.0 - first.0)
}

/// Whether a value that was read from a figure at this place of an axis is the expected one: labels stand at their ticks to a
/// pixel, and are round to half a pixel.
fn near(axis: &impl Fn(f64) -> f64, place: f64, expected: f64) -> bool {
    const PIXELS: f64 = 1.5;
    (axis(place) - expected).abs() < PIXELS * (axis(1.0) - axis(0.0)).abs()
}

#[test]
fn strips_have_a_dot_at_each_score_red_if_the_table_calls_it_soft() {
    let table = softness_table(sessions(), &[bird()]).unwrap();
    for (layer, filters) in [(1, 16), (2, 36)] {
        let figure = strips(sessions(), layer).unwrap();
        let axis = axis(&figure, |text, at| text.starts_with("0.") && at[2] < 56.0, false);
        let blue = dots(&figure, layer_colour(layer));
        let red = dots(&figure, RED);
        let drawn: usize = blue.iter().chain(&red).map(Vec::len).sum();
        assert_eq!(drawn, 3 * filters);
        // Every dot in order of its height is a score in order.
        let mut shown: Vec<f64> = blue.iter().chain(&red).flatten().map(|&(_, y)| -y).collect();
        let rows = table.rows().iter().filter(|row| row.layer == layer);
        let mut scores: Vec<f64> = rows.clone().map(|row| row.score).collect();
        shown.sort_by(f64::total_cmp);
        scores.sort_by(f64::total_cmp);
        for (shown, score) in shown.iter().zip(&scores) {
            assert!(near(&axis, -shown, *score), "{shown} {score}");
        }
        let soft = rows.filter(|row| row.soft).count();
        assert_eq!(red.iter().map(Vec::len).sum::<usize>(), soft);
        let words = format!("n = {} filters", 3 * filters);
        let counted = format!(
            "{} {} soft: below {:.4}",
            numbered(soft as u64, "filter"),
            is_or_are(soft as u64),
            table.rows().iter().find(|row| row.layer == layer).unwrap().soft_threshold.unwrap()
        );
        assert!(
            figure.caption().contains(&words) && figure.caption().contains(&counted),
            "{}",
            figure.caption()
        );
    }
}

#[test]
fn strips_stand_in_the_order_of_iterations_and_keep_their_names_as_long_as_they_are_legible() {
    let [a, b, c] = sessions() else { panic!() };
    let figure = strips(&[c.clone(), a.clone(), b.clone()], 1).unwrap();
    let place = |name: &str| texts(&figure).into_iter().find(|(text, _)| text == name).unwrap().1[0];
    assert!(place("4-1") < place("4-2") && place("4-2") < place("9-3"));
    assert!(place("4") < place("9"));
    // A hundred strips are too narrow for names, and still have their dots.
    let many: Vec<Session> = (0..100).map(|number| a.clone().named(format!("s{number}"))).collect();
    let figure = strips(&many, 1).unwrap();
    assert!(!texts(&figure).iter().any(|(text, _)| text == "s50"));
    let drawn = dots(&figure, layer_colour(1)).concat().len() + dots(&figure, RED).concat().len();
    assert_eq!(drawn, 1_600);
    // What a session was earlier stands among the sessions, under its name.
    let early = [a.at(0).unwrap(), a.at(2).unwrap(), a.clone()];
    let figure = strips(&early, 1).unwrap();
    assert_eq!(texts(&figure).iter().filter(|(text, _)| text == "4-1").count(), 3);
}

#[test]
fn sessions_of_several_networks_share_no_band_and_unknown_networks_have_none() {
    let other = Session::from_filters("other", 5, [bank((4, 1, 3, 3))]).unwrap();
    let mixed = [sessions()[0].clone(), other.clone()];
    let kernels = ScoringOptions::default().reading(Reading::KernelSlice);
    for figure in [kernels.score_strips(&mixed, 1, &bird()), kernels.ridgelines(&mixed, 1, &bird())] {
        let error = figure.unwrap_err();
        assert!(
            error.kind() == ErrorKind::InvalidOption && error.to_string().contains("\"other\""),
            "{error}"
        );
    }
    let alone = std::slice::from_ref(&other);
    let figure = kernels.score_strips(alone, 1, &bird()).unwrap();
    assert!(!figure.svg().contains("untrained") && dots(&figure, RED).is_empty());
    let figure = kernels.ridgelines(alone, 1, &bird()).unwrap();
    assert!(texts(&figure).iter().any(|(text, _)| text == "n = 4") && !figure.svg().contains("untrained"));
    let figure = Figure::score_panels(alone, &[bird()]).unwrap();
    assert!(!figure.svg().contains("forward pass") && figure.svg().contains("each kernel"));
    let error = Figure::score_strips(alone, 1, &bird()).unwrap_err();
    assert!(error.to_string().contains("the forward pass is known for"), "{error}");
}

fn bank(dim: (usize, usize, usize, usize)) -> FilterBank {
    let values = crate::golden::noise(dim.0 * dim.1 * dim.2 * dim.3, 4);
    let values = values.iter().map(|&value| value as f32).collect();
    FilterBank::new(1, ndarray::Array4::from_shape_vec(dim, values).unwrap(), Array1::zeros(dim.0)).unwrap()
}

#[test]
fn figures_of_scores_need_sessions_and_a_layer_that_is_there() {
    let none: &[Session] = &[];
    for figure in [
        Figure::score_strips(none, 1, &bird()),
        Figure::score_panels(none, &[bird()]),
        Figure::score_panels(sessions(), &[]),
        Figure::ridgelines(none, 1, &bird()),
        Figure::accuracy_against_softness(&sessions()[..2], 1, &bird()),
    ] {
        assert_eq!(figure.unwrap_err().kind(), ErrorKind::CannotDraw);
    }
    for figure in [Figure::score_strips(sessions(), 3, &bird()), Figure::ridgelines(sessions(), 0, &bird())] {
        assert_eq!(figure.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn the_band_is_that_of_the_four_thousand_untrained_networks_of_the_second_study() {
    let study = AnswerFiles::shipped().unwrap().panels("static").unwrap();
    let picture = Picture::static_noise(1);
    for reading in [Reading::ForwardPass, Reading::KernelSliceSum, Reading::KernelSlice] {
        let options = ScoringOptions::default().reading(reading);
        let untrained =
            Untrained::of(options, std::slice::from_ref(session()), 2, &picture, NETWORKS).unwrap().unwrap();
        let panel = study.iter().find(|panel| panel.reading == reading).unwrap();
        let (mean, range) = panel.untrained;
        // The study's networks are others. Their ln scores are nearly normal, and a quantile at 2.5 % of 400 has the standard
        // error 2.67 s / 20.
        let s = (range.high - range.low) / 3.92;
        let band = untrained.layer_band();
        for (ours, theirs) in [(band.low.ln(), range.low), (band.high.ln(), range.high)] {
            assert!((ours - theirs).abs() < STANDARD_ERRORS * 2.67 * s / 20.0, "{reading}: {ours} {theirs}");
        }
        assert!(band.low.ln() < mean && mean < band.high.ln(), "{reading}");
        let means = untrained.mean_band();
        assert!((36.0 * means.low - band.low).abs() < 1e-9 && untrained.len() == 400);
        let filters = untrained.filter_band();
        assert!(filters.low < means.low && means.high < filters.high, "filters vary more than their means");
    }
}

/// Whether a text is the name of a row of panels.
fn is_row(text: &str) -> bool {
    text.starts_with("layer 1, ") || text.starts_with("layer 2, ")
}

#[test]
fn panels_have_a_dot_for_each_session_and_a_course_through_what_it_kept() {
    let pictures = [bird(), Picture::static_noise(1)];
    let figure = panels(sessions(), &pictures, FEW).unwrap();
    let rows: Vec<String> =
        texts(&figure).into_iter().map(|(text, _)| text).filter(|text| is_row(text)).collect();
    assert_eq!(rows, ["layer 1, bird", "layer 1, static", "layer 2, bird", "layer 2, static"]);
    let table = softness_table(sessions(), &pictures).unwrap();
    let scores = table.layer_scores();
    // The first column is the forward pass. Its axes of scores are read one after the other.
    let drawn = dots(&figure, reading_colour(Reading::ForwardPass));
    let drawn = &drawn[drawn.len() - 4..];
    let heads: Vec<f32> =
        texts(&figure).into_iter().filter(|(text, _)| is_row(text)).map(|(_, at)| at[1]).collect();
    for (row, dots) in drawn.iter().enumerate() {
        let (top, bottom) = (heads[row] + 14.0, heads[row] + 14.0 + 88.0);
        let score = axis(&figure, |_, at| at[2] < 46.0 && at[1] > top && at[3] < bottom, false);
        let expected = scores
            .iter()
            .filter(|score| (score.layer, &*score.image) == (1 + row / 2, ["bird", "static"][row % 2]));
        let expected: Vec<f64> = expected.map(|score| score.sum).collect();
        assert_eq!((dots.len(), expected.len()), (3, 3));
        for (dot, expected) in dots.iter().zip(expected) {
            assert!(near(&score, dot.1, expected), "row {row}: {} {expected}", score(dot.1));
        }
        // Sessions of four iterations stand one above the other, left of that of nine.
        assert_eq!(dots[0].0, dots[1].0);
        assert!(dots[1].0 < dots[2].0);
    }
    assert!(figure.svg().contains("its course"));
    assert!(
        texts(&figure).iter().any(|(text, at)| text == "0" && at[0] < 160.0),
        "the initial weights have a place"
    );
    let ends: Vec<Session> = sessions()
        .iter()
        .map(|session| {
            Session::from_filters(session.name(), session.iterations(), session.filters.clone()).unwrap()
        })
        .collect();
    let bare = panels(&ends, &pictures[..1], FEW).unwrap();
    assert!(!bare.svg().contains("its course") && bare.svg().contains("mean of sessions"));
    assert!(!figure.svg().contains("mean of sessions"), "courses say more than a line between their ends");
}

#[test]
fn what_is_given_twice_is_there_once() {
    let [a, b, _] = sessions() else { panic!() };
    assert_eq!(all_kept(std::slice::from_ref(a)).unwrap().len(), a.kept_iterations().len());
    let twice = all_kept(&[a.clone(), a.at(2).unwrap(), a.clone()]).unwrap();
    assert_eq!(twice.len(), a.kept_iterations().len());
    // Another session of the same name is another session.
    assert_eq!(
        all_kept(&[a.clone(), b.clone().named(a.name())]).unwrap().len(),
        2 * a.kept_iterations().len()
    );
}

#[test]
fn ridges_go_down_with_iterations_and_count_the_soft_filters() {
    let figure = &figures()[1];
    let said = texts(figure);
    let place = |name: &str| said.iter().find(|(text, at)| text == name && at[2] < 92.0).unwrap().1[1];
    let names = ["untrained", "0", "1", "2", "4", "5", "9"];
    assert!(names.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
    let kept = all_kept(sessions()).unwrap();
    for iterations in [0, 1, 2, 4, 5, 9] {
        let level = kept.iter().filter(|session| session.iterations() == iterations);
        let tables: Vec<_> =
            level.map(|session| softness_table(std::slice::from_ref(session), &[bird()]).unwrap()).collect();
        let soft = |table: &crate::table::ScoreTable| {
            table
                .soft(table.rows()[0].session.as_str(), 2, "bird")
                .unwrap()
                .into_iter()
                .filter(|&soft| soft)
                .count()
        };
        let count = format!("{} of {}", tables.iter().map(soft).sum::<usize>(), 36 * tables.len());
        let y = place(&iterations.to_string());
        let beside = said.iter().find(|(_, at)| at[0] > 574.0 && (at[1] - y).abs() < 4.0).unwrap();
        assert_eq!(beside.0, count, "after {iterations}");
    }
    // Every filter of every session at every iteration that it kept has its dot.
    let drawn = dots(figure, layer_colour(2)).concat().len() + dots(figure, RED).concat().len();
    assert_eq!(drawn, 36 * kept.len());
}

#[test]
fn a_density_is_a_mean_of_normal_densities_with_silvermans_bandwidth() {
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    // By numpy: 0.9 * min(std(ddof=1), IQR / 1.34) * 10 ** -0.2.
    assert!((silverman(&values) - 1.719_286_404_692_283).abs() < BY_HAND, "{}", silverman(&values));
    let normal = 1.0 / (2.0 * std::f64::consts::TAU.sqrt());
    assert!((density(&[3.0], 2.0, 3.0) - normal).abs() < BY_HAND);
    assert!((density(&[3.0], 2.0, 5.0) - normal * (-0.5f64).exp()).abs() < BY_HAND);
    let area: f64 = (-400..1_600).map(|step| density(&values, 1.5, f64::from(step) / 50.0) / 50.0).sum();
    assert!((area - 1.0).abs() < 1e-6, "{area}");
    assert_eq!((silverman(&[2.0, 2.0, 2.0]), silverman(&[2.0])), (0.0, 0.0));
}

#[test]
fn accuracy_stands_against_the_layer_score_with_the_rank_correlation_of_scipy() {
    let accuracies = [0.1, 0.42, 0.31, 0.5];
    let mut all: Vec<Session> = sessions().to_vec();
    all.push(sessions()[0].clone().named("more"));
    for (session, accuracy) in all.iter_mut().zip(accuracies) {
        session.record.as_mut().unwrap().test_accuracy = accuracy;
    }
    all[0] = {
        let mut first = all[0].clone();
        first.training.iterations = 1;
        first
    };
    let figure = Figure::accuracy_against_softness(&all, 1, &bird()).unwrap();
    let score = axis(&figure, |text, at| text.contains('.') && at[1] > figure.height() as f32 - 40.0, true);
    let percent =
        axis(&figure, |text, at| text.parse::<f64>().is_ok() && at[2] < 50.0 && at[1] > 60.0, false);
    let value = |line: &str, name: &str| -> f64 {
        line.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap()
            / 50.0
    };
    let circles = figure.svg().lines().filter(|line| line.starts_with("<circle") && line.contains("stroke="));
    let shown: Vec<(f64, f64)> = circles.map(|line| (value(line, "cx"), value(line, "cy"))).collect();
    assert_eq!(shown.len(), 4);
    let table = softness_table(sessions(), &[bird()]).unwrap();
    for (at, (x, y)) in shown.into_iter().enumerate() {
        let name = if at == 3 { sessions()[0].name() } else { sessions()[at].name() };
        let expected: f64 = table.scores(name, 1, "bird").unwrap().iter().sum();
        assert!(
            near(&score, x, expected) && near(&percent, y, 100.0 * accuracies[at]),
            "{at}: {x} {y} {expected}"
        );
    }
    assert!(figure.caption().contains("(n = 4). Spearman's ρ = "), "{}", figure.caption());
    assert!(figure.caption().contains("without the 1 untrained, n = 3: ρ = "), "{}", figure.caption());
    // One more without accuracy is left out and counted.
    all.push(Session::from_filters("bare", 5, all[0].filters.clone()).unwrap());
    let figure = Figure::accuracy_against_softness(&all, 1, &bird()).unwrap();
    assert!(figure.caption().ends_with("1 session of unknown accuracy is left out."), "{}", figure.caption());
}

#[test]
fn the_captions_correlations_are_those_of_scipy() {
    // scipy.stats.spearmanr of the scores and records in data/paper, layer 1 on the bird: -0.73636, p 0.00976 for all eleven
    // sessions; -0.30952 for the eight trained ones, whose p scipy takes from t, 0.456, and this crate from all arrangements.
    let picture = Picture::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/bird.png")).unwrap();
    let shipped = crate::store::shipped_sessions().unwrap();
    let figure = Figure::accuracy_against_softness(&shipped, 1, &picture).unwrap();
    let words = figure.caption().replace('\u{a0}', " ");
    assert!(words.contains("(n = 11). Spearman's ρ = −0.74, p = 0.010 (by Student's t)"), "{words}");
    assert!(words.contains("without the 3 untrained, n = 8: ρ = −0.31, p = 0.46"), "{words}");
}
