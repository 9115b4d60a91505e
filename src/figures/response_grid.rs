//! Figures 3, 4 and 5: the responses of a layer to a picture, with the soft ones outlined.

use std::ops::Range;

use ndarray::Array2;
use plotters::element::Rectangle;

use super::palette::{INK, PALE, RED, Rgb, grey};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, px, stroke, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::responses::{Reading, Response, ResponseOptions, responses};
use crate::session::Session;
use crate::softness::CONSTANT_RANGE;
use crate::table::{FilterScore, ScoreTable};
use crate::text::numbers::{decimals, is_or_are, iterations};

/// The largest side of the picture itself, in pixels of the figure.
const PICTURE: i32 = 96;

/// What captions say of the greys of maps.
pub(super) const EACH_MAP: &str = "Each map has its own scale, from black (least) to white (largest).";

/// What captions say of the number of a map if every kernel has its own.
pub(super) const KERNEL_NUMBERS: &str = "Numbers: filter, then kernel: 3:5 is kernel 5 of filter 3.";

/// The most maps that are shown if every kernel has its own.
const MOST_MAPS: usize = 128;
/// More maps than this are smaller, if every kernel has its own.
const MANY_MAPS: usize = 96;

impl Figure {
    /// Figures 3 to 5: the response maps of every filter of layer `layer` (counted from 1) to `picture`, numbered from 0,
    /// with the picture on the left.
    ///
    /// Each map is scaled from black (its minimum) to white (its maximum), as the score normalises it. A constant map is
    /// grey. Maps that `table` calls soft for this session, layer and picture are outlined in red. The caption has their
    /// number, and the threshold if there is one. Maps with a side of more than 64 values are shown reduced, and the
    /// caption says so.
    ///
    /// The maps are those of the default [`ResponseOptions`]. For a table with other options, use
    /// [`ResponseOptions::grid`].
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if the table has no such session, layer and picture;
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if it has another number of filters for it; those of
    /// [`responses`](crate::responses::responses()).
    pub fn response_grid(
        session: &Session,
        layer: usize,
        picture: &Picture,
        table: &ScoreTable,
    ) -> Result<Self> {
        ResponseOptions::default().grid(session, layer, picture, table)
    }
}

impl ResponseOptions {
    /// [`Figure::response_grid`] with these options, which should be those of `table`.
    ///
    /// With [`Reading::EachKernel`] the map of kernel 5 of filter 3 has the number 3:5, and all maps of a soft filter are outlined.
    /// Of more than 128 maps, those of the first filters are shown, and the caption says which.
    ///
    /// # Errors
    /// Those of [`Figure::response_grid`].
    pub fn grid(
        self,
        session: &Session,
        layer: usize,
        picture: &Picture,
        table: &ScoreTable,
    ) -> Result<Figure> {
        let maps = responses(session, layer, picture, self)?;
        let title = format!(
            "Image {} through layer {layer} after {}",
            picture.name(),
            iterations(session.iterations())
        );
        let (soft, threshold) = soft_filters(&title, session, layer, picture, table)?;
        let what = if self.reading == Reading::EachKernel { "filter" } else { "map" };
        draw_maps(&title, &counted(session, &soft, what, threshold), picture, &maps, &soft)
    }

    /// The maps that [`grid`](Self::grid) shows, for people who are to label them: no map is outlined, and nothing but
    /// `title` says which session they are from.
    ///
    /// # Errors
    /// Those of [`responses`](crate::responses::responses()).
    pub fn grid_to_label(
        self,
        title: &str,
        session: &Session,
        layer: usize,
        picture: &Picture,
    ) -> Result<Figure> {
        let maps = responses(session, layer, picture, self)?;
        let count = if maps.len() == 1 { "1 map.".into() } else { format!("{} maps.", maps.len()) };
        draw_maps(title, &count, picture, &maps, &vec![false; session.filters(layer)?.len()])
    }
}

