//! How much work the scores of a file are, and what to do if it is too much.

use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::responses::Reading;
use crate::session::Session;
use crate::table::untrained_work;
use crate::text::numbers::{counted, grouped};
use crate::weight_files::WeightFile;

/// The most products that all pictures and filters may take: about a minute of one processor core.
const MOST_PRODUCTS: f64 = 1e12;
/// The most products that the untrained filters may take with which they are compared, however few are scored.
const MOST_UNTRAINED: f64 = 10.0 * MOST_PRODUCTS;
/// The time that the score of a map takes for each of its values, in products.
const OF_A_SCORE: usize = 50;
/// The time that the memory of a map takes for each of its values, in products, if maps are larger than a processor's cache.
const OF_MEMORY: usize = 150;
/// The pixels of pictures with such maps.
const LARGE: usize = 1 << 18;
/// The most values of all maps of one layer, 800 MB.
const MOST_VALUES: usize = 100_000_000;

/// The products that the filters of these banks take for each pixel, of each the first `count`, if each value of a map takes
/// `of_value` besides those of its kernels.
fn of_filters(banks: &[FilterBank], count: usize, reading: Reading, of_value: usize) -> f64 {
    let of_bank = |bank: &FilterBank| {
        let channels = if reading == Reading::KernelSlice { 1 } else { bank.channels() };
        let of_maps = reading.maps(bank.channels()) * of_value;
        (bank.len().min(count) * (channels * bank.kernel() * bank.kernel() + of_maps)) as f64
    };
    banks.iter().map(of_bank).sum()
}

/// The pixels of all pictures.
fn pixels(pictures: &[Picture]) -> usize {
    pictures.iter().map(|picture| picture.pixels().len() / 3).sum()
}

/// How many filters of each layer may be scored, if not all: a power of two.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if not even one may, on such large pictures.
pub(super) fn filters_within(
    file: &WeightFile,
    pictures: &[Picture],
    reading: Reading,
) -> Result<Option<usize>> {
    let products =
        |count: usize| of_filters(file.filters(), count, reading, OF_A_SCORE) * pixels(pictures) as f64;
    let largest = pictures.iter().map(|picture| picture.pixels().len() / 3).max().unwrap_or(0);
    let filters = file.filters().iter().map(FilterBank::len).max().unwrap_or(0);
    // The maps of kernels are scored a few at a time.
    let fits = |count: usize| {
        products(count) <= MOST_PRODUCTS && count.min(filters).saturating_mul(largest) <= MOST_VALUES
    };
    if fits(filters) {
        return Ok(None);
    }
    // A part of layer 1 would not fit layer 2.
    let is_forward = reading == Reading::ForwardPass;
    let count = (0..16).rev().map(|power| 1 << power).find(|&count| fits(count)).filter(|_| !is_forward);
    let requirement = "that is too much for this many kernels: take smaller pictures";
    let pixels = format!("{} in all", grouped(pixels(pictures) as u64));
    count.map(Some).ok_or_else(|| Error::option("number of pixels", pixels, requirement))
}

/// What to say before the scores of a session are computed, if they take more than about a minute of one processor core.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the untrained filters with which they are compared would
/// take more than ten.
pub(super) fn notice(session: &Session, pictures: &[Picture], reading: Reading) -> Result<Option<String>> {
    let is_large = pictures.iter().any(|picture| picture.pixels().len() / 3 > LARGE);
    let of_value = OF_A_SCORE + if is_large { OF_MEMORY } else { 0 };
    let of_work = |(maps, products): (usize, usize)| (maps * of_value + products) as f64;
    let untrained: f64 = untrained_work(session, reading).into_iter().map(of_work).sum();
    let (count, all) = (pixels(pictures) as f64, grouped(pixels(pictures) as u64));
    if untrained * count > MOST_UNTRAINED {
        let most = grouped((MOST_UNTRAINED / untrained) as u64);
        let requirement = format!(
            "the untrained filters that these layers are compared with would take more than ten minutes of one processor core: take \
             smaller pictures, of {most} pixels in all, or fewer layers (--layer)"
        );
        return Err(Error::option("number of pixels", format!("{all} in all"), requirement));
    }
    let minutes =
        (untrained + of_filters(&session.filters, usize::MAX, reading, of_value)) * count / MOST_PRODUCTS;
    let time = counted(minutes.round() as u64, "minute");
    let sentence = format!(
        "note: a file takes about {time} of one processor core, because the pictures have {all} pixels; smaller ones take less"
    );
    Ok((minutes > 1.0).then_some(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array3, Array4};

    #[test]
    fn what_takes_minutes_is_said_and_what_takes_longer_is_refused() {
        let layers = [(1, 3), (2, 4), (3, 4)].map(|(layer, channels)| {
            FilterBank::new(layer, Array4::ones((4, channels, 3, 3)), Array1::zeros(4)).unwrap()
        });
        let session = Session::from_filters("net", 0, layers).unwrap();
        let said = |width: usize, reading| {
            notice(&session, &[Picture::rgb("x", Array3::zeros((3, 3000, width)))], reading)
        };
        assert_eq!(said(10, Reading::KernelSliceSum).unwrap(), None);
        // Two sets of 1,000 untrained kernels: 418,000 products a pixel, 5,016,000,000,000 in all.
        let note = "note: a file takes about 5 minutes of one processor core, because the pictures have 12,000,000 pixels; smaller ones \
                    take less";
        assert_eq!(said(4000, Reading::KernelSliceSum).unwrap().as_deref(), Some(note));
        // With a map for each kernel, 3,000 and 4,000: 1,463,000 products a pixel.
        let error = said(4000, Reading::EachKernel).unwrap_err().to_string();
        assert!(
            error.starts_with("number of pixels is 12,000,000 in all, but the untrained filters"),
            "{error}"
        );
        assert!(
            error.ends_with("take smaller pictures, of 6,835,269 pixels in all, or fewer layers (--layer)"),
            "{error}"
        );
    }
}
