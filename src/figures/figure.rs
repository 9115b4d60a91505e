//! A finished figure.

use std::convert::Infallible;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::FigureSize;
use super::canvas::{Canvas, draw_in_units};
use crate::error::{Error, Result};
use crate::files::save::save;

/// How the SVG document begins.
const NAMESPACE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
/// What follows its width and height.
const ATTRIBUTES: &str = " viewBox=\"";

/// Pixels of the light card around a figure on a page: a figure is dark on white, and the page may be dark.
const CARD: u32 = 8;
/// The most pixels of a figure that a caller draws. Its PNG has four times as many, of four bytes.
const MOST_PIXELS: u64 = 25_000_000;
/// The card itself. JupyterLab keeps these properties in a notebook that it does not trust; it would drop a colour of
/// its theme. nbgrader's page for marking frames every image in red, which here would say "soft"; hence the border.
const CARD_STYLE: &str =
    "box-sizing:border-box;max-width:100%;height:auto;padding:8px;background:#fff;border:0;border-radius:8px";

/// A finished figure: a self-contained SVG document, and the PNG and PDF that are made from it.
///
/// Text is drawn as outlines of DejaVu Sans, which is part of the program, so a figure looks the same on every
/// machine; a letter that the font lacks is written as its code point, such as `<U+5199>`. Sizes are in
/// CSS pixels. A width of 640 is meant for 170 mm in print and 320 for 85 mm; at these sizes no letter is smaller than 8 points. The same
/// inputs give the same bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Figure {
    title: String,
    /// What the reader sees, in sentences.
    caption: String,
    svg: String,
    width: u32,
    height: u32,
    size: FigureSize,
    /// The size of the smallest letters, in thousandths of a pixel.
    smallest: Option<u32>,
}

impl Figure {
    /// A figure from the elements of its SVG, in a coordinate system with `units` per pixel.
    pub(super) fn new(
        [title, caption]: [&str; 2],
        (width, height): (u32, u32),
        units: u32,
        body: &str,
    ) -> Self {
        let (across, down) = (width * units, height * units);
        let [name, words] = [title, caption].map(super::canvas::escape);
        let words = if words.is_empty() { String::new() } else { format!("<desc>{words}</desc>\n") };
        let svg = format!(
            "{NAMESPACE}width=\"{width}\" height=\"{height}\"{ATTRIBUTES}0 0 {across} {down}\" role=\"img\">\n\
             <title>{name}</title>\n{words}{body}</svg>\n"
        );
        let (title, caption, size) = (title.into(), caption.into(), FigureSize::Cell);
        Self { title, caption, svg, width, height, size, smallest: None }
    }

    /// The figure with the size of its smallest letters, in pixels.
    pub(super) fn with_smallest_text(self, pixels: Option<f64>) -> Self {
        Self { smallest: pixels.map(|pixels| (pixels * 1000.0).round() as u32), ..self }
    }

    /// The size of the smallest letters, in pixels.
    pub(super) fn smallest_text(&self) -> Option<f64> {
        self.smallest.map(|size| f64::from(size) / 1000.0)
    }

    /// What it is for.
    pub(super) fn size(&self) -> FigureSize {
        self.size
    }

    /// The same drawing at another size.
    pub(super) fn with_size(&self, size: FigureSize) -> Self {
        let mut sized = Self { size, ..self.clone() };
        let unit = if size == FigureSize::Cell { "" } else { "mm" };
        let [width, height] = match size {
            FigureSize::Cell => [self.width, self.height].map(|pixels| pixels.to_string()),
            _ => sized.millimetres().map(|length| format!("{length:.2}")),
        };
        let rest = self.after_size();
        sized.svg = format!("{NAMESPACE}width=\"{width}{unit}\" height=\"{height}{unit}\"{rest}");
        sized
    }

    /// The document from its `viewBox` on, to be put into another or at another size.
    pub(super) fn after_size(&self) -> &str {
        self.svg.find(ATTRIBUTES).map_or("", |start| &self.svg[start..])
    }

    /// The same figure with another caption: what is shown, and how many of what, in sentences. It becomes the alternative text on a
    /// page and in the SVG, and the subject of the PDF; it is not drawn.
    pub fn captioned(self, caption: &str) -> Self {
        let body = self.after_size();
        let (_, rest) = body.split_once("</title>\n").unwrap_or_default();
        let rest = match rest.strip_prefix("<desc>").and_then(|rest| rest.split_once("</desc>\n")) {
            Some((_, rest)) => rest,
            None => rest,
        };
        let words = super::canvas::escape(caption);
        let head = self.svg.find("</title>").map_or("", |end| &self.svg[..end]);
        let svg = format!("{head}</title>\n<desc>{words}</desc>\n{rest}");
        Self { caption: caption.into(), svg, ..self }
    }

