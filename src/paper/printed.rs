//! What a published R² and p-value imply about the study.
//!
//! In a regression on one variable, R² and the degrees of freedom d determine p: t² = d R² / (1 - R²), and p = 2 sf(|t|) of
//! Student's distribution with d degrees of freedom. So any two of the three give the third, as precisely as the digits are
//! printed.

use crate::error::{Error, Result};
use crate::paper::published::{PublishedValue, half_last_digit};
use crate::stats::{Interval, p_of_r_squared};

/// The most degrees of freedom that are tried.
const MOST_DEGREES_OF_FREEDOM: usize = 10_000;

impl PublishedValue {
    /// The degrees of freedom, from 1 to 10,000 and in order, with which a printed R² and a printed two-tailed p-value of a
    /// zero slope agree. Empty if no study can have both.
    ///
    /// Both numbers stand for everything that rounds to their digits, so give them as they are printed: "0.90" says less than
    /// "0.9000". A regression on n points has n - 2 degrees of freedom.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a text is not a number such as "0.9220" or "1.05e-5", or
    /// the number is not from 0 to 1.
    ///
    /// # Example
    /// The two fits that Fountain & Rasmus (2019) printed in full agree with ten sessions, not with the eleven of their methods.
    /// ```
    /// use softness::paper::PublishedValue;
    /// # fn main() -> softness::Result<()> {
    /// assert_eq!(PublishedValue::implied_degrees_of_freedom("0.9220", "1.05e-5")?, [8]);
    /// assert_eq!(PublishedValue::implied_degrees_of_freedom("0.8996", "2.90e-5")?, [8]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn implied_degrees_of_freedom(r_squared: &str, p: &str) -> Result<Vec<usize>> {
        let (r_squared, p) = (rounded("r_squared", r_squared)?, rounded("p", p)?);
        let fits = |freedom: &usize| {
            // p falls as R² grows.
            let (low, high) =
                (p_of_r_squared(r_squared.high, *freedom), p_of_r_squared(r_squared.low, *freedom));
            low <= p.high && high >= p.low
        };
        Ok((1..=MOST_DEGREES_OF_FREEDOM).filter(fits).collect())
    }
}

/// The numbers within 0..1 that round to what is printed.
fn rounded(option: &'static str, printed: &str) -> Result<Interval> {
    let text = printed.trim().to_lowercase();
    let value: f64 = text.parse().ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| {
        let requirement = "a printed number from 0 to 1 is needed, such as \"1.05e-5\"";
        Error::option(option, format!("{printed:?}"), requirement)
    })?;
    let half = half_last_digit(&text);
    Ok(Interval { low: (value - half).max(0.0), high: (value + half).min(1.0) })
}

#[cfg(test)]
mod tests;
