//! What every figure has: a title, a caption, text in one font, and standard sizes; and the parts that several
//! figures share.

use plotters::element::{Circle, PathElement, Rectangle};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};

use super::canvas::{Area, Drawn, PX, draw};
use super::palette::{self, GREY, INK, PALE, Rgb};
use super::{Figure, Font};
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

/// A figure that is `width` pixels wide, with a heading and a caption, which may be empty, broken into lines that fit.
/// `paint` draws on the whole figure, or on the part below the caption, which is `below` pixels high.
pub(super) fn figure(
    title: &str,
    words: [&str; 2],
    size: (u32, i32),
    paint: impl FnOnce(&Area, &Area) -> Drawn,
) -> Result<Figure> {
    boxed_figure(title, words, size, Box::new(paint))
}

/// What paints a figure.
type Paint<'a> = Box<dyn FnOnce(&Area, &Area) -> Drawn + 'a>;

/// [`figure`], compiled once.
fn boxed_figure(
    title: &str,
    [heading, caption]: [&str; 2],
    (width, below): (u32, i32),
    paint: Paint,
) -> Result<Figure> {
    let (font, room) = (Font::new(), f64::from(width) - 2.0 * f64::from(MARGIN));
    let (mut lines, mut top) = (Vec::new(), MARGIN);
    for (text, size, colour, step) in [(heading, TITLE, INK, 18), (caption, TEXT, GREY, 15)] {
        for line in font.wrap(text, size, room) {
            lines.push((line, style(size, colour, HPos::Left, VPos::Top), (MARGIN * PX, top * PX)));
            top += step;
        }
    }
    top += 6;
    draw([title, caption], (width, (top + below) as u32), |area| {
        lines.iter().try_for_each(|(line, style, place)| area.draw_text(line, style, *place))?;
        paint(area, &area.margin(top * PX, 0, 0, 0))
    })
}

/// Draws the name of a panel at its top, shortened if it is too long. Returns the area below, with `bottom` pixels
/// free at its lower end.
pub(super) fn panel(area: &Area, name: &str, bottom: i32) -> Drawn<Area> {
    let name = Font::new().shorten(name, TEXT, panel_room(area));
    area.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (4 * PX, 0))?;
    Ok(area.margin(17 * PX, bottom * PX, 0, 4 * PX))
}

/// The room for the name of a panel, in pixels.
pub(super) fn panel_room(area: &Area) -> f64 {
    f64::from(area.dim_in_pixel().0) / f64::from(PX) - 8.0
}

/// What an entry of a legend shows before its text.
pub(super) enum Sample {
    Line(Rgb),
    Dot(Rgb),
    Block(Rgb),
}

/// A legend in one row at the top of an area.
pub(super) fn legend(area: &Area, entries: &[(Sample, &str)]) -> Drawn {
    let (mut left, middle) = (MARGIN * PX, 7 * PX);
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

/// The legend of the forms and their colours, at the top of an area.
pub(super) fn forms_legend(area: &Area) -> Drawn {
    legend(area, &Form::ALL.map(|form| (Sample::Block(palette::form(form)), form.name())))
}
