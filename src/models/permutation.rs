//! p values from handing the x values out among the sessions in other ways: of one fit, and of many at once.
//!
//! Under the null hypothesis that training length does nothing, every arrangement of the lengths among the
//! sessions was equally likely, whatever the distribution of the scores.

use super::arrangements::{Permutations, permutation_p};
use super::line::standardise;
use super::{Fit, TestOutcome};
use crate::error::{Error, Result};

/// |r| of two arrangements that differ by less than this share are the same but for rounding.
const SAME: f64 = 1e-10;

impl Fit {
    /// The permutation test of a zero slope: the share of arrangements of x among the points whose |r| is at
    /// least this fit's.
    ///
    /// |r| orders arrangements as |t| does. Exact where all distinct arrangements can be visited (up
    /// to [`MOST_ENUMERATED`](super::MOST_ENUMERATED): the paper's design has 277,200), and otherwise from
    /// seeded draws. The statistic is r.
    pub fn permutation_test(&self, permutations: Permutations) -> TestOutcome {
        let response = Response::of(self);
        let observed = response.r(&(0..self.n()).collect::<Vec<_>>()).abs() * (1.0 - SAME);
        let (mut extreme, mut visited) = (0u64, 0u64);
        let exact = permutations.visit(self.x(), |places| {
            visited += 1;
            extreme += u64::from(response.r(places).abs() >= observed);
        });
        TestOutcome { statistic: self.r(), p_value: permutation_p(extreme, visited, exact), exact }
    }
}

/// p values of several fits of the same sessions, corrected for one another by the largest statistic:
/// Westfall and Young's step-down max-T, with the x values permuted among the sessions for all fits together.
///
/// The corrected p of the fit with the k-th largest |r| is the share of arrangements in which the largest |r| of
/// that fit and all weaker ones is at least its own, and never below that of a stronger one. Since an
/// arrangement moves all responses alike, their dependence (four responses fitted three times
/// are not twelve) is kept, and less is lost than with [`holm`](super::holm). In the order of `fits`.
///
/// Source: Westfall & Young, *Resampling-Based Multiple Testing* (1993), algorithm 2.8; R's `multtest::mt.maxT`.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where the fits are not of the same x in the same order, which is what is permuted.
pub fn max_t(fits: &[Fit], permutations: Permutations) -> Result<Vec<TestOutcome>> {
    let Some(first) = fits.first() else { return Ok(Vec::new()) };
    if let Some(other) = fits.iter().find(|fit| fit.x() != first.x()) {
        return Err(Error::option(
            "fits",
            format!("{} beside {}", first.group(), other.group()),
            "max-T needs fits of the same x values, one a session, in the same order",
        ));
    }
    let responses: Vec<Response> = fits.iter().map(Response::of).collect();
    let as_observed: Vec<usize> = (0..first.n()).collect();
    let observed: Vec<f64> = responses.iter().map(|response| response.r(&as_observed).abs()).collect();
    let mut order: Vec<usize> = (0..fits.len()).collect();
    order.sort_by(|&a, &b| observed[a].total_cmp(&observed[b])); // the weakest first

    let (mut extreme, mut visited) = (vec![0u64; fits.len()], 0u64);
    let exact = permutations.visit(first.x(), |places| {
        visited += 1;
        let mut largest: f64 = 0.0;
        for &fit in &order {
            largest = largest.max(responses[fit].r(places).abs());
            extreme[fit] += u64::from(largest >= observed[fit] * (1.0 - SAME));
        }
    });
    let mut p_values = vec![0.0; fits.len()];
    let mut least: f64 = 0.0;
    for &fit in order.iter().rev() {
        least = least.max(permutation_p(extreme[fit], visited, exact));
        p_values[fit] = least;
    }
    let outcome = |(fit, p_value): (&Fit, f64)| TestOutcome { statistic: fit.r(), p_value, exact };
    Ok(fits.iter().zip(p_values).map(outcome).collect())
}

/// Straightened x and y of a fit, each with mean 0 and length 1.
struct Response {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Response {
    fn of(fit: &Fit) -> Self {
        Self { x: unit_length(&fit.straight_x()), y: unit_length(&fit.straight_y()) }
    }

    /// r where point i has the x of `places[i]`.
    fn r(&self, places: &[usize]) -> f64 {
        places.iter().zip(&self.y).map(|(&place, y)| self.x[place] * y).sum()
    }
}

/// Values with mean 0 and sum of squares 1.
pub(super) fn unit_length(values: &[f64]) -> Vec<f64> {
    let (unit, _, _) = standardise(values);
    let length = unit.iter().map(|value| value * value).sum::<f64>().sqrt();
    unit.into_iter().map(|value| value / length).collect()
}
