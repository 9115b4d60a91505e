//! What training does to the scores of layer 2 under each reading of a filter: the second study at a glance.

use plotters::element::{Circle, Polygon};
use plotters::style::Color;
use plotters_backend::text_anchor::{HPos, VPos};

use super::axes::{Axis, Chart, axes, path, rings};
use super::palette::{GREY, INK, PALE, RED, form, model};
use super::scored::on;
use super::sheet::{PAGE, Sample, TEXT, figure, legend, panel, px, style};
use super::ticks::{Ticks, padded};
use super::{Area, Drawn, Figure, PX};
use crate::error::{Error, Result};
use crate::models::Form;
use crate::paper::second::{AnswerFiles, ReadingPanel};
use crate::stats::{Interval, LevelFit, LevelModel};
use crate::text::numbers::{decimals, p_value};

/// Height of a panel of scores, and of the panel of R², in pixels.
const PANEL: i32 = 204;
const SETS: i32 = 128;
/// Panels beside each other.
const ACROSS: usize = 2;
/// Width of the names of readings, in pixels.
const NAMES: i32 = 104;
/// The paper's numbers of iterations.
const PAPER: [f64; 5] = [1.0, 2_000.0, 10_000.0, 30_000.0, 50_000.0];
/// Points of a curve.
const POINTS: usize = 200;

impl Figure {
    /// What training does to the score of layer 2, under each reading of a filter: the second study at a glance. `image` is "bird" or
    /// "static".
    ///
    /// There is a panel for each [`Reading`](crate::responses::Reading): the change of the layer score against the mean of the untrained networks, in percent, by
    /// iterations on a logarithmic axis. The grey band has 95 % of 4,000 untrained networks, a ring is a session, and triangles mark the paper's five
    /// levels. The lines are three models of the mean ln score: a step from untrained to trained, the power model, and a saturating approach; each has the
    /// p-value of its lack of fit, by simulation and after Holm's correction. Below, the R² of the power model that a new study of eleven sessions would find (the median and
    /// the range of 95 % of them), and the R² that the paper printed.
    ///
    /// The numbers are those of `data/second`, which are part of the crate; `docs/rules-2.md` has the rules of the study.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no such image.
    pub fn second_study(image: &str) -> Result<Self> {
        if !["bird", "static"].contains(&image) {
            return Err(Error::option("image", image, "the figure is there for \"bird\" and \"static\""));
        }
        readings_at_a_glance(&AnswerFiles::shipped()?.panels(image)?, image)
    }
}

/// [`Figure::second_study`] from panels.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the figure cannot be drawn.
pub fn readings_at_a_glance(panels: &[ReadingPanel], image: &str) -> Result<Figure> {
    let title = format!("What training does to the score of layer 2 on {}", on(image));
    let sessions = panels.iter().map(|panel| panel.sessions.len()).max().unwrap_or(0);
    let caption = format!(
        "Rings: {sessions} sessions. Grey band: 95 % of 4,000 untrained networks. Triangles: the paper's levels. Lines: models of the mean, \
                   with p of their lack of fit (Holm); below 0.05 a model is rejected. Lower is softer."
    );
    let rows = panels.len().div_ceil(ACROSS) as i32;
    figure(&title, [&title, &caption], (PAGE, 20 + rows * PANEL + SETS), |_, body| {
        let entries = [
            (Sample::Line(model(LevelModel::Step)), "step"),
            (Sample::Line(model(LevelModel::Power)), "power"),
            (Sample::Line(model(LevelModel::Saturating)), "saturating"),
        ];
        legend(body, &entries)?;
        let below = body.margin(20 * PX, 0, 0, 0);
        let (upper, lower) = below.split_vertically(rows * PANEL * PX);
        for (area, shown) in upper.split_evenly((rows as usize, ACROSS)).iter().zip(panels) {
            draw_panel(area, shown)?;
        }
        draw_sets(&lower, panels)
    })
}

/// Where x iterations stand on the axis; the untrained at 1.
fn place(iterations: f64) -> f64 {
    iterations.max(1.0).log10()
}

