//! Kendall's rank correlation.
//!
//! Sources: Kendall & Gibbons, *Rank Correlation Methods*, 5th ed. (1990), chapters 3-5. The score in
//! n log n counts by a binary indexed tree: Fenwick, *A new data structure for cumulative frequency tables*, Software:
//! Practice and Experience 24 (1994) 327-336.
//! The exact distribution with ties in one variable: MacMahon's count of the inversions of multisets, Stanley,
//! *Enumerative Combinatorics* I (2nd ed., 2011), section 1.7.

use statrs::distribution::{ContinuousCDF, Normal};

use super::TestOutcome;
use super::arrangements::{Permutations, can_enumerate};
use super::quantiles::levels;
use super::ranks::SAME;

/// The most points whose arrangements are counted by their inversions.
const MOST_COUNTED: usize = 60;

/// Kendall's tau-b of x and y, which must be finite. `None` if all x or all y are the same.
///
/// The p-value is exact if x or y has no ties and n is at most 60, by counting the arrangements with so many
/// discordant pairs; or if x has few enough distinct arrangements to visit. Otherwise it comes from the normal
/// distribution with the variance for ties.
pub(crate) fn kendall(x: &[f64], y: &[f64]) -> Option<TestOutcome> {
    let (x_ties, y_ties) = (ties(x), ties(y));
    let n = x.len() as f64;
    let pairs = n * (n - 1.0) / 2.0;
    let size = ((pairs - x_ties[0]) * (pairs - y_ties[0])).sqrt();
    let (x_ranks, y_ranks) = (dense_ranks(x), dense_ranks(y));
    let observed = score(x_ranks.iter().copied(), &y_ranks);
    let tau = observed / size;
    let tied = if x_ties[0] > 0.0 { x } else { y };
    let (p_value, exact) = if x_ties[0].min(y_ties[0]) == 0.0 && x.len() <= MOST_COUNTED && size > 0.0 {
        (p_of_score(tied, observed), true)
    } else if can_enumerate(x) {
        Permutations::default().p_value(x, |places| {
            let arranged = score(places.iter().map(|&place| x_ranks[place]), &y_ranks) / size;
            arranged.abs() >= tau.abs() - SAME
        })
    } else {
        let z = observed / variance(n, x_ties, y_ties).sqrt();
        (2.0 * Normal::standard().sf(z.abs()), false)
    };
    Some(TestOutcome { statistic: tau, p_value, exact }).filter(|outcome| outcome.statistic.is_finite())
}

/// Ranks 0, 1, 2, .. of the distinct values; ties share a rank.
fn dense_ranks(values: &[f64]) -> Vec<usize> {
    let mut ranks = vec![0; values.len()];
    for (rank, level) in levels(values).into_iter().enumerate() {
        level.into_iter().for_each(|place| ranks[place] = rank);
    }
    ranks
}

/// Concordant minus discordant pairs in n log n: in the order of x, each point is compared with the points of smaller x.
/// A tree counts those by their y.
fn score(x: impl Iterator<Item = usize>, y: &[usize]) -> f64 {
    let mut points: Vec<(usize, usize)> = x.zip(y.iter().copied()).collect();
    points.sort_unstable();
    // tree[place] counts the ranks below `place`, back to where the lowest bit of `place` is cleared.
    let mut tree = vec![0i64; points.len() + 1];
    let (mut score, mut before) = (0, 0);
    for level in points.chunk_by(|a, b| a.0 == b.0) {
        for &(_, rank) in level {
            score += below(&tree, rank) - (before - below(&tree, rank + 1));
        }
        for &(_, rank) in level {
            let mut place = rank + 1;
            while place < tree.len() {
                tree[place] += 1;
                place += place & place.wrapping_neg();
            }
        }
        before += level.len() as i64;
    }
    score as f64
}

/// How many ranks in the tree are below this one.
fn below(tree: &[i64], rank: usize) -> i64 {
    std::iter::successors(Some(rank), |&place| Some(place & place.wrapping_sub(1)))
        .take_while(|&place| place > 0)
        .map(|place| tree[place])
        .sum()
}

