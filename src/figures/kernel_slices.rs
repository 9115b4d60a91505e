//! Every kernel of a layer: filters as rows of their kernels.

use super::filter_grid::colour_bar;
use super::palette::{INK, diverging};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::filters::FilterBank;

/// The side of a kernel that is aimed at, in pixels, if a filter has few of them and if it has more; and the space between two.
const TILES: [usize; 2] = [30, 15];
const FEW: usize = 6;
const GAP: i32 = 3;
/// Width of a filter's number, and space between two columns of filters.
const NUMBER: i32 = 20;
/// Height of the words and of the channels' numbers.
const HEAD: i32 = 34;
/// Width of the word "filter" with the space behind it, and half the width of "channel".
const FILTER: i32 = 38;
const HALF_CHANNEL: i32 = 23;
const BETWEEN: i32 = 12;
/// The most filters, and kernels of each, that are shown.
const MOST_FILTERS: usize = 64;
const MOST_KERNELS: usize = 32;

impl Figure {
    /// Every filter of a layer as a row of its k x k kernels, one for each channel of what the layer sees: for layer 2 of the
    /// paper's network 36 rows of 16, one for each map of layer 1. [`FilterBank::grid`] shows the first of them only.
    ///
    /// Blue is negative, white is zero, red is positive. The scale goes from minus to plus the largest magnitude shown and is
    /// the same for all kernels. Filters and channels are counted from 0. Of more than 64 filters or 32 channels, the first are
    /// shown; kernels with a side of more than 64 weights are shown reduced. The caption says so.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no bank should cause.
    pub fn kernel_slices(bank: &FilterBank) -> Result<Self> {
        let (filters, kernels) = (bank.len().min(MOST_FILTERS), bank.channels().min(MOST_KERNELS));
        let factor = reduction((bank.kernel(), bank.kernel()));
        let side = bank.kernel().div_ceil(factor);
        let of = |shown: usize, all: usize, one: &str| match (all, shown < all) {
            (1, _) => format!("the only {one}"),
            (_, true) => format!("one of the first {shown} of {all} {one}s"),
            (_, false) => format!("one of {all} {one}s"),
        };
        let title = format!("Kernels of layer {}", bank.layer());
        let caption = format!(
            "Each row is {}, each column {}. Kernels of {k} × {k} weights on one scale; blue is negative, white zero, red positive.{}",
            of(filters, bank.len(), "filter"),
            of(kernels, bank.channels(), "channel"),
            if factor > 1 { format!(" Shown reduced by {factor}.") } else { String::new() },
            k = bank.kernel()
        );
        let shown = bank.weights().slice(ndarray::s![..filters, ..kernels, .., ..]);
        let limit = shown.iter().fold(0f32, |limit, weight| limit.max(weight.abs()));
        let limit = f64::from(if limit > 0.0 { limit } else { 1.0 });

        let cell = (TILES[usize::from(kernels > FEW)] / side).max(1) as i32;
        let tile = cell * side as i32;
        // The numbers of channels, of two digits, stay apart.
        let step = (tile + GAP).max(if kernels > 10 { 18 } else { 11 });
        let (block, room) = (NUMBER + step * kernels as i32 - (step - tile), PAGE as i32 - 2 * MARGIN);
        let layout = Layout::new(filters, block, BETWEEN, room);
        let (rows, apart) =
            (layout.rows, ((room + BETWEEN) / layout.columns as i32).min(block + 3 * BETWEEN));
        // A long row of kernels continues below.
        let per_line = kernels.min(((room - NUMBER) / step).max(1) as usize);
        let lines = kernels.div_ceil(per_line) as i32;
        let pitch = lines * (tile + GAP) + if lines > 1 { GAP } else { 0 };
        let (mut pictures, mut labels) = (Vec::new(), Vec::new());
        for filter in 0..filters {
            let (column, row) = ((filter / rows) as i32, (filter % rows) as i32);
            let (x, y) = (MARGIN + column * apart, HEAD + row * pitch);
            if row == 0 {
                let line = NUMBER + step * per_line as i32 - (step - tile);
                let middle = ((NUMBER + line) / 2).max(FILTER + HALF_CHANNEL);
                labels.push(("filter".to_owned(), HPos::Left, (x, 8)));
                labels.push(("channel".to_owned(), HPos::Center, (x + middle, 8)));
            }
            labels.push((filter.to_string(), HPos::Right, (x + NUMBER - 5, y + tile / 2)));
            for (channel, weights) in bank.filter(filter).outer_iter().take(kernels).enumerate() {
                let place = ((channel % per_line) as i32, (channel / per_line) as i32);
                let corner = (x + NUMBER + place.0 * step, y + place.1 * (tile + GAP));
                let weights = reduced(&weights.mapv(f64::from), factor);
                pictures.push((corner, weights.mapv(|weight| diverging(weight, limit))));
                if row == 0 && place.1 == 0 {
                    labels.push((channel.to_string(), HPos::Center, (corner.0 + tile / 2, HEAD - 9)));
                }
            }
        }
        let bottom = HEAD + rows as i32 * pitch;
        figure(&title, [&title, &caption], (PAGE, bottom + 44), |_, body| {
            tiles(body, cell, &pictures)?;
            pictures.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
            for (text, across, (x, y)) in labels {
                body.draw_text(&text, &style(TEXT, INK, across, VPos::Center), (x * PX, y * PX))?;
            }
            colour_bar(body, limit, bottom + 10)
        })
    }
}
