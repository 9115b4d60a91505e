//! Corrections of p-values for multiple testing.
//!
//! Twelve fits give twelve p-values, so one below 0.05 among them is no surprise. Both corrections return adjusted
//! p-values in the order they are given, as R's `p.adjust` does.

use crate::error::{Error, Result};

/// Holm's step-down correction, which controls the probability of any false rejection. It does not need independent
/// tests.
///
/// The k-th smallest of m p-values is multiplied by m - k + 1; it is never below the ones before it and at most 1.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statistics 6 (1979) 65-70.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a p-value is outside 0..1.
///
/// # Example
/// ```
/// use softness::stats::holm;
/// # fn main() -> softness::Result<()> {
/// // The smallest is multiplied by 3, the next by 2, the last by 1.
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

/// Benjamini and Hochberg's step-up correction, which controls the expected share of false rejections among all
/// rejections, for independent or positively dependent tests.
///
/// The k-th smallest of m p-values is multiplied by m / k; it is never above the ones after it and at most 1.
///
/// Source: Benjamini & Hochberg, *Controlling the false discovery rate*, J. R. Statist. Soc. B 57 (1995) 289-300.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a p-value is outside 0..1.
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

/// The indices of the p-values, smallest first.
fn ascending(p_values: &[f64]) -> Result<Vec<usize>> {
    if let Some(p) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::option("p value", p, "a p value lies between 0 and 1"));
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    Ok(order)
}
