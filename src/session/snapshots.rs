//! At which iterations a session keeps its filters while it trains.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// At which iterations a session keeps its filters while it trains, for [`Session::at`](super::Session::at). The session is
/// bit-identical, and has the same key, whether they are kept or not.
///
/// `true` is [`LogSpaced`](Self::LogSpaced), `false` is [`None`](Self::None), and a list of iterations is
/// [`At`](Self::At):
///
/// ```
/// use softness::session::{Snapshots, Training};
///
/// assert_eq!(Training::paper().snapshots(true).snapshots, Snapshots::LogSpaced);
/// assert_eq!(Training::paper().snapshots([10, 100]).snapshots, Snapshots::At(vec![10, 100]));
/// assert_eq!(Training::paper().snapshots, Snapshots::None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Field", into = "Field")]
#[non_exhaustive]
pub enum Snapshots {
    /// At no iteration.
    #[default]
    None,
    /// After 1, 2, 5, 10, 20, 50, 100, .. iterations.
    LogSpaced,
    /// After these iterations, in ascending order, between 1 and the session's last.
    At(Vec<u64>),
}

/// The field of a record or plan file: `true`, `false` or a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "snapshots must be true, false or a list of iterations")]
enum Field {
    LogSpaced(bool),
    At(Vec<u64>),
}

impl From<Field> for Snapshots {
    fn from(field: Field) -> Self {
        match field {
            Field::LogSpaced(is_kept) => is_kept.into(),
            Field::At(iterations) => iterations.into(),
        }
    }
}

impl From<Snapshots> for Field {
    fn from(snapshots: Snapshots) -> Self {
        match snapshots {
            Snapshots::None => Self::LogSpaced(false),
            Snapshots::LogSpaced => Self::LogSpaced(true),
            Snapshots::At(iterations) => Self::At(iterations),
        }
    }
}

impl From<bool> for Snapshots {
    fn from(is_kept: bool) -> Self {
        if is_kept { Self::LogSpaced } else { Self::None }
    }
}

impl From<Vec<u64>> for Snapshots {
    /// An empty list is [`None`](Self::None).
    fn from(iterations: Vec<u64>) -> Self {
        if iterations.is_empty() { Self::None } else { Self::At(iterations) }
    }
}

impl From<&[u64]> for Snapshots {
    fn from(iterations: &[u64]) -> Self {
        iterations.to_vec().into()
    }
}

impl<const N: usize> From<[u64; N]> for Snapshots {
    fn from(iterations: [u64; N]) -> Self {
        iterations.to_vec().into()
    }
}

impl Snapshots {
    /// Whether none are kept.
    pub(crate) fn is_none(&self) -> bool {
        match self {
            Self::None => true,
            Self::LogSpaced => false,
            Self::At(iterations) => iterations.is_empty(),
        }
    }

    /// The iterations before `end` at which filters are kept. Those of the end are the session's own.
    pub(crate) fn before(&self, end: u64) -> Vec<u64> {
        match self {
            Self::None => Vec::new(),
            Self::LogSpaced => log_spaced().take_while(|&iteration| iteration < end).collect(),
            Self::At(iterations) => iterations.iter().copied().filter(|&iteration| iteration < end).collect(),
        }
    }

    /// The same for a shorter session: a list without the iterations that it does not have.
    pub(crate) fn up_to(self, end: u64) -> Self {
        match self {
            Self::At(mut iterations) => {
                iterations.retain(|&iteration| iteration <= end);
                iterations.into()
            }
            other => other,
        }
    }

    /// Checks a list for a session of `end` iterations.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it does not ascend, or contains 0 or an iteration
    /// beyond the end.
    pub(crate) fn check(&self, end: u64) -> Result<()> {
        let Self::At(iterations) = self else { return Ok(()) };
        let listed = iterations.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let refuse =
            |requirement: String| Err(Error::option("iterations of snapshots", &listed, requirement));
        if iterations.contains(&0) {
            return refuse(
                "leave 0 out: the initial weights need not be kept, they follow from the seed".into(),
            );
        }
        if !iterations.is_sorted_by(|one, next| one < next) {
            return refuse("each must be larger than the one before".into());
        }
        match iterations.last() {
            Some(last) if *last > end => refuse(format!("training ends at iteration {end}")),
            _ => Ok(()),
        }
    }
}

/// 1, 2, 5, 10, 20, 50, 100, .. up to the largest number of 64 bits.
fn log_spaced() -> impl Iterator<Item = u64> {
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    powers.flat_map(|power| [1, 2, 5].into_iter().filter_map(move |factor| power.checked_mul(factor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_spaced_snapshots_are_those_of_the_series_before_the_end() {
        let series = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
        assert_eq!(Snapshots::LogSpaced.before(50_000), series);
        assert_eq!(Snapshots::LogSpaced.before(51), series[..6]);
        assert_eq!(Snapshots::LogSpaced.before(1), [0_u64; 0]);
        // 1, 2 and 5 of each power of ten to 10^18, and 10^19, but not 2 * 10^19, which 64 bits do not hold.
        assert_eq!(Snapshots::LogSpaced.before(u64::MAX).len(), 19 * 3 + 1);
    }

    #[test]
    fn a_list_ascends_from_1_to_the_end() {
        let problem = |list: &[u64]| Snapshots::from(list).check(20).unwrap_err().to_string();
        assert!(Snapshots::from([1, 2, 20]).check(20).is_ok());
        assert!(Snapshots::LogSpaced.check(1).is_ok());
        assert_eq!(
            problem(&[0, 5]),
            "iterations of snapshots is 0, 5, but leave 0 out: the initial weights need not be kept, they follow from the seed"
        );
        assert_eq!(
            problem(&[5, 5]),
            "iterations of snapshots is 5, 5, but each must be larger than the one before"
        );
        assert_eq!(problem(&[5, 21]), "iterations of snapshots is 5, 21, but training ends at iteration 20");
        assert_eq!(Snapshots::from([1, 2, 20, 21]).up_to(20), Snapshots::At(vec![1, 2, 20]));
        assert_eq!(Snapshots::from([21]).up_to(20), Snapshots::None);
        assert_eq!(Snapshots::At(vec![1, 20]).before(20), [1]);
    }

    #[test]
    fn in_a_record_they_are_true_or_a_list() {
        for (snapshots, text) in
            [(Snapshots::LogSpaced, "true"), (Snapshots::from([1, 7]), "[1,7]"), (Snapshots::None, "false")]
        {
            assert_eq!(serde_json::to_string(&snapshots).unwrap(), text);
            assert_eq!(serde_json::from_str::<Snapshots>(text).unwrap(), snapshots);
        }
        assert_eq!(serde_json::from_str::<Snapshots>("[]").unwrap(), Snapshots::None);
        let error = serde_json::from_str::<Snapshots>("\"yes\"").unwrap_err().to_string();
        assert!(error.contains("snapshots must be true, false or a list of iterations"), "{error}");
    }
}
