//! Legends that need more than one row: entries that wrap, and colour scales with ticks.

use std::ops::Range;

use plotters::element::Rectangle;
use plotters::style::Color;

use super::palette::{INK, Rgb};
use super::sheet::{MARGIN, Sample, TEXT, legend, line, stroke, style};
use super::ticks::Ticks;
use super::{Area, Drawn, Font, HPos, PX, VPos};

/// Height of one row of entries, in pixels.
pub(super) const ROW: i32 = 17;
/// Height of a colour scale with its ticks, in pixels.
pub(super) const SCALE: i32 = 30;
/// Width of a sample and the space behind it, and space between two entries.
const SAMPLE: f64 = 19.0;
const BETWEEN: f64 = 16.0;

/// The entries of a legend in rows that are at most `width` pixels wide.
pub(super) fn rows(entries: Vec<(Sample, &str)>, width: u32) -> Vec<Vec<(Sample, &str)>> {
    let font = Font::new();
    let room = f64::from(width) - 2.0 * f64::from(MARGIN);
    let (mut rows, mut left): (Vec<Vec<_>>, f64) = (vec![Vec::new()], 0.0);
    for (sample, text) in entries {
        let wide = SAMPLE + font.width(text, TEXT);
        if left > 0.0 && left + wide > room {
            rows.push(Vec::new());
            left = 0.0;
        }
        left += wide + BETWEEN;
        rows.last_mut().expect("there is a row").push((sample, text));
    }
    rows
}

/// Draws rows of entries at the top of an area. They take [`ROW`] pixels each.
pub(super) fn draw_rows(area: &Area, rows: &[Vec<(Sample, &str)>]) -> Drawn {
    for (entries, row) in rows.iter().zip(0..) {
        legend(&area.margin(row * ROW * PX, 0, 0, 0), entries)?;
    }
    Ok(())
}

/// A colour scale over `range` with its ticks, and its name on the right; the upper left corner is in pixels. It is
/// [`SCALE`] pixels high.
pub(super) fn colour_scale(
    area: &Area,
    (left, top): (i32, i32),
    range: &Range<f64>,
    name: &str,
    colour: impl Fn(f64) -> Rgb,
) -> Drawn {
    const STEPS: i32 = 121; // odd, so that the middle has its own colour
    let (step, height) = (2, 10);
    let (middle, half) = ((range.start + range.end) / 2.0, (range.end - range.start) / 2.0);
    for index in 0..STEPS {
        let value = middle + f64::from(2 * index - (STEPS - 1)) / f64::from(STEPS - 1) * half;
        let corners =
            [((left + index * step) * PX, top * PX), ((left + (index + 1) * step) * PX, (top + height) * PX)];
        area.draw(&Rectangle::new(corners, colour(value).ink().filled()))?;
    }
    let (right, bottom) = (left + STEPS * step, top + height);
    let frame = [(left * PX, top * PX), (right * PX, bottom * PX)];
    area.draw(&Rectangle::new(frame, stroke(INK, 0.5)))?;
    let ticks = ticks_apart(range, f64::from(STEPS * step));
    for &value in &ticks.values {
        let share = ((value - middle) / half + 1.0) / 2.0;
        let x = left * PX + (share * f64::from(STEPS * step * PX)).round() as i32;
        area.draw(&line((x, bottom * PX), (x, (bottom + 3) * PX), stroke(INK, 0.75)))?;
        let centred = style(TEXT, INK, HPos::Center, VPos::Top);
        area.draw_text(&ticks.label(value), &centred, (x, (bottom + 5) * PX))?;
    }
    let text = style(TEXT, INK, HPos::Left, VPos::Center);
    area.draw_text(name, &text, ((right + 8) * PX, (top + height / 2) * PX))
}

/// The ticks of a scale that is `length` pixels long: at most five, and so few that their labels do not touch.
fn ticks_apart(range: &Range<f64>, length: f64) -> Ticks {
    /// The least space between two labels, in pixels.
    const APART: f64 = 4.0;
    let font = Font::new();
    let are_apart = |ticks: &Ticks| {
        ticks.values.windows(2).all(|pair| {
            let between = (pair[1] - pair[0]) / (range.end - range.start) * length;
            let widths = pair.iter().map(|&value| font.width(&ticks.label(value), TEXT)).sum::<f64>();
            between - widths / 2.0 >= APART
        })
    };
    (1..=5).rev().map(|most| Ticks::new(range, most)).find(are_apart).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_colour_scale_do_not_touch() {
        let labels = |limit: f64| {
            let ticks = ticks_apart(&(-limit..limit), 242.0);
            ticks.values.iter().map(|&value| ticks.label(value)).collect::<Vec<_>>()
        };
        assert_eq!(labels(1e6), ["−1,000,000", "0", "1,000,000"]);
        assert_eq!(labels(0.3), ["−0.2", "0.0", "0.2"]);
        assert_eq!(labels(4.5e3), ["−4,000", "−2,000", "0", "2,000", "4,000"]);
        for digits in 0..15 {
            assert!(labels(1.5 * 10f64.powi(digits)).len() > 1, "{digits}");
        }
    }
}
