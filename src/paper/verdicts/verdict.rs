//! A published claim, judged.

use serde::Serialize;

use crate::names::names;
use crate::stats::Interval;

/// The ruling on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Ruling {
    /// The rule's conditions for it are met.
    Reproduced,
    /// The rule's conditions against it are met.
    NotReproduced,
    /// Neither.
    CannotBeTested,
}

names!(Ruling, "ruling", {
    Reproduced: "reproduced", NotReproduced: "not reproduced", CannotBeTested: "cannot be tested",
});

/// A number behind a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Finding {
    /// What the number is.
    pub what: &'static str,
    /// The number. Shares are between 0 and 1.
    pub value: f64,
    /// The 95 % interval: for a share the bootstrap interval over sessions, for an estimate its confidence interval, for a
    /// median over the subsamples their quantiles.
    pub interval: Option<Interval>,
}

impl Finding {
    pub(super) fn new(what: &'static str, value: f64, interval: impl Into<Option<Interval>>) -> Self {
        Self { what, value, interval: interval.into() }
    }
}

/// One published claim with the numbers that decided it. The rules are those of `docs/verdicts.md`.
#[derive(Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The letter of the rule, A to H.
    pub rule: char,
    /// The claim, in words.
    pub claim: String,
    /// The number of the eleven sessions at hand; `None` if they have none.
    pub eleven: Option<String>,
    /// The numbers of the many sessions, with their intervals, in words.
    pub many: String,
    /// The same numbers, each as `what` it is, its `value`, and its 95 % `interval` if it has one. The first is the main
    /// one.
    pub findings: Vec<Finding>,
    /// The ruling.
    pub ruling: Ruling,
}

/// The least share of the subsamples with which a claim is reproduced, and the largest with which it is not.
pub(super) const CLEAR: f64 = 0.80;
pub(super) const HARDLY: f64 = 0.20;
