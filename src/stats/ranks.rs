//! Spearman's rank correlation.

use super::TestOutcome;
use super::arrangements::{Permutations, can_enumerate};
use super::distributions::two_tailed;
use super::permutation::Pair;
use super::quantiles::levels;

/// If statistics of two arrangements differ by less than this, they are the same up to rounding.
pub(super) const SAME: f64 = 1e-10;

/// Spearman's rho of x and y: Pearson's correlation of their ranks. `None` if all x or all y are the same.
///
/// The p-value is exact if x has few enough distinct arrangements to visit. Otherwise it comes from Student's
/// t = rho sqrt((n - 2) / (1 - rho²)).
pub(crate) fn spearman(x: &[f64], y: &[f64]) -> Option<TestOutcome> {
    let pair = Pair::new(&mean_ranks(x), &mean_ranks(y));
    let rho = pair.observed_r().clamp(-1.0, 1.0);
    let (p_value, exact) = if can_enumerate(x) {
        Permutations::default().p_value(x, |places| pair.r(places).abs() >= rho.abs() - SAME)
    } else {
        let freedom = x.len() as f64 - 2.0;
        (two_tailed(rho * (freedom / (1.0 - rho * rho)).sqrt(), freedom), false)
    };
    Some(TestOutcome { statistic: rho, p_value, exact }).filter(|outcome| outcome.statistic.is_finite())
}

/// Ranks from 1; ties share the mean of their ranks.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let (mut ranks, mut below) = (vec![0.0; values.len()], 0.0);
    for level in levels(values) {
        let count = level.len() as f64;
        level.into_iter().for_each(|place| ranks[place] = below + (count + 1.0) / 2.0);
        below += count;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::mean_ranks;

    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        assert_eq!(mean_ranks(&[2.0, 7.0, 2.0, -1.0, 7.0, 7.0]), [2.5, 5.0, 2.5, 1.0, 5.0, 5.0]);
        assert_eq!(mean_ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }
}
