//! The two coefficients of a line, each with its error, interval and test.

use super::Fit;

/// The level of the intervals of a fit's summaries.
pub(crate) const LEVEL: f64 = 0.95;

/// A coefficient as a summary shows it.
pub(crate) struct Coefficient {
    pub name: &'static str,
    pub estimate: f64,
    pub std_err: f64,
    /// The ends of its interval.
    pub low: f64,
    pub high: f64,
    pub t: f64,
    pub p_value: f64,
}

impl Fit {
    /// Intercept and slope, with intervals at [`LEVEL`].
    pub(crate) fn coefficients(&self) -> [Coefficient; 2] {
        let ends = |interval: crate::Result<super::Interval>| {
            interval.map_or((f64::NAN, f64::NAN), |interval| (interval.low, interval.high))
        };
        let (intercept, slope) = (ends(self.intercept_interval(LEVEL)), ends(self.slope_interval(LEVEL)));
        [
            Coefficient {
                name: "intercept",
                estimate: self.intercept(),
                std_err: self.intercept_std_err(),
                low: intercept.0,
                high: intercept.1,
                t: self.intercept_t(),
                p_value: self.intercept_p_value(),
            },
            Coefficient {
                name: "slope",
                estimate: self.slope(),
                std_err: self.slope_std_err(),
                low: slope.0,
                high: slope.1,
                t: self.t(),
                p_value: self.p_value(),
            },
        ]
    }
}
