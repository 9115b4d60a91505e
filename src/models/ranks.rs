//! Rank correlations of a fit's points, which ask whether y rises or falls with x and not by which form.

use statrs::distribution::{ContinuousCDF, Normal};

use super::arrangements::{MOST_ENUMERATED, Permutations, distinct};
use super::line::two_tailed;
use super::permutation::unit_length;
use super::{Fit, TestOutcome};

/// The most points whose arrangements are counted by their inversions.
const MOST_COUNTED: usize = 60;

/// Statistics of two arrangements that differ by less than this are the same but for rounding.
const SAME: f64 = 1e-10;

impl Fit {
    /// Spearman's rho, -1..1: Pearson's correlation of the ranks of x and y, ties sharing the mean of their
    /// ranks.
    ///
    /// Its two-tailed p is exact, over all distinct arrangements of x, where these are at most
    /// [`MOST_ENUMERATED`]: up to nine points without ties, and the paper's eleven. Otherwise from Student's
    /// t = rho sqrt((n - 2) / (1 - rho²)).
    ///
    /// The same for all forms, since logarithms keep ranks. `None` where all x or all y are the same, which
    /// no fit has.
    pub fn spearman(&self) -> Option<TestOutcome> {
        let (x, y) = (unit_length(&mean_ranks(self.x())), unit_length(&mean_ranks(self.y())));
        let rho_of = |places: &[usize]| places.iter().zip(&y).map(|(&place, y)| x[place] * y).sum::<f64>();
        let rho = rho_of(&identity(self.n())).clamp(-1.0, 1.0);
        let student = || two_tailed(rho * (self.freedom() / (1.0 - rho * rho)).sqrt(), self.freedom());
        Some(self.ranked(rho, rho_of, student)).filter(|outcome| outcome.statistic.is_finite())
    }

    /// Kendall's tau-b, -1..1: concordant minus discordant pairs of points, over the geometric mean of the
    /// numbers of pairs that are no ties in x and in y.
    ///
    /// Its two-tailed p is exact where x or y has no ties and n is at most 60, by counting the distinct arrangements
    /// with so many discordant pairs; with ties in both, where there are at most [`MOST_ENUMERATED`]
    /// arrangements of x, by visiting them. Otherwise from the normal distribution with the variance for ties.
    ///
    /// `None` where all x or all y are the same, which no fit has.
    ///
    /// Sources: Kendall & Gibbons, *Rank Correlation Methods*, 5th ed. (1990), chapters 3-5; for ties in one of the two,
    /// MacMahon's count of the inversions of multisets, Stanley, *Enumerative Combinatorics* I (2nd ed., 2011), section 1.7.
    pub fn kendall(&self) -> Option<TestOutcome> {
        let (x, y) = (self.x(), self.y());
        let score = |places: &[usize]| {
            let pairs = (0..places.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            pairs.map(|(i, j)| order(x[places[i]], x[places[j]]) * order(y[i], y[j])).sum::<i64>() as f64
        };
        let (x_ties, y_ties) = (Ties::of(x), Ties::of(y));
        let n = self.n() as f64;
        let pairs = n * (n - 1.0) / 2.0;
        let size = ((pairs - x_ties.pairs) * (pairs - y_ties.pairs)).sqrt();
        let observed = score(&identity(self.n()));
        let tied = if x_ties.pairs > 0.0 { x } else { y };
        if x_ties.pairs.min(y_ties.pairs) == 0.0 && self.n() <= MOST_COUNTED && size > 0.0 {
            let p_value = p_of_score(tied, observed);
            return Some(TestOutcome { statistic: observed / size, p_value, exact: true });
        }
        let normal = || {
            let z = observed / variance(n, &x_ties, &y_ties).sqrt();
            2.0 * Normal::standard().sf(z.abs())
        };
        let outcome = self.ranked(observed / size, |places| score(places) / size, normal);
        Some(outcome).filter(|outcome| outcome.statistic.is_finite())
    }

    fn ranked(
        &self,
        observed: f64,
        statistic: impl Fn(&[usize]) -> f64,
        approximation: impl Fn() -> f64,
    ) -> TestOutcome {
        if distinct(self.x()) > MOST_ENUMERATED {
            return TestOutcome { statistic: observed, p_value: approximation(), exact: false };
        }
        let (mut extreme, mut visited) = (0u64, 0u64);
        Permutations::default().visit(self.x(), |places| {
            visited += 1;
            extreme += u64::from(statistic(places).abs() >= observed.abs() - SAME);
        });
        TestOutcome { statistic: observed, p_value: extreme as f64 / visited as f64, exact: true }
    }
}

fn identity(n: usize) -> Vec<usize> {
    (0..n).collect()
}

fn order(a: f64, b: f64) -> i64 {
    i64::from(a > b) - i64::from(a < b)
}

/// Ranks from 1, ties sharing the mean of theirs.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let count = |test: &dyn Fn(f64) -> bool| values.iter().filter(|&&value| test(value)).count() as f64;
    values
        .iter()
        .map(|&own| count(&|other| other < own) + (count(&|other| other == own) + 1.0) / 2.0)
        .collect()
}

