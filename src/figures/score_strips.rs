//! The score of every filter of every session: a strip for each session, sorted by iterations.

use std::collections::BTreeSet;

use plotters::element::Polygon;
use plotters::style::Color;
use plotters_backend::FontTransform;

use super::axes::{Axis, Chart, axes, dots, path};
use super::legends::{self, draw_rows};
use super::palette::{GREY, INK, PALE, RED, Rgb, layer as layer_colour};
use super::scored::{NETWORKS, Scored, Untrained, on, scored};
use super::sheet::{PAGE, Sample, TEXT, figure, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::Result;
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::Interval;
use crate::text::numbers::{self, counted, decimals, grouped, is_or_are};

/// Height of the chart, in pixels.
const CHART: i32 = 270;
/// Space between levels, in strips.
const BETWEEN: f64 = 0.7;
/// The most pixels that a name below a strip takes, and the narrowest strip that has one.
const NAME: f64 = 92.0;
const NARROWEST: f64 = 13.0;
/// Left of the strips: the axis of scores.
const AXIS: f64 = 56.0;

impl Figure {
    /// The softness score of every filter of layer `layer` (counted from 1) on `picture`, a strip of dots for each session. Strips
    /// are sorted by iterations, and those of equal iterations stand together; all are equally far apart. A black stroke is the mean
    /// of a session.
    ///
    /// Red dots are soft filters: below the red line, the 5th percentile of untrained ones. The grey bands have 95 % of the filters of 400
    /// untrained networks, and 95 % of these networks' means. If a session's network is of another kind than the study's, there are
    /// neither bands nor soft filters.
    ///
    /// The scores are those of the default [`ScoringOptions`]; [`ScoringOptions::score_strips`] takes others. What a session was at
    /// an earlier iteration can stand among the sessions.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no session;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if their networks are of different kinds; those of
    /// [`softness_table`](crate::table::softness_table).
    pub fn score_strips(sessions: &[Session], layer: usize, picture: &Picture) -> Result<Self> {
        ScoringOptions::default().score_strips(sessions, layer, picture)
    }
}

impl ScoringOptions {
    /// [`Figure::score_strips`] with these options.
    ///
    /// # Errors
    /// Those of [`Figure::score_strips`].
    pub fn score_strips(self, sessions: &[Session], layer: usize, picture: &Picture) -> Result<Figure> {
        self.strips_with(sessions, layer, picture, NETWORKS)
    }

    /// [`Figure::score_strips`](Self::score_strips) with so many untrained networks.
    pub(super) fn strips_with(
        self,
        sessions: &[Session],
        layer: usize,
        picture: &Picture,
        networks: u64,
    ) -> Result<Figure> {
        let scored = scored(self, sessions, layer, picture)?;
        let untrained = Untrained::of(self, sessions, layer, picture, networks)?;
        let distinct = sessions.iter().map(Session::name).collect::<BTreeSet<_>>().len();
        let (count, strip) = match numbers::sessions(distinct) {
            count if distinct == sessions.len() => (count, "a session"),
            count => (format!("{count}, {} strips", sessions.len()), "a session after an iteration"),
        };
        let title = format!(
            "Scores of the filters of layer {layer} on {}, {}: {count}",
            on(picture.name()),
            self.response.reading.in_words()
        );
        let filters: usize = scored.iter().map(|session| session.scores.len()).sum();
        let mut caption = format!(
            "Each strip is {strip}; its iterations are written below. n = {} filters. Lower is softer. The place across a \
             strip has no meaning.",
            grouped(filters as u64)
        );
        if let Some(untrained) = &untrained {
            let soft =
                |scored: &Scored| scored.scores.iter().filter(|&&score| score < untrained.threshold).count();
            let soft = scored.iter().map(soft).sum::<usize>() as u64;
            caption += &format!(
                " {} {} soft: below {}, the red line, the 5th percentile of {} untrained networks. Bands: {} untrained \
                 networks.",
                counted(soft, "filter"),
                is_or_are(soft),
                decimals(untrained.threshold, 4),
                grouped(untrained.defining()),
                grouped(untrained.len() as u64)
            );
        }
        draw([&title, &caption], scored, untrained.as_ref(), layer_colour(layer))
    }
}

/// The strips of one number of iterations.
struct Level {
    iterations: u64,
    /// Where the first strip begins; each is 1 wide.
    start: f64,
    sessions: Vec<Scored>,
}

/// The levels in the order of iterations, and where the last one ends.
fn levels(mut scored: Vec<Scored>) -> (Vec<Level>, f64) {
    scored.sort_by_key(|session| session.iterations);
    let mut start = BETWEEN / 2.0;
    let mut level = |sessions: &[Scored]| {
        let level = Level { iterations: sessions[0].iterations, start, sessions: sessions.to_vec() };
        start += sessions.len() as f64 + BETWEEN;
        level
    };
    let levels = scored.chunk_by(|a, b| a.iterations == b.iterations).map(&mut level).collect();
    (levels, start - BETWEEN / 2.0)
}

fn draw(words: [&str; 2], scored: Vec<Scored>, untrained: Option<&Untrained>, colour: Rgb) -> Result<Figure> {
    let (levels, end) = levels(scored);
    let font = Font::new();
    let strip = (f64::from(PAGE) - AXIS - 12.0) / end;
    let all = || levels.iter().flat_map(|level| &level.sessions);
    // Names lie if they fit, stand if not, and are left out of strips that are narrower than a line.
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
    let names = widest(&mut all().map(|session| font.width(&session.session, TEXT)));
    let is_named = strip >= NARROWEST;
    let (lying, tall) = match (is_named, names + 4.0 <= strip) {
        (false, _) => (true, 0.0),
        (true, true) => (true, 16.0),
        (true, false) => (false, names.min(NAME) + 8.0),
    };
    let level_text = |level: &Level| grouped(level.iterations);
    let fits = |level: &Level| {
        font.width(&level_text(level), TEXT) + 4.0 <= strip * (level.sessions.len() as f64 + BETWEEN)
    };
    let levels_lie = levels.iter().all(fits);
    let level_tall = if levels_lie {
        16.0
    } else {
        widest(&mut levels.iter().map(|level| font.width(&level_text(level), TEXT))) + 8.0
    };

    let mut entries = vec![(Sample::Dot(colour), "filter")];
    if untrained.is_some() {
        entries.push((Sample::Dot(RED), "soft filter"));
        entries.push((Sample::Line(RED), "threshold"));
    }
    entries.push((Sample::Line(INK), "mean"));
    if untrained.is_some() {
        entries.push((Sample::Block(faint(0.45)), "95 % of untrained filters"));
        entries.push((Sample::Block(faint(0.95)), "95 % of untrained means"));
    }
    let legend = legends::rows(entries, PAGE);
    let top = legend.len() as i32 * legends::ROW + 3;
    let bottom = (tall + level_tall) as i32 + 20;

    let bands = untrained.map(|untrained| (untrained.filter_band(), untrained.mean_band()));
    let scores = all().flat_map(|session| session.scores.iter().copied());
    let ends = bands.iter().flat_map(|(filters, _)| [filters.low, filters.high]);
    let y = Axis::new("softness score", padded(scores.chain(ends)), 7);
    figure(words[0], words, (PAGE, top + CHART + bottom), |_, body| {
        draw_rows(body, &legend)?;
        let area = body.margin(top * PX, (bottom - 20) * PX, 0, 0);
        let chart = axes(&area, &Axis::plain(0.0..end), &y, (4, 8))?;
        if let Some((filters, means)) = &bands {
            flat_band(&chart, filters, faint(0.45))?;
            flat_band(&chart, means, faint(0.95))?;
        }
        if let Some(untrained) = untrained {
            path(&chart, [(0.0, untrained.threshold), (end, untrained.threshold)], RED, 1.0)?;
        }
        for level in &levels {
            draw_level(&chart, level, strip, (untrained, colour))?;
        }
        let origin = body.get_base_pixel();
        let plot = chart.plotting_area();
        let (_, range) = plot.get_pixel_range();
        let base = range.end - origin.1 + 4 * PX;
        let across = |x: f64| plot.map_coordinate(&(x, y.range.start)).0 - origin.0;
        for level in &levels {
            for (session, number) in level.sessions.iter().zip(0..).filter(|_| is_named) {
                let name = font.shorten(&session.session, TEXT, NAME);
                label(body, &name, (across(level.start + f64::from(number) + 0.5), base), lying, GREY)?;
            }
            let middle = across(level.start + level.sessions.len() as f64 / 2.0);
            let down = base + (tall * f64::from(PX)) as i32;
            label(body, &level_text(level), (middle, down), levels_lie, INK)?;
        }
        let down = base + ((tall + level_tall) * f64::from(PX)) as i32;
        let middle = across(end / 2.0);
        label(body, "iterations", (middle, down), true, INK)
    })
}

/// A pale grey on white, as a solid colour.
fn faint(strength: f64) -> Rgb {
    Rgb([255; 3]).towards(PALE, strength)
}

/// A band over the whole width.
fn flat_band(chart: &Chart, interval: &Interval, colour: Rgb) -> Drawn {
    let x = chart.x_range();
    let corners =
        [(x.start, interval.low), (x.end, interval.low), (x.end, interval.high), (x.start, interval.high)];
    chart.plotting_area().draw(&Polygon::new(corners, colour.ink().filled()))
}

/// The dots of a level's sessions, their means, and a line between it and the one before.
fn draw_level(
    chart: &Chart,
    level: &Level,
    strip: f64,
    (untrained, colour): (Option<&Untrained>, Rgb),
) -> Drawn {
    // Successive multiples of the golden ratio's fraction spread evenly, whatever their number.
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let y = chart.y_range();
    if level.start > BETWEEN {
        let before = level.start - BETWEEN / 2.0;
        path(chart, [(before, y.start), (before, y.end)], PALE, 0.5)?;
    }
    let radius = (strip / 14.0).clamp(1.0, 2.2);
    for (session, number) in level.sessions.iter().zip(0..) {
        let left = level.start + f64::from(number);
        let at = |(filter, &score): (usize, &f64)| {
            (left + 0.2 + 0.6 * ((filter as f64 + 0.5) * GOLDEN).fract(), score)
        };
        let is_soft = |score: f64| untrained.is_some_and(|untrained| score < untrained.threshold);
        let points: Vec<(f64, f64)> = session.scores.iter().enumerate().map(at).collect();
        let (soft, others): (Vec<_>, Vec<_>) = points.into_iter().partition(|&(_, score)| is_soft(score));
        for (points, colour) in [(others, colour), (soft, RED)] {
            if !points.is_empty() {
                dots(chart, &points, radius, colour)?;
            }
        }
        let mean = session.mean();
        path(chart, [(left + 0.08, mean), (left + 0.92, mean)], INK, 1.75)?;
    }
    Ok(())
}

/// Text below a strip, lying or standing; `at` is the middle of its upper edge, in units.
fn label(body: &Area, text: &str, at: (i32, i32), is_lying: bool, colour: Rgb) -> Drawn {
    if is_lying {
        return body.draw_text(text, &style(TEXT, colour, HPos::Center, VPos::Top), at);
    }
    let standing = style(TEXT, colour, HPos::Right, VPos::Center).transform(FontTransform::Rotate270);
    body.draw_text(text, &standing, at)
}
