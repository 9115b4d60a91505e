//! Which filters of two sessions agree.

use ndarray::{Array2, ArrayView2, Axis, s};
use plotters::element::{Polygon, Rectangle};
use plotters::style::Color;

use super::axes::{Axis as ChartAxis, axes, dots, level};
use super::layer_weights::has_colours;
use super::palette::{GREY, INK, PALE, POINTS, Rgb, diverging, grey};
use super::response_grid::{EACH_MAP, normalised};
use super::sheet::{MARGIN, PAGE, Sample, TEXT, figure, frame, legend, stroke, style};
use super::ticks::padded;
use super::tiles::{Layout, reduced, reduction, tiles};
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::matching::{FilterPair, Matching};
use crate::text::numbers::{decimals, p_value};

/// The most pairs that are drawn, the best ones.
const MOST_PAIRS: usize = 64;
/// The most kernels of a filter that are drawn, the first ones.
const MOST_KERNELS: usize = 16;
/// The widest that a filter or map is drawn, in pixels.
const WIDEST: i32 = 64;
/// The same if there are many pairs.
const WIDEST_OF_MANY: i32 = 48;
/// More pairs than this are many.
const MANY: usize = 24;
/// Width of the names on the left, in pixels.
const NAMES: i32 = 76;
/// Height of a line of text, and of the chart, in pixels.
const LINE: i32 = 15;
const CHART: i32 = 170;

/// A picture and its corner within a tile.
type Part = ((i32, i32), Array2<Rgb>);

/// What is drawn of every filter: pictures of one size, each with its place in the tile.
struct Tiles {
    cell: i32,
    size: (i32, i32),
    /// Of a filter of the first or the second session.
    parts: Box<dyn Fn(usize, usize) -> Vec<Part>>,
    /// What the tiles are, in a sentence.
    words: String,
    /// Whether they are on the scale of weights.
    has_scale: bool,
}

impl Matching {
    /// The pairs, highest correlation first: each filter of the first session, or its map, above the filter of the second that
    /// it was matched with, with the correlation below. Then the correlations by rank, with the band of untrained networks.
    ///
    /// Every filter has its own scale from blue (its largest magnitude, negative) over white (zero) to red, since a
    /// correlation knows no size. Of a filter of layer 1 with three channels its red, green and blue kernels are shown; of any other up to 16
    /// kernels, those of the second session in the order of the channels that they were compared with. Every map has its own scale
    /// from black (least) to white (largest). Of more than 64 pairs, the best 64 are shown.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no matching should cause.
    pub fn figure(&self) -> Result<Figure> {
        let names = self.names();
        let what = if self.picture().is_some() { "Maps" } else { "Filters" };
        let title = format!("{what} of layer {} that agree: {} and {}", self.layer(), names[0], names[1]);
        let pairs = &self.pairs()[..self.pairs().len().min(MOST_PAIRS)];
        let shown = self.tiles(pairs.len());
        let caption = format!("{} {}", self.caption(), shown.words);

        let room = PAGE as i32 - 2 * MARGIN - NAMES;
        let mut layout = Layout::new(pairs.len(), shown.size.0, 5, room);
        layout.step = layout.step.max(room / layout.columns as i32).min(shown.size.0 + 20);
        let block = 2 * LINE + 2 * shown.size.1 + LINE + 12;
        let left = MARGIN + NAMES;
        let scale = if shown.has_scale { 30 } else { 0 };
        let below = layout.rows as i32 * block + scale;
        figure(&title, [&title, &caption], (PAGE, below + LINE + CHART), |_, body| {
            let mut pictures = Vec::new();
            for (index, pair) in pairs.iter().enumerate() {
                let (column, row) = layout.place(index);
                let (x, y) = (left + column * layout.step, row * block);
                if column == 0 {
                    row_names(body, &names, y, shown.size.1)?;
                }
                for (which, filter) in [pair.a, pair.b].into_iter().enumerate() {
                    let top = y + LINE + which as i32 * (shown.size.1 + 3);
                    for ((dx, dy), part) in (shown.parts)(which, filter) {
                        let corner = (x + dx, top + dy);
                        let size = (part.ncols() as i32 * shown.cell, part.nrows() as i32 * shown.cell);
                        pictures.push((corner, part, size));
                    }
                }
                let centre = x + shown.size.0 / 2;
                let under = y + LINE + 2 * shown.size.1 + 3 + LINE / 2 + 2;
                let labels = [
                    (pair.a.to_string(), GREY, y + LINE / 2),
                    (pair.b.to_string(), GREY, under),
                    (decimals(pair.correlation, 2), INK, under + LINE - 2),
                ];
                for (text, colour, y) in labels {
                    let at = style(TEXT, colour, HPos::Center, VPos::Center);
                    body.draw_text(&text, &at, (centre * PX, y * PX))?;
                }
            }
            let frames: Vec<_> = pictures.iter().map(|(corner, _, size)| frame(*corner, *size)).collect();
            let drawn: Vec<_> = pictures.into_iter().map(|(corner, part, _)| (corner, part)).collect();
            tiles(body, shown.cell, &drawn)?;
            frames.iter().try_for_each(|frame| body.draw(frame))?;
            if shown.has_scale {
                scale_bar(body, left, below - scale + 4)?;
            }
            self.chart(&body.margin(below * PX, 0, 0, 0), &names)
        })
    }

