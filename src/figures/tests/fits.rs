//! R², residuals, fitted lines and diagnostics.

use super::super::palette::RED;
use super::super::r_squared_chart;
use super::{fits, texts};
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
        .filter(|line| ["#0072b2", "#e69f00", "#009e73"].iter().any(|colour| line.contains(colour)))
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
