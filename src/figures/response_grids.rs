//! The responses of a layer to several pictures, a row for each.

use std::ops::Range;

use ndarray::Array2;
use plotters::element::Rectangle;

use super::legends::{SCALE, colour_scale};
use super::palette::{INK, PALE, RED, Rgb, grey};
use super::response_grid::{EACH_MAP, KERNEL_NUMBERS, extent, greys, greys_between, shown, soft_filters};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, px, stroke, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::names::names;
use crate::responses::{Reading, Response, ResponseOptions, responses};
use crate::session::Session;
use crate::table::ScoreTable;
use crate::text::numbers::{decimals, iterations};

/// Which values of maps are black and white on a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum MapScale {
    /// Each map from its least value, black, to its largest, white: what the score looks at.
    #[default]
    EachMap,
    /// All maps of the figure on one scale, which a legend shows: how strong the responses are.
    Shared,
}

names!(MapScale, "scale of maps", { EachMap: "each-map", Shared: "shared" });

/// The side of a map that is aimed at, and of a picture, in pixels.
const TILE: f64 = 48.0;
const PICTURE: usize = 32;
/// Width of the pictures and their names on the left.
const LEFT: i32 = 66;
/// Space between maps, height of the numbers above a block, and space between blocks.
const GAP: i32 = 6;
const NUMBERS: i32 = 16;
const BETWEEN: i32 = 10;
/// The most maps of a picture if every kernel has its own.
const MOST_MAPS: usize = 48;

impl Figure {
    /// The response maps of every filter of layer `layer` (counted from 1) to several pictures: a row for each picture and a
    /// column for each filter, numbered from 0, in as many blocks as the page needs.
    ///
    /// Each map is scaled from black (its minimum) to white (its maximum), as the score normalises it. Maps that `table` calls
    /// soft are outlined in red; the caption counts them for each picture, with the threshold if there is one.
    /// [`ResponseOptions::grids`] has one scale for all maps, and other readings and borders.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no picture; those of
    /// [`Figure::response_grid`] for each.
    pub fn response_grids(
        session: &Session,
        layer: usize,
        pictures: &[Picture],
        table: &ScoreTable,
    ) -> Result<Self> {
        ResponseOptions::default().grids(session, layer, pictures, table, MapScale::default())
    }
}

impl ResponseOptions {
    /// [`Figure::response_grids`] with these options, which should be those of `table`, and with this scale.
    ///
    /// With [`Reading::EachKernel`] the map of kernel 5 of filter 3 has the number 3:5, and all maps of a soft filter are
    /// outlined. Of more than 48 maps of a picture, those of the first filters are shown, and the caption says which.
    ///
    /// # Errors
    /// Those of [`Figure::response_grids`].
    pub fn grids(
        self,
        session: &Session,
        layer: usize,
        pictures: &[Picture],
        table: &ScoreTable,
        scale: MapScale,
    ) -> Result<Figure> {
        let images = match pictures {
            [picture] => format!("Image {}", picture.name()),
            _ => format!("{} images", pictures.len()),
        };
        let title = format!("{images} through layer {layer} after {}", iterations(session.iterations()));
        let filters = session.filters(layer)?.len();
        let each = self.reading.maps(session.filters(layer)?.channels());
        let shown_filters = if each > 1 { (MOST_MAPS / each).clamp(1, filters) } else { filters };
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for picture in pictures {
            let (soft, threshold) = soft_filters(&title, session, layer, picture, table)?;
            let by =
                threshold.map_or("labelled by hand".into(), |below| format!("below {}", decimals(below, 4)));
            let count = soft.iter().filter(|&&soft| soft).count();
            counts.push(format!("{} {count} of {filters} ({by})", picture.name()));
            let mut maps = responses(session, layer, picture, self)?;
            maps.truncate(shown_filters * each);
            rows.push(Row::new(picture, maps, &soft));
        }
        if rows.is_empty() {
            return Err(Error::nothing_to_draw(&title, "there is no picture"));
        }
        let what = if self.reading == Reading::EachKernel { "filters" } else { "maps" };
        let mut caption =
            format!("Session {}. Soft {what}, outlined in red: {}.", session.name(), counts.join("; "));
        caption += " ";
        caption += match scale {
            MapScale::EachMap => EACH_MAP,
            MapScale::Shared => "All maps have one scale.",
        };
        if each > 1 {
            caption += &format!(" {KERNEL_NUMBERS}");
            if shown_filters < filters {
                caption += &format!(" Filters 0 to {} of {filters} are shown.", shown_filters - 1);
            }
        }
        if let Some(most) = rows.iter().map(|row| row.factor).max().filter(|&most| most > 1) {
            caption += &format!(" Large maps are shown reduced, by up to {most}.");
        }
        draw(&title, &caption, &rows, scale)
    }
}

/// A picture, its maps, and which of them are soft.
struct Row {
    name: String,
    picture: Array2<Rgb>,
    maps: Vec<(String, Array2<f64>, bool)>,
    factor: usize,
    cell: i32,
}