    /// The numbers, in sentences.
    fn caption(&self) -> String {
        let (untrained, pairs, names) = (self.untrained(), self.pairs().len(), self.names());
        let above = self.pairs_above_untrained();
        let shown =
            if pairs > MOST_PAIRS { format!(" The best {MOST_PAIRS} are shown.") } else { String::new() };
        format!(
            "{pairs} pairs, matched by the correlation of their {}: mean {}. Two untrained networks: {} to {} (95 % of {} draws, median {}; p = {}). \
             {above} of {pairs} pairs lie above the band of their rank.{shown} Above: the filter of {}; below: that of {} and their \
             correlation.",
            self.in_words(),
            decimals(self.mean_correlation(), 2),
            decimals(untrained.low, 2),
            decimals(untrained.high, 2),
            self.draws(),
            decimals(self.untrained_median(), 2),
            p_value(self.p_value()),
            names[0],
            names[1],
        )
    }

    /// The tiles of maps or weights.
    fn tiles(&self, pairs: usize) -> Tiles {
        let widest = if pairs > MANY { WIDEST_OF_MANY } else { WIDEST };
        match self.maps() {
            Some(maps) => map_tiles(maps, self.banks(), widest),
            None => weight_tiles(self.banks(), widest),
        }
    }

    /// The correlations by rank, and the band of untrained networks.
    fn chart(&self, area: &Area, names: &[String; 2]) -> Drawn {
        let band = self.untrained_by_rank();
        let draws = format!("two untrained networks, 95 % of {} draws", self.draws());
        let ours = Font::new().shorten(&format!("{} and {}", names[0], names[1]), TEXT, 240.0);
        legend(area, &[(Sample::Dot(POINTS), &ours), (Sample::Block(untrained_colour()), &draws)])?;
        let ends = band.iter().flat_map(|interval| [interval.low, interval.high]);
        let points: Vec<(f64, f64)> = self
            .pairs()
            .iter()
            .zip(1..)
            .map(|(pair, rank): (&FilterPair, u32)| (f64::from(rank), pair.correlation))
            .collect();
        let y = padded(points.iter().map(|point| point.1).chain(ends).chain([0.0]));
        let last = points.len() as f64 + 0.5;
        let x = ChartAxis::new("pair, highest correlation first", 0.5..last, points.len().min(12));
        let below = area.margin(LINE * PX, 0, NAMES * PX / 2, 0);
        let chart = axes(&below, &x, &ChartAxis::new("correlation", y, 5), (4, 16))?;
        let steps = |of: fn(&crate::stats::Interval) -> f64| -> Vec<(f64, f64)> {
            let step = |(interval, rank): (&crate::stats::Interval, u32)| {
                [-0.5, 0.5].map(|side| (f64::from(rank) + side, of(interval)))
            };
            band.iter().zip(1..).flat_map(step).collect()
        };
        let mut outline = steps(|interval| interval.high);
        outline.extend(steps(|interval| interval.low).into_iter().rev());
        chart.plotting_area().draw(&Polygon::new(outline, untrained_colour().ink().filled()))?;
        level(&chart, 0.0)?;
        dots(&chart, &points, 2.5, POINTS)
    }
}

/// The band of untrained networks.
fn untrained_colour() -> Rgb {
    PALE.towards(grey(1.0), 0.5)
}

/// The names of the sessions beside the first tiles of a row, and that of the correlation.
fn row_names(body: &Area, names: &[String; 2], y: i32, tile: i32) -> Drawn {
    let right = style(TEXT, INK, HPos::Right, VPos::Center);
    let x = (MARGIN + NAMES - 7) * PX;
    for (name, which) in names.iter().zip(0..) {
        let middle = y + LINE + which * (tile + 3) + tile / 2;
        let name = Font::new().shorten(name, TEXT, f64::from(NAMES - 8));
        body.draw_text(&name, &right, (x, middle * PX))?;
    }
    let under = y + LINE + 2 * tile + 3 + LINE / 2 + LINE;
    body.draw_text("correlation", &right, (x, under * PX))
}

