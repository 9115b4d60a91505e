//! Test accuracy of several sessions in one chart.

use plotters::element::PathElement;

use super::Figure;
use super::axes::{Axis, axes};
use super::canvas::{PX, draw};
use super::palette::{FORMS, INK, MANY_POINTS, RED, Rgb};
use super::sheet::{Header, MARGIN, PAGE, Sample, legend, stroke};
use crate::error::{Error, Failure, Result};
use crate::session::Evaluation;

/// The colours of sessions, in order, and again from the first.
const COLOURS: [Rgb; 6] = [FORMS[0], FORMS[1], FORMS[2], RED, INK, MANY_POINTS];
/// The most sessions that the legend names.
const NAMED: usize = 6;

/// The test accuracy of several sessions against iterations, one line for each; a session that was
/// evaluated once has none yet.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) where no session was evaluated twice.
pub fn curves(title: &str, sessions: &[(String, Vec<Evaluation>)]) -> Result<Figure> {
    let drawn: Vec<_> = sessions.iter().filter(|(_, history)| history.len() > 1).collect();
    if drawn.is_empty() {
        let problem = "no session was evaluated twice yet: ask again later".into();
        return Err(Error::from(Failure::NothingToDraw { figure: title.into(), problem }));
    }
    let evaluations = || drawn.iter().flat_map(|(_, history)| history);
    let last = evaluations().map(|evaluation| evaluation.iteration as f64).fold(0.0, f64::max);
    let best = evaluations().map(|evaluation| 100.0 * evaluation.test_accuracy).fold(0.0, f64::max);
    let header = Header::new(title, "Each point is measured on a part of the test images.", PAGE);
    let top = header.height();
    let x = Axis::new("iterations", 0.0..last, 7);
    let y = Axis::new("test accuracy (%)", 0.0..(1.08 * best).clamp(10.0, 100.0), 6);
    let coloured = || drawn.iter().zip(COLOURS.into_iter().cycle());
    draw(title, (PAGE, (top + 20 + 240) as u32), |area| {
        header.draw(area)?;
        let entries: Vec<_> =
            coloured().map(|((name, _), colour)| (Sample::Line(colour), name.as_str())).take(NAMED).collect();
        if drawn.len() <= NAMED {
            legend(area, (MARGIN, top), &entries)?;
        }
        let below = area.margin((top + 20) * PX, 0, 0, 0);
        let chart = axes(&below, &x, &y, (6, 24))?;
        for ((_, history), colour) in coloured() {
            let point =
                |evaluation: &Evaluation| (evaluation.iteration as f64, 100.0 * evaluation.test_accuracy);
            let points: Vec<_> = history.iter().map(point).collect();
            chart.plotting_area().draw(&PathElement::new(points, stroke(colour, 1.0)))?;
        }
        Ok(())
    })
}
