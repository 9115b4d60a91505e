//! All distinct arrangements of the x values among the points, or a random sample of them.

use std::convert::Infallible;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::quantiles::levels;

/// Up to this many distinct arrangements are all visited. The paper's design has 277,200.
const MOST_ENUMERATED: u64 = 1_000_000;

/// The most values that are placed in one test where it may choose: arrangements times points.
const MOST_PLACED: u64 = 100_000_000;

/// The number of draws by default.
const DRAWS: u32 = 99_999;

/// How a permutation test chooses the arrangements of its x values.
///
/// Only distinct arrangements count, since swapping equal x values changes nothing: the paper's 3, 3, 2, 2 and 1
/// sessions have 11! / (3! 3! 2! 2! 1!) = 277,200. If there are at most 1,000,000 distinct arrangements (and, for
/// more than 100 points, at most 100,000,000 values to place in all of them), all are visited and the test is exact.
/// Otherwise `draws` of them are drawn at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permutations {
    /// The number of random arrangements, if not all are visited. Default 99,999. The smallest p-value is 1 / (draws + 1): with
    /// no draws it is always 1, and [`max_t`](crate::models::max_t) refuses that.
    pub draws: u32,
    /// The seed of the draws. Default 0.
    pub seed: u64,
}

impl Default for Permutations {
    fn default() -> Self {
        Self { draws: DRAWS, seed: 0 }
    }
}

impl Permutations {
    setters! {
        /// Sets the number of random arrangements.
        pub fn draws(self, draws: u32);

        /// Sets the seed of the draws.
        pub fn seed(self, seed: u64);
    }

    /// The default, with fewer draws for more than 1,000 points: 100,000,000 / `points`, at least 99. A test of
    /// 200,000 points then takes about a second.
    pub(crate) fn for_points(points: usize) -> Self {
        let draws = (MOST_PLACED / points.max(1) as u64).clamp(99, u64::from(DRAWS));
        Self::default().draws(draws as u32)
    }

    /// Calls `visit` with arrangements of the indices 0..n of `x`: in `visit(places)`, point i has the value
    /// x\[places\[i\]\]. Returns whether these were all distinct arrangements. An error of `visit` ends it.
    pub(super) fn visit<E>(
        self,
        x: &[f64],
        mut visit: impl FnMut(&[usize]) -> Result<(), E>,
    ) -> Result<bool, E> {
        // The first index of each level stands for the whole level.
        let mut places = Vec::with_capacity(x.len());
        for level in levels(x) {
            let first = *level.iter().min().expect("a level has at least one value");
            places.extend(std::iter::repeat_n(first, level.len()));
        }
        if can_enumerate(x) {
            places.sort_unstable();
            loop {
                visit(&places)?;
                if !next_arrangement(&mut places) {
                    return Ok(true);
                }
            }
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        for _ in 0..self.draws {
            places.shuffle(&mut random);
            visit(&places)?;
        }
        Ok(false)
    }

    /// The p-value of the observed statistic, from the arrangements for which `is_extreme` is true, and whether it
    /// is exact.
    ///
    /// If all were visited, it is their share, which counts the observed arrangement. Otherwise it is
    /// (extreme + 1) / (visited + 1), which adds it (Phipson & Smyth 2010).
    pub(super) fn p_value(self, x: &[f64], mut is_extreme: impl FnMut(&[usize]) -> bool) -> (f64, bool) {
        let (mut extreme, mut visited) = (0u64, 0u64);
        let Ok(exact) = self.visit(x, |places| {
            visited += 1;
            extreme += u64::from(is_extreme(places));
            Ok::<(), Infallible>(())
        });
        (share(extreme, visited, exact), exact)
    }
}

/// The p-value from `extreme` of `visited` arrangements.
pub(super) fn share(extreme: u64, visited: u64, exact: bool) -> f64 {
    if exact { extreme as f64 / visited as f64 } else { (extreme + 1) as f64 / (visited + 1) as f64 }
}

/// Whether all distinct arrangements of values are visited.
pub(super) fn can_enumerate(values: &[f64]) -> bool {
    let count = distinct(values);
    count <= MOST_ENUMERATED && count.saturating_mul(values.len() as u64) <= MOST_PLACED
}

/// The number of distinct arrangements of values, n! / (product of the factorials of the counts); `u64::MAX` if it
/// is larger than that.
fn distinct(values: &[f64]) -> u64 {
    let (mut total, mut placed) = (1u128, 0u128);
    for level in levels(values) {
        for of_level in 1..=level.len() as u128 {
            placed += 1;
            // This is a binomial coefficient at every step, so the division is exact.
            match total.checked_mul(placed) {
                Some(product) => total = product / of_level,
                None => return u64::MAX,
            }
        }
    }
    u64::try_from(total).unwrap_or(u64::MAX)
}

/// Moves a sequence to the next one in lexicographic order. Returns false if it was the last.
fn next_arrangement(places: &mut [usize]) -> bool {
    let mut pivot = places.len().saturating_sub(1);
    loop {
        if pivot == 0 {
            return false;
        }
        pivot -= 1;
        if places[pivot] < places[pivot + 1] {
            break;
        }
    }
    // One of those after the pivot is larger: the next one is.
    let mut swap = places.len() - 1;
    while places[swap] <= places[pivot] {
        swap -= 1;
    }
    places.swap(pivot, swap);
    places[pivot + 1..].reverse();
    true
}
