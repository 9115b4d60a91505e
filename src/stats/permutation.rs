//! Permutation tests of a slope: of one line, and of several lines at once.
//!
//! Under the null hypothesis that x has no effect, every arrangement of the x values among the points was equally
//! likely, whatever the distribution of y.

use super::TestOutcome;
use super::arrangements::{Permutations, can_enumerate, share};
use super::least_squares::{Line, standardise};
use crate::error::{Error, Result};
use crate::stop::Stop;

/// If |r| of two arrangements differ by less than this share, they are the same up to rounding.
const SAME: f64 = 1e-10;

impl Line {
    /// The permutation test of a zero slope: the share of arrangements of x whose |r| is at least this line's. |r|
    /// orders arrangements as |t| does. The statistic is r.
    pub fn permutation_test(&self, permutations: Permutations) -> TestOutcome {
        let pair = Pair::new(&self.x, &self.y);
        let observed = pair.observed_r().abs() * (1.0 - SAME);
        let (p_value, exact) = permutations.p_value(&self.x, |places| pair.r(places).abs() >= observed);
        TestOutcome { statistic: self.r, p_value, exact }
    }
}

/// Westfall and Young's step-down max-T over lines of the same points, `x` being permuted for all of them together.
/// The statistics are r.
///
/// Source: Westfall & Young, *Resampling-Based Multiple Testing* (1993), algorithm 2.8.
pub(crate) fn max_t(x: &[f64], lines: &[&Line], permutations: Permutations) -> Result<Vec<TestOutcome>> {
    let requirement = "these points have too many arrangements to visit all: draw some, such as 99999";
    Error::require(permutations.draws > 0 || can_enumerate(x), "draws", 0, requirement)?;
    let pairs: Vec<Pair> = lines.iter().map(|line| Pair::new(&line.x, &line.y)).collect();
    let observed: Vec<f64> = pairs.iter().map(|pair| pair.observed_r().abs()).collect();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&a, &b| observed[a].total_cmp(&observed[b])); // the weakest first

    let (mut extreme, mut visited) = (vec![0u64; lines.len()], 0u64);
    let stop = Stop::from_environment();
    let exact = permutations.visit(x, |places| {
        stop.check("the permutation test")?;
        visited += 1;
        let mut largest: f64 = 0.0;
        for &line in &order {
            largest = largest.max(pairs[line].r(places).abs());
            extreme[line] += u64::from(largest >= observed[line] * (1.0 - SAME));
        }
        Ok::<(), Error>(())
    })?;
    let mut p_values = vec![0.0; lines.len()];
    let mut least: f64 = 0.0;
    for &line in order.iter().rev() {
        least = least.max(share(extreme[line], visited, exact));
        p_values[line] = least;
    }
    let outcome = |(line, p_value): (&&Line, f64)| TestOutcome { statistic: line.r, p_value, exact };
    Ok(lines.iter().zip(p_values).map(outcome).collect())
}

/// x and y, each with mean 0 and length 1, so that r is the sum of their products.
pub(super) struct Pair {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Pair {
    pub fn new(x: &[f64], y: &[f64]) -> Self {
        Self { x: unit_length(x), y: unit_length(y) }
    }

    /// r if point i has the x of `places[i]`. A plain loop: it is inlined where iterators were called, and this is most of a test.
    #[inline]
    pub fn r(&self, places: &[usize]) -> f64 {
        let mut r = 0.0;
        for (point, &place) in places.iter().enumerate() {
            r += self.x[place] * self.y[point];
        }
        r
    }

    /// r of the points as they are.
    pub fn observed_r(&self) -> f64 {
        self.x.iter().zip(&self.y).map(|(x, y)| x * y).sum()
    }
}

/// Values with mean 0 and sum of squares 1.
fn unit_length(values: &[f64]) -> Vec<f64> {
    let (unit, _, _) = standardise(values);
    let length = unit.iter().map(|value| value * value).sum::<f64>().sqrt();
    unit.into_iter().map(|value| value / length).collect()
}
