//! Scores of many sessions against their length of training.

use super::axes::{Axis, axes, band_in, path, rings_in};
use super::iteration_axis::{iteration_axis, place};
use super::palette;
use super::sheet::{PAGE, figure, panel};
use super::spread::responses_of;
use super::ticks::padded;
use super::{Area, Drawn, Figure};
use crate::error::Result;
use crate::robustness::{AnyMeasure, ResponseRobustness, Robustness};
use crate::stats::Interval;
use crate::text::capital;

/// The confidence level of the bands.
const LEVEL: f64 = 0.95;

/// The fewest sessions of a level that has a band. Two leave one degree of freedom, and their band would be far wider
/// than the figure.
const BANDED: usize = 3;

/// The most ticks of iterations.
const TICKS: usize = 8;

/// Height of a panel, in pixels.
const PANEL: i32 = 180;

impl Figure {
    /// The scores of one measure against iterations on a logarithmic scale, with a panel for each layer and set of
    /// pictures: a ring for every session, a line through the means of the levels, and a band of their 95% intervals by
    /// Student's t. Levels with fewer than three sessions have no band. 0 iterations stand a little before 1.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the measure is not among those that were scored.
    pub fn training_curves(robustness: &Robustness, measure: impl Into<AnyMeasure>) -> Result<Self> {
        let measure = measure.into();
        let title =
            format!("{} against training, {} sessions", capital(&measure.in_words()), robustness.sessions);
        let mut shown: Vec<Vec<&ResponseRobustness>> = Vec::new();
        for response in responses_of(robustness, measure, &title)? {
            match shown.iter_mut().find(|row| row[0].images == response.images) {
                Some(row) => row.push(response),
                None => shown.push(vec![response]),
            }
        }
        let columns = shown.iter().map(Vec::len).max().expect("at least one result");
        let caption = format!(
            "Rings: {} sessions, each the mean over filters and images. Line and band: means of the levels of training and \
             their 95 % intervals. A colour for each layer.",
            robustness.sessions
        );
        figure(&title, [&title, &caption], (PAGE, PANEL * shown.len() as i32), |_, body| {
            let panels = body.split_evenly((shown.len(), columns));
            for (row, panels) in shown.iter().zip(panels.chunks(columns)) {
                row.iter().zip(panels).try_for_each(|(response, panel)| draw_panel(panel, response))?;
            }
            Ok(())
        })
    }
}

fn draw_panel(area: &Area, response: &ResponseRobustness) -> Drawn {
    let below = panel(area, &response.place(), 6)?;
    let points: Vec<_> =
        response.points.iter().map(|&(iterations, score)| (place(iterations), score)).collect();
    let levels = levels(response);
    let ends = levels.iter().flat_map(|(_, _, band)| band.iter().flat_map(|band| [band.low, band.high]));
    let y_range = padded(points.iter().map(|point| point.1).chain(ends));
    let iterations: Vec<u64> = response.points.iter().map(|point| point.0).collect();
    let x = iteration_axis("iterations", &iterations, TICKS);
    let y = Axis::new("mean score", y_range, 5);
    let chart = axes(&below, &x, &y, (4, 16))?;
    let banded: Vec<(f64, Interval)> =
        levels.iter().filter_map(|&(level, _, band)| Some((place(level), band?))).collect();
    let colour = palette::layer(response.layer);
    band_in(&chart, &banded, colour)?;
    rings_in(&chart, &points, (2.25, 1.0), colour)?;
    let means: Vec<_> = levels.iter().map(|&(level, mean, _)| (place(level), mean)).collect();
    path(&chart, means, colour, 1.75)
}

/// The iterations, mean score and interval of the mean of each level, in the order of iterations.
fn levels(response: &ResponseRobustness) -> Vec<(u64, f64, Option<Interval>)> {
    let mut points = response.points.clone();
    points.sort_by_key(|point| point.0);
    let summary = |level: &[(u64, f64)]| {
        let count = level.len() as f64;
        let mean = level.iter().map(|point| point.1).sum::<f64>() / count;
        let squares: f64 = level.iter().map(|point| (point.1 - mean).powi(2)).sum();
        let std_err = (squares / (count - 1.0) / count).sqrt();
        let band = (level.len() >= BANDED).then(|| Interval::student(mean, std_err, count - 1.0, LEVEL).ok());
        (level[0].0, mean, band.flatten())
    };
    points.chunk_by(|a, b| a.0 == b.0).map(summary).collect()
}
