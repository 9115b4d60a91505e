//! A plotters backend that writes SVG.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Drawable, PointCollection};
use plotters::style::WHITE;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::Figure;
use super::palette::Rgb;
use super::text::{ASCENT, CAP, DESCENT, Font};
use crate::error::{Error, Result};

/// Drawing units per CSS pixel. plotters has whole units only, so they are small.
pub(super) const PX: i32 = 50;

/// An area of a figure, in units from its upper left corner.
pub(super) type Area = DrawingArea<Canvas, Shift>;

/// The result of drawing.
pub(super) type Drawn<T = ()> = std::result::Result<T, DrawingAreaErrorKind<Infallible>>;

/// A point in drawing units.
pub(super) type Place = plotters_backend::BackendCoord;

type Done<T = ()> = std::result::Result<T, DrawingErrorKind<Infallible>>;

/// Draws a figure of `size` CSS pixels on white. `words` are its title and its caption.
pub(super) fn draw(words: [&str; 2], size: (u32, u32), paint: impl FnOnce(&Area) -> Drawn) -> Result<Figure> {
    draw_in_units(words, size, PX, Box::new(paint))
}

/// Draws a figure of `size` CSS pixels on white, with this many drawing units per pixel. A box, so that it is compiled once.
pub(super) fn draw_in_units(
    words: [&str; 2],
    size: (u32, u32),
    units: i32,
    paint: Box<dyn FnOnce(&Area) -> Drawn + '_>,
) -> Result<Figure> {
    let body = Rc::new(RefCell::new(String::new()));
    let smallest = Rc::new(Cell::new(None));
    let canvas =
        Canvas { body: Rc::clone(&body), size, units, font: Font::new(), smallest: Rc::clone(&smallest) };
    let area = canvas.into_drawing_area();
    let painted = area.fill(&WHITE).and_then(|()| paint(&area)).and_then(|()| area.present());
    painted.map_err(Error::drawing)?;
    Ok(Figure::new(words, size, units as u32, &body.borrow()).with_smallest_text(smallest.get()))
}

/// A plotters backend that writes SVG elements, with text as outlines.
///
/// plotters never sees a font. It asks the backend for the size of a text and lets the backend draw it, so no font
/// has to be registered with plotters.
pub struct Canvas {
    body: Rc<RefCell<String>>,
    size: (u32, u32), // CSS pixels
    units: i32,       // drawing units per pixel
    font: Font,
    smallest: Rc<Cell<Option<f64>>>, // size of the smallest letters, in CSS pixels
}

impl Canvas {
    fn element(&self, element: std::fmt::Arguments) {
        // Writing to a String does not fail.
        let _ = writeln!(self.body.borrow_mut(), "{element}");
    }

    /// Rows of square cells. A run is its colour, its upper left corner and its number of cells. Sides and corners
    /// are whole pixels and are written in pixels, because a figure of maps has some sixteen thousand cells.
    pub(super) fn cells(&self, side: i32, runs: &[(Rgb, Place, usize)]) {
        debug_assert!(side % PX == 0 && runs.iter().all(|(_, (x, y), _)| x % PX == 0 && y % PX == 0));
        let pixels = side / PX;
        let mut by_colour: BTreeMap<Rgb, String> = BTreeMap::new();
        for (colour, (x, y), length) in runs {
            let path = by_colour.entry(*colour).or_default();
            let _ = write!(path, "M{} {}h{}", x / PX, y / PX, pixels * *length as i32);
        }
        // A line is drawn around its middle, but a cell starts at its corner.
        self.element(format_args!(
            "<g fill=\"none\" stroke-width=\"{pixels}\" shape-rendering=\"crispEdges\" \
             transform=\"translate(0 {}) scale({PX})\">",
            side / 2
        ));
        for (colour, path) in &by_colour {
            self.element(format_args!("<path stroke=\"{colour}\" d=\"{path}\"/>"));
        }
        self.element(format_args!("</g>"));
    }

    /// Draws many round dots in one element.
    pub(super) fn dots(&self, centres: &[Place], radius: i32, colour: Rgb) {
        let mut path = String::new();
        for (x, y) in centres {
            let _ = write!(path, "M{x} {y}h1");
        }
        self.element(format_args!(
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linecap=\"round\" d=\"{path}\"/>",
            2 * radius
        ));
    }

    /// Draws many filled squares in one element. A square is its middle and half its side.
    pub(super) fn squares(&self, squares: &[(Place, i32)], colour: Rgb) {
        let mut path = String::new();
        for ((x, y), half) in squares {
            let side = 2 * half;
            let _ = write!(path, "M{} {}h{side}v{side}h-{side}z", x - half, y - half);
        }
        self.element(format_args!("<path fill=\"{colour}\" d=\"{path}\"/>"));
    }

