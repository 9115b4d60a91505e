//! Layer scores against iterations: a small panel for each layer, picture and reading.

use plotters::element::Polygon;
use plotters::style::Color;
use plotters_backend::FontTransform;

use super::axes::{Axis, axes, dots, path};
use super::iteration_axis::{iteration_axis, place};
use super::legends::{self, draw_rows};
use super::palette::{GREY, INK, PALE, Rgb, reading};
use super::scored::{Scored, Untrained, all_kept, scored};
use super::sheet::{MARGIN, PAGE, Sample, TEXT, figure, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::responses::Reading;
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::Interval;
use crate::table::grouped;
use crate::text::numbers;

/// The untrained networks of a panel's band.
const NETWORKS: u64 = 200;
/// Height of a panel without the words of its row, and of these words, in pixels.
const PANEL: i32 = 104;
const WORDS: i32 = 17;
/// Width of the name of the axis of scores, in pixels.
const NAME: i32 = 16;

impl Figure {
    /// The layer score against iterations on a logarithmic axis: a row of panels for each layer and picture, a column for each
    /// [`Reading`]. All panels share the axis of iterations; each has its own axis of scores.
    ///
    /// A dot is a session at the end of its training, a thin line the same session at the iterations at which it kept its filters.
    /// If no session kept any, a black line joins the means of the sessions that ended at the same iteration. The grey band has 95 % of
    /// 200 untrained networks. Networks of another kind than the study's have no forward pass and no band. Lower is softer.
    ///
    /// Scoring takes a few seconds, because a filter of layer 2 has sixteen kernels.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no session or no picture;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the sessions' networks are of different kinds; those of
    /// [`softness_table`](crate::table::softness_table).
    pub fn score_panels(sessions: &[Session], pictures: &[Picture]) -> Result<Self> {
        panels(sessions, pictures, NETWORKS)
    }
}

/// [`Figure::score_panels`] with the band of so many untrained networks.
pub(super) fn panels(sessions: &[Session], pictures: &[Picture], networks: u64) -> Result<Figure> {
    let layers = sessions.iter().map(Session::layers).min().unwrap_or(0);
    let title = format!("Layer scores against training: {}", numbers::sessions(sessions.len()));
    if layers == 0 || pictures.is_empty() {
        return Err(Error::nothing_to_draw(&title, "there is no session or no picture"));
    }
    let kept = all_kept(sessions)?;
    let is_known = sessions.iter().all(|session| session.architecture().is_some());
    let readings: Vec<Reading> =
        Reading::ALL.into_iter().filter(|reading| is_known || *reading != Reading::ForwardPass).collect();
    let mut panels = Vec::new();
    for layer in 1..=layers {
        for picture in pictures {
            for &reading in &readings {
                let options = ScoringOptions::default().reading(reading);
                let untrained = Untrained::of(options, sessions, layer, picture, networks)?;
                panels.push(Panel {
                    row: format!("layer {layer}, {}", picture.name()),
                    reading,
                    kept: scored(options, &kept, layer, picture)?,
                    band: untrained.map(|untrained| untrained.layer_band()),
                });
            }
        }
    }
    draw(&title, sessions, &panels, (readings.len(), networks))
}

/// One layer, picture and reading.
struct Panel {
    row: String,
    reading: Reading,
    kept: Vec<Scored>,
    band: Option<Interval>,
}

fn draw(
    title: &str,
    sessions: &[Session],
    panels: &[Panel],
    (columns, networks): (usize, u64),
) -> Result<Figure> {
    let has_courses = panels[0].kept.len() > sessions.len();
    let has_bands = panels[0].band.is_some();
    let mut caption = format!(
        "n = {}. Each panel has its own axis of layer scores, the sums over the filters; lower is softer.",
        numbers::sessions(sessions.len())
    );
    if has_bands {
        caption += &format!(" Grey: 95 % of {networks} untrained networks.");
    }
    let own = reading(panels[0].reading);
    let mut entries = vec![(Sample::Dot(own), "session")];
    if has_courses {
        entries.push((Sample::Line(darker(own)), "its course"));
    }
    if !has_courses {
        entries.push((Sample::Line(INK), "mean of sessions of equal length"));
    }
    if has_bands {
        entries.push((Sample::Block(PALE), "95 % of untrained networks"));
    }
    let legend = legends::rows(entries, PAGE);
    let top = legend.len() as i32 * legends::ROW + 6;
    let iterations: Vec<u64> = panels[0].kept.iter().map(|scored| scored.iterations).collect();
    let rows = panels.len() / columns;
    let below = top + WORDS + rows as i32 * (WORDS + PANEL) + 17;
    figure(title, [title, &caption], (PAGE, below), |_, body| {
        draw_rows(body, &legend)?;
        let width = (PAGE as i32 - NAME) / columns as i32;
        let left = |column: i32| NAME + column * width;
        for (panel, column) in panels[..columns].iter().zip(0..) {
            let at = ((left(column) + width / 2 + 16) * PX, top * PX);
            body.draw_text(panel.reading.in_words(), &style(TEXT, INK, HPos::Center, VPos::Top), at)?;
        }
        for (row, panels) in panels.chunks(columns).enumerate() {
            let y = top + WORDS + row as i32 * (WORDS + PANEL);
            let name = Font::new().shorten(&panels[0].row, TEXT, f64::from(PAGE) - f64::from(NAME) - 16.0);
            let words = style(TEXT, GREY, HPos::Left, VPos::Top);
            body.draw_text(&name, &words, (NAME * PX, y * PX))?;
            for (panel, column) in panels.iter().zip(0..) {
                let bottom = below - y - WORDS - PANEL;
                let right = PAGE as i32 - left(column + 1);
                let area = body.margin((y + WORDS) * PX, bottom * PX, left(column) * PX, right * PX);
                draw_panel(&area, panel, &iterations, sessions)?;
            }
        }
        let middle = (MARGIN * PX + 5 * PX, (top + WORDS + below - 17) / 2 * PX);
        let standing = style(TEXT, INK, HPos::Center, VPos::Center).transform(FontTransform::Rotate270);
        body.draw_text("layer score", &standing, middle)?;
        let at = (PAGE as i32 / 2 * PX, (below - 15) * PX);
        body.draw_text("iterations", &style(TEXT, INK, HPos::Center, VPos::Top), at)
    })
}

/// A darker tone of a colour, which is seen on the grey of the band.
fn darker(colour: Rgb) -> Rgb {
    colour.towards(INK, 0.25)
}

fn draw_panel(area: &Area, panel: &Panel, iterations: &[u64], sessions: &[Session]) -> Drawn {
    let (x, colour) = (iteration_axis("", iterations, 3), reading(panel.reading));
    let ends = panel.band.iter().flat_map(|band| [band.low, band.high]);
    let y = Axis::new("", padded(panel.kept.iter().map(Scored::layer_score).chain(ends)), 4);
    let chart = axes(area, &x, &y, (3, 14))?;
    if let Some(band) = &panel.band {
        let (left, right) = (x.range.start, x.range.end);
        let corners = [(left, band.low), (right, band.low), (right, band.high), (left, band.high)];
        chart.plotting_area().draw(&Polygon::new(corners, PALE.ink().mix(0.55).filled()))?;
    }
    let courses = grouped(panel.kept.iter().map(|scored| (&scored.session, scored)));
    let point = |scored: &Scored| (place(scored.iterations), scored.layer_score());
    for (_, course) in courses.iter().filter(|(_, course)| course.len() > 1) {
        path(&chart, course.iter().map(|scored| point(scored)).collect::<Vec<_>>(), darker(colour), 0.75)?;
    }
    let is_end = |scored: &&Scored| {
        sessions
            .iter()
            .any(|session| session.name() == scored.session && session.iterations() == scored.iterations)
    };
    let ends: Vec<&Scored> = panel.kept.iter().filter(is_end).collect();
    // A straight line from 1 to 2,000 iterations would belie courses that are known.
    if panel.kept.len() == ends.len() {
        let mut levels = grouped(ends.iter().map(|scored| (scored.iterations, scored.layer_score())));
        levels.sort_by_key(|(iterations, _)| *iterations);
        let mean = |(iterations, scores): &(u64, Vec<f64>)| {
            (place(*iterations), scores.iter().sum::<f64>() / scores.len() as f64)
        };
        path(&chart, levels.iter().map(mean).collect::<Vec<_>>(), INK, 1.25)?;
    }
    dots(&chart, &ends.iter().map(|scored| point(scored)).collect::<Vec<_>>(), 1.9, colour)
}
