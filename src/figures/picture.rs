//! A picture, or what a filter makes of it, as a figure.

use ndarray::Array2;

use super::Figure;
use super::palette::Rgb;
use super::response_grid::{normalised, shown};
use super::sheet::{COLUMN, MARGIN, figure, frame};
use super::tiles::{reduction, tiles};
use crate::dataset::Picture;
use crate::error::Result;
use crate::responses::Response;
use crate::softness::ScoringOptions;
use crate::text::numbers::{decimals, iterations};

/// The largest side of the picture, in pixels of the figure.
const SIDE: usize = 192;

/// A picture, enlarged so that every pixel is a square. A picture with a side of more than 64 pixels is reduced.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no picture should cause.
pub(crate) fn picture_figure(picture: &Picture) -> Result<Figure> {
    let (_, height, width) = picture.pixels().dim();
    let caption = format!("{width} × {height} pixels{}", reduced_by(reduction((height, width))));
    enlarged(picture.name(), &caption, shown(picture))
}

impl Response {
    /// The map as greys from black (its minimum) to white (its maximum), enlarged so that every value is a square. The
    /// caption has its softness score. A map with a side of more than 64 values is reduced.
    ///
    /// # Errors
    /// Those of [`ScoringOptions::score`].
    pub fn figure(&self) -> Result<Figure> {
        let title = format!("Image {} through {} of layer {}", self.image(), self.place(), self.layer());
        let (height, width) = self.map().dim();
        let factor = reduction((height, width));
        let score = decimals(ScoringOptions::default().score(self)?.value(), 4);
        let session = self
            .session()
            .map_or(String::new(), |(name, count)| format!("Session {name} after {}. ", iterations(count)));
        let caption =
            format!("{session}Softness score {score}; {width} × {height} values{}.", reduced_by(factor));
        enlarged(&title, &caption, normalised(self, factor))
    }
}

/// ", shown reduced by 2", or nothing.
fn reduced_by(factor: usize) -> String {
    if factor > 1 { format!(", shown reduced by {factor}") } else { String::new() }
}

/// Square cells of these colours, under a title and a caption.
fn enlarged(title: &str, caption: &str, colours: Array2<Rgb>) -> Result<Figure> {
    let (rows, columns) = colours.dim();
    let cell = (SIDE / rows.max(columns).max(1)).max(1) as i32;
    let (corner, size) = ((MARGIN, 0), (cell * columns as i32, cell * rows as i32));
    figure(title, [title, caption], (COLUMN, size.1 + MARGIN), |_, body| {
        tiles(body, cell, &[(corner, colours)])?;
        body.draw(&frame(corner, size))
    })
}
