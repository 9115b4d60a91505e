//! Hinton diagrams: a square for each weight of a layer.

use ndarray::{Array2, Axis};

use super::canvas::{Batch, Canvas, Place};
use super::layer_weights::{COLOURS, Dense, LayerWeights, has_colours, limit_of};
use super::palette::{INK, NEGATIVE, POSITIVE, Rgb};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, px, style};
use super::ticks::Ticks;
use super::tiles::{Layout, reduced, reduction};
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::session::Session;
use crate::text::numbers::{counted, grouped, iterations};

/// The side of a cell, and so of the largest square, in pixels.
const CELL: i32 = 8;
/// The least side of a cell. Channels that do not fit into the page's width with it are left out.
const LEAST_CELL: i32 = 5;
/// The most filters of a convolutional layer, and the most inputs of a dense one, that are shown.
const MOST_ROWS: usize = 64;
/// The most units of a dense layer in one block, and the most blocks.
const UNITS: usize = 64;
const BLOCKS: usize = 4;

impl Figure {
    /// The Hinton diagram of layer `layer`, counted from 1: a square for each weight, with an area in proportion to its
    /// magnitude, red if it is positive and blue if it is negative. The largest magnitude fills its cell, and a legend has
    /// the areas of round weights.
    ///
    /// | layer | shown |
    /// |---|---|
    /// | 1 | each filter as its red, green and blue kernels side by side |
    /// | 2 | a row for each filter, a kernel for each channel |
    /// | 3, the first dense layer | a row for each map of layer 2, a column for each unit: the root mean square of the weights from all places of the map, with the sign of their sum |
    /// | 4, the last | a row for each class, a column for each unit |
    ///
    /// Of a large layer the first 64 filters, 64 maps or 256 units are shown, and as many channels as fit. Kernels with a side of
    /// more than 64 weights are shown reduced. The caption says which.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer, or the session has no dense layers.
    ///
    /// # Example
    /// ```
    /// use softness::figures::Figure;
    /// use softness::store::shipped_sessions;
    ///
    /// let session = &shipped_sessions()?[3];
    /// let figure = Figure::hinton_diagram(session, 1)?;
    /// assert!(figure.title().contains("layer 1"));
    /// # Ok::<(), softness::Error>(())
    /// ```
    pub fn hinton_diagram(session: &Session, layer: usize) -> Result<Self> {
        let title = format!(
            "Hinton diagram of layer {layer}, session {} after {}",
            session.name(),
            iterations(session.iterations())
        );
        match LayerWeights::of(session, layer)? {
            LayerWeights::Convolutional(bank) => filters(&title, &bank),
            LayerWeights::Dense(dense) => dense_layer(&title, layer, &dense),
        }
    }
}

/// What is drawn: squares in cells, blocks with a frame, and labels; places in pixels.
struct Diagram {
    cell: i32,
    limit: f64,
    squares: Vec<((i32, i32), f64)>, // the corner of the cell, and the weight
    frames: Vec<((i32, i32), (i32, i32))>,
    labels: Vec<(String, HPos, (i32, i32))>,
    height: i32,
}

impl Diagram {
    fn new(cell: i32, limit: f64) -> Self {
        Self { cell, limit, squares: Vec::new(), frames: Vec::new(), labels: Vec::new(), height: 0 }
    }

    /// A block of weights with its upper left corner.
    fn block(&mut self, (left, top): (i32, i32), weights: &Array2<f64>) {
        let (rows, columns) = weights.dim();
        for ((row, column), &weight) in weights.indexed_iter() {
            self.squares.push(((left + column as i32 * self.cell, top + row as i32 * self.cell), weight));
        }
        let size = (columns as i32 * self.cell, rows as i32 * self.cell);
        self.frames.push(((left, top), size));
        self.height = self.height.max(top + size.1);
    }

    fn finish(self, title: &str, caption: &str) -> Result<Figure> {
        figure(title, [title, caption], (PAGE, self.height + 26), |_, body| {
            self.frames.iter().try_for_each(|&(corner, size)| body.draw(&frame(corner, size)))?;
            let squares = self.squares.iter().map(|&((x, y), weight)| {
                let middle = (x * PX + self.cell * PX / 2, y * PX + self.cell * PX / 2);
                (middle, half_side(weight, self.limit, self.cell), weight)
            });
            draw_squares(body, &squares.collect::<Vec<_>>())?;
            for (text, across, (x, y)) in &self.labels {
                body.draw_text(text, &style(TEXT, INK, *across, VPos::Center), (x * PX, y * PX))?;
            }
            legend(body, self.limit, self.cell, self.height + 8)
        })
    }
}

