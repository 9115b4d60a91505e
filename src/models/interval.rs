//! Intervals, and the quantiles of Student's distribution that they are made of.

use statrs::distribution::{ContinuousCDF, StudentsT};

use serde::Serialize;

use crate::error::{Error, Result};

/// A range of values that the data allow at some level of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end, at least `low`.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it; its ends belong to it.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// `high` - `low`.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }

    /// estimate -/+ t(1/2 + level / 2, freedom) x standard error.
    pub(crate) fn student(estimate: f64, std_err: f64, freedom: f64, level: f64) -> Result<Self> {
        let reach = student_quantile(freedom, level)? * std_err;
        Ok(Self { low: estimate - reach, high: estimate + reach })
    }
}

/// The t that Student's |t| stays below with probability `level`.
fn student_quantile(freedom: f64, level: f64) -> Result<f64> {
    check_level(level)?;
    let student = StudentsT::new(0.0, 1.0, freedom);
    Ok(student.map_or(f64::NAN, |student| student.inverse_cdf(0.5 + level / 2.0)))
}

/// Refuses a level of confidence that is not strictly between 0 and 1.
pub(crate) fn check_level(level: f64) -> Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(Error::option("level", level, "a level of confidence lies between 0 and 1, such as 0.95"))
}
