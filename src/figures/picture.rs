//! A picture as a figure.

use plotters::element::Rectangle;

use super::Figure;
use super::canvas::{PX, draw};
use super::palette::PALE;
use super::response_grid::shown;
use super::sheet::{Header, MARGIN, PAGE, stroke};
use super::tiles::{Tiles, reduction};
use crate::dataset::Picture;
use crate::error::Result;

/// Pixels that the picture takes at most.
const SIDE: usize = 192;

/// A picture, enlarged so that every pixel is a square; one of more than 64 pixels a side is reduced.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no picture should meet.
pub fn picture_figure(picture: &Picture) -> Result<Figure> {
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
    draw(picture.name(), (PAGE / 2, (top + size.1 + MARGIN) as u32), |area| {
        header.draw(area)?;
        area.draw(&tiles)?;
        let frame = [(MARGIN, top), (MARGIN + size.0, top + size.1)];
        area.draw(&Rectangle::new(frame.map(|(x, y)| (x * PX, y * PX)), stroke(PALE, 0.5)))
    })
}
