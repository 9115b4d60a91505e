//! What every figure has: a title, a caption, text in one font, and its sizes.

use plotters::element::{Circle, PathElement};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};

use super::canvas::{Area, Drawn, PX};
use super::palette::{GREY, INK, Rgb};
use super::text::Font;

/// Width of a figure as wide as a page, in CSS pixels: 170 mm in print.
pub(super) const PAGE: u32 = 640;
/// Width of a figure as wide as a column: 85 mm in print.
pub(super) const COLUMN: u32 = 320;
/// Size of text in CSS pixels. 11 of 640 over 170 mm are 8.3 points.
pub(super) const TEXT: f64 = 11.0;
/// Size of a title.
pub(super) const TITLE: f64 = 13.0;
/// Free space at the edges.
pub(super) const MARGIN: i32 = 4;

/// Pixels as drawing units.
pub(super) fn px(pixels: f64) -> i32 {
    (pixels * f64::from(PX)).round() as i32
}

/// Text of a size in pixels.
pub(super) fn style(size: f64, colour: Rgb, across: HPos, down: VPos) -> TextStyle<'static> {
    ("sans-serif", size * f64::from(PX)).into_font().color(&colour.ink()).pos(Pos::new(across, down))
}

/// A line of a width in pixels.
pub(super) fn stroke(colour: Rgb, width: f64) -> ShapeStyle {
    colour.ink().stroke_width(px(width).max(1) as u32)
}

/// A line between two points.
pub(super) fn line(from: (i32, i32), to: (i32, i32), style: ShapeStyle) -> PathElement<(i32, i32)> {
    PathElement::new(vec![from, to], style)
}

/// Title and caption at the top of a figure, broken into lines that fit.
pub(super) struct Header {
    title: Vec<String>,
    caption: Vec<String>,
}

impl Header {
    /// A title and a caption, which may be empty, for a figure of `width` pixels.
    pub fn new(title: &str, caption: &str, width: u32) -> Self {
        let (font, width) = (Font::new(), f64::from(width) - 2.0 * f64::from(MARGIN));
        Self { title: font.wrap(title, TITLE, width), caption: font.wrap(caption, TEXT, width) }
    }

    /// Its height in pixels, with some space below.
    pub fn height(&self) -> i32 {
        MARGIN + 18 * self.title.len() as i32 + 15 * self.caption.len() as i32 + 6
    }

    /// Draws it at the top of `area`.
    pub fn draw(&self, area: &Area) -> Drawn {
        let mut top = MARGIN;
        for (lines, size, colour, step) in [(&self.title, TITLE, INK, 18), (&self.caption, TEXT, GREY, 15)] {
            for line in lines {
                area.draw_text(line, &style(size, colour, HPos::Left, VPos::Top), (MARGIN * PX, top * PX))?;
                top += step;
            }
        }
        Ok(())
    }
}

/// What an entry of a legend shows before its text.
pub(super) enum Sample {
    Line(Rgb),
    Dot(Rgb),
    Block(Rgb),
}

/// A legend in one row, starting at `at` (in pixels).
pub(super) fn legend(area: &Area, at: (i32, i32), entries: &[(Sample, &str)]) -> Drawn {
    let (mut left, middle) = (at.0 * PX, (at.1 + 7) * PX);
    for (sample, text) in entries {
        let end = left + 14 * PX;
        match sample {
            Sample::Line(colour) => area.draw(&line((left, middle), (end, middle), stroke(*colour, 1.5)))?,
            Sample::Dot(colour) => {
                area.draw(&Circle::new(((left + end) / 2, middle), px(2.5), colour.ink().filled()))?;
            }
            Sample::Block(colour) => {
                let corners = [(left + 2 * PX, middle - 5 * PX), (end - 2 * PX, middle + 5 * PX)];
                area.draw(&plotters::element::Rectangle::new(corners, colour.ink().filled()))?;
            }
        }
        let text_style = style(TEXT, INK, HPos::Left, VPos::Center);
        area.draw_text(text, &text_style, (end + 5 * PX, middle))?;
        left = end + 5 * PX + area.estimate_text_size(text, &text_style)?.0 as i32 + 16 * PX;
    }
    Ok(())
}
