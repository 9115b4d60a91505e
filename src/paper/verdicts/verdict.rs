//! A published claim, judged.

use std::fmt;

use serde::Serialize;

use crate::stats::Interval;

/// What became of a claim.
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

impl fmt::Display for Ruling {
    /// "reproduced", "not reproduced" or "cannot be tested".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Reproduced => "reproduced",
            Self::NotReproduced => "not reproduced",
            Self::CannotBeTested => "cannot be tested",
        })
    }
}

/// A number behind a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Finding {
    /// What it is.
    pub what: &'static str,
    /// The number. Shares are 0..1.
    pub value: f64,
    /// At 95 %: of a share the bootstrap's over sessions, of an estimate its confidence interval, of what every set has one
    /// of, the quantiles of the sets.
    pub interval: Option<Interval>,
}

/// One published claim with what decided about it. The rules are those of `docs/verdicts.md`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The letter of the rule, A to H.
    pub rule: char,
    /// The claim, in words.
    pub claim: String,
    /// The number of the eleven sessions at hand, where it has one.
    pub eleven: Option<String>,
    /// The numbers of the many sessions, with their intervals, in words.
    pub many: String,
    /// The same numbers; the first is the one that the others explain.
    pub findings: Vec<Finding>,
    /// What became of it.
    pub ruling: Ruling,
}

impl Verdict {
    /// What a share of the sets decides by itself.
    pub(super) fn by_share(share: f64) -> Ruling {
        if share >= CLEAR {
            Ruling::Reproduced
        } else if share <= HARDLY {
            Ruling::NotReproduced
        } else {
            Ruling::CannotBeTested
        }
    }
}

/// A clear share of the sets, and hardly a share.
pub(super) const CLEAR: f64 = 0.80;
pub(super) const HARDLY: f64 = 0.20;
