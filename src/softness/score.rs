//! The score of one map.

use ndarray::{Array2, ArrayView2};

use super::Normalisation;
use crate::error::{Error, ErrorKind, Result};

/// A map whose range is at most this share of its largest magnitude is constant. It is some 4,500 times the
/// relative spacing of `f64` (2.2e-16), so a smaller range is rounding, not structure.
pub(crate) const CONSTANT_RANGE: f64 = 1e-12;

/// Each side of a map must be at least as long as the side of a window.
pub(crate) const SMALLEST_SIDE: usize = 3;

/// The score of a map, and whether the map is constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    pub(super) value: f64,
    pub(super) is_constant: bool,
}

impl Score {
    getters! {
        /// The score. For a min-max normalised map [`softness_score`] gives 0..sqrt(20)/9 = 0.497, and lower is softer.
        pub fn value(&self) -> f64;

        /// Whether the map is constant: its range is at most 1e-12 of its largest magnitude.
        pub fn is_constant(&self) -> bool;
    }
}

/// The softness of a map (h, w), with h and w at least 3. Lower is softer.
///
/// The map is normalised, the population standard deviation (divisor 9) of every 3 x 3 window that lies completely
/// inside is computed, and the score is the mean of these (h - 2)(w - 2) values.
///
/// With min-max normalisation a score is at most sqrt(20) / 9 = 0.497: nine values in 0..1 differ most if four are
/// 0 and five are 1, and their standard deviation is then sqrt(4/9 x 5/9).
///
/// A constant map (range at most 1e-12 of its largest magnitude) scores 0 with every normalisation, and
/// [`Score::is_constant`] is true.
///
/// # Errors
/// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) if a side is shorter than 3, or if a value is NaN or
/// infinite. The sentence names the first such value.
///
/// # Example
/// One bright pixel in 3 x 3: the values 1, 0 (eight times) have the mean 1/9 and the standard
/// deviation sqrt(1/9 - 1/81) = sqrt(8) / 9.
/// ```
/// use softness::softness::{Normalisation, softness_score};
///
/// # fn main() -> softness::Result<()> {
/// let mut map = ndarray::Array2::zeros((3, 3));
/// map[[1, 1]] = 7.0;
/// let score = softness_score(map.view(), Normalisation::MinMax)?;
/// assert!((score.value() - 8f64.sqrt() / 9.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
pub fn softness_score(map: ArrayView2<f64>, normalisation: Normalisation) -> Result<Score> {
    let Some(map) = MinMaxMap::new(map)? else {
        return Ok(Score { value: 0.0, is_constant: true });
    };
    let map = map.rounded(normalisation);
    let mean = mean_deviation(map.values.as_slice().expect("in standard layout"), map.values.ncols());
    Ok(Score { value: map.unscaled(mean, normalisation), is_constant: false })
}

/// A min-max normalised map: (v - min) / (max - min).
pub(super) struct MinMaxMap {
    /// The values, 0..1, in standard layout.
    pub values: Array2<f64>,
    /// max - min, in `unit`.
    range: f64,
    unit: f64,
}

impl MinMaxMap {
    /// Normalises a map; `None` if it is constant.
    ///
    /// # Errors
    /// Those of [`softness_score`].
    pub fn new(map: ArrayView2<f64>) -> Result<Option<Self>> {
        let (height, width) = map.dim();
        if height < SMALLEST_SIDE || width < SMALLEST_SIDE {
            let problem = "has no 3 x 3 window to score: each side must be at least 3";
            return Err(Error::new(ErrorKind::CannotScore, format!("a map of {height} x {width} {problem}")));
        }
        let map = map.as_standard_layout();
        let values = map.as_slice().expect("in standard layout");
        let Extent { low, high, is_finite } = Extent::new(values);
        if !is_finite {
            let place = values.iter().position(|value| !value.is_finite()).expect("there is one");
            let (value, row, column) = (values[place], place / width, place % width);
            let place = format!("the map holds {value} at row {row}, column {column} (from 0)");
            let sentence = format!("{place}: only finite numbers can be scored");
            return Err(Error::new(ErrorKind::CannotScore, sentence));
        }
        // The range of finite values can overflow. Halves cannot.
        let unit = if (high - low).is_finite() { 1.0 } else { 0.5 };
        let (low, high) = (low * unit, high * unit);
        let (range, magnitude) = (high - low, low.abs().max(high.abs()));
        if magnitude == 0.0 || range / magnitude <= CONSTANT_RANGE {
            return Ok(None);
        }
        // The difference from the minimum is exact, or nearly so, for any offset. Only values in 0..1 are squared.
        let values = map.mapv(|value| (value * unit - low) / range);
        Ok(Some(Self { values, range, unit }))
    }

    /// The same map with its values as bytes have them, if the normalisation says so.
    pub fn rounded(mut self, normalisation: Normalisation) -> Self {
        if normalisation == Normalisation::EightBit {
            self.values.mapv_inplace(|value| (255.0 * value).round() / 255.0);
        }
        self
    }

    /// The standard deviation under a normalisation, from that of the min-max normalised values.
    pub fn unscaled(&self, deviation: f64, normalisation: Normalisation) -> f64 {
        match normalisation {
            Normalisation::MinMax | Normalisation::EightBit => deviation,
            Normalisation::Raw => deviation * self.range / self.unit,
            Normalisation::DivideBy255 => deviation * (self.range / 255.0) / self.unit,
        }
    }
}

/// The smallest and the largest of some values, and whether all are finite.
struct Extent {
    low: f64,
    high: f64,
    is_finite: bool,
}

impl Extent {
    /// Several values are looked at side by side, which the compiler turns into vector instructions.
    fn new(values: &[f64]) -> Self {
        const LANES: usize = 8;
        let (mut low, mut high, mut finite) =
            ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES], [true; LANES]);
        let mut look = |lane: usize, value: f64| {
            low[lane] = if value < low[lane] { value } else { low[lane] };
            high[lane] = if value > high[lane] { value } else { high[lane] };
            finite[lane] &= value.is_finite();
        };
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for (lane, &value) in chunk.iter().enumerate() {
                look(lane, value);
            }
        }
        for (lane, &value) in rest.iter().enumerate() {
            look(lane, value);
        }
        let low = low.into_iter().fold(f64::INFINITY, f64::min);
        let high = high.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Self { low, high, is_finite: finite.into_iter().all(|is_finite| is_finite) }
    }
}

/// The mean of the population standard deviations of all 3 x 3 windows of a map whose rows have
/// `width` values.
fn mean_deviation(map: &[f64], width: usize) -> f64 {
    let rows: Vec<&[f64]> = map.chunks_exact(width).collect();
    let mut deviations = vec![0.0; width - 2];
    // Rows are summed first, so that small terms of a large picture are not lost in one long sum.
    let mut total = 0.0;
    for rows in rows.windows(3) {
        window_deviations(rows, &mut deviations);
        total += deviations.iter().sum::<f64>();
    }
    total / ((rows.len() - 2) * (width - 2)) as f64
}

/// The population standard deviation of every 3 x 3 window of three rows. The windows are
/// independent of each other, so the compiler can compute several at a time. The nine values of each
/// are added in row order.
pub(super) fn window_deviations(rows: &[&[f64]], deviations: &mut [f64]) {
    let count = deviations.len();
    // Nine views of the same length, one for each place in a window.
    let mut places = [&rows[0][..count]; 9];
    for (at, place) in places.iter_mut().enumerate() {
        *place = &rows[at / 3][at % 3..][..count];
    }
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