/// The tiles of maps, in greys.
fn map_tiles(maps: &[Vec<crate::responses::Response>; 2], banks: &[FilterBank; 2], widest: i32) -> Tiles {
    let each = maps[0].len() / banks[0].len();
    let shown = each.min(MOST_KERNELS);
    let columns = (shown as f64).sqrt().ceil() as i32;
    let (high, wide) = maps[0][0].map().dim();
    let room = (widest / columns).max(1) as usize;
    let factor = reduction((high, wide)).max(high.max(wide).div_ceil(room));
    let (high, wide) = (high.div_ceil(factor) as i32, wide.div_ceil(factor) as i32);
    let cell = (room as i32 / high.max(wide)).max(1);
    let pictures = maps.each_ref().map(|maps| -> Vec<Vec<Array2<Rgb>>> {
        maps.chunks(each)
            .map(|maps| maps[..shown].iter().map(|map| normalised(map, factor)).collect())
            .collect()
    });
    let words = if each > 1 {
        format!("Each filter is shown as the maps of its first {shown} kernels. ")
    } else {
        String::new()
    };
    mosaic(pictures, columns, cell, (cell * wide, cell * high), words + EACH_MAP, false)
}

/// The tiles of weights, in blue and red.
fn weight_tiles(banks: &[FilterBank; 2], widest: i32) -> Tiles {
    let (channels, side) = (banks[0].channels(), banks[0].kernel());
    let shown = channels.min(MOST_KERNELS);
    let columns = if shown == 3 { 3 } else { (shown as f64).sqrt().ceil() as i32 };
    let room = ((widest - (columns - 1)) / columns).max(1) as usize;
    let factor = side.div_ceil(room).max(1);
    let reduced_side = side.div_ceil(factor) as i32;
    let cell = (room as i32 / reduced_side).max(1);
    let pictures = banks.each_ref().map(|bank| -> Vec<Vec<Array2<Rgb>>> {
        let filter = |filter: usize| {
            let weights = bank.filter(filter).slice_move(s![..shown, .., ..]).mapv(f64::from);
            let limit = weights.iter().fold(0f64, |limit, weight| limit.max(weight.abs()));
            let kernel = |kernel: ArrayView2<f64>| {
                reduced(&kernel.to_owned(), factor).mapv(|weight| diverging(weight, limit))
            };
            weights.axis_iter(Axis(0)).map(kernel).collect()
        };
        (0..bank.len()).map(filter).collect()
    });
    let kernels = match (shown, channels) {
        (1, 1) => "Each filter is shown".into(),
        _ if has_colours(&banks[0]) => "Each filter is shown as its red, green and blue kernels".into(),
        _ if shown == channels => format!("Each filter is shown as its {channels} kernels"),
        _ => format!("Each filter is shown as the first {shown} of its {channels} kernels"),
    };
    let size = (cell * reduced_side, cell * reduced_side);
    mosaic(pictures, columns, cell, size, kernels + " on a scale of its own.", true)
}

/// Tiles of several pictures of one size, side by side and below each other.
fn mosaic(
    pictures: [Vec<Vec<Array2<Rgb>>>; 2],
    columns: i32,
    cell: i32,
    (wide, high): (i32, i32),
    words: String,
    has_scale: bool,
) -> Tiles {
    let count = pictures[0][0].len() as i32;
    let rows = (count + columns - 1) / columns;
    let size = (columns * (wide + 1) - 1, rows * (high + 1) - 1);
    let parts = move |which: usize, filter: usize| {
        let place = |at: i32| (at % columns * (wide + 1), at / columns * (high + 1));
        (0..).map(place).zip(pictures[which][filter].clone()).collect()
    };
    Tiles { cell, size, parts: Box::new(parts), words, has_scale }
}

/// The scale of weights, from minus to plus a filter's largest magnitude.
fn scale_bar(area: &Area, left: i32, top: i32) -> Drawn {
    const STEPS: i32 = 61; // odd, so that one is white
    let text = |across| style(TEXT, INK, across, VPos::Center);
    let (name, least, largest) = ("weight:", "−largest", "+largest of the filter");
    let font = Font::new();
    let middle = (top + 5) * PX;
    area.draw_text(name, &text(HPos::Left), (left * PX, middle))?;
    let mut x = left + font.width(name, TEXT).ceil() as i32 + 8;
    area.draw_text(least, &text(HPos::Left), (x * PX, middle))?;
    x += font.width(least, TEXT).ceil() as i32 + 6;
    for step in 0..STEPS {
        let value = f64::from(2 * step - (STEPS - 1)) / f64::from(STEPS - 1);
        let corners = [((x + 2 * step) * PX, top * PX), ((x + 2 * step + 2) * PX, (top + 10) * PX)];
        area.draw(&Rectangle::new(corners, diverging(value, 1.0).ink().filled()))?;
    }
    let corners = [(x * PX, top * PX), ((x + 2 * STEPS) * PX, (top + 10) * PX)];
    area.draw(&Rectangle::new(corners, stroke(INK, 0.5)))?;
    area.draw_text(largest, &text(HPos::Left), ((x + 2 * STEPS + 6) * PX, middle))
}
