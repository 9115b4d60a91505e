//! How well people agree on which maps are soft.

use plotters::element::Circle;
use plotters::style::Color;

use super::axes::{Axis, axes, path};
use super::palette::{GREY, INK, PALE, POINTS};
use super::sheet::{MARGIN, PAGE, TEXT, figure, line, px, stroke, style};
use super::{Figure, Font, HPos, PX, VPos};
use crate::error::Result;
use crate::stats::Kappa;
use crate::table::Agreement;
use crate::text::numbers::decimals;

/// Height of a row, the most that names take in width, and the width of the numbers, in pixels.
const ROW: i32 = 20;
const MOST_NAMES: f64 = 320.0;
const NUMBERS: i32 = 130;
/// The most pairs that are drawn.
const MOST_PAIRS: usize = 66;

impl Agreement {
    /// Kappa with its 95% interval: of all people, and if there are more than two, of each pair. A grey line is chance.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no agreement should cause.
    pub fn figure(&self) -> Result<Figure> {
        let title = format!("Agreement on soft maps: {}", self.kind());
        let pair = |&(one, other, kappa): &(usize, usize, Option<Kappa>)| {
            (format!("{} and {}", self.names()[one], self.names()[other]), kappa)
        };
        let mut rows: Vec<(String, Option<Kappa>)> = self.pairs().iter().take(MOST_PAIRS).map(pair).collect();
        let mut caption = self.in_words();
        if self.names().len() > 2 {
            rows.insert(0, (format!("all {} (Fleiss)", self.names().len()), self.kappa()));
            caption += " For each pair: Cohen's kappa.";
        }
        if self.pairs().len() > MOST_PAIRS {
            caption += &format!(" The first {MOST_PAIRS} of {} pairs are shown.", self.pairs().len());
        }
        caption += " Dots: kappa, 1 is complete agreement and 0 that of chance; lines: 95 % intervals.";
        let least = rows.iter().filter_map(|row| row.1).map(|kappa| kappa.interval.low).fold(0.0, f64::min);
        let x = Axis::new("kappa", (least - 0.05).max(-1.0)..1.0, 8);
        let y = Axis::plain(rows.len() as f64..0.0);
        let tall = rows.len() as i32 * ROW;
        let font = Font::new();
        let widest = rows.iter().map(|(name, _)| font.width(name, TEXT)).fold(0.0, f64::max);
        let names = MARGIN + 8 + widest.min(MOST_NAMES).ceil() as i32;
        figure(&title, [&title, &caption], (PAGE, tall + 44), |area, body| {
            let inner = body.margin(0, 0, names * PX, NUMBERS * PX);
            let chart = axes(&inner, &x, &y, (2, 8))?;
            let plot = chart.plotting_area();
            for &value in x.ticks.values.iter().filter(|&&value| value != 0.0) {
                path(&chart, [(value, 0.0), (value, y.range.start)], PALE, 0.4)?;
            }
            path(&chart, [(0.0, 0.0), (0.0, y.range.start)], GREY, 0.9)?;
            for ((name, kappa), row) in rows.iter().zip(0..) {
                let at = f64::from(row) + 0.5;
                let middle = plot.map_coordinate(&(0.0, at)).1 - body.get_pixel_range().1.start;
                let name = font.shorten(name, TEXT, MOST_NAMES);
                body.draw_text(
                    &name,
                    &style(TEXT, INK, HPos::Right, VPos::Center),
                    ((names - 6) * PX, middle),
                )?;
                let numbers = match kappa {
                    Some(Kappa { value, interval, .. }) => {
                        path(&chart, [(interval.low, at), (interval.high, at)], POINTS, 2.0)?;
                        plot.draw(&Circle::new((*value, at), px(3.5), POINTS.ink().filled()))?;
                        let [value, low, high] =
                            [*value, interval.low, interval.high].map(|value| decimals(value, 2));
                        format!("{value} ({low} to {high})")
                    }
                    None => "not defined".into(),
                };
                let left = (PAGE as i32 - NUMBERS + 4) * PX;
                body.draw_text(&numbers, &style(TEXT, INK, HPos::Left, VPos::Center), (left, middle))?;
            }
            let (across, down) = plot.get_pixel_range();
            area.draw(&line((across.start, down.start), (across.start, down.end), stroke(INK, 0.75)))
        })
    }
}
