//! Iterations on a logarithmic axis that has a place for 0.

use super::axes::Axis;
use super::ticks::{Ticks, padded};
use crate::error::Result;
use crate::session::Session;

/// Where 0 iterations stand: a little before 1, which is at 0.
pub(super) const BEFORE: f64 = -0.7;

/// The place of a number of iterations: its common logarithm.
pub(super) fn place(iterations: u64) -> f64 {
    if iterations == 0 { BEFORE } else { (iterations as f64).log10() }
}

/// An axis with a place for each of these numbers of iterations and with at most `most` ticks: powers of ten, or some of the
/// numbers if there are not two powers among them.
pub(super) fn iteration_axis(label: &str, iterations: &[u64], most: usize) -> Axis {
    let range = padded(iterations.iter().map(|&count| place(count)));
    let mut ticks = Ticks::decades(&(range.start.max(0.0)..range.end));
    let mut places: Vec<f64> = iterations.iter().map(|&count| place(count)).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    if ticks.values.len() < 2 {
        ticks.values = places.clone();
    }
    let every = ticks.values.len().div_ceil(most.max(1)).max(1);
    ticks.values = ticks.values.into_iter().step_by(every).collect();
    if places.first() == Some(&BEFORE) && ticks.values.first() != Some(&BEFORE) {
        ticks.values.insert(0, BEFORE);
    }
    Axis { label: label.into(), range, ticks }
}

/// A session at each iteration at which it kept its filters, the last one included.
pub(super) fn kept(session: &Session) -> Result<Vec<Session>> {
    session.kept_iterations().into_iter().map(|iteration| session.at(iteration)).collect()
}