fn draw_panel(area: &Area, shown: &ReadingPanel) -> Drawn {
    let below = panel(area, shown.reading.in_words(), 6)?;
    let (mean, Interval { low, high }) = shown.untrained;
    let percent = |ln_score: f64| 100.0 * (ln_score - mean).exp_m1();
    let points: Vec<(f64, f64)> =
        shown.sessions.iter().map(|&(iterations, score)| (place(iterations), percent(score))).collect();
    let (low, high) = (percent(low), percent(high));
    let y_range = padded(points.iter().map(|point| point.1).chain([low, high]));
    let room = 0.5 * (y_range.end - y_range.start);
    let y_range = y_range.start - room..y_range.end;
    let x_range = -0.15..5.15;
    let x = Axis { label: "iterations".into(), ticks: Ticks::decades(&x_range), range: x_range.clone() };
    let y = Axis::new("change (%)", y_range.clone(), 6);
    let chart = axes(&below, &x, &y, (4, 24))?;
    let corners = [(x_range.start, low), (x_range.end, low), (x_range.end, high), (x_range.start, high)];
    chart.plotting_area().draw(&Polygon::new(corners, PALE.ink().mix(0.45).filled()))?;
    rings(&chart, &points, 1.75, 0.75)?;
    for level in PAPER {
        mark(&chart, place(level), &y_range)?;
    }
    for (row, (fit, p)) in shown.models.iter().enumerate() {
        let curve: Vec<(f64, f64)> = curve(fit).map(|(x, y)| (x, percent(y))).collect();
        path(&chart, curve, model(fit.model), 1.5)?;
        let text = format!("{}: p {}", fit.model.name(), p_value(*p));
        let at = y_range.start + (0.07 + 0.09 * row as f64) * (y_range.end - y_range.start);
        let (across, down) = chart.plotting_area().map_coordinate(&(0.36, at));
        let corner = below.get_base_pixel();
        path(&chart, [(0.06, at), (0.28, at)], model(fit.model), 1.5)?;
        let ink = style(TEXT, INK, HPos::Left, VPos::Center);
        below.draw_text(&text, &ink, (across - corner.0, down - corner.1))?;
    }
    Ok(())
}

/// A small triangle on the lower axis.
fn mark(chart: &Chart, x: f64, y_range: &std::ops::Range<f64>) -> Drawn {
    let (half, tall) = (0.05, 0.035 * (y_range.end - y_range.start));
    let bottom = y_range.start;
    let corners = [(x - half, bottom), (x + half, bottom), (x, bottom + tall)];
    chart.plotting_area().draw(&Polygon::new(corners, INK.ink().filled()))
}

/// The points of a model's curve, from 1 to 100,000 iterations. A step stands between 1 and 2.
fn curve(fit: &LevelFit) -> impl Iterator<Item = (f64, f64)> {
    let at = |step: usize| {
        let x = 5.0 * step as f64 / POINTS as f64;
        // One iteration stands for none.
        let iterations = if step == 0 { 0.0 } else { 10f64.powf(x) };
        (x, fit.at(iterations))
    };
    (0..=POINTS).map(at)
}

/// A row for each reading: the predictive interval of R², its median, and the printed R².
fn draw_sets(area: &Area, panels: &[ReadingPanel]) -> Drawn {
    let below = panel(
        area,
        "R² of the power model in a new study of eleven sessions: 95 % of them, median; diamond: as printed",
        2,
    )?;
    let inner = below.margin(0, 0, NAMES * PX, 0);
    let rows = panels.len() as f64;
    let x = Axis::new("R²", 0.0..1.0, 6);
    let chart = axes(&inner, &x, &Axis::plain(rows..0.0), (2, 40))?;
    for (row, shown) in panels.iter().enumerate() {
        let at = row as f64 + 0.5;
        let (middle, Interval { low, high }) = shown.r_squared;
        path(&chart, [(low, at), (high, at)], form(Form::Power), 2.5)?;
        let plot = chart.plotting_area();
        plot.draw(&Circle::new((middle, at), px(3.0), INK.ink().filled()))?;
        let (wide, tall) = (0.008, 0.3);
        let corners = [(-wide, 0.0), (0.0, -tall), (wide, 0.0), (0.0, tall)];
        plot.draw(&Polygon::new(corners.map(|(x, y)| (shown.printed + x, at + y)), RED.ink().filled()))?;
        let (_, down) = plot.map_coordinate(&(0.0, at));
        let origin = below.get_base_pixel();
        let name = style(TEXT, INK, HPos::Right, VPos::Center);
        below.draw_text(shown.reading.in_words(), &name, (NAMES * PX, down - origin.1))?;
        let numbers = style(TEXT, GREY, HPos::Left, VPos::Center);
        let (right, _) = plot.map_coordinate(&(1.0, at));
        below.draw_text(&decimals(middle, 2), &numbers, (right - origin.0 + 6 * PX, down - origin.1))?;
    }
    Ok(())
}
