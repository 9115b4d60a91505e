//! A picture as a figure.

use super::Figure;
use super::response_grid::shown;
use super::sheet::{MARGIN, PAGE, figure, frame};
use super::tiles::{reduction, tiles};
use crate::dataset::Picture;
use crate::error::Result;

/// The largest side of the picture, in pixels of the figure.
const SIDE: usize = 192;

/// A picture, enlarged so that every pixel is a square. A picture with a side of more than 64 pixels is reduced.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no picture should cause.
pub(crate) fn picture_figure(picture: &Picture) -> Result<Figure> {
    let colours = shown(picture);
    let (rows, columns) = colours.dim();
    let (_, height, width) = picture.pixels().dim();
    let factor = reduction((height, width));
    let reduced = if factor > 1 { format!(", shown reduced by {factor}") } else { String::new() };
    let caption = format!("{width} × {height} pixels{reduced}");
    let cell = (SIDE / rows.max(columns).max(1)).max(1) as i32;
    let (corner, size) = ((MARGIN, 0), (cell * columns as i32, cell * rows as i32));
    figure(picture.name(), [picture.name(), &caption], (PAGE / 2, size.1 + MARGIN), |_, body| {
        tiles(body, cell, &[(corner, colours)])?;
        body.draw(&frame(corner, size))
    })
}
