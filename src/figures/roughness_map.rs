//! Where the maps of a layer are rough: what the softness score is the mean of.

use ndarray::Array2;

use super::legends::{SCALE, colour_scale};
use super::palette::{GREY, INK, Rgb, sequential};
use super::response_grid::{KERNEL_NUMBERS, normalised, shown};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, style};
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Figure, Font, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::Result;
use crate::responses::{Response, responses};
use crate::session::Session;
use crate::softness::{Normalisation, ScoringOptions, local_deviations};
use crate::text::numbers::{decimals, iterations};

/// The side of a map that is aimed at, and of the picture, in pixels.
const TILE: f64 = 48.0;
const PICTURE: usize = 64;
/// Space within a pair, between pairs, between rows, and the height of a number above or below.
const WITHIN: i32 = 4;
const BETWEEN: i32 = 6;
const ROWS: i32 = 3;
const NUMBER: i32 = 15;
/// The most maps that are shown.
const MOST_MAPS: usize = 64;

impl Figure {
    /// Where a picture is rough behind each filter of layer `layer` (counted from 1): every map and, beside it, the standard
    /// deviation of each of its 3 x 3 windows ([`local_deviations`]), drawn at the middle of the window. The number below is
    /// their mean: the softness score of the map. Lower is softer.
    ///
    /// All deviations have one colour scale, from 0 to the largest, which the legend shows. Maps with a side of more than 64
    /// values are shown reduced; of more than 64 maps, the first are shown. The caption says so.
    ///
    /// The maps and scores are those of the default [`ScoringOptions`];
    /// [`ScoringOptions::roughness_map`] takes others.
    ///
    /// # Errors
    /// Those of [`responses`](crate::responses::responses()) and [`softness_score`](crate::softness::softness_score).
    pub fn roughness_map(session: &Session, layer: usize, picture: &Picture) -> Result<Self> {
        ScoringOptions::default().roughness_map(session, layer, picture)
    }
}

impl ScoringOptions {
    /// [`Figure::roughness_map`] with these options. With [`Reading::EachKernel`](crate::responses::Reading::EachKernel) the map of
    /// kernel 5 of filter 3 has the number 3:5.
    ///
    /// # Errors
    /// Those of [`Figure::roughness_map`].
    pub fn roughness_map(self, session: &Session, layer: usize, picture: &Picture) -> Result<Figure> {
        let mut maps = responses(session, layer, picture, self.response)?;
        let count = maps.len();
        maps.truncate(MOST_MAPS);
        let pairs = maps.iter().map(|map| Pair::new(map, self)).collect::<Result<Vec<_>>>()?;
        let title = format!(
            "Where the image {} is rough: layer {layer} after {}",
            picture.name(),
            iterations(session.iterations())
        );
        let part = if count > pairs.len() {
            format!("the first {} of {count}", pairs.len())
        } else {
            count.to_string()
        };
        // A layer has at least one map, and all have one size.
        let factor = reduction(maps[0].map().dim());
        let numbers = if maps[0].channel().is_some() { format!(" {KERNEL_NUMBERS}") } else { String::new() };
        let reduced = if factor > 1 { format!(" Shown reduced by {factor}.") } else { String::new() };
        let caption = format!(
            "Session {}, {part} maps. Of each pair, left: the map, from black (least) to white (largest). Right: the standard deviation \
             of each 3 × 3 window of the {}. Below: their mean, the softness score; lower is softer.{reduced}{numbers}",
            session.name(),
            scaled(self.normalisation)
        );
        draw(&title, &caption, picture, &pairs)
    }
}

/// What the windows are of, in words.
fn scaled(normalisation: Normalisation) -> &'static str {
    match normalisation {
        Normalisation::MinMax => "map scaled to 0..1",
        Normalisation::EightBit => "map as bytes, scaled to 0..1",
        Normalisation::DivideBy255 => "map divided by 255",
        Normalisation::Raw => "map as it is",
    }
}

