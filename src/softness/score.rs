//! The score of one map.

use ndarray::{Array2, ArrayView2};

use super::Normalisation;
use crate::error::{Error, Failure, Result};

/// A map whose range is at most this share of its largest magnitude is constant: some 4,500 times
/// the relative spacing of `f64` (2.2e-16), so what is below it is rounding, not structure.
pub const CONSTANT_RANGE: f64 = 1e-12;

/// Each side of a map must be at least as long as the side of a window.
pub const SMALLEST_SIDE: usize = 3;

/// sqrt(20) / 9 = 0.497, the largest score of a min-max normalised map: nine values in 0..1 differ
/// most when four are 0 and five are 1, and their standard deviation is then sqrt(4/9 x 5/9).
pub const LARGEST_SCORE: f64 = 0.496_903_994_999_953_27;

/// The softness of a map, and whether there was anything in it to measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    value: f64,
    constant: bool,
}

impl Score {
    /// A value of another measure.
    pub(crate) fn new(value: f64, constant: bool) -> Self {
        Self { value, constant }
    }

    /// The score, lower is softer: 0..[`LARGEST_SCORE`] for min-max normalised maps.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether the map is constant (range at most [`CONSTANT_RANGE`] of its largest magnitude). Its
    /// score is 0 then.
    pub fn is_constant(&self) -> bool {
        self.constant
    }
}

/// The softness of a map (h, w): [`softness_with`] and [`Normalisation::MinMax`].
///
/// # Errors
/// Those of [`softness_with`].
///
/// # Example
/// One bright pixel in 3 x 3: the values 1, 0 (eight times) have the mean 1/9 and the standard
/// deviation sqrt(1/9 - 1/81) = sqrt(8) / 9.
/// ```
/// # fn main() -> softness::Result<()> {
/// let mut map = ndarray::Array2::zeros((3, 3));
/// map[[1, 1]] = 7.0;
/// let score = softness::softness::softness(map.view())?;
/// assert!((score.value() - 8f64.sqrt() / 9.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
pub fn softness(map: ArrayView2<f64>) -> Result<Score> {
    softness_with(map, Normalisation::MinMax)
}

/// The softness of a map (h, w), h and w at least 3: the map is normalised, the population standard
/// deviation (divisor 9) is taken of every 3 x 3 window that lies wholly inside, and the score is the
/// mean of these (h - 2)(w - 2) values. Lower is softer.
///
/// A constant map scores 0 whatever the normalisation, and [`Score::is_constant`] says so.
///
/// # Errors
/// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore); [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) naming the first NaN or infinity.
pub fn softness_with(map: ArrayView2<f64>, normalisation: Normalisation) -> Result<Score> {
    let Some(Shares { mut shares, range, unit }) = Shares::of(map)? else {
        return Ok(Score { value: 0.0, constant: true });
    };
    if normalisation == Normalisation::EightBit {
        shares.mapv_inplace(|share| (255.0 * share).round() / 255.0);
    }
    let mean = mean_deviation(shares.as_slice().unwrap_or_default(), map.ncols());
    let value = match normalisation {
        Normalisation::MinMax | Normalisation::EightBit => mean,
        Normalisation::Raw => mean * range / unit,
        Normalisation::DivideBy255 => mean * (range / 255.0) / unit,
    };
    Ok(Score { value, constant: false })
}

/// A map, min-max normalised: (v - min) / (max - min).
pub(crate) struct Shares {
    /// The values, 0..1, in standard layout.
    pub shares: Array2<f64>,
    /// max - min, in `unit`.
    range: f64,
    unit: f64,
}

impl Shares {
    /// `None` of a constant map.
    ///
    /// # Errors
    /// Those of [`softness_with`].
    pub fn of(map: ArrayView2<f64>) -> Result<Option<Self>> {
        let (height, width) = map.dim();
        if height < SMALLEST_SIDE || width < SMALLEST_SIDE {
            return Err(Error::from(Failure::MapTooSmall { height, width }));
        }
        if let Some(((row, column), &value)) = map.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return Err(Error::from(Failure::MapNotFinite { row, column, value }));
        }
        let low = map.iter().copied().fold(f64::INFINITY, f64::min);
        let high = map.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Halves where the range of these finite values is not finite itself.
        let unit = if (high - low).is_finite() { 1.0 } else { 0.5 };
        let (low, high) = (low * unit, high * unit);
        let (range, magnitude) = (high - low, low.abs().max(high.abs()));
        if magnitude == 0.0 || range / magnitude <= CONSTANT_RANGE {
            return Ok(None);
        }
        // What is left after the minimum is taken away is exact to the last place or nearly so, however
        // large the offset: squares are only ever formed of values in 0..1.
        let shares = map.as_standard_layout().mapv(|value| (value * unit - low) / range);
        Ok(Some(Self { shares, range, unit }))
    }
}

/// The mean of the population standard deviations of all 3 x 3 windows of a map whose rows have
/// `width` values.
fn mean_deviation(map: &[f64], width: usize) -> f64 {
    let rows: Vec<&[f64]> = map.chunks_exact(width).collect();
    let mut deviations = vec![0.0; width - 2];
    // Sums by row first: a large picture's small terms are then not lost in one long sum.
    let mut total = 0.0;
    for rows in rows.windows(3) {
        window_deviations(rows, &mut deviations);
        total += deviations.iter().sum::<f64>();
    }
    total / ((rows.len() - 2) * (width - 2)) as f64
}

/// The population standard deviation of every 3 x 3 window of three rows. The windows are
/// independent of each other, so that the compiler takes several at a time; the nine values of each
/// are added in row order.
fn window_deviations(rows: &[&[f64]], deviations: &mut [f64]) {
    let count = deviations.len();
    // Nine views of the same length, one for each place in a window.
    let place = |row: usize, column: usize| &rows[row][column..column + count];
    let places: [&[f64]; 9] = std::array::from_fn(|at| place(at / 3, at % 3));
    for (at, deviation) in deviations.iter_mut().enumerate() {
        let mut sum = places[0][at];
        for place in &places[1..] {
            sum += place[at];
        }
        let mean = sum / 9.0;
        let square = |value: f64| (value - mean) * (value - mean);
        let mut squares = square(places[0][at]);
        for place in &places[1..] {
            squares += square(place[at]);
        }
        *deviation = (squares / 9.0).sqrt();
    }
}

#[cfg(test)]
mod tests;
