//! What each reading lays on what.

use ndarray::{Array1, Array2, Array4, Axis};

use super::palette::{GREY, INK, Rgb, diverging, grey};
use super::response_grid::greys;
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, style};
use super::tiles::tiles;
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::dataset::drawn_bird;
use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::network::Architecture;
use crate::responses::{Reading, ResponseOptions, bank_responses, layer_input};
use crate::softness::ScoringOptions;
use crate::text::numbers::decimals;

/// The kernels of the filter: an edge, an edge across it, and a spot.
const KERNELS: [[i8; 9]; 3] =
    [[-1, 0, 1, -2, 0, 2, -1, 0, 1], [2, 3, 2, 0, 0, 0, -2, -3, -2], [-1, -1, -1, -1, 6, -1, -1, -1, -1]];
/// The magnitude of the darkest colour.
const LIMIT: f64 = 4.0;
/// How far the colour of a kernel that is not used is from white.
const FADED: f64 = 0.7;

/// Pixels of an image, of a map of half its side, and of a weight.
const CELL: i32 = 2;
const HALF_CELL: i32 = 3;
const WEIGHT: i32 = 8;
/// Height of the images of a reading, of its words above and of the labels below.
const TALL: i32 = 64;
const ABOVE: i32 = 38;
const BELOW: i32 = 30;

/// One of the things in the row of a reading, from left to right.
enum Part {
    /// A picture with cells of this size and the label below it.
    Picture(Array2<Rgb>, i32, String),
    /// A sign between two of them.
    Sign(&'static str),
    /// Words at the end.
    Words(String),
}

impl Figure {
    /// A drawing of each of these readings: what of a filter is laid on what, and what its score is. The example is a filter of
    /// three kernels on the drawn bird; its maps and scores are computed.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no reading.
    pub fn readings(readings: &[Reading]) -> Result<Self> {
        let title = match readings {
            [] => return Err(Error::nothing_to_draw("Readings", "there is no reading")),
            [reading] => format!("How a filter is read: {}", reading.in_words()),
            _ => "How a filter is read".to_owned(),
        };
        let caption = "⋆ lays a kernel on every place of an image (cross-correlation). Kernels: blue negative, white zero, red \
                       positive. Maps: black least, white largest. This filter has three kernels.";
        let rows = readings.iter().map(|&reading| parts(reading)).collect::<Result<Vec<_>>>()?;
        let pitch = ABOVE + TALL + BELOW;
        figure(&title, [&title, caption], (PAGE, readings.len() as i32 * pitch), |_, body| {
            for ((&reading, parts), row) in readings.iter().zip(rows).zip(0..) {
                let top = row * pitch;
                let words = [
                    (format!("{} ({reading})", reading.in_words()), INK, top),
                    (explanation(reading).to_owned(), GREY, top + 15),
                ];
                for (text, colour, y) in words {
                    let at = (MARGIN * PX, y * PX);
                    body.draw_text(&text, &style(TEXT, colour, HPos::Left, VPos::Top), at)?;
                }
                draw_row(body, parts, top + ABOVE)?;
            }
            Ok(())
        })
    }
}

/// What is done, in a line.
fn explanation(reading: Reading) -> &'static str {
    match reading {
        Reading::ForwardPass => {
            "Each kernel is laid on its own map of the layer before, as in the network; the results are added."
        }
        Reading::KernelSliceSum => "The sum of the filter's kernels is laid on the grey image.",
        Reading::EachKernel => {
            "Every kernel is laid on the grey image by itself; the filter's score is the mean over its maps."
        }
        Reading::KernelSlice => "The filter's first kernel alone is laid on the grey image.",
    }
}