    /// A figure of one's own, drawn with [`plotters`](crate::plotters) on white: `paint` gets the drawing area, whose
    /// coordinates are CSS pixels from the upper left corner. `size` is (width, height) in CSS pixels. Text is drawn in the
    /// font of the other figures, whatever font its style names.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the width or the height is 0, or there are more than
    /// 25,000,000 pixels;
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if `paint` fails.
    ///
    /// # Example
    /// ```
    /// use softness::figures::Figure;
    /// use softness::plotters::prelude::*;
    ///
    /// # fn main() -> softness::Result<()> {
    /// let figure = Figure::draw("A parabola", (320, 200), |area| {
    ///     let mut chart = ChartBuilder::on(area);
    ///     chart.margin(8).x_label_area_size(24).y_label_area_size(32);
    ///     let mut chart = chart.build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
    ///     chart.configure_mesh().draw()?;
    ///     chart.draw_series(LineSeries::new((0..=100).map(|i| f64::from(i) / 100.0).map(|x| (x, x * x)), &BLUE))?;
    ///     Ok(())
    /// })?;
    /// assert!(figure.svg().contains("<title>A parabola</title>"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn draw(
        title: &str,
        size: (u32, u32),
        paint: impl FnOnce(
            &DrawingArea<Canvas, Shift>,
        ) -> std::result::Result<(), DrawingAreaErrorKind<Infallible>>,
    ) -> Result<Self> {
        let pixels = u64::from(size.0) * u64::from(size.1);
        let requirement = "it needs at least 1 pixel each way, and at most 25 million in all";
        Error::require(
            (1..=MOST_PIXELS).contains(&pixels),
            "size of the figure",
            format!("{size:?}"),
            requirement,
        )?;
        draw_in_units([title, ""], size, 1, Box::new(paint))
    }

    getters! {
        /// What the figure shows, in one line.
        pub fn title(&self) -> &str;

        /// The figure as a self-contained SVG document.
        pub fn svg(&self) -> &str;

        /// Width in CSS pixels: 640 for a whole page's width, 320 for a column's.
        pub fn width(&self) -> u32;

        /// Height in CSS pixels.
        pub fn height(&self) -> u32;

        /// What is shown and of how many, in sentences: the words under the title, and the alternative text. Empty for a figure that
        /// [`draw`](Figure::draw) made, until it is [`captioned`](Figure::captioned).
        pub fn caption(&self) -> &str;
    }

    /// The figure as a PNG file's bytes, twice as many pixels wide and high as the SVG, unless it was [sized](Self::sized). The file says
    /// how large it is in print.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is not enough memory for its pixels.
    pub fn png(&self) -> Result<Vec<u8>> {
        let tree = Tree::from_str(&self.svg, &Options::default()).map_err(Error::drawing)?;
        let (scale, per_millimetre) = self.resolution();
        let [width, height] =
            [self.width, self.height].map(|length| (f64::from(length) * scale).round() as u32);
        let mut pixels = Pixmap::new(width, height)
            .ok_or_else(|| Error::drawing(format!("there is no memory for {width} x {height} pixels")))?;
        let size = tree.size();
        let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
        resvg::render(&tree, scale, &mut pixels.as_mut());
        Ok(with_resolution(&pixels.encode_png().map_err(Error::drawing)?, per_millimetre))
    }

    /// Writes the figure to a file. The ending of its name, .svg, .png or .pdf, decides the format. Missing folders are
    /// created. An existing file is replaced only once the new one is complete.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for another ending;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); those of [`png`](Self::png) and [`pdf`](Self::pdf).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        match path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
            Some("svg") => save(path, self.svg.as_bytes()),
            Some("png") => save(path, &self.png()?),
            Some("pdf") => save(path, &self.pdf()?),
            _ => Err(Error::option(
                "the figure's file",
                path.display(),
                "its name must end in .svg, .png or .pdf",
            )),
        }
    }

    /// The figure as an address that contains it, for the `src` of an HTML image.
    pub(crate) fn data_uri(&self) -> String {
        format!("data:image/svg+xml;base64,{}", STANDARD.encode(&self.svg))
    }

    /// The figure as an HTML image on a light card, with its title and caption as alternative text.
    ///
    /// It refers to nothing outside, and is neither an SVG element nor a script, so that JupyterLab shows it in a notebook
    /// that it does not trust as well.
    pub(crate) fn html(&self) -> Markup {
        image(&self.data_uri(), [&self.title, &self.caption], self.width)
    }

    /// Title and size in pixels, in one line.
    pub(crate) fn in_words(&self) -> String {
        format!("{} ({} × {} pixels)", self.title, self.width, self.height)
    }

    /// The figure in each format that a notebook can show, by MIME type. HTML is the richest. What cannot show HTML, such
    /// as a conversion to PDF, has the PNG.
    pub(crate) fn contents(&self) -> Vec<(&'static str, String)> {
        let mut contents = vec![("text/plain", self.in_words()), ("text/html", self.html().into_string())];
        if let Ok(png) = self.png() {
            contents.push(("image/png", STANDARD.encode(png)));
        }
        contents
    }
}

/// An image on a light card, with title and caption as alternative text. `width` is in CSS pixels.
pub(super) fn image(address: &str, [title, caption]: [&str; 2], width: u32) -> Markup {
    let stop = if caption.is_empty() || title.ends_with(['.', '?', '!']) { "" } else { "." };
    let text = format!("{title}{stop} {caption}");
    html! { img src=(address) alt=(text.trim_end()) width=(width + 2 * CARD) style=(CARD_STYLE); }
}

/// A PNG that says how many of its pixels are a millimetre, in the chunk `pHYs` after its header.
fn with_resolution(png: &[u8], per_millimetre: f64) -> Vec<u8> {
    /// The signature and the chunk `IHDR`.
    const HEADER: usize = 8 + 12 + 13;
    const METRES: u8 = 1;
    let per_metre = ((1000.0 * per_millimetre).round() as u32).to_be_bytes();
    let chunk = [b"pHYs", &per_metre[..], &per_metre[..], &[METRES]].concat();
    let mut check = flate2::Crc::new();
    check.update(&chunk);
    let length = (chunk.len() as u32 - 4).to_be_bytes();
    [&png[..HEADER], &length, &chunk, &check.sum().to_be_bytes(), &png[HEADER..]].concat()
}
