//! A chart with thin axes on the left and below, and the series that several figures draw on it.

use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::Color;
use plotters_backend::text_anchor::{HPos, VPos};

use super::canvas::{Area, Batch, Canvas, Drawn, PX, Place};
use super::palette::{GREY, INK, POINTS, RED, Rgb};
use super::sheet::{TEXT, px, stroke, style};
use super::text::Font;
use super::ticks::Ticks;
use crate::stats::Interval;

/// A chart that series are drawn on.
pub(super) type Chart<'a> = ChartContext<'a, Canvas, Cartesian2d<Axis, Axis>>;

/// One axis: a linear scale with its ticks, in the form that plotters needs.
#[derive(Clone)]
pub(super) struct Axis {
    pub label: String,
    pub range: Range<f64>,
    pub ticks: Ticks,
}

impl Axis {
    /// An axis with at most `most` ticks.
    pub fn new(label: impl Into<String>, range: Range<f64>, most: usize) -> Self {
        Self { label: label.into(), ticks: Ticks::new(&range, most), range }
    }

    /// An axis without ticks and without a label.
    pub fn plain(range: Range<f64>) -> Self {
        Self { label: String::new(), range, ticks: Ticks::default() }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        RangedCoordf64::from(self.range.clone()).map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // There are no light lines between ticks.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.values.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.label(*value)
    }
}

/// The least space between two labels on an axis, in pixels.
const BETWEEN: f64 = 4.0;

/// An axis that is `room` pixels long without the `margin` on its right, with so few of its ticks that labels do not touch: all,
/// every second, every third. A margin is wider if the last label needs it; none at all is one that lies outside.
fn fitted(axis: &Axis, room: f64, margin: i32) -> (Axis, i32) {
    let font = Font::new();
    let half = |value: f64| font.width(&axis.ticks.label(value), TEXT) / 2.0;
    let share = |value: f64| (value - axis.range.start) / (axis.range.end - axis.range.start);
    let thinned = |margin: i32| {
        let length = room - f64::from(margin);
        let gap = |one: f64, next: f64| (share(next) - share(one)) * length - half(one) - half(next);
        let is_apart = |pair: &[f64]| gap(pair[0], pair[1]) >= BETWEEN;
        // The place of 0 iterations, which is next to 1, stays if it can.
        let all = &axis.ticks.values;
        let (zero, rest) = all.split_at(usize::from(axis.ticks.has_zero_before_one()));
        let every = |step: usize| rest.iter().copied().step_by(step).collect::<Vec<f64>>();
        let kept = (1..=rest.len()).map(every).find(|kept| kept.windows(2).all(is_apart)).unwrap_or_default();
        let has_room = |&&zero: &&f64| kept.first().is_none_or(|&next| gap(zero, next) >= BETWEEN / 4.0);
        zero.iter().filter(has_room).chain(&kept).copied().collect::<Vec<f64>>()
    };
    let needed = |&last: &f64| (half(last) - (1.0 - share(last)) * room) / share(last);
    let needed = thinned(margin).last().map_or(0.0, needed).ceil();
    let margin =
        if needed.is_finite() && margin > 0 { margin.max(needed.min(room / 3.0) as i32) } else { margin };
    let mut fitted = axis.clone();
    fitted.ticks.values = thinned(margin);
    (fitted, margin)
}

/// Draws the axes of a chart that fills `area`, with `margin` pixels free above and on the right, and more on the right if the
/// last label needs it.
pub(super) fn axes<'a>(area: &'a Area, x: &Axis, y: &Axis, margin: (i32, i32)) -> Drawn<Chart<'a>> {
    const TICK: i32 = 3;
    const LEFT: i32 = 4;
    let text = style(TEXT, INK, HPos::Center, VPos::Center);
    let mut widest = 0;
    for &value in &y.ticks.values {
        widest = widest.max(area.estimate_text_size(&y.ticks.label(value), &text)?.0 as i32);
    }
    let line = 14 * PX;
    let described = |axis: &Axis| if axis.label.is_empty() { 0 } else { line + PX };
    let beside = widest + 2 * TICK * PX + described(y);
    let room = f64::from(area.dim_in_pixel().0 as i32 - beside - LEFT * PX) / f64::from(PX);
    let (fitted_x, right) = fitted(x, room, margin.1);
    let mut chart = ChartBuilder::on(area)
        .margin_top(margin.0 * PX)
        .margin_right(right * PX)
        .margin_left(LEFT * PX)
        .margin_bottom(2 * PX)
        .y_label_area_size(beside)
        .x_label_area_size(line + 2 * TICK * PX + described(x))
        .build_cartesian_2d(fitted_x, y.clone())?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_mesh()
        .axis_style(stroke(INK, 0.75))
        .label_style(text.clone())
        .axis_desc_style(text)
        .set_all_tick_mark_size(px(f64::from(TICK)));
    if !x.label.is_empty() {
        mesh.x_desc(&x.label);
    }
    if !y.label.is_empty() {
        mesh.y_desc(&y.label);
    }
    mesh.draw()?;
    drop(mesh);
    Ok(chart)
}

/// Draws thousands of points as dots in one element; `radius` is in pixels.
pub(super) fn dots(chart: &Chart, points: &[(f64, f64)], radius: f64, colour: Rgb) -> Drawn {
    let draw = |canvas: &Canvas, centres: &[Place]| canvas.dots(centres, px(radius), colour);
    chart.plotting_area().draw(&Batch { points: points.to_vec(), draw })
}

/// Draws a line through points; `width` is in pixels.
pub(super) fn path(chart: &Chart, points: impl Into<Vec<(f64, f64)>>, colour: Rgb, width: f64) -> Drawn {
    chart.plotting_area().draw(&PathElement::new(points, stroke(colour, width)))
}

/// Draws each point as a ring; `radius` and `width` are in pixels.
pub(super) fn rings(chart: &Chart, points: &[(f64, f64)], radius: f64, width: f64) -> Drawn {
    rings_in(chart, points, (radius, width), POINTS)
}

/// [`rings`] in the colour of a layer or a form.
pub(super) fn rings_in(
    chart: &Chart,
    points: &[(f64, f64)],
    (radius, width): (f64, f64),
    colour: Rgb,
) -> Drawn {
    let ring = |&point| Circle::new(point, px(radius), stroke(colour, width));
    points.iter().map(ring).try_for_each(|ring| chart.plotting_area().draw(&ring))
}

/// Draws a thin grey line at one height.
pub(super) fn level(chart: &Chart, y: f64) -> Drawn {
    let x = chart.x_range();
    path(chart, [(x.start, y), (x.end, y)], GREY, 0.75)
}

/// Draws a pale red band between the ends of the intervals; nothing for fewer than two.
pub(super) fn band(chart: &Chart, intervals: &[(f64, Interval)]) -> Drawn {
    band_in(chart, intervals, RED)
}

/// [`band`] in the colour of a layer or a form.
pub(super) fn band_in(chart: &Chart, intervals: &[(f64, Interval)], colour: Rgb) -> Drawn {
    if intervals.len() < 2 {
        return Ok(());
    }
    let upper = intervals.iter().map(|(x, interval)| (*x, interval.high));
    let lower = intervals.iter().rev().map(|(x, interval)| (*x, interval.low));
    let outline: Vec<_> = upper.chain(lower).collect();
    chart.plotting_area().draw(&Polygon::new(outline, colour.ink().mix(0.15).filled()))
}
