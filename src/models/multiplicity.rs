//! p values corrected for there being several of them.
//!
//! Twelve fits give twelve p values, and one below 0.05 among them is no news. Both corrections answer in the
//! order of the p values they are given, as R's `p.adjust` does.

use crate::error::{Error, Result};

/// Holm's step-down correction, for the chance of any false rejection: the k-th smallest of m p values times
/// m - k + 1, never below those before it, at most 1. Needs no independence.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statistics 6 (1979) 65-70.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a p value outside 0..1.
///
/// # Example
/// ```
/// use softness::models::holm;
/// # fn main() -> softness::Result<()> {
/// // The smallest counts three times, the next twice, the last once.
/// assert_eq!(holm(&[0.01, 0.5, 0.02])?, [0.03, 0.5, 0.04]);
/// # Ok(())
/// # }
/// ```
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>> {
    let (order, count) = (ascending(p_values)?, p_values.len());
    let mut adjusted = vec![0.0; count];
    let mut largest: f64 = 0.0;
    for (rank, &place) in order.iter().enumerate() {
        largest = largest.max(p_values[place] * (count - rank) as f64);
        adjusted[place] = largest.min(1.0);
    }
    Ok(adjusted)
}

/// Benjamini and Hochberg's step-up correction, for the expected share of false rejections among all: the k-th
/// smallest of m p values times m / k, never above those after it. Holds for independent or positively dependent
/// tests.
///
/// Source: Benjamini & Hochberg, *Controlling the false discovery rate*, J. R. Statist. Soc. B 57 (1995) 289-300.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a p value outside 0..1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>> {
    let (order, count) = (ascending(p_values)?, p_values.len());
    let mut adjusted = vec![0.0; count];
    let mut smallest: f64 = 1.0;
    for (rank, &place) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[place] * count as f64 / (rank + 1) as f64);
        adjusted[place] = smallest;
    }
    Ok(adjusted)
}

/// The places of the p values from the smallest to the largest.
fn ascending(p_values: &[f64]) -> Result<Vec<usize>> {
    if let Some(p) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::option("p value", p, "a p value lies between 0 and 1"));
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    Ok(order)
}
