//! What every figure has: a title, a caption, text in one font, and standard sizes; and the parts that several
//! figures share.

use plotters::element::{Circle, PathElement, Rectangle};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};

use super::Figure;
use super::canvas::{Area, Drawn, PX, draw};
use super::palette::{FORMS, GREY, INK, PALE, Rgb};
use super::text::Font;
use crate::error::Result;
use crate::models::Form;

/// Width of a figure as wide as a page, in CSS pixels: 170 mm in print.
pub(super) const PAGE: u32 = 640;
/// Width of a figure as wide as a column: 85 mm in print.
pub(super) const COLUMN: u32 = 320;
/// Size of text in CSS pixels: 8.3 points if 640 pixels are 170 mm.
pub(super) const TEXT: f64 = 11.0;
/// Size of a title.
pub(super) const TITLE: f64 = 13.0;
/// Free space at the edges.
pub(super) const MARGIN: i32 = 4;

/// Converts pixels to drawing units.
pub(super) fn px(pixels: f64) -> i32 {
    (pixels * f64::from(PX)).round() as i32
}

/// The style of a text; `size` is in pixels.
pub(super) fn style(size: f64, colour: Rgb, across: HPos, down: VPos) -> TextStyle<'static> {
    ("sans-serif", size * f64::from(PX)).into_font().color(&colour.ink()).pos(Pos::new(across, down))
}

/// The style of a line; `width` is in pixels.
pub(super) fn stroke(colour: Rgb, width: f64) -> ShapeStyle {
    colour.ink().stroke_width(px(width).max(1) as u32)
}

/// A line between two points.
pub(super) fn line(from: (i32, i32), to: (i32, i32), style: ShapeStyle) -> PathElement<(i32, i32)> {
    PathElement::new(vec![from, to], style)
}

/// The frame of a picture: its upper left corner, and its width and height, in pixels.
pub(super) fn frame(corner: (i32, i32), size: (i32, i32)) -> Rectangle<(i32, i32)> {
    let corners = [corner, (corner.0 + size.0, corner.1 + size.1)];
    Rectangle::new(corners.map(|(x, y)| (x * PX, y * PX)), stroke(PALE, 0.5))
}

/// Title and caption at the top of a figure, broken into lines that fit.
pub(super) struct Header {
    width: u32,
    title: Vec<String>,
    caption: Vec<String>,
}

impl Header {
    /// A title and a caption, which may be empty, for a figure of `width` pixels.
    pub fn new(title: &str, caption: &str, width: u32) -> Self {
        let (font, room) = (Font::new(), f64::from(width) - 2.0 * f64::from(MARGIN));
        Self { width, title: font.wrap(title, TITLE, room), caption: font.wrap(caption, TEXT, room) }
    }

    /// Its height in pixels, with some space below.
    pub fn height(&self) -> i32 {
        MARGIN + 18 * self.title.len() as i32 + 15 * self.caption.len() as i32 + 6
    }

    /// A figure with this header. What `paint` draws has `below` pixels beneath it.
    pub fn figure(&self, title: &str, below: i32, paint: impl FnOnce(&Area) -> Drawn) -> Result<Figure> {
        draw(title, (self.width, (self.height() + below) as u32), |area| {
            self.draw(area)?;
            paint(area)
        })
    }

    /// Draws the header at the top of `area`.
    fn draw(&self, area: &Area) -> Drawn {
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

/// Draws the name of a panel at its top, shortened if it is too long. Returns the area below, with `bottom` pixels
/// free at its lower end.
pub(super) fn panel(area: &Area, name: &str, bottom: i32) -> Drawn<Area> {
    let width = f64::from(area.dim_in_pixel().0) / f64::from(PX) - 8.0;
    let name = Font::new().shorten(name, TEXT, width);
    area.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (4 * PX, 0))?;
    Ok(area.margin(17 * PX, bottom * PX, 0, 4 * PX))
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
                area.draw(&Rectangle::new(corners, colour.ink().filled()))?;
            }
        }
        let text_style = style(TEXT, INK, HPos::Left, VPos::Center);
        area.draw_text(text, &text_style, (end + 5 * PX, middle))?;
        left = end + 5 * PX + area.estimate_text_size(text, &text_style)?.0 as i32 + 16 * PX;
    }
    Ok(())
}

/// The legend of the forms and their colours, starting at `at` (in pixels).
pub(super) fn forms_legend(area: &Area, at: (i32, i32)) -> Drawn {
    let forms = Form::ALL.into_iter().zip(FORMS);
    let entries: Vec<_> = forms.map(|(form, colour)| (Sample::Block(colour), form.name())).collect();
    legend(area, at, &entries)
}