/// Sums over the tied groups of t values: t (t - 1) / 2, t (t - 1)(t - 2), t (t - 1)(2 t + 5).
struct Ties {
    pairs: f64,
    triples: f64,
    weighted: f64,
}

impl Ties {
    fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut ties = Self { pairs: 0.0, triples: 0.0, weighted: 0.0 };
        for run in sorted.chunk_by(|a, b| a == b) {
            let t = run.len() as f64;
            ties.pairs += t * (t - 1.0) / 2.0;
            ties.triples += t * (t - 1.0) * (t - 2.0);
            ties.weighted += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        ties
    }
}

/// The variance of Kendall's score under independence, with ties in x and y.
fn variance(n: f64, x: &Ties, y: &Ties) -> f64 {
    (n * (n - 1.0) * (2.0 * n + 5.0) - x.weighted - y.weighted) / 18.0
        + 2.0 * x.pairs * y.pairs / (n * (n - 1.0))
        + x.triples * y.triples / (9.0 * n * (n - 1.0) * (n - 2.0))
}

/// The two-tailed p of Kendall's score where the other values have no ties: the share of the distinct arrangements of
/// `values` with at most as many inversions as the scarcer kind of pairs, twice.
fn p_of_score(values: &[f64], score: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let groups: Vec<usize> = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).collect();
    let arrangements = inversions(&groups);
    let pairs = arrangements.len() - 1;
    let scarcer = ((pairs as f64 - score.abs()) / 2.0).round() as usize;
    let (few, all): (f64, f64) = (arrangements[..=scarcer].iter().sum(), arrangements.iter().sum());
    (2.0 * few / all).min(1.0)
}

/// The numbers of arrangements of so many equal values each, smallest first, that have 0, 1, 2, .. inversions, pairs with
/// the larger value first; exact below 2^53. Each group is put among the values before it: as many inversions as these groups
/// of equal values have smaller ones behind them, in all.
fn inversions(groups: &[usize]) -> Vec<f64> {
    let (mut arrangements, mut before) = (vec![1.0], 0);
    for &group in groups {
        // The numbers of ways in which `placed` of the group have `more` smaller values behind them.
        let mut ways = vec![vec![0.0; group * before + 1]; group + 1];
        ways[0][0] = 1.0;
        for behind in 0..=before {
            for placed in 1..=group {
                for more in behind..=group * before {
                    ways[placed][more] += ways[placed - 1][more - behind];
                }
            }
        }
        let mut next = vec![0.0; arrangements.len() + group * before];
        for (inversions, count) in arrangements.iter().enumerate() {
            for (more, ways) in ways[group].iter().enumerate() {
                next[inversions + more] += count * ways;
            }
        }
        arrangements = next;
        before += group;
    }
    arrangements
}
