//! Figures as PDF, for papers.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use resvg::tiny_skia::{PathSegment, Point, Transform};
use resvg::usvg::{
    ClipPath, Color, FillRule, Group, LineCap, LineJoin, Node, Opacity, Options, Paint, Path, ShapeRendering,
    Tree,
};

use super::Figure;
use crate::error::{Error, Result};

/// By how many pixels a cell of a map overlaps its neighbours. Viewers smooth the edges of shapes, and between cells that only
/// touch they let the page shine through.
const OVERLAP: f32 = 0.06;
/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

impl Figure {
    /// The figure as the bytes of a PDF of one page, as large as the figure is in print: 170 mm for a width of 640 pixels, unless it was
    /// [sized](Self::sized). Lines stay lines and letters are outlines, so that it is sharp at every size and needs no font. Its title and caption
    /// are the document's title and subject. It has no date, so the same figure gives the same bytes.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no figure should cause.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        let tree = Tree::from_str(self.svg(), &Options::default()).map_err(Error::drawing)?;
        let [width, height] = self.millimetres().map(|length| (length * POINTS) as f32);
        let scale = width / tree.size().width();
        let mut page = Page { content: Content::new(), opacities: BTreeMap::new() };
        // PDF counts upwards from the lower edge.
        page.content.transform([scale, 0.0, 0.0, -scale, 0.0, height]);
        page.group(tree.root())?;

        let [catalogue, pages, sheet, content, info] = [1, 2, 3, 4, 5].map(Ref::new);
        let mut pdf = Pdf::new();
        // The first version with transparency. Older LaTeX warns of newer ones.
        pdf.set_version(1, 4);
        pdf.catalog(catalogue).pages(pages);
        pdf.pages(pages).kids([sheet]).count(1);
        let mut leaf = pdf.page(sheet);
        leaf.parent(pages).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        let mut resources = leaf.resources();
        let mut states = resources.ext_g_states();
        for (&(fill, stroke), name) in &page.opacities {
            let mut state =
                states.insert(Name(name.as_bytes())).start::<pdf_writer::writers::ExtGraphicsState>();
            state.non_stroking_alpha(share(fill)).stroking_alpha(share(stroke));
        }
        states.finish();
        resources.finish();
        leaf.finish();
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(page.content.finish().as_slice()).map_err(Error::drawing)?;
        pdf.stream(content, &packed.finish().map_err(Error::drawing)?).filter(Filter::FlateDecode);
        pdf.document_info(info)
            .title(TextStr(self.title()))
            .subject(TextStr(self.caption()))
            .creator(TextStr(concat!("softness ", env!("CARGO_PKG_VERSION"))));
        Ok(pdf.finish())
    }
}

/// An opacity in hundredths, and back.
fn hundredths(opacity: Opacity) -> u8 {
    (opacity.get() * 100.0).round() as u8
}

fn share(hundredths: u8) -> f32 {
    f32::from(hundredths) / 100.0
}

/// What is drawn on the page so far.
struct Page {
    content: Content,
    /// The names of the opacities of fills and strokes, in hundredths.
    opacities: BTreeMap<(u8, u8), String>,
}