/// Half the side of a weight's square in drawing units: the area is in proportion to the weight, and the largest
/// leaves a tenth of a pixel of its cell free on each side.
fn half_side(weight: f64, limit: f64, cell: i32) -> i32 {
    let largest = f64::from(px(f64::from(cell) / 2.0 - 0.1));
    (largest * (weight.abs() / limit).sqrt()).round() as i32
}

/// The colour of a sign.
pub(super) fn sign_colour(value: f64) -> Rgb {
    if value < 0.0 { NEGATIVE } else { POSITIVE }
}

/// Squares with their middles and half sides in drawing units, and their weights.
fn draw_squares(area: &Area, squares: &[(Place, i32, f64)]) -> Drawn {
    for negative in [true, false] {
        // A square without area is no square.
        let of_sign = squares.iter().filter(|(_, half, weight)| *half > 0 && (*weight < 0.0) == negative);
        let (points, halves): (Vec<Place>, Vec<i32>) =
            of_sign.map(|&(middle, half, _)| (middle, half)).unzip();
        if points.is_empty() {
            continue;
        }
        let colour = sign_colour(if negative { -1.0 } else { 1.0 });
        let draw = |canvas: &Canvas, middles: &[Place]| {
            let squares: Vec<_> = middles.iter().copied().zip(halves.iter().copied()).collect();
            canvas.squares(&squares, colour);
        };
        area.draw(&Batch { points, draw })?;
    }
    Ok(())
}

/// Squares of round weights of both signs, centred.
fn legend(area: &Area, limit: f64, cell: i32, top: i32) -> Drawn {
    // The squares of a third and of nine tenths of the side, about.
    let round = |share: f64| {
        let ticks = Ticks::new(&(0.0..share * limit), 2);
        (*ticks.values.last().expect("zero is a tick"), ticks)
    };
    let (large, small) = (round(1.0), round(0.15));
    let (step, middle) = (72, top + 6);
    let entries = [(-1.0, &large), (-1.0, &small), (1.0, &small), (1.0, &large)];
    let left = (PAGE as i32 - step * entries.len() as i32 - 30) / 2;
    let text = style(TEXT, INK, HPos::Left, VPos::Center);
    let mut squares = Vec::new();
    for (index, (sign, (value, ticks))) in entries.into_iter().enumerate() {
        let x = left + index as i32 * step;
        squares.push(((x * PX, middle * PX), half_side(*value, limit, cell), sign));
        area.draw_text(&ticks.label(sign * value), &text, ((x + cell / 2 + 5) * PX, middle * PX))?;
    }
    let x = left + step * entries.len() as i32;
    area.draw_text("weight", &text, (x * PX, middle * PX))?;
    draw_squares(area, &squares)
}

