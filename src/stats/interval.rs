//! Intervals and levels of confidence.

use serde::Serialize;

use super::distributions::student_quantile;
use crate::error::{Error, Result};

/// A range of values that the data allow at some level of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end, at least `low`.
    pub high: f64,
}

impl Interval {
    /// Whether the interval contains a value. Both ends belong to it.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// `high` - `low`.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }

    /// estimate ± q · standard error. q is the quantile 1/2 + level / 2 of Student's t.
    pub(crate) fn student(estimate: f64, std_err: f64, freedom: f64, level: f64) -> Result<Self> {
        check_level(level)?;
        let reach = student_quantile(freedom, level) * std_err;
        Ok(Self { low: estimate - reach, high: estimate + reach })
    }
}

/// Refuses a level of confidence that is not strictly between 0 and 1.
pub(crate) fn check_level(level: f64) -> Result<()> {
    let requirement = "a level of confidence lies between 0 and 1, such as 0.95";
    Error::require(level > 0.0 && level < 1.0, "level", level, requirement)
}