/// Draws the maps of a layer, and the picture on the left. `words` come first in the caption, `soft` has each filter.
fn draw_maps(
    title: &str,
    words: &str,
    picture: &Picture,
    maps: &[Response],
    soft: &[bool],
) -> Result<Figure> {
    // A layer has at least one filter, and all its maps have one size.
    let factor = reduction(maps[0].map().dim());
    let reduced = if factor > 1 { format!(" Shown reduced by {factor}.") } else { String::new() };
    let each = maps.len() / soft.len();
    let shown_filters = if each > 1 { (MOST_MAPS / each).clamp(1, soft.len()) } else { soft.len() };
    let part = match (each, shown_filters < soft.len()) {
        (1, _) => String::new(),
        (_, false) => format!(" {KERNEL_NUMBERS}"),
        (_, true) => {
            format!(" {KERNEL_NUMBERS} Filters 0 to {} of {} are shown.", shown_filters - 1, soft.len())
        }
    };
    let maps = &maps[..shown_filters * each];
    let caption = format!("{words} {EACH_MAP}{reduced}{part}");

    let shown = shown(picture);
    let own_cell = (PICTURE / shown.dim().0.max(shown.dim().1) as i32).max(1);
    let own_size = (own_cell * shown.dim().1 as i32, own_cell * shown.dim().0 as i32);

    let pictures: Vec<_> = maps.iter().map(|map| normalised(map, factor)).collect();
    let (rows, columns) = pictures[0].dim();
    let (left, gap) = (MARGIN + PICTURE + 8, 5);
    let room = PAGE as i32 - MARGIN - left;
    // About four maps in a row, six if there are many, and twelve if there are hundreds.
    let wanted = match maps.len() {
        0..=16 => 4,
        17..=MANY_MAPS => 6,
        _ if each > 1 => 12,
        _ => 6,
    };
    let cell = (((room + gap) / wanted - gap) / columns as i32).max(1);
    let (wide, high) = (cell * columns as i32, cell * rows as i32);
    let layout = Layout::new(maps.len(), wide, gap, room);
    let pitch = high + 20;
    let below = (layout.rows as i32 * pitch).max(14 + own_size.1) + MARGIN;

    let corner = |filter| {
        let (column, row) = layout.place(filter);
        (left + column * layout.step, row * pitch + 14)
    };
    let pictures: Vec<_> = (0..).map(corner).zip(pictures).collect();
    figure(title, [title, &caption], (PAGE, below), |_, body| {
        let label = Font::new().shorten(picture.name(), TEXT, f64::from(PICTURE));
        body.draw_text(&label, &style(TEXT, INK, HPos::Left, VPos::Top), (MARGIN * PX, 0))?;
        tiles(body, own_cell, &[((MARGIN, 14), shown)])?;
        body.draw(&frame((MARGIN, 14), own_size))?;
        tiles(body, cell, &pictures)?;
        for (map, &((x, y), _)) in maps.iter().zip(&pictures) {
            let is_soft = soft[map.filter()];
            let (colour, width, ink) = if is_soft { (RED, 2.0, RED) } else { (PALE, 0.5, INK) };
            // The line lies outside the map, so that it hides nothing.
            let out = px(width / 2.0);
            let corners = [(x * PX - out, y * PX - out), ((x + wide) * PX + out, (y + high) * PX + out)];
            body.draw(&Rectangle::new(corners, stroke(colour, width)))?;
            let at = (x * PX, (y - 3) * PX);
            let number = match map.channel() {
                Some(channel) => format!("{}:{channel}", map.filter()),
                None => map.filter().to_string(),
            };
            body.draw_text(&number, &style(TEXT, ink, HPos::Left, VPos::Bottom), at)?;
        }
        Ok(())
    })
}

/// Which filters of a layer are soft on a picture, and the threshold if there is one.
///
/// # Errors
/// Those of [`Figure::response_grid`] about the table; `title` is the figure's.
pub(super) fn soft_filters(
    title: &str,
    session: &Session,
    layer: usize,
    picture: &Picture,
    table: &ScoreTable,
) -> Result<(Vec<bool>, Option<f64>)> {
    let (filters, name) = (session.filters(layer)?.len(), picture.name());
    let soft = table.soft(session.name(), layer, name)?;
    if soft.len() != filters {
        let problem = format!("the score table has {} filters for it, the layer {filters}", soft.len());
        return Err(Error::nothing_to_draw(title, problem));
    }
    let same = |row: &&FilterScore| (&*row.session, row.layer, &*row.image) == (session.name(), layer, name);
    let threshold = table.rows().iter().find(same).and_then(|row| row.soft_threshold);
    Ok((soft, threshold))
}

/// How many maps are soft, and by what. `what` is one of them: "map".
fn counted(session: &Session, soft: &[bool], what: &str, threshold: Option<f64>) -> String {
    let count = soft.iter().filter(|&&soft| soft).count();
    let by = match threshold {
        Some(threshold) => format!("score below {}", decimals(threshold, 4)),
        None => "labelled by hand".into(),
    };
    let outlined = if count == 0 { "" } else { ", outlined in red" };
    let how_many = match soft {
        [true] => format!("the only {what} is"),
        [false] => format!("the only {what} is not"),
        _ => format!("{count} of {} {what}s {}", soft.len(), is_or_are(count as u64)),
    };
    format!("Session {}: {how_many} soft ({by}){outlined}.", session.name())
}

/// A map as greys from its minimum to its maximum.
pub(super) fn normalised(response: &Response, factor: usize) -> Array2<Rgb> {
    greys(&reduced(response.map(), factor))
}

/// Greys from the least value to the largest; one grey if all are the same.
pub(super) fn greys(map: &Array2<f64>) -> Array2<Rgb> {
    greys_between(map, &extent(map))
}

/// The least value and the largest.
pub(super) fn extent<'a>(values: impl IntoIterator<Item = &'a f64>) -> Range<f64> {
    values
        .into_iter()
        .fold(f64::INFINITY..f64::NEG_INFINITY, |range, &value| range.start.min(value)..range.end.max(value))
}

/// Greys of the values between black and white; one grey if these are the same.
pub(super) fn greys_between(map: &Array2<f64>, &Range { start: low, end: high }: &Range<f64>) -> Array2<Rgb> {
    // Halves, because the range of finite values can overflow.
    let half = high / 2.0 - low / 2.0;
    let constant = half <= CONSTANT_RANGE * (low.abs().max(high.abs()) / 2.0);
    map.mapv(|value| grey(if constant { 0.5 } else { (value / 2.0 - low / 2.0) / half }))
}

/// The picture's colours, reduced if it is large.
pub(super) fn shown(picture: &Picture) -> Array2<Rgb> {
    let (_, height, width) = picture.pixels().dim();
    let factor = reduction((height, width));
    let channel = |index: usize| {
        reduced(&picture.pixels().index_axis(ndarray::Axis(0), index).mapv(f64::from), factor)
            .mapv(|value| value.round() as u8)
    };
    let [red, green, blue] = [0, 1, 2].map(channel);
    Array2::from_shape_fn(red.dim(), |at| Rgb([red[at], green[at], blue[at]]))
}
