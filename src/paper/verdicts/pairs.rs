//! How often two sessions with the same number of iterations differ: rule H.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::paper::verdicts::subsamples::{SEED, Share};

/// The bootstrap samples of the sessions for the interval.
const RESAMPLES: usize = 10_000;

/// The share of the pairs of sessions whose numbers differ, with its percentile bootstrap interval (95 %) over the
/// sessions. A bootstrap sample has some sessions more than once; these are no pairs. NaN if there are fewer than two
/// sessions.
pub(in crate::paper) fn share_that_differs(counts: &[usize]) -> Share {
    let all: Vec<usize> = (0..counts.len()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut resample = || {
        let drawn: Vec<usize> = all.iter().map(|_| random.random_range(0..counts.len())).collect();
        share(counts, &drawn)
    };
    let shares: Vec<f64> = (0..RESAMPLES).map(|_| resample()).filter(|share| share.is_finite()).collect();
    Share::new(share(counts, &all), &shares)
}

fn share(counts: &[usize], sessions: &[usize]) -> f64 {
    let pairs =
        sessions.iter().enumerate().flat_map(|(at, a)| sessions[at + 1..].iter().map(move |b| (a, b)));
    let differ: Vec<bool> = pairs.filter(|(a, b)| a != b).map(|(&a, &b)| counts[a] != counts[b]).collect();
    differ.iter().filter(|&&differ| differ).count() as f64 / differ.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    #[test]
    fn pairs_are_counted_once_and_a_session_is_none_with_itself() {
        // By hand: of the six pairs of 1, 1, 2, 3 one is alike.
        assert_eq!(share_that_differs(&[1, 1, 2, 3]).value, 5.0 / 6.0);
        let all_alike = Share { value: 0.0, interval: Interval { low: 0.0, high: 0.0 } };
        assert_eq!(share_that_differs(&[4; 5]), all_alike);
        // Of sessions that all differ every resample does as well, however often it has one of them.
        let all_differ = Share { value: 1.0, interval: Interval { low: 1.0, high: 1.0 } };
        assert_eq!(share_that_differs(&[1, 2, 3, 4, 5]), all_differ);
    }

    #[test]
    fn the_interval_is_about_the_share() {
        let found = share_that_differs(&[3, 4, 2, 5, 3, 4, 5, 5, 3, 6]);
        // 10 values in groups of 3, 2, 1, 3, 1: 3 + 1 + 3 of 45 pairs are alike.
        assert_eq!(found.value, 38.0 / 45.0);
        assert!(found.interval.low < found.value && found.value < found.interval.high, "{found:?}");
        assert!(found.interval.low > 0.5 && found.interval.high <= 1.0, "{found:?}");
    }
}
