//! Bond diagrams: the strongest connections of a layer as lines between its units.

use plotters::element::Circle;
use plotters::style::Color;

use super::hinton::sign_colour;
use super::layer_weights::{COLOURS, LayerWeights, kernel_norms, limit_of};
use super::palette::INK;
use super::sheet::{MARGIN, PAGE, TEXT, figure, line, px, stroke, style};
use super::ticks::Ticks;
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::session::Session;
use crate::text::numbers::{grouped, iterations};

/// The most bonds that are drawn, the strongest.
const MOST_BONDS: usize = 100;
/// The most units of a column.
const MOST_UNITS: usize = 256;
/// The width of the strongest bond, in pixels.
const WIDEST: f64 = 5.0;
/// The height of a figure of few units, without title and caption.
const LEAST_HEIGHT: i32 = 320;
/// Columns of units are this far from the edges, in pixels.
const SIDE: i32 = 96;

impl Figure {
    /// The bond diagram of layer `layer`, counted from 1, after Wejchert & Tesauro, *Neural Network Visualization* (NIPS 1989):
    /// the inputs of the layer on the left, its filters or units on the right, and a line for each bond between two of them. A
    /// line is as wide as the bond is strong, red if it is positive and blue if it is negative. The 100 strongest bonds are
    /// drawn, the weakest first; the caption has how many there are. (The paper draws bonds of a few units, all equally wide,
    /// with a length in proportion to the weight.)
    ///
    /// | layer | bonds | strength | sign |
    /// |---|---|---|---|
    /// | 1, 2 | from a channel to a filter | the norm of the kernel, the root of the sum of its squared weights | of the sum of its weights |
    /// | 3, the first dense layer | from a map of layer 2 to a unit | the root mean square of the weights from all places of the map | of their sum |
    /// | 4, the last | from a unit to a class | the magnitude of the weight | of the weight |
    ///
    /// Of more than 256 inputs or units the first 256 are shown, and the caption says so.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer, or the session has no dense layers.
    pub fn bond_diagram(session: &Session, layer: usize) -> Result<Self> {
        let weights = LayerWeights::of(session, layer)?;
        let title = format!(
            "Bonds of layer {layer}, session {} after {}",
            session.name(),
            iterations(session.iterations())
        );
        let (strengths, names, what) = match &weights {
            LayerWeights::Convolutional(bank) => {
                let what = "the norm of the kernel from a channel to a filter; red if the sum of its weights is positive, blue \
                            if negative";
                (kernel_norms(bank), ["channel".to_owned(), "filter".to_owned()], what.to_owned())
            }
            LayerWeights::Dense(dense) => {
                let what = match dense.each {
                    1 => "the size of the weight; red is positive, blue negative".to_owned(),
                    each => format!(
                        "the root mean square of the {each} weights from a map to a unit; red if their sum is positive, blue \
                         if negative"
                    ),
                };
                (dense.strengths.clone(), [dense.input.clone(), dense.unit.to_owned()], what)
            }
        };
        let (all_inputs, all_units) = strengths.dim();
        let (inputs, units) = (all_inputs.min(MOST_UNITS), all_units.min(MOST_UNITS));
        let mut bonds: Vec<((usize, usize), f64)> = strengths
            .indexed_iter()
            .filter(|((input, unit), strength)| *input < inputs && *unit < units && **strength != 0.0)
            .map(|(place, strength)| (place, *strength))
            .collect();
        bonds.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        let all = bonds.len();
        bonds.truncate(MOST_BONDS);
        let limit = limit_of(bonds.iter().map(|bond| bond.1));

        let which = match bonds.len() {
            count if count < all => format!("The {count} strongest of {} bonds", grouped(all as u64)),
            1 => "1 bond".to_owned(),
            count => format!("All {count} bonds"),
        };
        let part = |count: usize, all: usize, what: &str| match count < all {
            true => format!(" Shown are the first {count} of {} {what}.", grouped(all as u64)),
            false => String::new(),
        };
        let caption = format!(
            "{which}. The width of a line is proportional to {what}.{}{}",
            part(inputs, all_inputs, "on the left"),
            part(units, all_units, "on the right")
        );
        let colours = layer == 1 && inputs == COLOURS.len();
        let height = column_height(inputs).max(column_height(units)).max(LEAST_HEIGHT);
        let (left, right) = (SIDE * PX, (PAGE as i32 - SIDE) * PX);
        let place = |index: usize, count: usize| {
            // In the middle of equal parts of the height.
            px(20.0 + f64::from(height) * (index as f64 + 0.5) / count as f64)
        };
        figure(&title, [&title, &caption], (PAGE, height + 56), |_, body| {
            for &((input, unit), strength) in bonds.iter().rev() {
                let ends = [(left, place(input, inputs)), (right, place(unit, units))];
                body.draw(&line(ends[0], ends[1], stroke(sign_colour(strength), width(strength, limit))))?;
            }
            for (x, count, across, from, name) in [
                (left, inputs, HPos::Right, left - 8 * PX, &names[0]),
                (right, units, HPos::Left, right + 8 * PX, &names[1]),
            ] {
                let heading = style(TEXT, INK, HPos::Center, VPos::Center);
                body.draw_text(name, &heading, (x, 8 * PX))?;
                let every = label_step(f64::from(height) / count as f64);
                for index in 0..count {
                    let y = place(index, count);
                    body.draw(&Circle::new((x, y), px(2.5), INK.ink().filled()))?;
                    if index % every == 0 {
                        let colour = COLOURS.get(index).filter(|_| colours && x == left);
                        let text = colour.map_or_else(|| index.to_string(), |&colour| colour.to_owned());
                        body.draw_text(&text, &style(TEXT, INK, across, VPos::Center), (from, y))?;
                    }
                }
            }
            legend(body, limit, height + 38)
        })
    }
}

/// The height of a column of units.
fn column_height(count: usize) -> i32 {
    let pitch = if count <= 48 { 14 } else { 7 };
    count as i32 * pitch
}

/// Every how many units there is a label.
fn label_step(pitch: f64) -> usize {
    [1, 2, 4, 8, 16, 32].into_iter().find(|&step| step as f64 * pitch >= 13.0).unwrap_or(64)
}

/// The width of a bond, in pixels.
fn width(strength: f64, limit: f64) -> f64 {
    WIDEST * strength.abs() / limit
}

/// Lines of round strengths of both signs, centred.
fn legend(area: &Area, limit: f64, middle: i32) -> Drawn {
    let ticks = Ticks::new(&(0.0..limit), 3);
    let values: Vec<f64> = ticks.values.iter().copied().filter(|&value| value > 0.0).collect();
    let samples: Vec<f64> = values.iter().rev().map(|value| -value).chain(values.iter().copied()).collect();
    let step = 84;
    let mut x = (PAGE as i32 - step * samples.len() as i32 - 50).max(2 * MARGIN) / 2;
    let text = style(TEXT, INK, HPos::Left, VPos::Center);
    for value in samples {
        let ends = [(x * PX, middle * PX), ((x + 24) * PX, middle * PX)];
        area.draw(&line(ends[0], ends[1], stroke(sign_colour(value), width(value, limit))))?;
        area.draw_text(&ticks.label(value), &text, ((x + 29) * PX, middle * PX))?;
        x += step;
    }
    area.draw_text("strength", &text, (x * PX, middle * PX))
}
