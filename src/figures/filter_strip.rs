//! One filter in the course of training.

use ndarray::{Array2, Axis};
use plotters::element::Rectangle;

use super::course::{Columns, HEADINGS, LABELS, MOST_COLUMNS, soft_scores, states, states_in_words, thinned};
use super::filter_grid::colour_bar;
use super::layer_weights::{COLOURS, has_colours, limit_of};
use super::legends::SCALE;
use super::palette::{INK, PALE, RED, Rgb, diverging};
use super::response_grid::normalised;
use super::sheet::{PAGE, TEXT, figure, frame, px, stroke, style};
use super::tiles::{reduced, reduction, tiles};
use super::{Figure, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::responses::{Reading, responses};
use crate::session::Session;
use crate::softness::ScoringOptions;

/// The most kernels of a filter that are shown.
const MOST_KERNELS: usize = 32;
/// The most pixels from one column to the next.
const WIDEST: i32 = 76;
/// Free pixels between columns, and between rows.
const GAP: i32 = 3;

impl Figure {
    /// One filter of layer `layer` from the first kept iteration to the last: a column for each iteration, a row for each of its
    /// kernels, on one blue-red scale. Layers are counted from 1, filters from 0.
    ///
    /// Of more than 17 kept iterations, 17 are shown, evenly, with the first and the last; of more than 32 kernels, the first 32.
    /// The caption says so. [`ScoringOptions::filter_strip`] adds what the filter makes of a picture.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer or filter;
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the filters of one iteration only were kept: see
    /// [`Session::kept_iterations`].
    pub fn filter_strip(session: &Session, layer: usize, filter: usize) -> Result<Self> {
        strip(session, layer, filter, None)
    }
}

impl ScoringOptions {
    /// [`Figure::filter_strip`] with the map that the filter makes of `picture` at each iteration, its softness score below it, and a
    /// red outline if it is soft.
    ///
    /// Each map is scaled from black (its minimum) to white (its maximum), as the score normalises it. With
    /// [`Reading::EachKernel`] the map is that of kernel 0, and the score is the mean over the maps of all kernels.
    ///
    /// # Errors
    /// Those of [`Figure::filter_strip`] and of [`softness_table`](Self::softness_table).
    pub fn filter_strip(
        self,
        session: &Session,
        layer: usize,
        filter: usize,
        picture: &Picture,
    ) -> Result<Figure> {
        strip(session, layer, filter, Some((self, picture)))
    }
}

/// A row of maps, and the scores below it.
struct Maps {
    cell: i32,
    pictures: Vec<Array2<Rgb>>,
    scores: Vec<(f64, bool)>,
    words: String,
}

fn strip(
    session: &Session,
    layer: usize,
    filter: usize,
    scored: Option<(ScoringOptions, &Picture)>,
) -> Result<Figure> {
    let title = format!("Filter {filter} of layer {layer} during the training of session {}", session.name());
    let filters = session.filters(layer)?.len();
    if filter >= filters {
        let sentence =
            format!("there is no filter {filter} in layer {layer}: its filters are 0 to {}", filters - 1);
        return Err(Error::new(ErrorKind::NotFound, sentence));
    }
    let states = thinned(states(session, layer, &title)?, MOST_COLUMNS);
    let columns = Columns::new(&states, WIDEST);

    let banks = states.iter().map(|state| state.filters(layer)).collect::<Result<Vec<_>>>()?;
    let (channels, side, colours) = (banks[0].channels(), banks[0].kernel(), has_colours(&banks[0]));
    let factor = reduction((side, side)).max(side.div_ceil((columns.step - GAP).max(1) as usize));
    let cells = side.div_ceil(factor) as i32;
    let cell = ((columns.step - GAP) / cells).max(1);
    let shown = channels.min(MOST_KERNELS);
    let kernel = |state: usize, channel: usize| {
        let weights = banks[state].filter(filter);
        reduced(&weights.index_axis(Axis(0), channel).mapv(f64::from), factor)
    };
    let kernels: Vec<Vec<Array2<f64>>> =
        (0..shown).map(|channel| (0..states.len()).map(|state| kernel(state, channel)).collect()).collect();
    let limit = limit_of(kernels.iter().flatten().flatten().copied());
    let maps = scored
        .map(|(options, picture)| maps(&states, layer, filter, options, picture, columns.step - GAP))
        .transpose()?;

    let rows = match (channels, shown < channels) {
        _ if colours => "its red, green and blue kernels".to_owned(),
        (1, _) => "its kernel".to_owned(),
        (_, false) => format!("its {channels} kernels, by channel"),
        (_, true) => format!("the kernels of the first {shown} of {channels} channels"),
    };
    let reduced_by =
        if factor > 1 { format!(" Kernels are shown reduced by {factor}.") } else { String::new() };
    let caption = format!(
        "Rows: {rows}, {side} × {side} weights each, on one scale.{}{}{reduced_by}",
        maps.as_ref().map_or("", |maps| &maps.words),
        states_in_words(session, states.len())
    );
    let tile = cells * cell;
    let pitch = (tile + GAP).max(13);
    let maps_top = HEADINGS + shown as i32 * pitch + 6;
    let maps_height = maps.as_ref().map_or(0, |maps| maps.pictures[0].nrows() as i32 * maps.cell);
    let below = maps_top + if maps.is_some() { maps_height + 24 } else { 0 };

    figure(&title, [&title, &caption], (PAGE, below + SCALE), |_, body| {
        let label = style(TEXT, INK, HPos::Right, VPos::Center);
        let labelled = |text: &str, y: i32| body.draw_text(text, &label, ((LABELS - 6) * PX, y * PX));
        columns.headings(body, tile)?;
        let mut pictures = Vec::new();
        for (channel, row) in kernels.iter().enumerate() {
            let top = HEADINGS + channel as i32 * pitch;
            let name = if colours { COLOURS[channel].to_owned() } else { channel.to_string() };
            labelled(&name, top + tile / 2)?;
            for (state, kernel) in row.iter().enumerate() {
                pictures.push(((columns.left(state), top), kernel.mapv(|weight| diverging(weight, limit))));
            }
        }
        tiles(body, cell, &pictures)?;
        pictures.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
        if let Some(maps) = maps {
            labelled("map", maps_top + maps_height / 2)?;
            labelled("score", maps_top + maps_height + 12)?;
            // Maps are in the middle of their columns, so that the first value is apart from its label.
            let indent = ((tile - maps.pictures[0].ncols() as i32 * maps.cell) / 2).max(0);
            let pictures = maps.pictures.into_iter().enumerate();
            let pictures: Vec<_> =
                pictures.map(|(state, map)| ((columns.left(state) + indent, maps_top), map)).collect();
            tiles(body, maps.cell, &pictures)?;
            for (((x, y), map), (score, soft)) in pictures.iter().zip(maps.scores) {
                let wide = map.ncols() as i32 * maps.cell;
                let (colour, width, ink) = if soft { (RED, 2.0, RED) } else { (PALE, 0.5, INK) };
                let out = px(width / 2.0);
                let corners =
                    [(x * PX - out, y * PX - out), ((x + wide) * PX + out, (y + maps_height) * PX + out)];
                body.draw(&Rectangle::new(corners, stroke(colour, width)))?;
                let middle = ((2 * x + wide) * PX / 2, (maps_top + maps_height + 12) * PX);
                body.draw_text(
                    &format!("{score:.3}"),
                    &style(TEXT, ink, HPos::Center, VPos::Center),
                    middle,
                )?;
            }
        }
        colour_bar(body, limit, below + 2)
    })
}

/// What a filter makes of a picture at each state, in maps of at most `room` pixels.
fn maps(
    states: &[Session],
    layer: usize,
    filter: usize,
    options: ScoringOptions,
    picture: &Picture,
    room: i32,
) -> Result<Maps> {
    let mut maps = Vec::new();
    for state in states {
        let mut all = responses(state, layer, picture, options.response)?.into_iter();
        maps.extend(all.find(|map| map.filter() == filter));
    }
    let (height, width) = maps[0].map().dim();
    let largest = height.max(width);
    let factor = largest.div_ceil(room.max(1) as usize).max(1);
    let scores = soft_scores(states, layer, picture, options)?;
    let soft = scores.iter().filter(|scores| scores[filter].1).count();
    let of_kernel = match options.response.reading {
        Reading::EachKernel => " of kernel 0, scored by all kernels",
        _ => "",
    };
    let reduced = if factor > 1 { format!(", shown reduced by {factor}") } else { String::new() };
    let words = format!(
        " Last row: its map{of_kernel} of the image {}{reduced}, from black (least) to white (largest), with its softness score (lower is \
         softer); soft at {soft} of {} iterations, outlined in red.",
        picture.name(),
        states.len()
    );
    Ok(Maps {
        cell: (room / largest.div_ceil(factor) as i32).max(1),
        pictures: maps.iter().map(|map| normalised(map, factor)).collect(),
        scores: scores.iter().map(|scores| scores[filter]).collect(),
        words,
    })
}
