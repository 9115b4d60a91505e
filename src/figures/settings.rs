//! Does what training does to the scores of layer 2 depend on the network? The settings of the second study.

use super::axes::{Axis, axes, level, path};
use super::palette::{Rgb, SETTINGS};
use super::sheet::{PAGE, Sample, figure, legend, panel};
use super::ticks::{Ticks, padded};
use super::{Area, Drawn, Figure, PX};
use crate::error::Result;
use crate::paper::second::SettingCourse;
use crate::responses::Reading;

/// Height of a panel, in pixels.
const PANEL: i32 = 190;
/// Panels beside each other.
const ACROSS: usize = 2;
/// The settings in the order of the legend, in words, with their colours.
const ORDER: [(&str, &str, Rgb); 7] = [
    ("sd-0.02", "sd 0.02", SETTINGS[0]),
    ("sd-0.05", "sd 0.05", SETTINGS[1]),
    ("sd-0.1", "sd 0.1", SETTINGS[2]),
    ("he", "He", SETTINGS[3]),
    ("glorot", "Glorot", SETTINGS[4]),
    ("adam-1e-3", "Adam at 1e-3", SETTINGS[5]),
    ("sgd-1e-2", "gradient descent", SETTINGS[6]),
];

/// A panel for each reading: the change of the score of layer 2 since the session's own untrained filters, in percent, by iterations on a logarithmic axis; the
/// mean of each setting's sessions.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the figure cannot be drawn.
pub fn settings_at_a_glance(courses: &[SettingCourse], image: &str) -> Result<Figure> {
    let on = if image == "bird" { "the bird" } else { image };
    let title = format!("Other initial weights and optimisers: the score of layer 2 on {on}");
    let caption = "Change against the untrained filters of the same session; mean of four sessions. Blue: initial weights of three standard \
                   deviations. The first five settings train with Adam at 1e-4; the last two start with sd 0.05. Lower is softer.";
    let rows = Reading::ALL.len().div_ceil(ACROSS) as i32;
    figure(&title, [&title, caption], (PAGE, 20 + rows * PANEL), |_, body| {
        legend(body, &ORDER.map(|(_, words, colour)| (Sample::Line(colour), words)))?;
        let below = body.margin(20 * PX, 0, 0, 0);
        for (area, reading) in below.split_evenly((rows as usize, ACROSS)).iter().zip(Reading::ALL) {
            let shown: Vec<&SettingCourse> =
                courses.iter().filter(|course| course.reading == reading).collect();
            draw_panel(area, reading, &shown)?;
        }
        Ok(())
    })
}

fn draw_panel(area: &Area, reading: Reading, courses: &[&SettingCourse]) -> Drawn {
    let below = panel(area, reading.in_words(), 6)?;
    let percent = |course: &SettingCourse| -> Vec<(f64, f64)> {
        course.points.iter().map(|&(x, change)| (x.log10(), 100.0 * change.exp_m1())).collect()
    };
    let all: Vec<(f64, f64)> = courses.iter().flat_map(|course| percent(course)).collect();
    let x_range = padded(all.iter().map(|point| point.0));
    let y_range = padded(all.iter().map(|point| point.1).chain([0.0]));
    let x = Axis { label: "iterations".into(), ticks: Ticks::decades(&x_range), range: x_range };
    let chart = axes(&below, &x, &Axis::new("change (%)", y_range, 6), (4, 24))?;
    level(&chart, 0.0)?;
    for (name, _, colour) in ORDER {
        for course in courses.iter().filter(|course| course.setting == name) {
            path(&chart, percent(course), colour, 1.5)?;
        }
    }
    Ok(())
}
