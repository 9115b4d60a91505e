//! What every hypothesis test of this crate answers with.

/// A test's statistic and its p value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestOutcome {
    /// The statistic, which each test names.
    pub statistic: f64,
    /// The probability, under the null hypothesis, of a statistic at least as far from it, 0..1.
    pub p_value: f64,
    /// Whether the p value is exact under the null hypothesis, or from a distribution approached with many
    /// points.
    pub exact: bool,
}
