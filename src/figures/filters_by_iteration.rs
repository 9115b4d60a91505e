//! All filters of a layer in the course of training.

use ndarray::{Array2, Axis};

use super::course::{Columns, HEADINGS, LABELS, MOST_COLUMNS, states, states_in_words, thinned};
use super::filter_grid::colour_bar;
use super::layer_weights::{has_colours, limit_of};
use super::legends::SCALE;
use super::palette::{INK, diverging};
use super::sheet::{PAGE, TEXT, figure, frame, style};
use super::tiles::{reduced, reduction, tiles};
use super::{Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::session::Session;

/// The most filters that are shown, the first ones.
const MOST_FILTERS: usize = 64;
/// The most columns of three kernels, which are wider.
const MOST_WIDE_COLUMNS: usize = 11;
/// The most pixels from one column to the next.
const WIDEST: i32 = 120;
/// The largest side of a cell, in pixels.
const CELL: i32 = 6;

impl Figure {
    /// Every filter of layer `layer` (counted from 1) at every kept iteration: a row for each filter, numbered from 0, a column
    /// for each iteration, on one blue-red scale.
    ///
    /// A filter of layer 1 with three channels is shown as its red, green and blue kernels side by side. Of any other filter, the first
    /// kernel `f[0]` is shown, as in [`FilterBank::grid`](crate::filters::FilterBank::grid). Of more than 64 filters the
    /// first 64 are shown, of more than 17 kept iterations 17 (11 if filters have three kernels), evenly, with the first and the
    /// last. The caption says which.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer;
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the filters of one iteration only were kept: see
    /// [`Session::kept_iterations`].
    pub fn filters_by_iteration(session: &Session, layer: usize) -> Result<Self> {
        let title = format!("Filters of layer {layer} during the training of session {}", session.name());
        let all = states(session, layer, &title)?;
        let slices = if has_colours(&session.filters(layer)?) { 3 } else { 1 };
        let states = thinned(all, if slices == 3 { MOST_WIDE_COLUMNS } else { MOST_COLUMNS });
        let columns = Columns::new(&states, WIDEST);
        let banks = states.iter().map(|state| state.filters(layer)).collect::<Result<Vec<_>>>()?;
        let (filters, channels, side) =
            (banks[0].len().min(MOST_FILTERS), banks[0].channels(), banks[0].kernel());
        // A pixel between slices, and more between columns.
        let room = (columns.step - 4 - (slices - 1)) / slices;
        let factor = reduction((side, side)).max(side.div_ceil(room.max(1) as usize));
        let cells = side.div_ceil(factor) as i32;
        let cell = (room / cells).clamp(1, CELL);
        let (tile, block) = (cells * cell, slices * (cells * cell + 1) - 1);
        let kernel = |state: usize, filter: usize, slice: usize| -> Array2<f64> {
            let filter = banks[state].filter(filter);
            reduced(&filter.index_axis(Axis(0), slice).mapv(f64::from), factor)
        };
        let pitch = (tile + 4).max(14);
        let mut kernels = Vec::new();
        for filter in 0..filters {
            for state in 0..states.len() {
                for slice in 0..slices as usize {
                    let x = columns.left(state) + slice as i32 * (tile + 1);
                    kernels.push(((x, HEADINGS + filter as i32 * pitch), kernel(state, filter, slice)));
                }
            }
        }
        let limit = limit_of(kernels.iter().flat_map(|(_, kernel)| kernel.iter().copied()));
        let what = match channels {
            _ if has_colours(&banks[0]) => "its red, green and blue kernels side by side".to_owned(),
            1 => "its kernel".to_owned(),
            channels => format!("its first kernel f[0] of {channels}"),
        };
        let which = match banks[0].len() {
            1 => "1 filter".to_owned(),
            all if filters < all => format!("Filters 0 to {} of {all}", filters - 1),
            all => format!("{all} filters"),
        };
        let reduced_by =
            if factor > 1 { format!(" Kernels are shown reduced by {factor}.") } else { String::new() };
        let caption = format!(
            "{which}, a row for each: {what}, {side} × {side} weights each, on one scale.{}{reduced_by}",
            states_in_words(session, states.len())
        );
        let below = HEADINGS + filters as i32 * pitch + 4;
        figure(&title, [&title, &caption], (PAGE, below + SCALE), |_, body| {
            columns.headings(body, block)?;
            let label = style(TEXT, INK, HPos::Right, VPos::Center);
            for filter in 0..filters {
                let middle = HEADINGS + filter as i32 * pitch + tile / 2;
                body.draw_text(&filter.to_string(), &label, ((LABELS - 6) * PX, middle * PX))?;
            }
            let pictures: Vec<_> = kernels
                .into_iter()
                .map(|(corner, kernel)| (corner, kernel.mapv(|weight| diverging(weight, limit))))
                .collect();
            tiles(body, cell, &pictures)?;
            pictures.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
            colour_bar(body, limit, below)
        })
    }
}
