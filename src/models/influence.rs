//! The influence of whole levels of x on a fit.

use super::Fit;
use super::fit::fit_rows;
use crate::error::{Failure, Result};

/// A fit without one level of x: all points at that x are left out together.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelInfluence {
    /// The x that is left out, on the original scale.
    pub level: f64,
    /// The number of points there.
    pub points: usize,
    /// The form fitted to all other points. `None` if these are fewer than three, or have a single x or y.
    pub without: Option<Fit>,
}

impl Fit {
    /// The fit without each level of x in turn, in the order of x. On the paper's design it shows whether the model
    /// survives without the untrained sessions, or without the longest.
    ///
    /// # Errors
    /// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) if a line of the remaining points leaves the range of `f64`.
    pub fn without_each_level(&self) -> Result<Vec<LevelInfluence>> {
        let mut levels = self.x.clone();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels.into_iter().map(|level| self.without_level(level)).collect()
    }

    pub(super) fn without_level(&self, level: f64) -> Result<LevelInfluence> {
        let others = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(&self.x).filter(|&(_, &x)| x != level).map(|(&value, _)| value).collect()
        };
        let (x, y) = (others(&self.x), others(&self.y));
        let points = self.n() - x.len();
        let without = match fit_rows(self.form, &x, &y, &self.group, self.y_error) {
            Ok(fit) => Some(fit),
            Err(error) if matches!(error.failure(), Failure::NoLine(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(LevelInfluence { level, points, without })
    }
}
