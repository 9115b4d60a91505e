//! The four plots that R draws of a linear model.

use std::ops::Range;

use super::axes::{Axis, Chart, axes, level, path, rings_in};
use super::palette::{GREY, RED, Rgb, form};
use super::sheet::{PAGE, TEXT, figure, panel, px, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::error::Result;
use crate::models::Fit;
use crate::stats::{percentile, rounding};

/// Height of a panel, in pixels.
const PANEL: i32 = 225;
/// The Cook's distances that have a line.
const COOK: [f64; 2] = [0.5, 1.0];
/// The name of the axis of leverages.
const LEVERAGE: &str = "leverage";
/// The number of points that are named.
const NAMED: usize = 3;

impl Fit {
    /// R's four diagnostic plots of a fit, on the linearised scale:
    /// - residuals against fitted values. A curve or a funnel means that the form or the variance is wrong.
    /// - standardised residuals against normal quantiles, with the line through the quartiles.
    /// - the square root of the absolute standardised residuals against fitted values.
    /// - standardised residuals against leverage, with lines of Cook's distance 0.5 and 1.
    ///
    /// The three points furthest out have their number, counted from 1. Points without a standardised residual (if the
    /// line is exact, or if one point alone determines it) are left out of the last three plots.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should cause.
    pub fn diagnostic_plots(&self) -> Result<Figure> {
        let title = format!("Diagnostics of the {} model: {}", self.form(), self.group());
        let caption = format!(
            "On the linearised scale; n = {}. {} Dashed: Cook's distance 0.5 and 1.",
            self.n(),
            match self.n() {
                n if n > NAMED => "The three points furthest out are numbered in the order given, from 1.",
                _ => "Points are numbered in the order given, from 1.",
            }
        );
        let standardised = self.standardised_residuals();
        let roots: Vec<f64> = standardised.iter().map(|r| r.abs().sqrt()).collect();
        let (scores, leverages) = (self.normal_scores(), self.leverages());
        let y_name = "standardised residual";
        figure(&title, [&title, &caption], (PAGE, 2 * PANEL), |_, body| {
            let panels = body.split_evenly((2, 2));
            let names = ["Residuals vs fitted", "fitted value", "residual"];
            let zero = |chart: &Chart, _: &[(f64, f64)]| level(chart, 0.0);
            draw_panel(&panels[0], names, form(self.form()), (self.fitted(), self.residuals()), false, zero)?;
            let names = ["Normal Q-Q", "normal quantile", y_name];
            draw_panel(&panels[1], names, form(self.form()), (&scores, &standardised), false, quartile_line)?;
            let names = ["Scale-location", "fitted value", "√|standardised residual|"];
            draw_panel(&panels[2], names, form(self.form()), (self.fitted(), &roots), true, |_, _| Ok(()))?;
            let names = ["Residuals vs leverage", LEVERAGE, y_name];
            draw_panel(&panels[3], names, form(self.form()), (&leverages, &standardised), false, cooks_lines)
        })
    }
}

/// Draws one of the four plots: the finite points, and `lines` below them.
fn draw_panel(
    area: &Area,
    [title, x_name, y_name]: [&str; 3],
    colour: Rgb,
    (x, y): (&[f64], &[f64]),
    from_zero: bool,
    lines: impl FnOnce(&Chart, &[(f64, f64)]) -> Drawn,
) -> Drawn {
    let pairs = x.iter().copied().zip(y.iter().copied()).enumerate();
    let (numbers, points): (Vec<usize>, Vec<(f64, f64)>) =
        pairs.filter(|(_, (x, y))| x.is_finite() && y.is_finite()).unzip();
    let mut y_range = range_of(points.iter().map(|point| point.1));
    if from_zero {
        y_range.start = 0.0;
    }
    let mut x_range = range_of(points.iter().map(|point| point.0));
    if x_name == LEVERAGE {
        x_range.start = x_range.start.max(0.0); // no leverage is below
    }
    let x = Axis::new(x_name, x_range, 4);
    let below = panel(area, title, 8)?;
    let chart = axes(&below, &x, &Axis::new(y_name, y_range, 5), (6, 24))?;
    lines(&chart, &points)?;
    rings_in(&chart, &points, (2.75, 1.25), colour)?;
    let mut furthest: Vec<_> = numbers.iter().zip(&points).collect();
    furthest.sort_by(|a, b| b.1.1.abs().total_cmp(&a.1.1.abs()));
    let mut labels: Vec<[i32; 4]> = Vec::new();
    for (number, point) in furthest.into_iter().take(NAMED) {
        let (across, down) = chart.plotting_area().map_coordinate(point);
        let (left, top) = area.get_base_pixel();
        let label = Label { text: (number + 1).to_string(), point: (across - left, down - top) };
        // Points may lie on each other: the first corner that is free.
        let is_free = |corner: &(HPos, VPos)| {
            let [left, top, right, bottom] = label.extent(*corner);
            labels.iter().all(|[l, t, r, b]| right < *l || left > *r || bottom < *t || top > *b)
        };
        let corner = CORNERS.into_iter().find(is_free).unwrap_or(CORNERS[0]);
        labels.push(label.extent(corner));
        area.draw_text(&label.text, &style(TEXT, GREY, corner.0, corner.1), label.place(corner))?;
    }
    Ok(())
}

/// The range of an axis. Values that differ by their roundings alone are one value.
fn range_of(values: impl Iterator<Item = f64>) -> Range<f64> {
    let values: Vec<f64> = values.collect();
    let shown = if rounding(&values).is_some() { 1 } else { values.len() };
    padded(values.into_iter().take(shown))
}

/// How the label of a point is aligned: at its upper right, lower right, upper left or lower left.
const CORNERS: [(HPos, VPos); 4] = [
    (HPos::Left, VPos::Bottom),
    (HPos::Left, VPos::Top),
    (HPos::Right, VPos::Bottom),
    (HPos::Right, VPos::Top),
];

/// The number of a point, and where the point is, in drawing units.
struct Label {
    text: String,
    point: (i32, i32),
}

impl Label {
    /// Where the text is anchored.
    fn place(&self, (across, down): (HPos, VPos)) -> (i32, i32) {
        let (x, y) = self.point;
        let x = if matches!(across, HPos::Left) { x + 4 * PX } else { x - 4 * PX };
        (x, if matches!(down, VPos::Bottom) { y - 2 * PX } else { y + 2 * PX })
    }

    /// Left, top, right and bottom of the text.
    fn extent(&self, corner: (HPos, VPos)) -> [i32; 4] {
        let ((x, y), (wide, high)) =
            (self.place(corner), (px(Font::new().width(&self.text, TEXT)), px(TEXT)));
        let left = if matches!(corner.0, HPos::Left) { x } else { x - wide };
        let top = if matches!(corner.1, VPos::Top) { y } else { y - high };
        [left, top, left + wide, top + high]
    }
}

/// The line through the first and third quartiles of both axes (R's `qqline`).
fn quartile_line(chart: &Chart, points: &[(f64, f64)]) -> Drawn {
    if points.len() < 2 {
        return Ok(());
    }
    let y: Vec<f64> = points.iter().map(|point| point.1).collect();
    // Standard normal quartiles are 0.6745 from zero.
    const QUARTILE: f64 = 0.674_489_750_196_081_7;
    let (low, high) = (percentile(&y, 25.0), percentile(&y, 75.0));
    let (middle, slope) = ((low + high) / 2.0, (high - low) / (2.0 * QUARTILE));
    curve_within(chart, |x| middle + slope * x, (RED, 1.25))
}

/// The lines of Cook's distance d = 0.5 and 1: r² = 2 d (1 - h) / h at leverage h.
fn cooks_lines(chart: &Chart, _: &[(f64, f64)]) -> Drawn {
    level(chart, 0.0)?;
    for distance in COOK {
        for sign in [-1.0, 1.0] {
            let bound = |h: f64| {
                if h > 0.0 && h < 1.0 { sign * (2.0 * distance * (1.0 - h) / h).sqrt() } else { f64::NAN }
            };
            curve_within(chart, bound, (RED, 0.75))?;
        }
    }
    Ok(())
}

/// Draws the parts of a curve that lie within the plot; thin curves are dashed.
fn curve_within(chart: &Chart, curve: impl Fn(f64) -> f64, (colour, width): (Rgb, f64)) -> Drawn {
    const STEPS: usize = 200;
    let (x, y): (Range<f64>, Range<f64>) = (chart.x_range(), chart.y_range());
    let at = |step: usize| x.start + (x.end - x.start) * step as f64 / STEPS as f64;
    let dashed = width < 1.0;
    for step in (0..STEPS).filter(|step| !dashed || step / 4 % 2 == 0) {
        let ends = [at(step), at(step + 1)].map(|x| (x, curve(x)));
        if ends.iter().all(|point| y.contains(&point.1)) {
            path(chart, ends, colour, width)?;
        }
    }
    Ok(())
}
