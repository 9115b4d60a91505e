//! Scores of many sessions against their training.

use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::Color;
use plotters_backend::text_anchor::{HPos, VPos};

use super::Figure;
use super::axes::{Axis, axes};
use super::canvas::{Area, Drawn, PX, draw};
use super::palette::{INK, POINTS, RED};
use super::sheet::{Header, PAGE, TEXT, px, stroke, style};
use super::text::Font;
use super::ticks::{Ticks, padded};
use crate::error::{Error, Failure, Result};
use crate::robustness::{AnyMeasure, ResponseRobustness, Robustness};
use crate::stats::Interval;

/// The level of the bands.
const LEVEL: f64 = 0.95;

/// The fewest sessions of a level that has a band: two leave one degree of freedom, and a band beyond the figure.
const BANDED: usize = 3;

/// Height of a panel, in pixels.
const PANEL: i32 = 180;

/// The scores of one measure against iterations on a logarithmic scale, one panel for each layer and set of
/// pictures: a ring for every session, a line through the means of the levels, and a band of their 95% intervals by
/// Student's t where a level has three sessions or more.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) where the measure is not among those that were scored.
pub fn training_curves(holds: &Robustness, measure: impl Into<AnyMeasure>) -> Result<Figure> {
    let measure = measure.into();
    let title = format!("{measure} against training, {} sessions", holds.sessions);
    let mut shown: Vec<Vec<&ResponseRobustness>> = Vec::new();
    for held in holds.responses.iter().filter(|held| held.measure == measure) {
        match shown.iter_mut().find(|row| row[0].images == held.images) {
            Some(row) => row.push(held),
            None => shown.push(vec![held]),
        }
    }
    let Some(columns) = shown.iter().map(Vec::len).max() else {
        let problem = format!("no answer is about {measure}");
        return Err(Error::from(Failure::NothingToDraw { figure: title, problem }));
    };
    let caption = "Rings: sessions, each the mean over filters and pictures. Line and band: means of the levels of \
                   training and their 95% intervals.";
    let header = Header::new(&title, caption, PAGE);
    let top = header.height();
    draw(&title, (PAGE, (top + PANEL * shown.len() as i32) as u32), |area| {
        header.draw(area)?;
        let panels = area.margin(top * PX, 0, 0, 0).split_evenly((shown.len(), columns));
        for (row, panels) in shown.iter().zip(panels.chunks(columns)) {
            row.iter().zip(panels).try_for_each(|(held, panel)| draw_panel(panel, held))?;
        }
        Ok(())
    })
}

fn draw_panel(area: &Area, held: &ResponseRobustness) -> Drawn {
    let width = f64::from(area.dim_in_pixel().0) / f64::from(PX) - 8.0;
    let name = Font::new().shorten(&held.place(), TEXT, width);
    area.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (4 * PX, 0))?;
    let x_of = |iterations: u64| (iterations as f64).log10();
    let levels = levels(held);
    let ends = levels.iter().flat_map(|(_, _, band)| band.iter().flat_map(|band| [band.low, band.high]));
    let y_range = padded(held.points.iter().map(|point| point.1).chain(ends));
    let x_range = padded(held.points.iter().map(|point| x_of(point.0)));
    let x = Axis { label: "iterations".into(), ticks: Ticks::decades(&x_range), range: x_range };
    let y = Axis::new("", y_range, 5);
    let below = area.margin(17 * PX, 6 * PX, 0, 4 * PX);
    let chart = axes(&below, &x, &y, (4, 16))?;
    let plot = chart.plotting_area();
    let banded: Vec<(f64, Interval)> =
        levels.iter().filter_map(|&(level, _, band)| Some((x_of(level), band?))).collect();
    let upper = banded.iter().map(|(x, band)| (*x, band.high));
    let lower = banded.iter().rev().map(|(x, band)| (*x, band.low));
    let outline: Vec<_> = upper.chain(lower).collect();
    if banded.len() > 1 {
        plot.draw(&Polygon::new(outline, RED.ink().mix(0.15).filled()))?;
    }
    for &(iterations, score) in &held.points {
        plot.draw(&Circle::new((x_of(iterations), score), px(2.25), stroke(POINTS, 1.0)))?;
    }
    let means: Vec<_> = levels.iter().map(|&(level, mean, _)| (x_of(level), mean)).collect();
    plot.draw(&PathElement::new(means, stroke(RED, 1.5)))
}

/// Each level's iterations, mean score, and interval of the mean; by iterations.
fn levels(held: &ResponseRobustness) -> Vec<(u64, f64, Option<Interval>)> {
    let mut points = held.points.clone();
    points.sort_by_key(|point| point.0);
    let of = |level: &[(u64, f64)]| {
        let count = level.len() as f64;
        let mean = level.iter().map(|point| point.1).sum::<f64>() / count;
        let squares: f64 = level.iter().map(|point| (point.1 - mean).powi(2)).sum();
        let std_err = (squares / (count - 1.0) / count).sqrt();
        let band = (level.len() >= BANDED).then(|| Interval::student(mean, std_err, count - 1.0, LEVEL).ok());
        (level[0].0, mean, band.flatten())
    };
    points.chunk_by(|a, b| a.0 == b.0).map(of).collect()
}
