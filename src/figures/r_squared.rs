//! Figure 7: R² of every fit.

use plotters::element::Rectangle;
use plotters::style::Color;

use super::axes::{Axis, axes, path};
use super::palette::{self, GREY, INK, PALE, WHITE};
use super::sheet::{PAGE, TEXT, figure, forms_legend, line, stroke, style};
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::error::{Error, Result};
use crate::models::{Fit, Fits, Form, Group};
use crate::text::numbers::decimals;

/// Bars narrower than this many pixels have no room for their value.
const NUMBERED: i32 = 30;

/// The most layers and images beside each other.
const MOST: usize = 8;
/// Height of a chart in pixels: of the only one, and of one of several.
const HEIGHT: (i32, i32) = (280, 200);
/// Height of the legend.
const LEGEND: i32 = 24;

/// Figure 7: R² of every fit, 0..1 on the linearised scale, as bars grouped by layer, image and
/// form. A form that was refused has "none" instead of a bar. More than eight layers and images are in several rows, the images
/// of a layer in one of them if they fit.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no fit.
pub fn r_squared_chart(fits: &Fits) -> Result<Figure> {
    let title = "R² of the models of layer scores against iterations";
    let rows = rows(&groups(fits, title)?);
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let height = if rows.len() == 1 { HEIGHT.0 - LEGEND } else { HEIGHT.1 };
    let below = LEGEND + rows.len() as i32 * height;
    let none = if fits.refusals().is_empty() { "" } else { " None: the form could not be fitted." };
    let caption = format!(
        "Least squares on the linearised scale, {}. Linear: R² of the score; exponential and power: of ln score.{none}",
        count(fits)
    );
    figure(title, [title, &caption], (PAGE, below), |area, body| {
        forms_legend(body)?;
        for (place, groups) in (0..).zip(&rows) {
            let (top, under) = (LEGEND + place * height, (rows.len() as i32 - 1 - place) * height);
            chart(area, &body.margin(top * PX, (under + 22) * PX, 0, 0), fits, groups, columns)?;
        }
        Ok(())
    })
}

/// The number of points of the fits: "n = 11", or "n = 9 to 11".
pub(super) fn count(fits: &Fits) -> String {
    let least = fits.iter().map(Fit::n).min().unwrap_or(0);
    let most = fits.iter().map(Fit::n).max().unwrap_or(0);
    if least == most { format!("n = {most}") } else { format!("n = {least} to {most}") }
        .replace(' ', "\u{a0}")
}

/// Layers and images in rows of at most [`MOST`], as few as possible and about equally long. A layer that fits into a row is
/// in one.
fn rows(groups: &[Group]) -> Vec<Vec<Group>> {
    let of_layers: Vec<&[Group]> = groups
        .chunk_by(|one, other| one.value("layer") == other.value("layer"))
        .flat_map(|layer| layer.chunks(MOST))
        .collect();
    let wrapped = |most: usize| {
        let mut rows: Vec<Vec<Group>> = Vec::new();
        for &part in &of_layers {
            match rows.last_mut().filter(|row| row.len() + part.len() <= most) {
                Some(row) => row.extend_from_slice(part),
                None => rows.push(part.to_vec()),
            }
        }
        rows
    };
    let fewest = wrapped(MOST).len();
    (1..=MOST).map(wrapped).find(|rows| rows.len() <= fewest).unwrap_or_default()
}

/// Draws the bars of some groups, with room for `columns` of them; `area` is the whole figure, and `below` where the chart is.
fn chart(area: &Area, below: &Area, fits: &Fits, groups: &[Group], columns: usize) -> Drawn {
    let x = Axis::plain(0.0..columns as f64);
    let y = Axis::new("R²", 0.0..1.0, 6);
    let chart = axes(below, &x, &y, (10, 8))?;
    let plot = chart.plotting_area();
    for &value in y.ticks.values.iter().filter(|&&value| value > 0.0) {
        path(&chart, [(0.0, value), (x.range.end, value)], PALE, 0.4)?;
    }
    let (across, down) = plot.get_pixel_range();
    let group_width = (across.end - across.start) / columns as i32;
    let width = group_width * 4 / 15; // a fifth is free
    let numbered = width >= NUMBERED * PX;
    let images: Vec<&str> = groups.iter().filter_map(|group| group.value("image")).collect();
    for (index, group) in groups.iter().enumerate() {
        let start = across.start + index as i32 * group_width;
        let left = start + group_width / 10;
        for (place, form) in Form::ALL.into_iter().enumerate() {
            let x = left + place as i32 * width;
            let fit = fits.iter().find(|fit| fit.form() == form && fit.group() == group);
            let r_squared = fit.map_or(0.0, Fit::r_squared);
            let height = (r_squared * f64::from(down.end - down.start)).round() as i32;
            let corners = [(x + PX, down.end - height), (x + width - PX, down.end)];
            if fit.is_some() {
                area.draw(&Rectangle::new(corners, palette::form(form).ink().filled()))?;
            }
            if numbered {
                let text = if fit.is_some() { decimals(r_squared, 2) } else { "none".into() };
                let (middle, bottom) = (x + width / 2, down.end - height - PX);
                let text_style = style(TEXT, INK, HPos::Center, VPos::Bottom);
                let (wide, high) = area.estimate_text_size(&text, &text_style)?;
                // No grid line goes through the text.
                let behind = [
                    (middle - wide as i32 / 2 - PX, bottom - high as i32),
                    (middle + wide as i32 / 2 + PX, bottom),
                ];
                area.draw(&Rectangle::new(behind, WHITE.ink().filled()))?;
                area.draw_text(&text, &text_style, (middle, bottom))?;
            }
        }
        let (layer, image) = (group.value("layer").unwrap_or(""), group.value("image").unwrap_or(""));
        let image = Font::new().shorten_among(image, &images, TEXT, f64::from(group_width / PX - 6));
        let centred = style(TEXT, INK, HPos::Center, VPos::Top);
        area.draw_text(&image, &centred, (start + group_width / 2, down.end + 5 * PX))?;
        // The layer is written once, below all its images.
        let same = |other: &Group| other.value("layer") == group.value("layer");
        if index == 0 || !same(&groups[index - 1]) {
            let count = groups[index..].iter().take_while(|other| same(other)).count() as i32;
            let to = left + count * group_width - group_width / 5;
            let rule = down.end + 22 * PX;
            area.draw(&line((left, rule), (to, rule), stroke(GREY, 0.75)))?;
            area.draw_text(&format!("layer {layer}"), &centred, ((left + to) / 2, rule + 4 * PX))?;
        }
    }
    // The axis again, over the lower ends of the bars.
    area.draw(&line((across.start, down.end), (across.end, down.end), stroke(INK, 0.75)))
}

/// The layers and images of all fits and refusals, by layer.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there are none.
pub(super) fn groups(fits: &Fits, title: &str) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    let refused = fits.refusals().iter().map(|refusal| &refusal.group);
    for group in fits.iter().map(Fit::group).chain(refused) {
        if !groups.contains(group) {
            groups.push(group.clone());
        }
    }
    let layer = |group: &Group| group.value("layer").and_then(|layer| layer.parse::<usize>().ok());
    groups.sort_by_key(layer);
    if groups.is_empty() {
        return Err(Error::nothing_to_draw(title, "there are no fits"));
    }
    Ok(groups)
}
