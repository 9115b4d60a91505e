//! Grids of small pictures, cell by cell.

use ndarray::Array2;

use super::canvas::{Area, Batch, Canvas, Drawn, PX, Place};
use super::palette::Rgb;

/// The most cells along a side. Larger maps are shown reduced.
pub(super) const MOST_CELLS: usize = 64;

/// Draws pictures of square cells with sharp edges. Cells are `cell` pixels wide; each picture has its upper left corner,
/// in pixels.
pub(super) fn tiles(area: &Area, cell: i32, pictures: &[((i32, i32), Array2<Rgb>)]) -> Drawn {
    let side = cell * PX;
    let draw = |canvas: &Canvas, corners: &[Place]| {
        let mut runs: Vec<(Rgb, Place, usize)> = Vec::new();
        for ((left, top), (_, picture)) in corners.iter().zip(pictures) {
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
    };
    let points = pictures.iter().map(|((x, y), _)| (x * PX, y * PX)).collect();
    area.draw(&Batch { points, draw })
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
