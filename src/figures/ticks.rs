//! The ticks of an axis, and numbers as text on figures.

use std::ops::Range;

use crate::text::numbers::decimals;

/// Round values on an axis: multiples of 1, 2 or 5 times a power of ten. The default has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ticks {
    pub values: Vec<f64>,
    decimals: usize,
    scientific: bool,
    /// How many digits after the first a power of ten has, at most.
    digits: usize,
    /// Whether values are exponents of ten, written as powers: 100, 1,000.
    decades: bool,
}

impl Ticks {
    /// The ticks within `range`, with the finest step that gives at most `most`: two or more of three, and of any range that starts
    /// at zero.
    pub fn new(range: &Range<f64>, most: usize) -> Self {
        let ticks = Self::with_steps(range, most, [1, 2, 5]);
        if ticks.values.len() > 1 {
            return ticks;
        }
        // With a step of 2 there were too many, with 5 too few: 4 is between.
        let others = Self::with_steps(range, most, [1, 2, 4]);
        if others.values.len() > ticks.values.len() { others } else { ticks }
    }

    /// The ticks with the finest step that gives at most `most`, of these factors times a power of ten.
    fn with_steps(range: &Range<f64>, most: usize, factors: [i32; 3]) -> Self {
        let span = range.end - range.start;
        let mut ticks = Self::default();
        if !(span > 0.0 && span.is_finite()) {
            return ticks;
        }
        let least = (span / most.max(1) as f64).log10().floor() as i32 - 1;
        let candidates = (least..=least + 3).flat_map(|power| factors.map(|factor| (factor, power)));
        for (factor, power) in candidates {
            let multiple = |index: i64| {
                // A negative power divides: 3 / 10 is 0.3, and 3 x 0.1 is not.
                let index = index as f64 * f64::from(factor);
                if power < 0 { index / 10f64.powi(-power) } else { index * 10f64.powi(power) }
            };
            let step = multiple(1);
            // A tick at the end of the range counts, even if it was rounded to just outside.
            let slack = 1e-9;
            let first = (range.start / step - slack).ceil() as i64;
            let last = (range.end / step + slack).floor() as i64;
            if last.saturating_sub(first) < most.max(1) as i64 {
                ticks.values = (first..=last).map(multiple).collect();
                ticks.decimals = usize::try_from(-power).unwrap_or(0);
                let largest = range.start.abs().max(range.end.abs());
                let digits = usize::try_from(largest.log10().floor() as i32 - power).unwrap_or(0);
                // With more than five digits a number is easier to read without a power of ten.
                let is_long = digits > 4 && (1e-4..1e15).contains(&largest);
                ticks.scientific = (power < -5 || largest >= 1e7) && !is_long;
                ticks.digits = digits.clamp(4, 17);
                // Numbers that are nearer to each other than floats can be are the same.
                ticks.values.dedup();
                break;
            }
        }
        ticks
    }

    /// Every whole power of ten in a range of exponents: 1, 10, 100, ... None if the range is infinite or not a number.
    pub fn decades(range: &Range<f64>) -> Self {
        if !(range.start.is_finite() && range.end.is_finite()) {
            return Self::default();
        }
        // No number has another exponent.
        let [first, last] = [range.start.ceil(), range.end.floor()]
            .map(|end| end.clamp(f64::MIN_10_EXP.into(), f64::MAX_10_EXP.into()) as i32);
        let values = (first..=last).map(f64::from).collect();
        Self { values, decades: true, ..Self::default() }
    }

    /// Whether the first tick is the place of 0 before 1.
    pub fn has_zero_before_one(&self) -> bool {
        self.decades && self.values.first().is_some_and(|&first| first < 0.0)
    }

    /// A tick's value as text.
    pub fn label(&self, value: f64) -> String {
        if self.decades {
            // Before 1 is 0: figures of iterations have a place for it.
            return if value < 0.0 { "0".into() } else { decimals(10f64.powf(value), 0) };
        }
        if self.scientific && value == 0.0 {
            return "0".into();
        }
        if self.scientific {
            // Ticks have few digits. The others are rounding.
            let short: f64 = format!("{value:.0$e}", self.digits).parse().unwrap_or(value);
            return format!("{short:e}").replace('-', "−");
        }
        decimals(value, self.decimals)
    }
}

/// The range of `values`, extended by a twentieth on both sides. If they are all the same, it is extended by a twentieth
/// of their magnitude, and by at least a half.
pub(super) fn padded(values: impl IntoIterator<Item = f64>) -> Range<f64> {
    let (low, high) = values
        .into_iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return 0.0..1.0;
    }
    let room = if high > low { (high - low) / 20.0 } else { (low.abs() / 20.0).max(0.5) };
    low - room..high + room
}

/// A range symmetric around zero that contains all `values`, extended by a tenth.
pub(super) fn around_zero(values: impl IntoIterator<Item = f64>) -> Range<f64> {
    let largest = values.into_iter().map(f64::abs).fold(0.0, f64::max);
    let limit = if largest > 0.0 { 1.1 * largest } else { 1.0 };
    -limit..limit
}
