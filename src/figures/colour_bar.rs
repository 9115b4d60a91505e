//! The scale of a figure's colours.

use std::ops::Range;

use plotters::element::Rectangle;
use plotters::style::Color;

use super::palette::{INK, Rgb, diverging};
use super::sheet::{PAGE, TEXT, line, stroke, style};
use super::ticks::Ticks;
use super::{Area, Drawn, HPos, PX, VPos};

/// The height of a bar with its ticks, in pixels.
pub(super) const COLOUR_BAR: i32 = 32;

/// The blue-red scale from -`limit` to `limit`, centred, with ticks.
pub(super) fn weight_bar(area: &Area, limit: f64, top: i32) -> Drawn {
    colour_bar(area, -limit..limit, |value| diverging(value, limit), "weight", top)
}

/// The colours of the values of a range, centred, with ticks, and `name` on the right.
pub(super) fn colour_bar(
    area: &Area,
    range: Range<f64>,
    colour: impl Fn(f64) -> Rgb,
    name: &str,
    top: i32,
) -> Drawn {
    const STEPS: i32 = 121; // odd, so that one is the middle
    let (step, height) = (2, 10);
    let left = (PAGE as i32 - STEPS * step) / 2;
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
    let ticks = Ticks::new(&range, 5);
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
