//! The filters of a layer in the course of training, as a moving picture.

use ndarray::{Array2, Axis};
use plotters::element::{Circle, Rectangle};
use plotters::style::Color;

use super::course::{soft_scores, states, thinned, two_states_in_words};
use super::filter_grid::colour_bar;
use super::layer_weights::{has_colours, limit_of};
use super::legends::SCALE;
use super::palette::{GREY, INK, PALE, RED, Rgb, diverging};
use super::response_grid::normalised;
use super::sheet::{MARGIN, PAGE, TEXT, TITLE, figure, frame, line, px, stroke, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Animation, Area, Drawn, Figure, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::{Reading, responses};
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::text::numbers::grouped;

/// The most filters that are shown, the first ones.
const MOST_FILTERS: usize = 64;
/// The most frames.
const MOST_FRAMES: usize = 24;
/// The most pixels of a side of a map: of few filters, and of more.
const MAP: i32 = 64;
const SMALL_MAP: i32 = 34;
const FEW: usize = 16;
/// The room of the iteration and the line of iterations, in pixels.
const HEAD: i32 = 40;
/// The room of a filter's number.
const NUMBER: i32 = 22;

impl Figure {
    /// The filters of layer `layer` (counted from 1) from the first kept iteration to the last as an animation: a frame for each,
    /// on one blue-red scale, with the iteration on it. It is an APNG of less than a megabyte, which a notebook
    /// plays; [`Animation::save`] writes a GIF for a slide too.
    ///
    /// Filters are shown as by [`FilterBank::grid`]: a filter of layer 1 with three channels as its red, green and blue kernels, any other as
    /// its first kernel `f[0]`. Of more than 64 filters the first 64 are shown, of more than 24 kept iterations 24, evenly, with
    /// the first and the last. The caption says which. [`ScoringOptions::filter_animation`] adds what filters make of a picture.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer;
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the filters of one iteration only were kept: see
    /// [`Session::kept_iterations`].
    ///
    /// # Example
    /// ```
    /// use softness::dataset::Dataset;
    /// use softness::figures::Figure;
    /// use softness::session::{Training, train_in_memory};
    ///
    /// let training = Training::paper().iterations(2).batch(10).snapshots(true);
    /// let session = train_in_memory(&Dataset::tiny(), training, &())?;
    /// let animation = Figure::filter_animation(&session, 1)?;
    /// assert_eq!(animation.frames(), 3); // iterations 0, 1 and 2
    /// # Ok::<(), softness::Error>(())
    /// ```
    pub fn filter_animation(session: &Session, layer: usize) -> Result<Animation> {
        animation(session, layer, None)
    }
}

impl ScoringOptions {
    /// [`Figure::filter_animation`] with the map that each filter makes of `picture`, its softness score, and a red outline if it is
    /// soft.
    ///
    /// # Errors
    /// Those of [`Figure::filter_animation`] and of [`softness_table`](Self::softness_table).
    pub fn filter_animation(self, session: &Session, layer: usize, picture: &Picture) -> Result<Animation> {
        animation(session, layer, Some((self, picture)))
    }
}

/// What all frames have in common.
struct Film {
    title: String,
    caption: String,
    iterations: Vec<u64>,
    limit: f64,
    /// Cells of a kernel's side, and the kernels of a filter that are shown.
    cells: i32,
    slices: i32,
    factor: usize,
    has_maps: bool,
}

/// What a frame has of its own.
struct Shot {
    kernels: Vec<Vec<Array2<f64>>>,
    maps: Vec<Array2<Rgb>>,
    scores: Vec<(f64, bool)>,
}

fn animation(
    session: &Session,
    layer: usize,
    scored: Option<(ScoringOptions, &Picture)>,
) -> Result<Animation> {
    let title = format!("Filters of layer {layer} during the training of session {}", session.name());
    let states = thinned(states(session, layer, &title)?, MOST_FRAMES);
    let bank = session.filters(layer)?;
    let (count, side) = (bank.len().min(MOST_FILTERS), bank.kernel());
    let factor = reduction((side, side));
    let slices = if has_colours(&bank) { 3 } else { 1 };
    let kernels = |bank: &FilterBank| -> Vec<Vec<Array2<f64>>> {
        let kernel = |filter: usize, slice: usize| {
            let filter = bank.filter(filter);
            reduced(&filter.index_axis(Axis(0), slice).mapv(f64::from), factor)
        };
        (0..count).map(|filter| (0..slices).map(|slice| kernel(filter, slice)).collect()).collect()
    };
    let scores =
        scored.map(|(options, picture)| soft_scores(&states, layer, picture, options)).transpose()?;
    let mut shots = Vec::new();
    for (index, state) in states.iter().enumerate() {
        let maps = match scored {
            None => Vec::new(),
            Some((options, picture)) => maps(state, layer, options, picture, count)?,
        };
        let scores = scores.as_ref().map_or_else(Vec::new, |scores| scores[index].clone());
        shots.push(Shot { kernels: kernels(&state.filters(layer)?), maps, scores });
    }
    let limit = limit_of(shots.iter().flat_map(|shot| shot.kernels.iter().flatten().flatten().copied()));
    let film = Film {
        caption: caption(session, &bank, [count, states.len()], scored),
        title,
        iterations: states.iter().map(Session::iterations).collect(),
        limit,
        cells: side.div_ceil(factor) as i32,
        slices: slices as i32,
        factor,
        has_maps: scored.is_some(),
    };
    let frames = shots.iter().enumerate().map(|(index, shot)| film.frame(index, shot));
    Animation::new(&frames.collect::<Result<Vec<_>>>()?)
}

/// The first map of each filter.
fn maps(
    state: &Session,
    layer: usize,
    options: ScoringOptions,
    picture: &Picture,
    count: usize,
) -> Result<Vec<Array2<Rgb>>> {
    let maps = responses(state, layer, picture, options.response)?;
    let each = maps.iter().filter(|map| map.filter() == 0).count();
    let (height, width) = maps[0].map().dim();
    let factor = height.max(width).div_ceil(map_side(count) as usize).max(1);
    Ok(maps.iter().step_by(each).take(count).map(|map| normalised(map, factor)).collect())
}

/// The most pixels of a side of a map if there are this many filters.
fn map_side(filters: usize) -> i32 {
    if filters <= FEW { MAP } else { SMALL_MAP }
}

fn caption(
    session: &Session,
    bank: &FilterBank,
    [count, shown]: [usize; 2],
    scored: Option<(ScoringOptions, &Picture)>,
) -> String {
    let which = match bank.len() {
        1 => "1 filter".to_owned(),
        all if count < all => format!("Filters 0 to {} of {all}", count - 1),
        all => format!("{all} filters"),
    };
    let what = match bank.channels() {
        _ if has_colours(bank) => "the red, green and blue kernels of each".to_owned(),
        1 => "the kernel of each".to_owned(),
        channels => format!("of each the first kernel f[0] of {channels}"),
    };
    let maps = match scored {
        None => String::new(),
        Some((options, picture)) => {
            let of_kernel =
                if options.response.reading == Reading::EachKernel { " of its kernel 0" } else { "" };
            format!(
                " Beside it its map{of_kernel} of the image {}, from black (least) to white (largest), with its softness score (lower is \
                 softer); soft ones are outlined in red.",
                picture.name()
            )
        }
    };
    let frames = match session.kept_iterations().len() {
        2 => two_states_in_words(session).to_owned(),
        kept if shown < kept => format!("{shown} of {kept} kept iterations."),
        kept => format!("All {kept} kept iterations."),
    };
    format!("{which}, {what}, on one scale for all iterations.{maps} {frames}")
}

impl Film {
    fn frame(&self, index: usize, shot: &Shot) -> Result<Figure> {
        let room = PAGE as i32 - 2 * MARGIN;
        let side = map_side(shot.kernels.len());
        let map = shot.maps.first().map_or((0, 0), |map| {
            let cell = (side / map.nrows().max(map.ncols()) as i32).max(1);
            (map.ncols() as i32 * cell, map.nrows() as i32 * cell)
        });
        // Beside a map the kernels are below each other.
        let stacked = self.has_maps;
        let most = if stacked { side / self.slices } else { 45 - 2 * self.slices };
        let cell = (most / self.cells).max(1);
        let tile = self.cells * cell;
        let along = self.slices * (tile + 2) - 2;
        let (kernels_wide, kernels_high) = if stacked { (tile, along) } else { (along, tile) };
        let map_left = NUMBER + kernels_wide + 4;
        let width = if stacked { map_left + map.0 } else { NUMBER + kernels_wide };
        let height = kernels_high.max(map.1) + if stacked { 22 } else { 8 };
        let gap = 12;
        let layout = Layout::new(shot.kernels.len(), width, gap, room);
        let left = MARGIN + (room - (layout.columns as i32 * layout.step - gap)).max(0) / 2;
        let corner = |filter: usize| {
            let (column, row) = layout.place(filter);
            (left + column * layout.step, HEAD + row * height)
        };
        let below = HEAD + layout.rows as i32 * height + 2;
        let by = if self.factor > 1 {
            format!(" Kernels are shown reduced by {}.", self.factor)
        } else {
            String::new()
        };
        let caption = format!("{}{by}", self.caption);
        figure(&self.title, [&self.title, &caption], (PAGE, below + SCALE), |_, body| {
            self.head(body, index, shot)?;
            let mut pictures = Vec::new();
            for (filter, kernels) in shot.kernels.iter().enumerate() {
                let (x, y) = corner(filter);
                let number = style(TEXT, INK, HPos::Right, VPos::Center);
                let middle = y + kernels_high.max(map.1) / 2;
                body.draw_text(&filter.to_string(), &number, ((x + NUMBER - 5) * PX, middle * PX))?;
                for (slice, kernel) in kernels.iter().enumerate() {
                    let away = slice as i32 * (tile + 2);
                    let at = if stacked { (x + NUMBER, y + away) } else { (x + NUMBER + away, y) };
                    pictures.push((at, kernel.mapv(|weight| diverging(weight, self.limit))));
                }
            }
            tiles(body, cell, &pictures)?;
            pictures.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
            for (filter, (picture, &(score, soft))) in shot.maps.iter().zip(&shot.scores).enumerate() {
                let (x, y) = (corner(filter).0 + map_left, corner(filter).1);
                tiles(body, map.0 / picture.ncols() as i32, &[((x, y), picture.clone())])?;
                let (colour, width, ink) = if soft { (RED, 2.0, RED) } else { (PALE, 0.5, INK) };
                let out = px(width / 2.0);
                let corners =
                    [(x * PX - out, y * PX - out), ((x + map.0) * PX + out, (y + map.1) * PX + out)];
                body.draw(&Rectangle::new(corners, stroke(colour, width)))?;
                let middle = ((2 * x + map.0) * PX / 2, (y + map.1 + 9) * PX);
                body.draw_text(
                    &format!("{score:.3}"),
                    &style(TEXT, ink, HPos::Center, VPos::Center),
                    middle,
                )?;
            }
            colour_bar(body, self.limit, below)
        })
    }

    /// The iteration, the number of soft filters, and a line with a dot for each kept iteration.
    fn head(&self, body: &Area, index: usize, shot: &Shot) -> Drawn {
        let at = |x: i32, y: i32| (x * PX, y * PX);
        let text = style(TITLE, INK, HPos::Left, VPos::Center);
        body.draw_text(&format!("iteration {}", grouped(self.iterations[index])), &text, at(MARGIN, 12))?;
        if self.has_maps {
            let soft = shot.scores.iter().filter(|score| score.1).count();
            let words = format!("{soft} of {} soft", shot.scores.len());
            body.draw_text(&words, &style(TEXT, GREY, HPos::Left, VPos::Center), at(MARGIN + 136, 12))?;
        }
        let (left, right, y) = (260, PAGE as i32 - 40, 12);
        let last = (self.iterations.len() - 1).max(1) as i32;
        let x = |dot: i32| (left * PX) + (right - left) * PX * dot / last;
        body.draw(&line((x(0), y * PX), (x(last), y * PX), stroke(PALE, 1.0)))?;
        for dot in 0..self.iterations.len() {
            let (radius, colour) = if dot == index { (4.5, INK) } else { (2.0, PALE) };
            body.draw(&Circle::new((x(dot as i32), y * PX), px(radius), colour.ink().filled()))?;
        }
        let ends = style(TEXT, GREY, HPos::Center, VPos::Center);
        body.draw_text(&grouped(self.iterations[0]), &ends, (x(0), (y + 15) * PX))?;
        body.draw_text(&grouped(self.iterations[last as usize]), &ends, (x(last), (y + 15) * PX))
    }
}
