//! Figure 6: test accuracy in the course of training.

use plotters::element::PathElement;

use super::Figure;
use super::axes::{Axis, Dots, axes};
use super::canvas::{PX, draw};
use super::palette::{MANY_POINTS, POINTS, RED};
use super::sheet::{Header, MARGIN, PAGE, Sample, legend, stroke};
use super::ticks::{iterations, number};
use crate::error::{Error, Failure, Result};
use crate::models::{Form, LEAST_POINTS, fit};
use crate::session::Session;

/// More evaluations than this are drawn as small pale dots.
const MANY: usize = 300;

/// Figure 6: the test accuracy of a session, in percent, at every evaluation (every 10 iterations
/// unless told otherwise), with its least-squares line in red.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) where there are fewer than three evaluations, as for filters from elsewhere.
pub fn accuracy_curve(session: &Session) -> Result<Figure> {
    let title = format!("Test accuracy, session {}", session.name());
    let points: Vec<(f64, f64)> = session
        .history()
        .iter()
        .map(|evaluation| (evaluation.iteration as f64, 100.0 * evaluation.test_accuracy))
        .collect();
    let line = Line::through(&points).ok_or_else(|| Error::from(Failure::NothingToDraw {
        figure: title.clone(),
        problem: format!(
            "the session has {} evaluations, but a curve and its line need at least {LEAST_POINTS}: train it \
             longer, or with a smaller evaluate_every (not 0)",
            points.len()
        ),
    }))?;
    let last = points.iter().map(|point| point.0).fold(0.0, f64::max);
    let best = points.iter().map(|point| point.1).fold(0.0, f64::max);

    let every = session.training().evaluate_every;
    let mut caption = match session.test_accuracy() {
        Some(accuracy) => format!("On all test images at the end: {} %. ", number(100.0 * accuracy, 1)),
        None => String::new(),
    };
    caption.push_str("Each point is measured on a part of the test images.");
    let measured = match every {
        0 => "measured".into(),
        1 => "every iteration".into(),
        _ => format!("every {}", iterations(every)),
    };
    let sign = if line.slope < 0.0 { "−" } else { "+" };
    let formula = format!(
        "least squares: {} % {sign} {} percentage points per 1,000 iterations",
        number(line.intercept, 2),
        number((line.slope * 1000.0).abs(), 2)
    );

    let header = Header::new(&title, &caption, PAGE);
    let top = header.height();
    let x = Axis::new("iterations", 0.0..last, 7);
    let y = Axis::new("test accuracy (%)", 0.0..(1.08 * best).clamp(10.0, 100.0), 6);
    let many = points.len() > MANY;
    let colour = if many { MANY_POINTS } else { POINTS };
    draw(&title, (PAGE, (top + 20 + 270) as u32), |area| {
        header.draw(area)?;
        let entries = [(Sample::Dot(colour), measured.as_str()), (Sample::Line(RED), formula.as_str())];
        legend(area, (MARGIN, top), &entries)?;
        let below = area.margin((top + 20) * PX, 0, 0, 0);
        let chart = axes(&below, &x, &y, (6, 24))?;
        let plot = chart.plotting_area();
        if !many {
            plot.draw(&PathElement::new(points.clone(), stroke(MANY_POINTS, 0.75)))?;
        }
        plot.draw(&Dots { points: points.clone(), radius: if many { 0.9 } else { 1.6 }, colour })?;
        let ends = line.within(x.range.clone(), y.range.clone());
        plot.draw(&PathElement::new(ends.to_vec(), stroke(RED, 1.75)))
    })
}

/// y = intercept + slope x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub intercept: f64,
    pub slope: f64,
}

impl Line {
    /// The least-squares line; `None` below three points or where all x are the same.
    pub fn through(points: &[(f64, f64)]) -> Option<Self> {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        match fit(Form::Linear, &x, &y) {
            Ok(fit) => Some(Self { intercept: fit.intercept(), slope: fit.slope() }),
            // A constant accuracy explains nothing, but its line is known.
            Err(error) => match error.failure() {
                Failure::ConstantColumn { variable, value, .. } if variable == "y" => {
                    x.iter().any(|other| *other != x[0]).then_some(Self { intercept: *value, slope: 0.0 })
                }
                _ => None,
            },
        }
    }

    /// The ends of the part of the line that lies in the ranges.
    pub fn within(&self, x: std::ops::Range<f64>, y: std::ops::Range<f64>) -> [(f64, f64); 2] {
        let at = |x: f64| self.intercept + self.slope * x;
        [x.start, x.end].map(|end| {
            let value = at(end);
            if self.slope == 0.0 || (y.start..=y.end).contains(&value) {
                return (end, value);
            }
            let edge = value.clamp(y.start, y.end);
            (((edge - self.intercept) / self.slope).clamp(x.start, x.end), edge)
        })
    }
}
