//! Figures 1 and 2: the filters of a layer as blue-red grids.

use super::layer_weights::{COLOURS, has_colours};
use super::legends::colour_scale;
use super::palette::{INK, diverging};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::text::numbers::counted;

/// The most filters that a grid shows, the first ones.
const MOST_FILTERS: usize = 64;

impl FilterBank {
    /// [`grid_titled`](Self::grid_titled) with a title that names the layer.
    ///
    /// # Errors
    /// Those of [`grid_titled`](Self::grid_titled).
    pub fn grid(&self) -> Result<Figure> {
        self.grid_titled(&format!("Filters of layer {}", self.layer()))
    }

    /// Figures 1 and 2: every filter of a bank as a grid of its k x k weights, numbered from 0.
    ///
    /// Blue is negative, white is zero, red is positive. The scale goes from minus to plus the largest magnitude shown
    /// and is the same for all filters. A filter of layer 1 with three channels is shown as its red, green and blue kernels side by
    /// side. Of any other filter, the first kernel `f[0]` is shown. Of more than 64 filters, the first 64 are shown. Kernels
    /// with a side of more than 64 weights are shown reduced. The caption says which.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no bank should cause.
    pub fn grid_titled(&self, title: &str) -> Result<Figure> {
        let bank = self.first(MOST_FILTERS);
        let (filters, factor) = (bank.len(), reduction((self.kernel(), self.kernel())));
        let side = self.kernel().div_ceil(factor);
        let slices: &[&str] = if has_colours(self) { &COLOURS } else { &[""] };
        let count = match filters {
            _ if filters < self.len() => format!("{filters} of {} filters shown", self.len()),
            _ => counted(filters as u64, "filter"),
        };
        let what = match (self.channels(), filters) {
            (_, 1) if has_colours(self) => format!("{count} as its red, green and blue kernels"),
            _ if has_colours(self) => format!("{count}, each as its red, green and blue kernels"),
            (1, _) => count,
            (channels, 1) => format!("{count}, its first kernel f[0] of {channels}"),
            (channels, _) => format!("{count}, of each the first kernel f[0] of {channels}"),
        };
        let shown = bank.weights().slice(ndarray::s![.., ..slices.len(), .., ..]);
        let limit = shown.iter().fold(0f32, |limit, weight| limit.max(weight.abs()));
        let limit = f64::from(if limit > 0.0 { limit } else { 1.0 });

        let reduced_by = if factor > 1 { format!(" Shown reduced by {factor}.") } else { String::new() };
        let caption = format!(
            "{what}, {0} × {0} weights.{reduced_by} Blue is negative, white zero, red positive.",
            self.kernel()
        );
        let cell = (if slices.len() == 1 { 45 } else { 40 } / side as i32).max(2);
        let (tile, between, number) = (cell * side as i32, 4, 22);
        let block = number + tile * slices.len() as i32 + between * (slices.len() as i32 - 1);
        let room = PAGE as i32 - 2 * MARGIN;
        let layout = Layout::new(filters, block, 10, room);
        let left = MARGIN + (room - (layout.columns as i32 * layout.step - 10)).max(0) / 2;
        let top = if slices.len() == 1 { 0 } else { 15 };
        let bottom = top + layout.rows as i32 * (tile + 8);

        let (mut pictures, mut labels) = (Vec::new(), Vec::new());
        for filter in 0..filters {
            let (column, row) = layout.place(filter);
            let (x, y) = (left + column * layout.step, top + row * (tile + 8));
            labels.push((filter.to_string(), HPos::Right, (x + number - 5, y + tile / 2)));
            for (slice, name) in slices.iter().enumerate() {
                let corner = (x + number + slice as i32 * (tile + between), y);
                let weights = bank.filter(filter);
                let weights = weights.index_axis(ndarray::Axis(0), slice).mapv(f64::from);
                pictures.push((corner, reduced(&weights, factor).mapv(|weight| diverging(weight, limit))));
                if row == 0 && !name.is_empty() {
                    labels.push((name.to_string(), HPos::Center, (corner.0 + tile / 2, y - 8)));
                }
            }
        }
        figure(title, [title, &caption], (PAGE, bottom + 40), |_, body| {
            tiles(body, cell, &pictures)?;
            pictures.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
            for (text, across, (x, y)) in labels {
                body.draw_text(&text, &style(TEXT, INK, across, VPos::Center), (x * PX, y * PX))?;
            }
            colour_bar(body, limit, bottom + 8)
        })
    }
}

/// The colour scale from -`limit` to `limit`, centred, with ticks.
pub(super) fn colour_bar(area: &Area, limit: f64, top: i32) -> Drawn {
    const WIDTH: i32 = 242;
    let left = (PAGE as i32 - WIDTH) / 2;
    colour_scale(area, (left, top), &(-limit..limit), "weight", |value| diverging(value, limit))
}
