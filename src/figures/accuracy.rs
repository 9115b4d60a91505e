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

impl Session {
    /// Figure 6: the test accuracy of a session, in percent, at every evaluation (by default every 10 iterations), with
    /// its least-squares line in red.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the session has fewer than three evaluations whose accuracy is a
    /// number. A session made from filters has none.
    pub fn accuracy_curve(&self) -> Result<Figure> {
        let title = format!("Test accuracy, session {}", self.name());
        let runs = accuracies(self.history());
        let points = runs.concat();
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
        let on = if self.is_evaluated_on_all() { "all" } else { "a part of the" };
        let measured = format!("{} evaluations, each on {on} test images.", grouped(points.len() as u64));
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
                runs.iter().try_for_each(|run| path(&chart, run.clone(), MANY_POINTS, 0.75))?;
            }
            dots(&chart, &points, if many { 0.9 } else { 1.6 }, colour)?;
            path(&chart, line.within(chart.x_range(), chart.y_range()), RED, 1.75)
        })
    }
}

impl Figure {
    /// The test accuracy of several sessions against iterations, with a line for each. Each session is a name and its
    /// evaluations; one with fewer than two evaluations is left out. Where an accuracy is not a number, the line has a gap. The
    /// legend names up to six sessions, and is left out if there are more.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if no session has two evaluations.
    pub fn accuracy_curves(title: &str, sessions: &[(String, Vec<Evaluation>)]) -> Result<Self> {
        let named = sessions.iter().map(|(name, history)| (name, accuracies(history)));
        let drawn: Vec<_> = named
            .filter(|(_, runs)| count(runs) > 1)
            .zip((0..).map(session))
            .map(|((name, runs), colour)| (name, runs, colour))
            .collect();
        if drawn.is_empty() {
            let problem = "no session has been evaluated twice yet: try again later";
            return Err(Error::nothing_to_draw(title, problem));
        }
        let all: Vec<_> = drawn.iter().flat_map(|(_, runs, _)| runs.concat()).collect();
        let gaps = match drawn.iter().any(|(_, runs, _)| runs.len() > 1) {
            true => " A line has a gap where an accuracy is not a number.",
            false => "",
        };
        let whose = sessions_in_words(drawn.len());
        let caption = format!(
            "{whose}, a line for each. Each point is measured on a part of the test images, on all if they are few.{gaps}"
        );
        figure(title, [title, &caption], (PAGE, 20 + 240), |_, body| {
            if drawn.len() <= NAMED {
                let entries = drawn.iter().map(|(name, _, colour)| (Sample::Line(*colour), name.as_str()));
                legend(body, &entries.collect::<Vec<_>>())?;
            }
            let below = body.margin(20 * PX, 0, 0, 0);
            let chart = accuracy_chart(&below, &all)?;
            // The longest first: a shorter one lies over it and is seen.
            let mut lines: Vec<_> = drawn.iter().map(|(_, runs, colour)| (runs, *colour)).collect();
            lines.sort_by_key(|(runs, _)| std::cmp::Reverse(count(runs)));
            let runs = lines.into_iter().flat_map(|(runs, colour)| runs.iter().map(move |run| (run, colour)));
            runs.into_iter().try_for_each(|(run, colour)| match run.len() {
                // A point between two gaps is no line.
                1 => dots(&chart, run, 1.0, colour),
                _ => path(&chart, run.clone(), colour, 1.0),
            })
        })
    }
}

/// Iterations and test accuracy in percent, in runs between evaluations whose accuracy is not a number.
fn accuracies(history: &[Evaluation]) -> Vec<Vec<(f64, f64)>> {
    let point = |evaluation: &Evaluation| (evaluation.iteration as f64, 100.0 * evaluation.test_accuracy);
    let runs = history.split(|evaluation| !evaluation.test_accuracy.is_finite());
    runs.filter(|run| !run.is_empty()).map(|run| run.iter().map(point).collect()).collect()
}

/// The number of points.
fn count(runs: &[Vec<(f64, f64)>]) -> usize {
    runs.iter().map(Vec::len).sum()
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