/// A map and its deviations, as they are shown.
struct Pair {
    number: String,
    score: f64,
    map: Array2<Rgb>,
    deviations: Array2<f64>,
}

impl Pair {
    fn new(response: &Response, options: ScoringOptions) -> Result<Self> {
        let factor = reduction(response.map().dim());
        let deviations = local_deviations(response.map().view(), options.normalisation)?;
        let number = match response.channel() {
            Some(channel) => format!("{}:{channel}", response.filter()),
            None => response.filter().to_string(),
        };
        Ok(Self {
            number,
            score: options.score(response)?.value(),
            map: normalised(response, factor),
            deviations: reduced(&deviations, factor),
        })
    }
}

fn draw(title: &str, caption: &str, picture: &Picture, pairs: &[Pair]) -> Result<Figure> {
    let largest = pairs.iter().flat_map(|pair| &pair.deviations).copied().fold(0.0, f64::max);
    let range = 0.0..if largest > 0.0 { largest } else { 1.0 };
    let own = shown(picture);
    let own_cell = (PICTURE / own.nrows().max(own.ncols())).max(1) as i32;
    let own_size = (own_cell * own.ncols() as i32, own_cell * own.nrows() as i32);
    let (rows, columns) = pairs[0].map.dim();
    let cell = ((TILE / rows.max(columns) as f64).round() as i32).max(1);
    let (wide, high) = (cell * columns as i32, cell * rows as i32);
    let (pair_width, room) = (2 * wide + WITHIN, PAGE as i32 - 2 * MARGIN);
    let mut layout = Layout::new(pairs.len(), pair_width, BETWEEN, room);
    layout.step = ((room + BETWEEN) / layout.columns as i32).min(pair_width + 5 * BETWEEN);
    let (head, pitch) = ((own_size.1 + NUMBER).max(SCALE) + ROWS, high + 2 * NUMBER + ROWS);
    let corner = |index: usize| {
        let (column, row) = layout.place(index);
        (MARGIN + column * layout.step, head + row * pitch + NUMBER)
    };
    // What the middle of a window is away from its corner.
    let inset = if pairs[0].deviations.dim() == (rows, columns) { 0 } else { cell };
    let mut shown: Vec<((i32, i32), Array2<Rgb>)> = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let (x, y) = corner(index);
        shown.push(((x, y), pair.map.clone()));
        let colours = pair.deviations.mapv(|value| sequential(value / range.end));
        shown.push(((x + wide + WITHIN + inset, y + inset), colours));
    }
    figure(title, [title, caption], (PAGE, head + layout.rows as i32 * pitch), |_, body| {
        let name = Font::new().shorten(picture.name(), TEXT, f64::from(PICTURE as u32) + 60.0);
        body.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (MARGIN * PX, 0))?;
        tiles(body, own_cell, &[((MARGIN, NUMBER), own)])?;
        body.draw(&frame((MARGIN, NUMBER), own_size))?;
        let bar = (MARGIN + own_size.0 + 40, NUMBER + (own_size.1 - SCALE).max(0) / 2);
        colour_scale(body, bar, &range, "standard deviation of a window", |value| {
            sequential(value / range.end)
        })?;
        tiles(body, cell, &shown)?;
        for (index, pair) in pairs.iter().enumerate() {
            let (x, y) = corner(index);
            let right = x + wide + WITHIN;
            for left in [x, right] {
                body.draw(&frame((left, y), (wide, high)))?;
            }
            let texts = [
                (&pair.number, INK, x, y - 3, VPos::Bottom),
                (&decimals(pair.score, 4), GREY, right, y + high + 3, VPos::Top),
            ];
            for (text, colour, x, y, down) in texts {
                body.draw_text(text, &style(TEXT, colour, HPos::Left, down), (x * PX, y * PX))?;
            }
        }
        Ok(())
    })
}