/// Sums over the tied groups of t values: t (t - 1) / 2, t (t - 1)(t - 2), t (t - 1)(2 t + 5).
fn ties(values: &[f64]) -> [f64; 3] {
    levels(values).iter().fold([0.0; 3], |[pairs, triples, weighted], level| {
        let t = level.len() as f64;
        let ordered = t * (t - 1.0);
        [pairs + ordered / 2.0, triples + ordered * (t - 2.0), weighted + ordered * (2.0 * t + 5.0)]
    })
}

/// The variance of Kendall's score under independence, with ties in x and y.
fn variance(n: f64, x: [f64; 3], y: [f64; 3]) -> f64 {
    let ([x_pairs, x_triples, x_weighted], [y_pairs, y_triples, y_weighted]) = (x, y);
    (n * (n - 1.0) * (2.0 * n + 5.0) - x_weighted - y_weighted) / 18.0
        + 2.0 * x_pairs * y_pairs / (n * (n - 1.0))
        + x_triples * y_triples / (9.0 * n * (n - 1.0) * (n - 2.0))
}

/// The two-tailed p-value of Kendall's score if the other variable has no ties: twice the share of the distinct
/// arrangements of `values` with at most as many inversions as there are pairs of the rarer kind.
fn p_of_score(values: &[f64], score: f64) -> f64 {
    let groups: Vec<usize> = levels(values).iter().map(Vec::len).collect();
    let arrangements = inversions(&groups);
    let pairs = arrangements.len() - 1;
    let rarer = ((pairs as f64 - score.abs()) / 2.0).round() as usize;
    let (few, all): (f64, f64) = (arrangements[..=rarer].iter().sum(), arrangements.iter().sum());
    (2.0 * few / all).min(1.0)
}

/// For groups of equal values, smallest value first: how many of their arrangements have 0, 1, 2, .. inversions (pairs
/// with the larger value first). Exact below 2^53.
///
/// The groups are inserted one after the other. A value of the new group makes one inversion with each smaller value
/// behind it.
fn inversions(groups: &[usize]) -> Vec<f64> {
    let (mut arrangements, mut before) = (vec![1.0], 0);
    for &group in groups {
        // ways[placed][more]: in how many ways `placed` values of the group make `more` inversions.
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

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Concordant minus discordant pairs by their definition.
    fn by_pairs(x: &[f64], y: &[f64]) -> f64 {
        let order = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
        let pairs = (0..x.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        pairs.map(|(i, j)| order(x[i], x[j]) * order(y[i], y[j])).sum()
    }

    #[test]
    fn the_score_is_that_of_all_pairs() {
        let seed: u64 = rand::random();
        println!("seed {seed}");
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        for round in 0..300 {
            let n = random.random_range(1..=120);
            // From nearly all tied to hardly any ties; a negative and a positive zero are equal.
            let levels = [2, 5, 30, 100_000][round % 4];
            let mut draw = || -> Vec<f64> {
                let sign = if random.random() { 1.0 } else { -1.0 };
                (0..n).map(|_| sign * f64::from(random.random_range(0..levels))).collect()
            };
            let (x, y) = (draw(), draw());
            let ours = score(dense_ranks(&x).into_iter(), &dense_ranks(&y));
            assert_eq!(ours, by_pairs(&x, &y), "seed {seed}: x {x:?}, y {y:?}");
        }
    }

    #[test]
    fn signed_zeros_are_ties() {
        assert_eq!(dense_ranks(&[0.0, -0.0, 3.0, -1.0]), [1, 1, 2, 0]);
    }

    #[test]
    fn four_values_have_the_inversions_a_reader_counts() {
        assert_eq!(inversions(&[1, 1, 1, 1]), [1.0, 3.0, 5.0, 6.0, 5.0, 3.0, 1.0]);
        // 1122, 1212, 1221 and 2112, 2121, 2211.
        assert_eq!(inversions(&[2, 2]), [1.0, 1.0, 2.0, 1.0, 1.0]);
    }
}
