//! How the scores of a layer's filters are distributed as training goes on: a ridge for each number of iterations.

use std::ops::Range;

use plotters::element::Polygon;
use plotters::style::Color;

use super::axes::{Axis, Chart, axes, dots, path};
use super::legends::{self, draw_rows};
use super::palette::{GREY, INK, PALE, RED, Rgb, layer as layer_colour};
use super::scored::{NETWORKS, Scored, Untrained, all_kept, on, scored};
use super::sheet::{PAGE, Sample, TEXT, figure, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::Result;
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::percentile;
use crate::table::grouped;
use crate::text::numbers::{decimals, grouped as with_commas, sessions as sessions_in_words};

/// Pixels from one ridge to the next, and how many of these the highest ridge rises.
const PITCH: i32 = 30;
const RISE: f64 = 1.7;
/// The most ridges of sessions.
const MOST: usize = 24;
/// The least widths of the iterations on the left and of the counts on the right, in pixels.
const LEFT: i32 = 84;
const RIGHT: i32 = 66;
/// Points of a ridge.
const POINTS_OF_RIDGE: usize = 240;

impl Figure {
    /// The distribution of the scores of a layer's filters on `picture` as training goes on: a ridge for each number of iterations,
    /// downward, with all filters of all sessions that kept them at this iteration. `layer` is counted from 1.
    ///
    /// A session that kept snapshots has a ridge for each of them; sessions without have one for the level at which they ended.
    /// The uppermost ridge, grey, has the filters of 400 untrained networks; it is left out for networks of another kind
    /// than the study's. The red line is the threshold, the 5th percentile of untrained filters: what lies below it is soft, and is
    /// counted on the right. Dots are the filters themselves.
    ///
    /// A ridge is a kernel density estimate with a normal kernel. Its bandwidth, which the caption states, is the same for all
    /// ridges: the mean of those that Silverman's rule, 0.9 min(s, IQR / 1.34) n^(-1/5), gives for each. All ridges enclose the same
    /// area. Of more than 24 numbers of iterations, 24 are shown, the first and the last among them.
    ///
    /// The scores are those of the default [`ScoringOptions`]; [`ScoringOptions::ridgelines`] takes others.
    ///
    /// # Errors
    /// Those of [`Figure::score_strips`].
    pub fn ridgelines(sessions: &[Session], layer: usize, picture: &Picture) -> Result<Self> {
        ScoringOptions::default().ridgelines(sessions, layer, picture)
    }
}

impl ScoringOptions {
    /// [`Figure::ridgelines`] with these options.
    ///
    /// # Errors
    /// Those of [`Figure::ridgelines`].
    pub fn ridgelines(self, sessions: &[Session], layer: usize, picture: &Picture) -> Result<Figure> {
        self.ridges_with(sessions, layer, picture, NETWORKS)
    }

    /// [`Figure::ridgelines`](Self::ridgelines) with so many untrained networks.
    pub(super) fn ridges_with(
        self,
        sessions: &[Session],
        layer: usize,
        picture: &Picture,
        networks: u64,
    ) -> Result<Figure> {
        let scored = scored(self, &all_kept(sessions)?, layer, picture)?;
        let untrained = Untrained::of(self, sessions, layer, picture, networks)?;
        let mut levels = grouped(scored.into_iter().map(|scored| (scored.iterations, scored)));
        levels.sort_by_key(|(iterations, _)| *iterations);
        let all = levels.len();
        let levels = spread(levels, MOST);
        let bandwidth = bandwidth(&levels);
        let title = format!(
            "Scores of the filters of layer {layer} on {} in the course of training, {}",
            on(picture.name()),
            self.response.reading.in_words()
        );
        let whose = match sessions {
            [session] => format!("Session {}", session.name()),
            _ => sessions_in_words(sessions.len()),
        };
        let mut caption = format!(
            "{whose}. Ridges: density of the filters' scores, normal kernel of bandwidth {}, equal areas. Dots: filters. Lower \
             is softer.",
            decimals(bandwidth, 4)
        );
        if let Some(untrained) = &untrained {
            caption += &format!(
                " Right: how many of the filters are soft (below {}, the red line, the 5th percentile of {} untrained networks). \
                 Grey: {} untrained networks.",
                decimals(untrained.threshold, 4),
                with_commas(untrained.defining()),
                with_commas(untrained.len() as u64)
            );
        }
        if all > levels.len() {
            caption += &format!(" {} of {all} numbers of iterations are shown.", levels.len());
        }
        let mut ridges = Vec::new();
        if let Some(untrained) = &untrained {
            ridges.push(Ridge { name: "untrained".into(), scores: untrained.filters(), is_untrained: true });
        }
        ridges.extend(levels.into_iter().map(|(iterations, sessions)| Ridge {
            name: with_commas(iterations),
            scores: sessions.into_iter().flat_map(|session| session.scores).collect(),
            is_untrained: false,
        }));
        let threshold = untrained.map(|untrained| untrained.threshold);
        draw([&title, &caption], &ridges, bandwidth, threshold, layer_colour(layer))
    }
}

/// The scores behind one ridge.
struct Ridge {
    name: String,
    scores: Vec<f64>,
    is_untrained: bool,
}

/// At most `most` of the items, evenly spread, the first and the last among them.
fn spread<T>(items: Vec<T>, most: usize) -> Vec<T> {
    let count = items.len();
    if count <= most {
        return items;
    }
    let wanted: Vec<usize> = (0..most).map(|at| at * (count - 1) / (most - 1)).collect();
    items.into_iter().enumerate().filter(|(place, _)| wanted.contains(place)).map(|(_, item)| item).collect()
}

/// The mean over levels of Silverman's bandwidth.
fn bandwidth(levels: &[(u64, Vec<Scored>)]) -> f64 {
    let of = |(_, sessions): &(u64, Vec<Scored>)| {
        silverman(&sessions.iter().flat_map(|session| session.scores.iter().copied()).collect::<Vec<_>>())
    };
    let mean = levels.iter().map(of).sum::<f64>() / levels.len() as f64;
    // Scores that are all the same still have a ridge.
    if mean > 0.0 { mean } else { 1e-3 }
}

/// Silverman's rule of thumb: 0.9 min(s, IQR / 1.34) n^(-1/5); with s alone if half of the values are the same.
pub(super) fn silverman(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let s = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt();
    let quartiles = (percentile(values, 75.0) - percentile(values, 25.0)) / 1.34;
    0.9 * if quartiles > 0.0 { s.min(quartiles) } else { s } * n.powf(-0.2)
}

/// The density of values at x, with a normal kernel.
pub(super) fn density(values: &[f64], bandwidth: f64, x: f64) -> f64 {
    let kernel = |value: &f64| (-0.5 * ((x - value) / bandwidth).powi(2)).exp();
    let scale = values.len() as f64 * bandwidth * std::f64::consts::TAU.sqrt();
    values.iter().map(kernel).sum::<f64>() / scale
}

fn draw(
    words: [&str; 2],
    ridges: &[Ridge],
    bandwidth: f64,
    threshold: Option<f64>,
    colour: Rgb,
) -> Result<Figure> {
    // The untrained filters are many: where only a few of them are is of no interest.
    let ends = |ridge: &Ridge| match ridge.is_untrained {
        true => [percentile(&ridge.scores, 0.5), percentile(&ridge.scores, 99.5)],
        false => [
            percentile(&ridge.scores, 0.0) - 2.0 * bandwidth,
            percentile(&ridge.scores, 100.0) + 2.0 * bandwidth,
        ],
    };
    let range = padded(ridges.iter().flat_map(ends));
    let range = range.start.max(0.0)..range.end;
    let curve = |ridge: &Ridge| -> Vec<(f64, f64)> {
        let at = |step: usize| range.start + (range.end - range.start) * step as f64 / POINTS_OF_RIDGE as f64;
        (0..=POINTS_OF_RIDGE).map(|step| (at(step), density(&ridge.scores, bandwidth, at(step)))).collect()
    };
    let curves: Vec<Vec<(f64, f64)>> = ridges.iter().map(curve).collect();
    let highest = curves.iter().flatten().map(|point| point.1).fold(0.0, f64::max);

    let mut entries = vec![(Sample::Dot(colour), "filter")];
    if threshold.is_some() {
        entries.push((Sample::Dot(RED), "soft filter"));
        entries.push((Sample::Line(RED), "threshold"));
        entries.push((Sample::Block(PALE), "untrained networks"));
    }
    let legend = legends::rows(entries, PAGE);
    let top = legend.len() as i32 * legends::ROW + 4;
    let chart_height = (ridges.len() as i32) * PITCH + (RISE * f64::from(PITCH)) as i32 - PITCH + 12;
    let font = Font::new();
    let widest = |text: &dyn Fn(&Ridge) -> String| {
        ridges.iter().map(|ridge| font.width(&text(ridge), TEXT)).fold(0.0, f64::max).ceil() as i32
    };
    let left = LEFT.max(widest(&|ridge| ridge.name.clone()) + 4);
    let right = RIGHT.max(widest(&|ridge| count(ridge, threshold)) + 12);
    // In ridges: 0 is the base of the first, 1 that of the next.
    let lowest = ridges.len() as f64 - 1.0 + 12.0 / f64::from(PITCH);
    let y = Axis::plain(lowest..-RISE);
    let x = Axis::new("softness score", range.clone(), 7);
    figure(words[0], words, (PAGE, top + chart_height + 44), |_, body| {
        draw_rows(body, &legend)?;
        let area = body.margin(top * PX, 0, left * PX, right * PX);
        let chart = axes(&area, &x, &y, (0, 0))?;
        for ((ridge, curve), base) in ridges.iter().zip(&curves).zip(0..) {
            draw_ridge(&chart, ridge, curve, f64::from(base), RISE / highest, (threshold, colour))?;
        }
        // Over all ridges, because each hides the foot of the one before.
        for (ridge, base) in ridges.iter().zip(0..).filter(|(ridge, _)| !ridge.is_untrained) {
            draw_filters(&chart, ridge, f64::from(base), (threshold, colour))?;
        }
        if let Some(threshold) = threshold {
            path(&chart, [(threshold, lowest), (threshold, -RISE)], RED, 1.0)?;
        }
        label_ridges(body, &chart, ridges, threshold)
    })
}

/// The outline of a ridge over its base, the part below the threshold in red.
fn draw_ridge(
    chart: &Chart,
    ridge: &Ridge,
    curve: &[(f64, f64)],
    base: f64,
    scale: f64,
    (threshold, colour): (Option<f64>, Rgb),
) -> Drawn {
    let is_soft = |x: f64| threshold.is_some_and(|threshold| x < threshold);
    let pale = |colour: Rgb| colour.towards(Rgb([255; 3]), 0.6);
    let (fill, outline) = if ridge.is_untrained { (PALE, GREY) } else { (pale(colour), colour) };
    let points: Vec<(f64, f64)> = curve.iter().map(|&(x, density)| (x, base - density * scale)).collect();
    let split = points.partition_point(|point| is_soft(point.0));
    // Both parts end at the threshold.
    let at_threshold = threshold.filter(|_| split > 0 && split < points.len()).map(|x| {
        let (from, to) = (points[split - 1], points[split]);
        (x, from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0))
    });
    let soft: Vec<_> = points[..split].iter().copied().chain(at_threshold).collect();
    let rest: Vec<_> = at_threshold.into_iter().chain(points[split..].iter().copied()).collect();
    for (part, fill) in [(soft, if ridge.is_untrained { fill } else { pale(RED) }), (rest, fill)] {
        if let (Some(first), Some(last)) = (part.first().copied(), part.last().copied()) {
            let outline: Vec<_> = part.into_iter().chain([(last.0, base), (first.0, base)]).collect();
            // Ridges behind shine through a little.
            chart.plotting_area().draw(&Polygon::new(outline, fill.ink().mix(0.85).filled()))?;
        }
    }
    path(chart, points, outline, 1.0)
}

