//! The sessions of a plan, divided among machines.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Plan;
use super::plan::MOST_SESSIONS;
use crate::error::{Error, Result};

/// Checks a number of shares: more than a plan may have sessions would leave some empty.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption).
pub(crate) fn check(count: usize) -> Result<()> {
    let requirement = format!("it must be a number from 1 to {MOST_SESSIONS}");
    Error::require((1..=MOST_SESSIONS).contains(&(count as u64)), "--shares", count, requirement)
}

/// The share of each session, in the plan's order: longest first, each to the share with the fewest iterations so far, and of those
/// to the first. It depends on the plan and the number of shares alone.
pub(crate) fn shares(plan: &Plan, count: usize) -> Vec<usize> {
    let iterations: Vec<u64> = plan.sessions().iter().map(|(_, training)| training.iterations).collect();
    let mut longest_first: Vec<usize> = (0..iterations.len()).collect();
    longest_first.sort_by_key(|&session| Reverse(iterations[session]));
    // The load, and the number of sessions, so that sessions of one iteration are spread as well.
    let mut loads: BinaryHeap<_> = (0..count.max(1)).map(|share| Reverse((0u64, 0u64, share))).collect();
    let mut shares = vec![0; iterations.len()];
    for session in longest_first {
        let Reverse((load, sessions, share)) = loads.pop().expect("there is a share");
        shares[session] = share;
        loads.push(Reverse((load.saturating_add(iterations[session]), sessions + 1, share)));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_plan_in_four_shares_is_balanced_as_by_hand() {
        let plan = Plan::paper();
        let shares = shares(&plan, 4);
        // In the plan's order: 3 of 1, 3 of 2,000, 2 of 10,000, 2 of 30,000, 1 of 50,000. 50,000 and 30,000 twice and 10,000
        // go to shares 0 to 3, the other 10,000 and the three of 2,000 to share 3.
        assert_eq!(shares[10], 0);
        assert_eq!(&shares[6..10], [3, 3, 1, 2]);
        assert_eq!(&shares[3..6], [3, 3, 3]);
        assert_eq!(&shares[..3], [3, 3, 3], "26,000 iterations are the fewest");
    }

    #[test]
    fn every_session_is_in_one_share_and_more_shares_than_sessions_leave_some_empty() {
        for count in [1, 2, 11, 40] {
            let shares = shares(&Plan::paper(), count);
            assert_eq!(shares.len(), 11);
            assert!(shares.iter().all(|&share| share < count));
            let used: std::collections::BTreeSet<_> = shares.iter().collect();
            assert_eq!(used.len(), count.min(11));
        }
    }
}