/// A convolutional layer: for each filter its kernels side by side.
fn filters(title: &str, bank: &FilterBank) -> Result<Figure> {
    const NUMBER: i32 = 22;
    const BETWEEN: i32 = 3;
    let factor = reduction((bank.kernel(), bank.kernel()));
    let side = bank.kernel().div_ceil(factor) as i32;
    let room = PAGE as i32 - 2 * MARGIN;
    let width = |channels: i32, cell: i32| NUMBER + channels * (side * cell + BETWEEN) - BETWEEN;
    let all = bank.channels() as i32;
    let cell = (LEAST_CELL..=CELL).rev().find(|&cell| width(all, cell) <= room).unwrap_or(LEAST_CELL);
    let channels = ((room - NUMBER + BETWEEN) / (side * cell + BETWEEN)).clamp(1, all);
    let (count, colours) = (bank.len().min(MOST_ROWS), has_colours(bank) && channels == all);
    let block = |filter: usize, channel: usize| {
        let filter = bank.filter(filter);
        reduced(&filter.index_axis(Axis(0), channel).mapv(f64::from), factor)
    };
    let shown: Vec<Vec<Array2<f64>>> = (0..count)
        .map(|filter| (0..channels as usize).map(|channel| block(filter, channel)).collect())
        .collect();
    let limit = limit_of(shown.iter().flatten().flatten().copied());

    let kernels = match (all, channels < all) {
        _ if colours => "its red, green and blue kernels".to_owned(),
        (1, _) => "its kernel".to_owned(),
        (_, false) => format!("its {all} kernels, from channel 0 on the left to channel {}", all - 1),
        (_, true) => format!("the kernels of channels 0 to {} of {all}", channels - 1),
    };
    let which = if count < bank.len() {
        format!("Filters 0 to {} of {}", count - 1, bank.len())
    } else {
        counted(count as u64, "filter")
    };
    let as_what = if count == 1 { "as" } else { "each as" };
    let by = if factor > 1 { format!(" Kernels are shown reduced by {factor}.") } else { String::new() };
    let caption = format!(
        "{which}, {as_what} {kernels} (n = {} weights). The area of a square is proportional to the size of the weight; red is \
         positive, blue negative.{by}",
        grouped((count * channels as usize * (side * side) as usize) as u64)
    );
    let layout = Layout::new(count, width(channels, cell), 12, room);
    let left = MARGIN + (room - (layout.columns as i32 * layout.step - 12)).max(0) / 2;
    let top = if all > 1 { 14 } else { 0 };
    let mut diagram = Diagram::new(cell, limit);
    for (filter, kernels) in shown.iter().enumerate() {
        let (column, row) = layout.place(filter);
        let (x, y) = (left + column * layout.step, top + row * (side * cell + 6).max(14));
        diagram.labels.push((filter.to_string(), HPos::Right, (x + NUMBER - 5, y + side * cell / 2)));
        for (channel, kernel) in kernels.iter().enumerate() {
            let x = x + NUMBER + channel as i32 * (side * cell + BETWEEN);
            diagram.block((x, y), kernel);
            if row == 0 && top > 0 && side * cell >= 20 {
                let name = if colours { COLOURS[channel].to_owned() } else { channel.to_string() };
                diagram.labels.push((name, HPos::Center, (x + side * cell / 2, y - 8)));
            }
        }
    }
    diagram.finish(title, &caption)
}

/// A dense layer: rows of inputs and columns of units, or the reverse if there are few units.
fn dense_layer(title: &str, layer: usize, dense: &Dense) -> Result<Figure> {
    const NUMBER: i32 = 40;
    // Classes are rows, so that the many inputs lie in the longer direction.
    let classes = dense.unit == "class";
    let (matrix, [down, across]) = if classes {
        (dense.strengths.t().to_owned(), [dense.unit.to_owned(), dense.input.clone()])
    } else {
        (dense.strengths.clone(), [dense.input.clone(), format!("unit of layer {layer}")])
    };
    let (rows, columns) = (matrix.nrows().min(MOST_ROWS), matrix.ncols().min(UNITS * BLOCKS));
    let shown = matrix.slice(ndarray::s![..rows, ..columns]);
    let limit = limit_of(shown.iter().copied());
    let part = |count: usize, all: usize, what: &str| match count < all {
        true => format!(" Shown are the first {count} of {} {what}.", grouped(all as u64)),
        false => String::new(),
    };
    let what = match dense.each {
        1 => "the size of the weight; red is positive, blue negative.".to_owned(),
        each => format!(
            "the root mean square of the {each} weights from one map to one unit; red if their sum is positive, blue if \
             negative."
        ),
    };
    let caption = format!(
        "Each row is a {down}, each column a {across} (n = {} weights). The area of a square is proportional to {what}{}{}",
        grouped((rows * columns * dense.each) as u64),
        part(rows, matrix.nrows(), "rows"),
        part(columns, matrix.ncols(), "columns")
    );
    let mut diagram = Diagram::new(CELL, limit);
    let width = columns.min(UNITS) as i32 * CELL;
    let left = NUMBER + (PAGE as i32 - NUMBER - MARGIN - width).max(0) / 2;
    let mut top = 16;
    for first in (0..columns).step_by(UNITS) {
        let last = columns.min(first + UNITS);
        diagram.block((left, top), &shown.slice(ndarray::s![.., first..last]).to_owned());
        let height = rows as i32 * CELL;
        // Text is higher than a cell.
        let step = if rows <= 12 { 2 } else { 4 };
        for row in (0..rows).step_by(step) {
            let y = top + row as i32 * CELL + CELL / 2;
            diagram.labels.push((row.to_string(), HPos::Right, (left - 5, y)));
        }
        for column in (first..last).step_by(8) {
            let x = left + (column - first) as i32 * CELL + CELL / 2;
            diagram.labels.push((column.to_string(), HPos::Center, (x, top - 8)));
        }
        top += height + 24;
    }
    diagram.finish(title, &caption)
}
