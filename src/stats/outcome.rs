//! The result of a hypothesis test.

/// A test's statistic and its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestOutcome {
    /// The statistic; each test says which one.
    pub statistic: f64,
    /// The probability, under the null hypothesis, of a statistic at least this extreme, 0..1.
    pub p_value: f64,
    /// Whether the p-value is exact under the null hypothesis. Otherwise it comes from a large-sample
    /// approximation or from random draws.
    pub exact: bool,
}
