//! The four plots that R draws of a linear model.

use plotters::element::{Circle, PathElement};
use plotters_backend::text_anchor::{HPos, VPos};

use super::Figure;
use super::axes::{Axis, Chart, axes};
use super::canvas::{Area, Drawn, PX, draw};
use super::palette::{GREY, INK, POINTS, RED};
use super::sheet::{Header, PAGE, TEXT, px, stroke, style};
use super::ticks::padded;
use crate::error::Result;
use crate::models::Fit;
use crate::stats::percentile;

/// Height of a panel, in pixels.
const PANEL: i32 = 225;
/// The distances of Cook that have a line.
const COOK: [f64; 2] = [0.5, 1.0];
/// The points that are named, those furthest out.
const NAMED: usize = 3;

/// R's four diagnostic plots of a fit, on the straightened scale: residuals against fitted values (a curve or a funnel
/// says that the form or the variance is wrong); standardised residuals against normal quantiles, with the line through
/// the quartiles; the root of their size against fitted values; standardised residuals against leverage, with
/// lines of Cook's distance 0.5 and 1. The three points furthest out are named by their number, from 1.
///
/// Points without a standardised residual (an exact line, or a point that decides the line alone) are left out of the last
/// three.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should meet.
pub fn diagnostic_plots(fit: &Fit) -> Result<Figure> {
    let title = format!("Diagnostics of the {} model: {}", fit.form(), fit.group());
    let caption = "On the straightened scale. Numbers name the points furthest out, in the order they were given. \
                   Dashed: Cook's distance 0.5 and 1.";
    let header = Header::new(&title, caption, PAGE);
    let top = header.height();
    let standardised = fit.standardised_residuals();
    let roots: Vec<f64> = standardised.iter().map(|r| r.abs().sqrt()).collect();
    let (scores, leverages) = (fit.normal_scores(), fit.leverages());
    draw(&title, (PAGE, (top + 2 * PANEL) as u32), |area| {
        header.draw(area)?;
        let panels = area.margin(top * PX, 0, 0, 0).split_evenly((2, 2));
        let residuals =
            Panel::new("Residuals vs fitted", "fitted value", "residual", fit.fitted(), fit.residuals());
        residuals.draw(&panels[0], false, |chart, panel| level(chart, panel, 0.0))?;
        let quantiles =
            Panel::new("Normal Q-Q", "normal quantile", "standardised residual", &scores, &standardised);
        quantiles.draw(&panels[1], false, quartile_line)?;
        let scale =
            Panel::new("Scale-location", "fitted value", "√|standardised residual|", fit.fitted(), &roots);
        scale.draw(&panels[2], true, |_, _| Ok(()))?;
        let influence = Panel::new(
            "Residuals vs leverage",
            "leverage",
            "standardised residual",
            &leverages,
            &standardised,
        );
        influence.draw(&panels[3], false, cooks_lines)
    })
}

/// One of the four.
struct Panel<'a> {
    names: [&'a str; 3],
    /// The finite points, with their numbers.
    points: Vec<(usize, (f64, f64))>,
}

impl<'a> Panel<'a> {
    fn new(title: &'a str, x_name: &'a str, y_name: &'a str, x: &[f64], y: &[f64]) -> Self {
        let pairs = x.iter().copied().zip(y.iter().copied()).enumerate();
        let points = pairs.filter(|(_, (x, y))| x.is_finite() && y.is_finite()).collect();
        Self { names: [title, x_name, y_name], points }
    }