/// The filters of a ridge as dots just below its base.
fn draw_filters(chart: &Chart, ridge: &Ridge, base: f64, (threshold, colour): (Option<f64>, Rgb)) -> Drawn {
    let is_soft = |x: f64| threshold.is_some_and(|threshold| x < threshold);
    let dot = |&score: &f64| (score, base + 2.5 / f64::from(PITCH));
    let (soft, others): (Vec<_>, Vec<_>) = ridge.scores.iter().map(dot).partition(|point| is_soft(point.0));
    for (points, colour) in [(others, colour), (soft, RED)] {
        if !points.is_empty() {
            dots(chart, &points, 1.3, colour)?;
        }
    }
    Ok(())
}

/// How many of the filters of a ridge are soft, or how many they are if there is no threshold.
fn count(ridge: &Ridge, threshold: Option<f64>) -> String {
    let all = ridge.scores.len();
    let Some(threshold) = threshold else { return format!("n = {}", with_commas(all as u64)) };
    let soft = ridge.scores.iter().filter(|&&score| score < threshold).count();
    if ridge.is_untrained {
        return format!("{} %", decimals(100.0 * soft as f64 / all as f64, 1));
    }
    format!("{} of {}", with_commas(soft as u64), with_commas(all as u64))
}

/// Iterations on the left, and on the right how many filters are soft.
fn label_ridges(body: &Area, chart: &Chart, ridges: &[Ridge], threshold: Option<f64>) -> Drawn {
    let origin = body.get_base_pixel();
    let plot = chart.plotting_area();
    let Range { start: left, end: right } = plot.get_pixel_range().0;
    let down = |base: f64| plot.map_coordinate(&(0.0, base)).1 - origin.1;
    let left = left - origin.0 - 8 * PX;
    let right = right - origin.0 + 8 * PX;
    for (ridge, base) in ridges.iter().zip(0..) {
        let y = down(f64::from(base)) - 4 * PX;
        let colour = if ridge.is_untrained { GREY } else { INK };
        body.draw_text(&ridge.name, &style(TEXT, colour, HPos::Right, VPos::Center), (left, y))?;
        body.draw_text(&count(ridge, threshold), &style(TEXT, colour, HPos::Left, VPos::Center), (right, y))?;
    }
    let head = down(-RISE) + 6 * PX;
    body.draw_text("iterations", &style(TEXT, INK, HPos::Right, VPos::Center), (left, head))?;
    let name = if threshold.is_some() { "soft" } else { "filters" };
    body.draw_text(name, &style(TEXT, INK, HPos::Left, VPos::Center), (right, head))
}
