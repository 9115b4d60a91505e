//! Figure 6: test accuracy in the course of training.

use std::ops::Range;

use super::axes::{Axis, Chart, axes, dots, path};
use super::palette::{MANY_POINTS, POINTS, RED, session};
use super::sheet::{PAGE, Sample, figure, legend};
use super::{Area, Drawn, Figure, PX};
use crate::error::{Error, Result};
use crate::models::{Form, LEAST_POINTS};
use crate::session::{Evaluation, Session};
use crate::text::numbers::{decimals, grouped, iterations, sessions as sessions_in_words};

/// With more evaluations than this, points are small pale dots.
const MANY: usize = 300;
/// The most sessions that a legend names.
const NAMED: usize = 6;
/// The end of the caption of every accuracy.
const IN_PART: &str = "on a part of the test images.";

impl Session {
    /// Figure 6: the test accuracy of a session, in percent, at every evaluation (by default every 10 iterations), with
    /// its least-squares line in red.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the session has fewer than three evaluations. A session
    /// made from filters has none.
    pub fn accuracy_curve(&self) -> Result<Figure> {
        let title = format!("Test accuracy, session {}", self.name());
        let points = accuracies(self.history());
        let Some(line) = Line::through(&points) else {
            let problem = format!(
                "the session has {} evaluations, but a curve and its line need at least {LEAST_POINTS}: train it \
                 longer, or with a smaller evaluate_every (not 0)",
                points.len()
            );
            return Err(Error::nothing_to_draw(&title, problem));
        };

        let at_the_end = self
            .test_accuracy()
            .map(|accuracy| format!("On all test images at the end: {} %. ", decimals(100.0 * accuracy, 1)));
        let measured = format!("{} evaluations, each {IN_PART}", grouped(points.len() as u64));
        let caption = at_the_end.unwrap_or_default() + &measured;
        let often = match self.training().evaluate_every {
            0 => "measured".into(),
            1 => "every iteration".into(),
            every => format!("every {}", iterations(every)),
        };
        let sign = if line.slope < 0.0 { "−" } else { "+" };
        let formula = format!(
            "least squares: {} % {sign} {} percentage points per 1,000 iterations",
            decimals(line.intercept, 2),
            decimals((line.slope * 1000.0).abs(), 2)
        );

        let many = points.len() > MANY;
        let colour = if many { MANY_POINTS } else { POINTS };
        figure(&title, [&title, &caption], (PAGE, 20 + 270), |_, body| {
            let entries = [(Sample::Dot(colour), often.as_str()), (Sample::Line(RED), formula.as_str())];
            legend(body, &entries)?;
            let below = body.margin(20 * PX, 0, 0, 0);
            let chart = accuracy_chart(&below, &points)?;
            if !many {
                path(&chart, points.clone(), MANY_POINTS, 0.75)?;
            }
            dots(&chart, &points, if many { 0.9 } else { 1.6 }, colour)?;
            path(&chart, line.within(chart.x_range(), chart.y_range()), RED, 1.75)
        })
    }
}

impl Figure {
    /// The test accuracy of several sessions against iterations, with a line for each. Each session is a name and its
    /// evaluations; one with fewer than two evaluations is left out. The legend names up to six sessions, and is left
    /// out if there are more.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if no session has two evaluations.
    pub fn accuracy_curves(title: &str, sessions: &[(String, Vec<Evaluation>)]) -> Result<Self> {
        let drawn = sessions.iter().filter(|(_, history)| history.len() > 1);
        let drawn: Vec<_> = drawn
            .zip((0..).map(session))
            .map(|((name, history), colour)| (name, accuracies(history), colour))
            .collect();
        if drawn.is_empty() {
            let problem = "no session has been evaluated twice yet: try again later";
            return Err(Error::nothing_to_draw(title, problem));
        }
        let all: Vec<_> = drawn.iter().flat_map(|(_, points, _)| points.iter().copied()).collect();
        let caption =
            format!("{}, a line for each. Each point is measured {IN_PART}", sessions_in_words(drawn.len()));
        figure(title, [title, &caption], (PAGE, 20 + 240), |_, body| {
            if drawn.len() <= NAMED {
                let entries = drawn.iter().map(|(name, _, colour)| (Sample::Line(*colour), name.as_str()));
                legend(body, &entries.collect::<Vec<_>>())?;
            }
            let below = body.margin(20 * PX, 0, 0, 0);
            let chart = accuracy_chart(&below, &all)?;
            // The longest first: a shorter one lies over it and is seen.
            let mut lines: Vec<_> = drawn.iter().map(|(_, points, colour)| (points, *colour)).collect();
            lines.sort_by_key(|(points, _)| std::cmp::Reverse(points.len()));
            lines.into_iter().try_for_each(|(points, colour)| path(&chart, points.clone(), colour, 1.0))
        })
    }
}

/// Iterations and test accuracy in percent.
fn accuracies(history: &[Evaluation]) -> Vec<(f64, f64)> {
    let point = |evaluation: &Evaluation| (evaluation.iteration as f64, 100.0 * evaluation.test_accuracy);
    history.iter().map(point).collect()
}

/// A chart with axes from zero that contain all points.
fn accuracy_chart<'a>(area: &'a Area, points: &[(f64, f64)]) -> Drawn<Chart<'a>> {
    let last = points.iter().map(|point| point.0).fold(0.0, f64::max);
    let best = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let x = Axis::new("iterations", 0.0..last, 7);
    axes(area, &x, &Axis::new("test accuracy (%)", 0.0..(1.08 * best).clamp(10.0, 100.0), 6), (6, 24))
}

/// y = intercept + slope x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub intercept: f64,
    pub slope: f64,
}

impl Line {
    /// The least-squares line; `None` for fewer than three points or if all x are the same.
    pub fn through(points: &[(f64, f64)]) -> Option<Self> {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        match Form::Linear.fit(&x, &y) {
            Ok(fit) => Some(Self { intercept: fit.intercept(), slope: fit.slope() }),
            // A constant accuracy has no fit, but its line is known.
            Err(_) => {
                let flat = x.len() >= LEAST_POINTS && y.iter().all(|&value| value == y[0]);
                let line = Self { intercept: *y.first()?, slope: 0.0 };
                (flat && x.iter().any(|&other| other != x[0])).then_some(line)
            }
        }
    }

    /// The ends of the part of the line that lies in the ranges.
    pub fn within(&self, x: Range<f64>, y: Range<f64>) -> [(f64, f64); 2] {
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