impl Row {
    fn new(picture: &Picture, maps: Vec<Response>, soft: &[bool]) -> Self {
        // All maps of a picture have one size.
        let factor = maps.first().map_or(1, |map| reduction(map.map().dim()));
        let number = |map: &Response| match map.channel() {
            Some(channel) => format!("{}:{channel}", map.filter()),
            None => map.filter().to_string(),
        };
        let maps: Vec<_> =
            maps.iter().map(|map| (number(map), reduced(map.map(), factor), soft[map.filter()])).collect();
        let side = maps.first().map_or(1, |(_, map, _)| map.nrows().max(map.ncols()));
        let cell = ((TILE / side as f64).round() as i32).max(1);
        Self { name: picture.name().to_owned(), picture: shown(picture), maps, factor, cell }
    }

    /// Width and height of a map, in pixels.
    fn tile(&self) -> (i32, i32) {
        let (rows, columns) = self.maps.first().map_or((1, 1), |(_, map, _)| map.dim());
        (self.cell * columns as i32, self.cell * rows as i32)
    }

    /// The size of a pixel of the picture, and its width and height.
    fn own(&self) -> (i32, (i32, i32)) {
        let (rows, columns) = self.picture.dim();
        let cell = (PICTURE / rows.max(columns)).max(1) as i32;
        (cell, (cell * columns as i32, cell * rows as i32))
    }

    fn height(&self) -> i32 {
        self.tile().1.max(14 + self.own().1.1) + GAP
    }
}

fn draw(title: &str, caption: &str, rows: &[Row], scale: MapScale) -> Result<Figure> {
    let shared = (scale == MapScale::Shared)
        .then(|| extent(rows.iter().flat_map(|row| row.maps.iter().flat_map(|(_, map, _)| map))));
    let count = rows[0].maps.len();
    let room = PAGE as i32 - 2 * MARGIN - LEFT;
    let wide = rows.iter().map(|row| row.tile().0).max().expect("there is a row");
    let mut layout = Layout::new(count, wide, GAP, room);
    // Maps keep the numbers of their columns apart, and fill the page up to a point.
    layout.step = ((room + GAP) / layout.columns as i32).min(wide + 4 * GAP);
    let block = NUMBERS + rows.iter().map(Row::height).sum::<i32>() + BETWEEN;
    let top = if shared.is_some() { SCALE + 6 } else { 0 };
    let below = top + block * layout.rows as i32 - BETWEEN + MARGIN;
    figure(title, [title, caption], (PAGE, below), |_, body| {
        if let Some(range) = &shared {
            let colour = |value: f64| grey((value - range.start) / (range.end - range.start));
            colour_scale(body, (MARGIN + LEFT, 2), range, "value of a map, before ReLU", colour)?;
        }
        for part in 0..layout.rows {
            let maps = part * layout.columns..((part + 1) * layout.columns).min(count);
            draw_block(body, top + part as i32 * block, rows, maps, layout.step, shared.as_ref())?;
        }
        Ok(())
    })
}

/// Some of the columns: their numbers, and the maps of every picture below.
fn draw_block(
    body: &Area,
    top: i32,
    rows: &[Row],
    columns: Range<usize>,
    step: i32,
    shared: Option<&Range<f64>>,
) -> Drawn {
    let left = |column: usize| MARGIN + LEFT + (column - columns.start) as i32 * step;
    for column in columns.clone() {
        let at = (left(column) * PX, top * PX);
        body.draw_text(&rows[0].maps[column].0, &style(TEXT, INK, HPos::Left, VPos::Top), at)?;
    }
    let mut y = top + NUMBERS;
    for row in rows {
        let name = Font::new().shorten(&row.name, TEXT, f64::from(LEFT - 6));
        body.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (MARGIN * PX, y * PX))?;
        let (cell, size) = row.own();
        tiles(body, cell, &[((MARGIN, y + 14), row.picture.clone())])?;
        body.draw(&frame((MARGIN, y + 14), size))?;
        let colours = |map: &Array2<f64>| match shared {
            Some(range) => greys_between(map, range),
            None => greys(map),
        };
        let part = &row.maps[columns.clone()];
        let pictures: Vec<_> = part
            .iter()
            .zip(columns.clone())
            .map(|((_, map, _), column)| ((left(column), y), colours(map)))
            .collect();
        tiles(body, row.cell, &pictures)?;
        let (wide, high) = row.tile();
        for ((_, _, is_soft), ((x, y), _)) in part.iter().zip(&pictures) {
            let (colour, width) = if *is_soft { (RED, 2.0) } else { (PALE, 0.5) };
            // The line lies outside the map, so that it hides nothing.
            let out = px(width / 2.0);
            let corners = [(x * PX - out, y * PX - out), ((x + wide) * PX + out, (y + high) * PX + out)];
            body.draw(&Rectangle::new(corners, stroke(colour, width)))?;
        }
        y += row.height();
    }
    Ok(())
}
