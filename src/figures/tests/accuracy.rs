//! Accuracy in the course of training, and its line.

use super::super::Figure;
use super::super::accuracy::Line;
use super::{session, texts};
use crate::dataset::Dataset;
use crate::network::Architecture;
use crate::session::{Evaluation, Session, Training, train_in_memory};

#[test]
fn the_least_squares_line_of_three_points_is_the_one_computed_by_hand() {
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
    /// Every coordinate is rounded to a drawing unit.
    const ROUNDING: f64 = 1.5;
    let figure = session().accuracy_curve().unwrap();
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
    // Least squares by the textbook formula, in drawing units.
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
    let figure = train_in_memory(&Dataset::tiny(), training, &()).unwrap().accuracy_curve().unwrap();
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
fn a_caption_says_whether_evaluations_took_all_test_images() {
    // 4 iterations between two evaluations would take 100 images, and the data set has fewer.
    let caption = session().accuracy_curve().unwrap().caption().to_owned();
    assert!(caption.ends_with("10 evaluations, each on all test images."), "{caption}");
    let shipped = &crate::store::shipped_sessions().unwrap()[3];
    let caption = shipped.accuracy_curve().unwrap().caption().to_owned();
    assert!(caption.ends_with("each on a part of the test images."), "{caption}");
}

#[test]
fn a_session_without_history_has_no_curve_and_the_error_says_what_to_do() {
    let [first, second] = [1, 2].map(|layer| session().filters(layer).unwrap());
    let loaded = Session::from_filters("loaded", 30, [first, second]).unwrap();
    let error = loaded.accuracy_curve().unwrap_err().to_string();
    assert!(error.contains("session loaded") && error.contains("0 evaluations"), "{error}");
    assert!(error.contains("evaluate_every"), "{error}");
}

#[test]
fn sessions_have_a_line_each_and_a_legend_of_up_to_six() {
    let history = session().history().to_vec();
    let sessions = |count: usize| -> Vec<_> {
        let mut sessions = vec![("started".to_string(), history[..1].to_vec())];
        sessions.extend((0..count).map(|place| (format!("session {place}"), history.clone())));
        sessions
    };
    for (count, named) in [(1, 1), (6, 6), (7, 0)] {
        let figure = Figure::accuracy_curves("Several", &sessions(count)).unwrap();
        let lines = figure.svg().lines().filter(|line| line.contains("stroke-width=\"50\"")).count();
        assert_eq!(lines, count);
        let labels = texts(&figure).into_iter().filter(|(text, _)| text.starts_with("session "));
        assert_eq!(labels.count(), named);
    }
    let error = Figure::accuracy_curves("Several", &sessions(0)).unwrap_err().to_string();
    assert!(error.ends_with("no session has been evaluated twice yet: try again later"), "{error}");
}

#[test]
fn an_accuracy_that_is_not_a_number_leaves_a_gap() {
    let mut history = session().history().to_vec();
    let lines = |history: &[Evaluation]| {
        let figure = Figure::accuracy_curves("One", &[("a".into(), history.to_vec())]).unwrap();
        let is_broken = history.iter().any(|evaluation| !evaluation.test_accuracy.is_finite());
        assert_eq!(figure.caption().contains("gap"), is_broken);
        let points = |line: &str| line.split(" d=\"").nth(1).unwrap().matches(' ').count();
        let drawn = figure.svg().lines().filter(|line| line.contains("stroke-width=\"50\""));
        drawn.map(points).collect::<Vec<usize>>()
    };
    assert_eq!(history.len(), 10);
    let whole = lines(&history);
    assert_eq!(whole.len(), 1);
    for broken in [f64::NAN, f64::INFINITY] {
        history[4].test_accuracy = broken;
        assert_eq!(lines(&history).len(), 2, "{broken}");
        assert!(lines(&history).iter().all(|points| *points < whole[0]), "{broken}");
    }
    history.iter_mut().skip(1).for_each(|evaluation| evaluation.test_accuracy = f64::NAN);
    let none = Figure::accuracy_curves("One", &[("a".into(), history)]).unwrap_err().to_string();
    assert!(none.contains("no session has been evaluated twice"), "{none}");
}
