//! Does a network that classifies better have softer filters? A point for each session.

use plotters::element::Circle;
use plotters::style::Color;

use super::axes::{Axis, axes};
use super::legends::{self, draw_rows};
use super::palette::{INK, Rgb, sequential};
use super::scored::{Scored, on, scored};
use super::sheet::{PAGE, Sample, figure, px, stroke};
use super::ticks::padded;
use super::{Figure, PX};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::spearman;
use crate::text::numbers::{decimals, grouped, iterations, numbered, p_value};

/// The fewest points that a figure, or a correlation, is made of.
const FEWEST: usize = 3;
/// Height of the chart, in pixels.
const CHART: i32 = 290;

impl Figure {
    /// Test accuracy against the score of layer `layer` (counted from 1) on `picture`: a point for each session, whose
    /// colour is its number of iterations, from dark to light in equal steps.
    ///
    /// Accuracy is that on all test images at the end of training. The caption has the number of sessions and Spearman's rank
    /// correlation with its p-value, for all sessions and without the untrained ones, those of at most one iteration: any training
    /// raises accuracy, so these alone can make a correlation. Sessions whose accuracy is not known are left out and counted.
    ///
    /// The scores are those of the default [`ScoringOptions`]; [`ScoringOptions::accuracy_against_softness`] takes others.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the accuracy of fewer than three sessions is known; those of
    /// [`softness_table`](crate::table::softness_table).
    pub fn accuracy_against_softness(sessions: &[Session], layer: usize, picture: &Picture) -> Result<Self> {
        ScoringOptions::default().accuracy_against_softness(sessions, layer, picture)
    }
}

impl ScoringOptions {
    /// [`Figure::accuracy_against_softness`] with these options.
    ///
    /// # Errors
    /// Those of [`Figure::accuracy_against_softness`].
    pub fn accuracy_against_softness(
        self,
        sessions: &[Session],
        layer: usize,
        picture: &Picture,
    ) -> Result<Figure> {
        let title = format!(
            "Test accuracy against the score of layer {layer} on {}, {}",
            on(picture.name()),
            self.response.reading.in_words()
        );
        let known: Vec<Session> =
            sessions.iter().filter(|session| session.test_accuracy().is_some()).cloned().collect();
        if known.len() < FEWEST {
            let problem = format!(
                "the test accuracy of {} is known, but it needs at least {FEWEST}: a session made from filters \
                 has none",
                numbered(known.len() as u64, "session")
            );
            return Err(Error::nothing_to_draw(&title, problem));
        }
        let scored = scored(self, &known, layer, picture)?;
        let point = |(session, scored): (&Session, &Scored)| Point {
            iterations: session.iterations(),
            score: scored.layer_score(),
            accuracy: 100.0 * session.test_accuracy().unwrap_or(f64::NAN),
        };
        let points: Vec<Point> = known.iter().zip(&scored).map(point).collect();
        let score = format!("layer score, the sum over {} filters", scored[0].scores.len());
        draw([&title, &caption(&points, sessions.len() - known.len())], &score, &points)
    }
}

/// A session.
#[derive(Debug, Clone, Copy)]
struct Point {
    iterations: u64,
    score: f64,
    accuracy: f64,
}

/// How many there are, and how accuracy goes with softness.
fn caption(points: &[Point], left_out: usize) -> String {
    let correlation = |points: &[Point]| {
        let outcome = (points.len() >= FEWEST).then(|| {
            let (scores, accuracies): (Vec<f64>, Vec<f64>) =
                points.iter().map(|point| (point.score, point.accuracy)).unzip();
            spearman(&scores, &accuracies)
        });
        match outcome.flatten() {
            Some(outcome) => {
                let how = if outcome.exact { "exact" } else { "by Student's t" };
                format!("ρ = {}, p = {} ({how})", decimals(outcome.statistic, 2), p_value(outcome.p_value))
            }
            None => "ρ is not defined".into(),
        }
    };
    let trained: Vec<Point> = points.iter().filter(|point| point.iterations > 1).copied().collect();
    let mut caption = format!(
        "Each point is a session (n = {}). Spearman's {}",
        grouped(points.len() as u64),
        correlation(points)
    );
    if (FEWEST..points.len()).contains(&trained.len()) {
        let untrained = grouped((points.len() - trained.len()) as u64);
        caption += &format!(
            "; without the {untrained} untrained, n = {}: {}",
            grouped(trained.len() as u64),
            correlation(&trained)
        );
    }
    caption += ". Lower is softer.";
    match left_out {
        0 => {}
        1 => caption += " 1 session of unknown accuracy is left out.",
        _ => caption += &format!(" {} sessions of unknown accuracy are left out.", grouped(left_out as u64)),
    }
    caption
}

fn draw([title, caption]: [&str; 2], score: &str, points: &[Point]) -> Result<Figure> {
    let mut levels: Vec<u64> = points.iter().map(|point| point.iterations).collect();
    levels.sort_unstable();
    levels.dedup();
    let colour = |count: u64| -> Rgb {
        let (rank, last) = (levels.partition_point(|&level| level < count), levels.len() - 1);
        sequential(if last > 0 { rank as f64 / last as f64 } else { 1.0 })
    };
    let names: Vec<String> = levels
        .iter()
        .enumerate()
        .map(|(at, &level)| if at == 0 { iterations(level) } else { grouped(level) })
        .collect();
    let entries = levels.iter().zip(&names).map(|(&level, name)| (Sample::Dot(colour(level)), name.as_str()));
    let legend = legends::rows(entries.collect(), PAGE);
    let top = legend.len() as i32 * legends::ROW + 4;
    let x = Axis::new(score, padded(points.iter().map(|point| point.score)), 7);
    let y = Axis::new("test accuracy (%)", padded(points.iter().map(|point| point.accuracy)), 7);
    figure(title, [title, caption], (PAGE, top + CHART), |_, body| {
        draw_rows(body, &legend)?;
        let area = body.margin(top * PX, 0, 0, 0);
        let chart = axes(&area, &x, &y, (4, 24))?;
        for point in points {
            let at = (point.score, point.accuracy);
            let plot = chart.plotting_area();
            plot.draw(&Circle::new(at, px(4.0), colour(point.iterations).ink().filled()))?;
            plot.draw(&Circle::new(at, px(4.0), stroke(INK, 0.5)))?;
        }
        Ok(())
    })
}
