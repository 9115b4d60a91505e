//! R², residuals, fitted lines and diagnostics.

use super::super::palette::{self, RED};
use super::super::r_squared_chart;
use super::{assert_texts_are_apart, fits, texts};
use crate::models::{Form, fit_models};
use crate::table::ScoreTable;

#[test]
fn bars_are_as_high_as_their_r_squared() {
    let fits = fits(1.5);
    let figure = r_squared_chart(&fits).unwrap();
    let bars: Vec<f64> = figure
        .svg()
        .lines()
        .filter(|line| line.starts_with("<rect") && line.contains("height"))
        .filter(|line| Form::ALL.iter().any(|&form| line.contains(&palette::form(form).to_string())))
        .skip(3) // the legend
        .map(|line| line.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(bars.len(), 12);
    let unit = bars[0] / fits.iter().next().unwrap().r_squared();
    for (bar, fit) in bars.iter().zip(fits.iter()) {
        assert!((bar / unit - fit.r_squared()).abs() < 1e-3, "{:?}", fit.group());
    }
}

#[test]
fn no_line_goes_through_the_value_of_a_bar() {
    let figure = r_squared_chart(&fits(1.5)).unwrap();
    let svg = figure.svg();
    let lines: Vec<&str> = svg.lines().collect();
    let labels: Vec<usize> = (1..lines.len())
        .filter(|&at| lines[at].contains("aria-label=\"0.") && lines[at - 1].starts_with("<rect"))
        .collect();
    assert_eq!(labels.len(), 12);
    assert!(labels.iter().all(|&at| lines[at - 1].to_lowercase().contains("#fff")));
}

/// Fits of this many layers and images.
fn many(layers: usize, images: usize) -> crate::models::Fits {
    let image = |number: usize| format!("image {number}");
    let sessions = (1..=3u64).flat_map(|number| (1..=layers).map(move |layer| (number, layer)));
    let rows = sessions.flat_map(|(number, layer)| {
        (1..=images).map(move |picture| {
            let score = number as f64 + (layer * picture) as f64;
            super::row(&format!("s{number}"), number, layer, &image(picture), 0, score)
        })
    });
    fit_models(&ScoreTable::from_rows(rows.collect()).unwrap()).unwrap()
}

#[test]
fn bars_of_many_layers_are_in_rows_in_which_every_label_has_room() {
    for (layers, images, rows) in [(1, 8, 1), (4, 2, 1), (8, 2, 2), (17, 2, 5), (17, 3, 9), (2, 11, 4)] {
        let chart = r_squared_chart(&many(layers, images)).unwrap();
        let texts = texts(&chart);
        let count = |wanted: &str| texts.iter().filter(|(text, _)| text.starts_with(wanted)).count();
        assert_eq!(count("image "), layers * images, "{layers} x {images}: no label is shortened");
        // The layer of a row that is wrapped is written in each of its rows.
        assert_eq!(count("layer "), if images > 8 { 2 * layers } else { layers });
        assert_eq!(count("R²") - 1, rows, "{layers} x {images}: the title and one axis per row");
        assert_eq!(chart.width(), 640);
        let height = if rows == 1 { 256 } else { 200 * rows as u32 };
        // One line of title, one of caption.
        assert_eq!(chart.height(), 4 + 18 + 15 + 6 + 24 + height);
    }
}

#[test]
fn a_refused_form_has_no_bar_and_says_so() {
    let fits = fits(0.0);
    assert_eq!(fits.refusals().len(), 8);
    let chart = r_squared_chart(&fits).unwrap();
    assert_eq!(texts(&chart).iter().filter(|(text, _)| text == "none").count(), 8);
    let residuals = fits.residual_plots().unwrap();
    assert_eq!(texts(&residuals).iter().filter(|(text, _)| text.starts_with("refused")).count(), 8);
}

#[test]
fn no_fits_are_an_error_sentence() {
    let none = fit_models(&ScoreTable::from_rows(Vec::new()).unwrap()).unwrap();
    for error in [r_squared_chart(&none).unwrap_err(), none.residual_plots().unwrap_err()] {
        assert!(error.to_string().ends_with("there are no fits"), "{error}");
    }
}

#[test]
fn exact_and_extreme_fits_are_drawn() {
    for scale in [1e-300, 1e-9, 1.0, 1e12, 1e300] {
        let x = [1.0, 2.0, 3.0, 4.0];
        let exact = Form::Linear.fit(&x, &x.map(|x| scale * x)).unwrap();
        let rough = Form::Linear.fit(&x, &[scale, 3.0 * scale, 2.0 * scale, -scale]).unwrap();
        for fit in [exact, rough] {
            assert!(fit.residual_plot().unwrap().png().unwrap().starts_with(b"\x89PNG"), "{scale}");
            assert!(fit.plot().unwrap().png().unwrap().starts_with(b"\x89PNG"), "{scale}");
        }
    }
}

#[test]
fn a_fit_plot_has_the_band_of_the_line_inside_that_of_a_new_point() {
    let points = [(1.0, 3.1), (2.0, 2.2), (4.0, 1.4), (8.0, 1.1), (16.0, 0.6)];
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    for form in Form::ALL {
        let figure = form.fit(&x, &y).unwrap().plot().unwrap();
        let red = format!("fill=\"{}\" fill-opacity=\"0.15\"", RED);
        assert_eq!(figure.svg().matches(&red).count(), 1, "{form}");
        // The line and the two sides of the prediction band.
        let lines = format!("stroke=\"{}\"", RED);
        assert_eq!(figure.svg().matches(&lines).count(), 3, "{form}");
    }
}

#[test]
fn bands_that_overflow_on_the_original_scale_are_drawn_on_the_linearised_one() {
    let y = [1e-308, 1.0, 1e308, 1e300];
    for form in [Form::Exponential, Form::Power] {
        let figure = form.fit(&[1.0, 2.0, 3.0, 4.0], &y).unwrap().plot().unwrap();
        let red = format!("fill=\"{}\" fill-opacity=\"0.15\"", RED);
        assert_eq!(figure.svg().matches(&red).count(), 1, "{form}");
        assert_eq!(figure.svg().matches(&format!("stroke=\"{}\"", RED)).count(), 3, "{form}");
    }
}

#[test]
fn diagnostics_of_values_that_differ_by_roundings_have_one_value_and_no_negative_leverage() {
    // The point at 2,000 decides the line alone; the others have one x, one fitted value and the leverage 1/4.
    let fit = Form::Exponential.fit(&[1.0, 1.0, 1.0, 1.0, 2000.0], &[0.3, 0.1, 0.25, 0.7, 3.0]).unwrap();
    let figure = fit.diagnostic_plots().unwrap();
    assert_texts_are_apart(&figure);
    let labels: Vec<String> = texts(&figure).into_iter().map(|(text, _)| text).collect();
    let is_number = |label: &&String| label.starts_with(|first: char| first == '−' || first.is_ascii_digit());
    assert!(labels.iter().filter(is_number).all(|label| label.chars().count() <= 4), "{labels:?}");
    let leverages = labels.iter().skip_while(|label| *label != "Residuals vs leverage");
    assert!(leverages.clone().any(|label| label == "leverage"), "{labels:?}");
    assert!(!leverages.clone().any(|label| label.starts_with("−0.2")), "{labels:?}");
}

#[test]
fn diagnostics_leave_out_what_has_no_residual_and_show_the_rest() {
    let fitted = Form::Linear.fit(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0]).unwrap();
    assert_eq!(fitted.diagnostic_plots().unwrap().svg().matches("<circle").count(), 16);
    // An exact line has residuals of zero and no standardised residuals.
    let exact = Form::Linear.fit(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    assert_eq!(exact.diagnostic_plots().unwrap().svg().matches("<circle").count(), 3);
    // A point that determines the line alone is in the first panel only.
    let alone = Form::Linear.fit(&[1.0, 1.0, 1.0, 9.0], &[1.0, 3.0, 2.0, 5.0]).unwrap();
    assert_eq!(alone.diagnostic_plots().unwrap().svg().matches("<circle").count(), 4 + 3 * 3);
}