impl Page {
    fn group(&mut self, group: &Group) -> Result<()> {
        let plain = group.opacity() == Opacity::ONE && group.mask().is_none() && group.filters().is_empty();
        if !plain {
            return Err(unknown("a group with opacity, mask or filter"));
        }
        self.content.save_state();
        if let Some(clip) = group.clip_path() {
            self.clip(clip, group.abs_transform())?;
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) if path.is_visible() => self.path(path)?,
                Node::Path(_) => {}
                Node::Image(_) | Node::Text(_) => return Err(unknown("an embedded image or a text")),
            }
        }
        self.content.restore_state();
        Ok(())
    }

    /// Everything that follows is cut off at the edge of these paths.
    fn clip(&mut self, clip: &ClipPath, above: Transform) -> Result<()> {
        let inside = above.pre_concat(clip.transform());
        for node in clip.root().children() {
            let Node::Path(path) = node else { return Err(unknown("a clip that is not a path")) };
            self.outline(path, inside.pre_concat(path.abs_transform()));
        }
        self.content.clip_nonzero().end_path();
        Ok(())
    }

    fn path(&mut self, path: &Path) -> Result<()> {
        let opacity = |opacity: Option<Opacity>| hundredths(opacity.unwrap_or(Opacity::ONE));
        let opacities = (
            opacity(path.fill().map(|fill| fill.opacity())),
            opacity(path.stroke().map(|stroke| stroke.opacity())),
        );
        self.content.save_state();
        if opacities != (100, 100) {
            let next = format!("o{}", self.opacities.len());
            let name = self.opacities.entry(opacities).or_insert(next);
            self.content.set_parameters(Name(name.as_bytes()));
        }
        if let Some(fill) = path.fill() {
            let [red, green, blue] = rgb(fill.paint())?;
            self.content.set_fill_rgb(red, green, blue);
            self.outline(path, path.abs_transform());
            match fill.rule() {
                FillRule::NonZero => self.content.fill_nonzero(),
                FillRule::EvenOdd => self.content.fill_even_odd(),
            };
        }
        if let Some(stroke) = path.stroke() {
            let [red, green, blue] = rgb(stroke.paint())?;
            if path.rendering_mode() == ShapeRendering::CrispEdges {
                self.content.set_fill_rgb(red, green, blue);
                self.cells(path, stroke.width().get());
            } else {
                let Transform { sx, kx, ky, sy, tx, ty } = path.abs_transform();
                self.content.transform([sx, ky, kx, sy, tx, ty]);
                self.content.set_stroke_rgb(red, green, blue).set_line_width(stroke.width().get());
                self.content.set_line_cap(match stroke.linecap() {
                    LineCap::Butt => LineCapStyle::ButtCap,
                    LineCap::Round => LineCapStyle::RoundCap,
                    LineCap::Square => LineCapStyle::ProjectingSquareCap,
                });
                self.content.set_line_join(match stroke.linejoin() {
                    LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
                    LineJoin::Round => LineJoinStyle::RoundJoin,
                    LineJoin::Bevel => LineJoinStyle::BevelJoin,
                });
                if let Some(dashes) = stroke.dasharray() {
                    self.content.set_dash_pattern(dashes.iter().copied(), stroke.dashoffset());
                }
                self.outline(path, Transform::identity());
                self.content.stroke();
            }
        }
        self.content.restore_state();
        Ok(())
    }

    /// Fills rows of cells, which the SVG has as thick horizontal lines.
    fn cells(&mut self, path: &Path, width: f32) {
        let (transform, mut start) = (path.abs_transform(), Point::zero());
        for segment in path.data().segments() {
            match segment {
                PathSegment::MoveTo(point) => start = point,
                PathSegment::LineTo(end) => {
                    let mut corners = [
                        Point::from_xy(start.x.min(end.x), start.y - width / 2.0),
                        Point::from_xy(start.x.max(end.x), start.y + width / 2.0),
                    ];
                    transform.map_points(&mut corners);
                    let [from, to] = corners;
                    let (across, down) = (to.x - from.x + 2.0 * OVERLAP, to.y - from.y + 2.0 * OVERLAP);
                    self.content.rect(from.x - OVERLAP, from.y - OVERLAP, across, down);
                    start = end;
                }
                _ => {}
            }
        }
        self.content.fill_nonzero();
    }

    /// The segments of a path.
    fn outline(&mut self, path: &Path, transform: Transform) {
        let content = &mut self.content;
        let at = |mut point: Point| {
            transform.map_point(&mut point);
            point
        };
        let mut last = Point::zero();
        for segment in path.data().segments() {
            match segment {
                PathSegment::MoveTo(point) => {
                    last = at(point);
                    content.move_to(last.x, last.y);
                }
                PathSegment::LineTo(point) => {
                    last = at(point);
                    content.line_to(last.x, last.y);
                }
                PathSegment::QuadTo(control, end) => {
                    // PDF has cubic curves only.
                    let (control, end) = (at(control), at(end));
                    let thirds = |from: Point| {
                        (from.x + (control.x - from.x) * 2.0 / 3.0, from.y + (control.y - from.y) * 2.0 / 3.0)
                    };
                    let (first, second) = (thirds(last), thirds(end));
                    content.cubic_to(first.0, first.1, second.0, second.1, end.x, end.y);
                    last = end;
                }
                PathSegment::CubicTo(first, second, end) => {
                    let (first, second) = (at(first), at(second));
                    last = at(end);
                    content.cubic_to(first.x, first.y, second.x, second.y, last.x, last.y);
                }
                PathSegment::Close => {
                    content.close_path();
                }
            }
        }
    }
}

/// A colour as shares of red, green and blue.
fn rgb(paint: &Paint) -> Result<[f32; 3]> {
    let Paint::Color(Color { red, green, blue }) = paint else {
        return Err(unknown("a gradient or a pattern"));
    };
    Ok([*red, *green, *blue].map(|channel| f32::from(channel) / 255.0))
}

fn unknown(what: &str) -> Error {
    Error::drawing(format!("{what} cannot be written as PDF: save it as .svg or .png"))
}
