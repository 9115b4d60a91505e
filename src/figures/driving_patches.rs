//! What drives each filter of a layer most: patches of real images.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::palette::{GREY, INK, Rgb};
use super::sheet::{MARGIN, PAGE, TEXT, figure, frame, style};
use super::tiles::{Layout, tiles};
use super::{Figure, HPos, PX, VPos};
use crate::dataset::{Dataset, Picture};
use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::{ReceptiveField, ResponseOptions, check_reading, layer_input};
use crate::session::Session;
use crate::stop::Stop;
use crate::text::numbers::{counted, decimals, grouped, iterations};

/// The test images that are searched, and the patches of a filter that are shown.
const IMAGES: usize = 1_000;
const PATCHES: usize = 4;
/// The side of a patch that is aimed at, in pixels, and the space between two.
const TILE: f64 = 30.0;
const GAP: i32 = 2;
/// Space between two filters, and the height of the words above.
const BETWEEN: i32 = 14;
const WORDS: i32 = 15;
/// What lies outside an image: the network sees zeros there, but so does it see black.
const OUTSIDE: Rgb = Rgb([0xd8; 3]);

impl Figure {
    /// What drives each filter of layer `layer` (counted from 1) most: of the first 1,000 test images of a data set, the four in
    /// which the filter's map has the largest values, and of each the patch that the value is computed from, in colour. Such a
    /// patch has 5 x 5 pixels for layer 1 of the paper's network and 14 x 14 for layer 2.
    ///
    /// The number of the filter and its largest value stand above; values fall from left to right. They are those of the
    /// forward pass with zeros outside the image, with bias and before ReLU. What lies outside the image is pale grey. Equal values
    /// are taken in the order of the images.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if the network has no such layer;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it is of another kind than the study's, which no forward
    /// pass is known for; [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the cell is.
    pub fn driving_patches(session: &Session, layer: usize, dataset: &Dataset) -> Result<Self> {
        let bank = session.filters(layer)?;
        let pictures = test_pictures(dataset)?;
        let strongest = strongest(session, layer, &pictures)?;
        let banks: Vec<&FilterBank> = session.filters.iter().collect();
        let side = ReceptiveField::new(&banks, layer, (0, 0), ResponseOptions::default()).side;
        let title = format!(
            "What drives the filters of layer {layer} most after {}",
            iterations(session.iterations())
        );
        let shown = strongest[0].len();
        let (images, which) = (grouped(pictures.len() as u64), dataset.description());
        let patches = match shown {
            1 => format!("patch that gives its largest value in 1 test image ({which})"),
            _ => format!(
                "patches that give its {shown} largest values in {images} test images ({which}), at most one of an image"
            ),
        };
        let caption = format!(
            "Session {}. For each of {}, the {side} × {side} {patches}. Above, left: the filter; right: the \
             largest value. Pale grey lies outside the image.",
            session.name(),
            counted(bank.len() as u64, "filter"),
        );
        let cell = ((TILE / side as f64).round() as i32).max(1);
        let tile = cell * side as i32;
        let (block, room) = (shown as i32 * (tile + GAP) - GAP, PAGE as i32 - 2 * MARGIN);
        let mut layout = Layout::new(bank.len(), block, BETWEEN, room);
        layout.step = ((room + BETWEEN) / layout.columns as i32).min(block + 5 * BETWEEN);
        let pitch = WORDS + tile + BETWEEN;
        let (mut patches, mut words) = (Vec::new(), Vec::new());
        for (filter, found) in strongest.iter().enumerate() {
            let (column, row) = layout.place(filter);
            let (x, y) = (MARGIN + column * layout.step, row * pitch);
            words.push((filter.to_string(), INK, HPos::Left, (x, y)));
            words.push((decimals(found[0].value, 2), GREY, HPos::Right, (x + block, y)));
            for (peak, left) in found.iter().zip((x..).step_by((tile + GAP) as usize)) {
                let field = ReceptiveField::new(&banks, layer, peak.place, ResponseOptions::default());
                patches.push(((left, y + WORDS), patch(&pictures[peak.image], field)));
            }
        }
        figure(&title, [&title, &caption], (PAGE, layout.rows as i32 * pitch), |_, body| {
            tiles(body, cell, &patches)?;
            patches.iter().try_for_each(|&(corner, _)| body.draw(&frame(corner, (tile, tile))))?;
            for (text, colour, across, (x, y)) in words {
                body.draw_text(&text, &style(TEXT, colour, across, VPos::Top), (x * PX, y * PX))?;
            }
            Ok(())
        })
    }
}

/// The first test images.
pub(super) fn test_pictures(dataset: &Dataset) -> Result<Vec<Picture>> {
    let test = dataset.test();
    (0..test.len().min(IMAGES)).map(|index| test.picture("test", index)).collect()
}

/// The largest value of a filter's map of one image, and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    pub value: f64,
    pub image: usize,
    pub place: (usize, usize),
}

/// For each filter of a layer, its largest values in different images, largest first.
pub(super) fn strongest(session: &Session, layer: usize, pictures: &[Picture]) -> Result<Vec<Vec<Peak>>> {
    let options = ResponseOptions::default();
    check_reading(session, options)?;
    let bank = session.filters(layer)?;
    let banks: Vec<&FilterBank> = session.filters.iter().collect();
    let scale = session.training().architecture.input_scale;
    let stop = Stop::from_environment();
    let peaks = |(image, picture): (usize, &Picture)| {
        stop.check("the search for patches")?;
        let maps = layer_input(&banks, scale, layer, picture, options)?.responses(&bank);
        Ok(maps.outer_iter().map(|map| peak(image, map)).collect::<Vec<_>>())
    };
    let peaks = pictures.par_iter().enumerate().map(peaks).collect::<Result<Vec<_>>>()?;
    let of_filter = |filter: usize| {
        let mut found: Vec<Peak> = peaks.iter().map(|peaks| peaks[filter]).collect();
        // Stable, so that equal values stay in the order of the images.
        found.sort_by(|a, b| b.value.total_cmp(&a.value));
        found.truncate(PATCHES);
        found
    };
    Ok((0..bank.len()).map(of_filter).collect())
}

fn peak(image: usize, map: ArrayView2<f64>) -> Peak {
    let start = Peak { value: f64::NEG_INFINITY, image, place: (0, 0) };
    map.indexed_iter().fold(
        start,
        |best, (place, &value)| if value > best.value { Peak { value, image, place } } else { best },
    )
}

/// The pixels of a picture in a field.
fn patch(picture: &Picture, field: ReceptiveField) -> Array2<Rgb> {
    let pixels = picture.pixels();
    let (_, height, width) = pixels.dim();
    Array2::from_shape_fn((field.side, field.side), |(row, column)| {
        let inside = |first: isize, offset: usize, end: usize| {
            usize::try_from(first + offset as isize).ok().filter(|&place| place < end)
        };
        match (inside(field.top, row, height), inside(field.left, column, width)) {
            (Some(row), Some(column)) => Rgb([0, 1, 2].map(|channel| pixels[[channel, row, column]])),
            _ => OUTSIDE,
        }
    })
}
