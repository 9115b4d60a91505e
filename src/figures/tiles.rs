//! Grids of small pictures, cell by cell.

use ndarray::Array2;
use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use super::canvas::{Canvas, PX};
use super::palette::Rgb;

/// The most cells along a side. Larger maps are shown reduced.
pub(super) const MOST_CELLS: usize = 64;

/// Pictures made of square cells of one size, with sharp edges.
pub(super) struct Tiles {
    cell: i32, // pixels
    corners: Vec<(i32, i32)>,
    pictures: Vec<Array2<Rgb>>,
}

impl Tiles {
    /// No pictures yet; cells are `cell` pixels wide.
    pub fn new(cell: i32) -> Self {
        Self { cell, corners: Vec::new(), pictures: Vec::new() }
    }

    /// Adds a picture with its upper left corner at `corner`, in pixels.
    pub fn add(&mut self, corner: (i32, i32), picture: Array2<Rgb>) {
        self.corners.push((corner.0 * PX, corner.1 * PX));
        self.pictures.push(picture);
    }
}

impl<'a> PointCollection<'a, (i32, i32)> for &'a Tiles {
    type Point = &'a (i32, i32);
    type IntoIter = std::slice::Iter<'a, (i32, i32)>;

    fn point_iter(self) -> Self::IntoIter {
        self.corners.iter()
    }
}

impl Drawable<Canvas> for Tiles {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        corners: I,
        canvas: &mut Canvas,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<std::convert::Infallible>> {
        let side = self.cell * PX;
        let mut runs: Vec<(Rgb, BackendCoord, usize)> = Vec::new();
        for ((left, top), picture) in corners.zip(&self.pictures) {
            for (y, row) in picture.rows().into_iter().enumerate() {
                let mut x = 0;
                while x < row.len() {
                    let length = row.iter().skip(x).take_while(|&&colour| colour == row[x]).count();
                    runs.push((row[x], (left + x as i32 * side, top + y as i32 * side), length));
                    x += length;
                }
            }
        }
        canvas.cells(side, &runs);
        Ok(())
    }
}

/// The smallest whole factor that brings both sides down to [`MOST_CELLS`] or less.
pub(super) fn reduction((height, width): (usize, usize)) -> usize {
    height.max(width).div_ceil(MOST_CELLS).max(1)
}

/// Means of blocks of `factor` x `factor` values. Blocks at the right and lower edges may be smaller.
pub(super) fn reduced(map: &Array2<f64>, factor: usize) -> Array2<f64> {
    let (height, width) = map.dim();
    Array2::from_shape_fn((height.div_ceil(factor), width.div_ceil(factor)), |(y, x)| {
        let (bottom, right) = (((y + 1) * factor).min(height), ((x + 1) * factor).min(width));
        let block = map.slice(ndarray::s![y * factor..bottom, x * factor..right]);
        // Values are divided before they are summed, because the sum of finite values can overflow.
        block.iter().map(|value| value / block.len() as f64).sum()
    })
}

/// The places of equal tiles in a given width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub columns: usize,
    pub rows: usize,
    /// Pixels from one tile's left edge to the next.
    pub step: i32,
}

impl Layout {
    /// `count` tiles that are `tile` pixels wide, `gap` apart, in `width` pixels. Rows are equally long if at least half
    /// of the columns that fit can be kept.
    pub fn new(count: usize, tile: i32, gap: i32, width: i32) -> Self {
        let most = usize::try_from((width + gap) / (tile + gap)).unwrap_or(1).clamp(1, count.max(1));
        let even = (most.div_ceil(2)..=most).rev().find(|columns| count.is_multiple_of(*columns));
        let columns = even.unwrap_or(most);
        Self { columns, rows: count.div_ceil(columns), step: tile + gap }
    }

    /// Column and row of a tile.
    pub fn place(&self, index: usize) -> (i32, i32) {
        ((index % self.columns) as i32, (index / self.columns) as i32)
    }
}
