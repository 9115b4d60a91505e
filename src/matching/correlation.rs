//! Pearson's correlation of all rows with all rows.

use ndarray::Array2;

/// The correlation of every row of `a` with every row of `b`, -1 to 1. A row whose values are all the same has the correlation 0.
pub(super) fn correlations(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let [a, b] = [standardised(a), standardised(b)];
    Array2::from_shape_fn((a.nrows(), b.nrows()), |(row, other)| {
        let product: f64 = a.row(row).iter().zip(b.row(other)).map(|(one, other)| one * other).sum();
        product.clamp(-1.0, 1.0)
    })
}

/// Rows with the mean 0 and the norm 1; zeros in place of a row whose values are all the same.
fn standardised(rows: &Array2<f64>) -> Array2<f64> {
    let mut rows = rows.clone();
    for mut row in rows.rows_mut() {
        let first = row.iter().next().copied().unwrap_or(0.0);
        if row.iter().all(|&value| value == first) {
            row.fill(0.0);
            continue;
        }
        // In units in which squares neither overflow nor vanish.
        let largest = row.iter().fold(0f64, |largest, value| largest.max(value.abs()));
        row.mapv_inplace(|value| value / largest);
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        row.mapv_inplace(|value| value - mean);
        let norm = row.iter().map(|value| value * value).sum::<f64>().sqrt();
        row.mapv_inplace(|value| if norm > 0.0 { value / norm } else { 0.0 });
    }
    rows
}