    fn draw(&self, area: &Area, from_zero: bool, lines: impl FnOnce(&Chart, &Self) -> Drawn) -> Drawn {
        let [title, x_name, y_name] = self.names;
        area.draw_text(title, &style(TEXT, INK, HPos::Left, VPos::Top), (4 * PX, 0))?;
        let below = area.margin(17 * PX, 8 * PX, 0, 4 * PX);
        let mut y_range = padded(self.points.iter().map(|(_, point)| point.1));
        if from_zero {
            y_range.start = 0.0;
        }
        let x = Axis::new(x_name, padded(self.points.iter().map(|(_, point)| point.0)), 4);
        let y = Axis::new(y_name, y_range, 5);
        let chart = axes(&below, &x, &y, (6, 24))?;
        lines(&chart, self)?;
        let plot = chart.plotting_area();
        for (_, point) in &self.points {
            plot.draw(&Circle::new(*point, px(2.75), stroke(POINTS, 1.25)))?;
        }
        let mut furthest: Vec<_> = self.points.iter().collect();
        furthest.sort_by(|a, b| b.1.1.abs().total_cmp(&a.1.1.abs()));
        for (number, point) in furthest.into_iter().take(NAMED) {
            let (across, down) = plot.map_coordinate(point);
            let text = style(TEXT, GREY, HPos::Left, VPos::Bottom);
            let (left, top) = area.get_base_pixel();
            let beside = (across - left + 4 * PX, down - top - 2 * PX);
            area.draw_text(&(number + 1).to_string(), &text, beside)?;
        }
        Ok(())
    }
}

fn ranges(chart: &Chart) -> (std::ops::Range<f64>, std::ops::Range<f64>) {
    (chart.x_range(), chart.y_range())
}

/// A grey line at one height.
fn level(chart: &Chart, _: &Panel, y: f64) -> Drawn {
    let (x, _) = ranges(chart);
    chart.plotting_area().draw(&PathElement::new(vec![(x.start, y), (x.end, y)], stroke(GREY, 0.75)))
}

/// The line through the first and third quartile of both (R's `qqline`).
fn quartile_line(chart: &Chart, panel: &Panel) -> Drawn {
    if panel.points.len() < 2 {
        return Ok(());
    }
    let y: Vec<f64> = panel.points.iter().map(|(_, point)| point.1).collect();
    // Standard normal quartiles are 0.6745 from zero.
    const QUARTILE: f64 = 0.674_489_750_196_081_7;
    let (low, high) = (percentile(&y, 25.0), percentile(&y, 75.0));
    let (middle, slope) = ((low + high) / 2.0, (high - low) / (2.0 * QUARTILE));
    let (x, y) = ranges(chart);
    inside(chart, &x, &y, |x| middle + slope * x, (RED, 1.25))
}

/// Where Cook's distance is 0.5 and 1: r² = 2 d (1 - h) / h.
fn cooks_lines(chart: &Chart, panel: &Panel) -> Drawn {
    level(chart, panel, 0.0)?;
    let (x, y) = ranges(chart);
    for distance in COOK {
        for sign in [-1.0, 1.0] {
            let bound = |h: f64| {
                if h > 0.0 && h < 1.0 { sign * (2.0 * distance * (1.0 - h) / h).sqrt() } else { f64::NAN }
            };
            inside(chart, &x, &y, bound, (RED, 0.75))?;
        }
    }
    Ok(())
}

/// The parts of a curve that lie inside the plot, dashed where it is thin.
fn inside(
    chart: &Chart,
    x: &std::ops::Range<f64>,
    y: &std::ops::Range<f64>,
    curve: impl Fn(f64) -> f64,
    (colour, width): (super::palette::Rgb, f64),
) -> Drawn {
    const STEPS: usize = 200;
    let at = |step: usize| x.start + (x.end - x.start) * step as f64 / STEPS as f64;
    let dashed = width < 1.0;
    for step in (0..STEPS).filter(|step| !dashed || step / 4 % 2 == 0) {
        let ends = [at(step), at(step + 1)].map(|x| (x, curve(x)));
        if ends.iter().all(|point| y.contains(&point.1)) {
            chart.plotting_area().draw(&PathElement::new(ends.to_vec(), stroke(colour, width)))?;
        }
    }
    Ok(())
}
