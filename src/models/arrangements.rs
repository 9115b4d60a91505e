//! All distinct ways to hand the x values out among the points, or a random sample of them.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Up to this many distinct arrangements are all visited; the paper's design has 277,200.
pub const MOST_ENUMERATED: u64 = 1_000_000;

/// How a permutation test goes through the arrangements of its x values.
///
/// Where x has ties, swapping equal values changes nothing, so only distinct arrangements count: 11! / (3! 3!
/// 2! 2! 1!) = 277,200 on the paper's 3, 3, 2, 2 and 1 sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permutations {
    /// How many are drawn where there are more than [`MOST_ENUMERATED`] distinct arrangements, which are
    /// otherwise all visited.
    pub draws: u32,
    /// The seed of the draws. Not used where all are visited.
    pub seed: u64,
}

impl Default for Permutations {
    /// 99,999 draws with seed 0.
    fn default() -> Self {
        Self { draws: 99_999, seed: 0 }
    }
}

impl Permutations {
    /// Calls `visit` with arrangements of the places 0..n of `x`: `visit(places)` stands for point i having
    /// x\[places\[i\]\]. Answers whether they were all the distinct ones.
    pub(super) fn visit(self, x: &[f64], mut visit: impl FnMut(&[usize])) -> bool {
        // Every arrangement is a sequence of level numbers; the first of a level's places stands for all of them.
        let mut levels = x.to_vec();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let place_of = |level: f64| x.iter().position(|&value| value == level).unwrap_or_default();
        let mut ranked: Vec<(usize, usize)> = x
            .iter()
            .map(|&value| (levels.partition_point(|&level| level < value), place_of(value)))
            .collect();
        ranked.sort_unstable();
        let mut places: Vec<usize> = ranked.iter().map(|&(_, place)| place).collect();
        if distinct(x) <= MOST_ENUMERATED {
            places.sort_unstable();
            loop {
                visit(&places);
                if !next_arrangement(&mut places) {
                    return true;
                }
            }
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        for _ in 0..self.draws {
            places.shuffle(&mut random);
            visit(&places);
        }
        false
    }
}

/// The p value from `extreme` of `visited` arrangements: their share where all were visited, which counts the
/// observed one, and otherwise (extreme + 1) / (visited + 1), which adds it (Phipson & Smyth 2010).
pub(super) fn permutation_p(extreme: u64, visited: u64, all: bool) -> f64 {
    if all { extreme as f64 / visited as f64 } else { (extreme + 1) as f64 / (visited + 1) as f64 }
}

/// The number of distinct arrangements of values, n! / product of the factorials of the counts; `u64::MAX`
/// where it is larger than that.
pub fn distinct(values: &[f64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (mut total, mut placed) = (1u128, 0u128);
    for run in sorted.chunk_by(|a, b| a == b) {
        for of_run in 1..=run.len() as u128 {
            placed += 1;
            // A binomial coefficient at every step, so the division leaves nothing.
            match total.checked_mul(placed) {
                Some(product) => total = product / of_run,
                None => return u64::MAX,
            }
        }
    }
    u64::try_from(total).unwrap_or(u64::MAX)
}

/// Moves a sequence to the next one in dictionary order; false, where it was the last.
fn next_arrangement(places: &mut [usize]) -> bool {
    let Some(pivot) = places.windows(2).rposition(|pair| pair[0] < pair[1]) else {
        return false;
    };
    let swap = places.iter().rposition(|&place| place > places[pivot]).unwrap_or(pivot);
    places.swap(pivot, swap);
    places[pivot + 1..].reverse();
    true
}