/// The row of a reading.
fn parts(reading: Reading) -> Result<Vec<Part>> {
    let (bird, scale) = (drawn_bird(), Architecture::paper().input_scale);
    let banks = [example(1)?, example(2)?];
    let banks = [&banks[0], &banks[1]];
    let options = ResponseOptions::default().reading(reading);
    let scoring = ScoringOptions::default().response(options);
    let score = scoring.filter_scores(&banks, scale, 2, &bird, |_, error| error)?;
    let score = |name: &str| Part::Words(format!("{name} {}", decimals(score[0].value(), 3)));
    // The forward pass halves the image before layer 2.
    let cell = if reading == Reading::ForwardPass { HALF_CELL } else { CELL };
    let maps = bank_responses(&banks, scale, 2, &bird, options)?;
    let mut maps = maps.iter().filter(|map| map.filter() == 0);
    let mut map = |label: &str| -> Result<Part> {
        let map = maps.next().expect("the reading has as many maps as it draws");
        let score = || Ok::<_, Error>(decimals(scoring.score(map)?.value(), 3));
        let label = if label.is_empty() { score()? } else { label.to_owned() };
        Ok(Part::Picture(greys(map.map()), cell, label))
    };
    let image = || {
        let luma = bird.luma().mapv(|value| grey(value / 255.0));
        [Part::Picture(luma, CELL, "grey image".into()), Part::Sign("⋆")]
    };
    let mut parts = Vec::new();
    match reading {
        Reading::ForwardPass => {
            let input = layer_input(&banks, scale, 2, &bird, options)?;
            for (channel, before) in input.maps().axis_iter(Axis(0)).enumerate() {
                if channel > 0 {
                    parts.push(Part::Sign("+"));
                }
                let label = if channel == 0 { "maps of the layer before" } else { "" };
                let before = Part::Picture(greys(&before.to_owned()), HALF_CELL, label.into());
                parts.extend([before, Part::Sign("⋆"), kernel(channel, 1.0, "")]);
            }
            parts.extend([Part::Sign("→"), map("map")?, score("score")]);
        }
        Reading::KernelSliceSum => {
            parts.extend(image());
            parts.extend([Part::Sign("("), kernel(0, 1.0, ""), Part::Sign("+"), kernel(1, 1.0, "")]);
            parts.extend([Part::Sign("+"), kernel(2, 1.0, ""), Part::Sign(")"), Part::Sign("→")]);
            parts.extend([map("map")?, score("score")]);
        }
        Reading::EachKernel => {
            // Commas, so that nobody takes a map for what the next kernel is laid on.
            parts.extend(image());
            parts.extend([kernel(0, 1.0, ""), Part::Sign(","), kernel(1, 1.0, ""), Part::Sign(",")]);
            parts.extend([kernel(2, 1.0, ""), Part::Sign("→"), map("")?, Part::Sign(","), map("")?]);
            parts.extend([Part::Sign(","), map("")?, score("mean")]);
        }
        Reading::KernelSlice => {
            parts.extend(image());
            parts.extend([kernel(0, 1.0, ""), Part::Sign("→"), map("map")?, score("score")]);
            parts.extend([kernel(1, 1.0 - FADED, "not used"), kernel(2, 1.0 - FADED, "")]);
        }
    }
    Ok(parts)
}

/// A layer of the example: its filters are the three kernels in different orders.
fn example(layer: usize) -> Result<FilterBank> {
    let weight = |(filter, channel, row, column): (usize, usize, usize, usize)| {
        f32::from(KERNELS[(filter + channel) % KERNELS.len()][3 * row + column])
    };
    FilterBank::new(layer, Array4::from_shape_fn((3, 3, 3, 3), weight), Array1::zeros(3))
}

/// A kernel of the filter, in its colours or, below 1, nearer to white.
fn kernel(channel: usize, strength: f64, label: &str) -> Part {
    let colours = Array2::from_shape_fn((3, 3), |(row, column)| {
        diverging(f64::from(KERNELS[channel][3 * row + column]) * strength, LIMIT)
    });
    Part::Picture(colours, WEIGHT, label.into())
}

/// Draws the parts beside each other, centred on one line, with the upper edge of the tallest at `top`.
fn draw_row(body: &Area, parts: Vec<Part>, top: i32) -> Drawn {
    let (mut left, middle) = (MARGIN, top + TALL / 2);
    for part in parts {
        match part {
            Part::Picture(colours, cell, label) => {
                let (rows, columns) = colours.dim();
                let size = (cell * columns as i32, cell * rows as i32);
                let corner = (left, middle - size.1 / 2);
                tiles(body, cell, &[(corner, colours)])?;
                body.draw(&frame(corner, size))?;
                if !label.is_empty() {
                    let at = (left * PX, (corner.1 + size.1 + 3) * PX);
                    body.draw_text(&label, &style(TEXT, GREY, HPos::Left, VPos::Top), at)?;
                }
                left += size.0 + 8;
            }
            Part::Sign(sign) => {
                let at = ((left + 6) * PX, middle * PX);
                let size = if sign == "⋆" { 2.0 * TEXT } else { TEXT + 3.0 };
                body.draw_text(sign, &style(size, INK, HPos::Center, VPos::Center), at)?;
                left += 20;
            }
            Part::Words(words) => {
                let words_style = style(TEXT, INK, HPos::Left, VPos::Center);
                body.draw_text(&words, &words_style, (left * PX, middle * PX))?;
                left += body.estimate_text_size(&words, &words_style)?.0 as i32 / PX + 40;
            }
        }
    }
    Ok(())
}
