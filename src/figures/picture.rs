//! A picture as a figure.

use super::Figure;
use super::response_grid::shown;
use super::sheet::{Header, MARGIN, PAGE, frame};
use super::tiles::{Tiles, reduction};
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
    let header = Header::new(picture.name(), &format!("{width} × {height} pixels{reduced}"), PAGE / 2);
    let cell = (SIDE / rows.max(columns).max(1)).max(1) as i32;
    let (top, size) = (header.height(), (cell * columns as i32, cell * rows as i32));
    let mut tiles = Tiles::new(cell);
    tiles.add((MARGIN, top), colours);
    header.figure(picture.name(), size.1 + MARGIN, |area| {
        area.draw(&tiles)?;
        area.draw(&frame((MARGIN, top), size))
    })
}
