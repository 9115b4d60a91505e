//! What a figure is for, which decides how large it is.

use super::Figure;
use crate::error::{Error, Result};

/// Millimetres of a pixel if 640 pixels are 170 mm.
const PRINTED: f64 = 170.0 / 640.0;
/// Dots per inch in print.
const PRINT_DPI: f64 = 300.0;
/// Dots per inch of a slide that is 13.33 inches wide: 3,840 pixels.
const SLIDE_DPI: f64 = 288.0;
/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// What a figure is for: the place that it is to fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FigureSize {
    /// A column of a paper, at most 85 mm wide and 230 mm high; the PNG has 300 dots per inch.
    Column,
    /// The text of a page, at most 170 mm wide and 230 mm high; the PNG has 300 dots per inch.
    Page,
    /// A slide of 338.7 × 190.5 mm (16:9), of which the figure fills at most 320 × 175 mm; the PNG has 288 dots per inch.
    Slide,
    /// A notebook's cell or a web page: CSS pixels; the PNG has twice as many. Every figure begins with this size.
    #[default]
    Cell,
}

impl FigureSize {
    /// The largest width and height, in millimetres; the largest scale, in millimetres of a pixel; and the least size of a letter,
    /// in points.
    fn limits(self) -> ([f64; 2], f64, f64) {
        // On a slide, 10 points are a fiftieth of its height.
        match self {
            Self::Column => ([85.0, 230.0], PRINTED, 8.0),
            Self::Page => ([170.0, 230.0], PRINTED, 8.0),
            Self::Slide => ([320.0, 175.0], 1.0, 10.0),
            Self::Cell => ([f64::INFINITY; 2], PRINTED, 0.0),
        }
    }

    /// In a sentence.
    fn in_words(self) -> &'static str {
        match self {
            Self::Column => "a column of 85 mm",
            Self::Page => "a page of 170 × 230 mm",
            Self::Slide => "a slide",
            Self::Cell => "a cell",
        }
    }

    /// Millimetres of a pixel of a figure of this many pixels.
    fn scale(self, [width, height]: [u32; 2]) -> f64 {
        let ([most_wide, most_high], most, _) = self.limits();
        most.min(most_wide / f64::from(width)).min(most_high / f64::from(height))
    }
}

impl Figure {
    /// The figure at the size for this place: the SVG and the PDF in millimetres, the PNG with the dots that the place can show. It is
    /// as large as fits, but in print not larger than at 170 mm for 640 pixels.
    ///
    /// The figure stays as it is drawn, and its letters shrink with it. So a size that would make the smallest letter illegible is
    /// refused: below 8 points in print, or below 10 points on a slide. A figure 320 pixels wide fits a column, one of 640 a page.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if letters would be too small; it says how small.
    ///
    /// # Example
    /// ```
    /// use softness::prelude::*;
    ///
    /// # fn main() -> softness::Result<()> {
    /// let figure = Figure::second_study("bird")?;
    /// let slide = figure.sized(FigureSize::Slide);
    /// assert!(slide.unwrap_err().to_string().contains("points"), "six panels are too much for a slide");
    /// assert!(figure.sized(FigureSize::Page)?.svg().contains("width=\"170.00mm\""));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sized(&self, size: FigureSize) -> Result<Self> {
        let (_, _, least) = size.limits();
        let pixels = [self.width(), self.height()];
        if let Some(smallest) = self.smallest_text() {
            let points = smallest * size.scale(pixels) * POINTS;
            // Rounding makes no letter illegible.
            if points < least - 0.05 {
                let [width, height] = pixels;
                let fits = [FigureSize::Page, FigureSize::Slide, FigureSize::Cell];
                let fits = fits.into_iter().find(|other| {
                    smallest * other.scale(pixels) * POINTS >= other.limits().2 - 0.05 && *other != size
                });
                let instead = fits.map_or(String::new(), |other| format!("; it fits {}", other.in_words()));
                let requirement = format!(
                    "for {} its smallest letters would have {points:.1} points, and {least} is the least that people can read \
                     (it is drawn {width} × {height} pixels large){instead}",
                    size.in_words()
                );
                return Err(Error::option("the size of the figure", format!("{size:?}"), requirement));
            }
        }
        Ok(self.with_size(size))
    }

    /// Width and height in print, in millimetres.
    pub(super) fn millimetres(&self) -> [f64; 2] {
        let pixels = [self.width(), self.height()];
        pixels.map(|length| f64::from(length) * self.size().scale(pixels))
    }

    /// Pixels of the PNG for one pixel of the figure, and for one millimetre in print.
    pub(super) fn resolution(&self) -> (f64, f64) {
        let scale = self.size().scale([self.width(), self.height()]);
        let dots = match self.size() {
            FigureSize::Cell => return (2.0, 2.0 / scale),
            FigureSize::Slide => SLIDE_DPI / 25.4,
            FigureSize::Column | FigureSize::Page => PRINT_DPI / 25.4,
        };
        (dots * scale, dots)
    }
}