    /// Draws many straight lines in one element. `ends` has the two ends of each, one after the other.
    pub(super) fn segments(&self, ends: &[Place], width: i32, colour: Rgb) {
        let mut path = String::new();
        for pair in ends.chunks_exact(2) {
            let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
            let _ = write!(path, "M{x} {y}L{to_x} {to_y}");
        }
        self.element(format_args!(
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linecap=\"round\" d=\"{path}\"/>"
        ));
    }
}

impl DrawingBackend for Canvas {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 * self.units as u32, self.size.1 * self.units as u32)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, point: Place, colour: BackendColor) -> Done {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: Place, to: Place, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: Place, to: Place, style: &S, fill: bool) -> Done {
        let ((left, top), width, height) = (from, to.0 - from.0, to.1 - from.1);
        let paint = if fill {
            format!("{} shape-rendering=\"crispEdges\"", filled(style))
        } else {
            format!("{} stroke-linejoin=\"miter\"", stroked(style))
        };
        self.element(format_args!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" {paint}/>"
        ));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = Place>>(&mut self, path: I, style: &S) -> Done {
        let paint = stroked(style);
        self.element(format_args!("<path {paint} stroke-linejoin=\"round\" d=\"{}\"/>", path_data(path)));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): Place, radius: u32, style: &S, fill: bool) -> Done {
        let paint = if fill { filled(style) } else { stroked(style) };
        self.element(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>"));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = Place>>(&mut self, path: I, style: &S) -> Done {
        self.element(format_args!("<path {} d=\"{}z\"/>", filled(style), path_data(path)));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): Place) -> Done {
        let pixels = style.size() / f64::from(self.units);
        self.smallest.set(Some(self.smallest.get().map_or(pixels, |smallest| smallest.min(pixels))));
        // Outlines have whole coordinates, so they are drawn in the finest units and made smaller.
        let fine = PX / self.units;
        let (size, x, y) = (style.size() * f64::from(fine), x * fine, y * fine);
        let left = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -self.font.width(text, size) / 2.0,
            HPos::Right => -self.font.width(text, size),
        };
        let baseline = size
            * match style.anchor().v_pos {
                VPos::Top => ASCENT,
                VPos::Center => CAP / 2.0,
                VPos::Bottom => -DESCENT,
            };
        let turned = |along: f64, across: f64| match style.transform() {
            FontTransform::None => (along, across),
            FontTransform::Rotate90 => (-across, along),
            FontTransform::Rotate180 => (-along, -across),
            FontTransform::Rotate270 => (across, -along),
        };
        let place = |along: f64, down: f64| {
            let (dx, dy) = turned(along + left, down + baseline);
            (f64::from(x) + dx, f64::from(y) + dy)
        };
        let path = self.font.outline(text, size, &place);
        let (paint, label) = (filled(&style.color()), escape(text));
        let scaled =
            if fine > 1 { format!(" transform=\"scale({})\"", 1.0 / f64::from(fine)) } else { String::new() };
        self.element(format_args!("<path {paint}{scaled} aria-label=\"{label}\" d=\"{path}\"/>"));
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(&self, text: &str, style: &T) -> Done<(u32, u32)> {
        let size = style.size();
        Ok((self.font.width(text, size).ceil() as u32, (size * (ASCENT + DESCENT)).ceil() as u32))
    }
}

/// Many points that `draw` draws in one element.
pub(super) struct Batch<C, F> {
    pub points: Vec<C>,
    pub draw: F,
}

impl<'a, C, F> PointCollection<'a, C> for &'a Batch<C, F> {
    type Point = &'a C;
    type IntoIter = std::slice::Iter<'a, C>;

    fn point_iter(self) -> Self::IntoIter {
        self.points.iter()
    }
}

impl<C, F: Fn(&Canvas, &[Place])> Drawable<Canvas> for Batch<C, F> {
    fn draw<I: Iterator<Item = Place>>(&self, points: I, canvas: &mut Canvas, _: (u32, u32)) -> Done {
        (self.draw)(canvas, &points.collect::<Vec<_>>());
        Ok(())
    }
}

fn path_data(points: impl IntoIterator<Item = Place>) -> String {
    let mut path = String::new();
    for (x, y) in points {
        let command = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{command}{x} {y}");
    }
    path
}

fn filled(style: &impl BackendStyle) -> String {
    format!("fill=\"{}\"{}", hex(style.color()), opacity("fill", style.color()))
}

fn stroked(style: &impl BackendStyle) -> String {
    let (colour, width) = (style.color(), style.stroke_width());
    format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"{}", hex(colour), opacity("stroke", colour))
}

fn hex(colour: BackendColor) -> Rgb {
    let (red, green, blue) = colour.rgb;
    Rgb([red, green, blue])
}

fn opacity(paint: &str, colour: BackendColor) -> String {
    if colour.alpha < 1.0 { format!(" {paint}-opacity=\"{:.2}\"", colour.alpha) } else { String::new() }
}

/// Text escaped for XML. Control characters, which XML does not allow, become spaces.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
