//! Several figures beside each other.

use std::fmt::Write;

use super::Figure;
use super::sheet::COLUMN;
use crate::error::{Error, Result};

/// Free space between figures, in pixels.
const GAP: u32 = 16;
/// The width of a row: four figures as wide as a column, or two as wide as a page.
const ROW: u32 = 4 * COLUMN + 3 * GAP;

impl Figure {
    /// Figures beside each other, as one figure: in rows of up to 1,328 pixels, which hold two figures as wide as a page
    /// or four as wide as a column. A notebook shrinks it if its page is narrower.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no figure.
    pub fn gallery(figures: &[Self]) -> Result<Self> {
        let [first, rest @ ..] = figures else {
            return Err(Error::nothing_to_draw("A gallery", "there is no figure"));
        };
        if rest.is_empty() {
            return Ok(first.clone());
        }
        let (mut body, mut width, mut height) = (String::new(), 0, 0);
        let (mut left, mut top) = (0, 0);
        for figure in figures {
            if left > 0 && left + figure.width() > ROW {
                (left, top) = (0, height + GAP);
            }
            // Writing to a String does not fail.
            let _ = writeln!(
                body,
                "<svg x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\"{}",
                figure.width(),
                figure.height(),
                figure.after_size()
            );
            width = width.max(left + figure.width());
            height = height.max(top + figure.height());
            left += figure.width() + GAP;
        }
        let background = format!("<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        let titles: Vec<&str> = figures.iter().map(Self::title).collect();
        let captions = figures.iter().map(|figure| figure.caption().trim_end_matches('.'));
        let captions: Vec<&str> = captions.filter(|words| !words.is_empty()).collect();
        let words = [titles.join("; "), captions.join("; ")];
        let smallest = figures.iter().filter_map(Self::smallest_text).reduce(f64::min);
        let gallery = Self::new([&words[0], &words[1]], (width, height), 1, &(background + &body));
        Ok(gallery.with_smallest_text(smallest))
    }
}
