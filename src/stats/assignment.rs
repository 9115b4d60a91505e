//! The best one-to-one assignment of rows to columns.

use lapjv::lapjv;
use ndarray::Array2;

use crate::error::{Error, ErrorKind, Result};

/// The pairs (row, column) of the one-to-one assignment whose sum of `gains` is largest, in the order of the rows. If there
/// are more rows than columns, or more columns than rows, those that are left over have no pair.
///
/// The algorithm is that of Jonker and Volgenant (1987), in the crate `lapjv`. If several assignments have the same sum, the
/// same matrix always gives the same one of them.
///
/// # Errors
/// [`ErrorKind::Internal`] if a gain is not finite.
pub(crate) fn best_assignment(gains: &Array2<f64>) -> Result<Vec<(usize, usize)>> {
    let failed = |problem: String| {
        Error::new(ErrorKind::Internal, format!("the best assignment could not be found: {problem}"))
    };
    if gains.iter().any(|gain| !gain.is_finite()) {
        return Err(failed("a value is not finite".into()));
    }
    let (rows, columns) = gains.dim();
    if rows == 0 || columns == 0 {
        return Ok(Vec::new());
    }
    // The crate minimises over square matrices. Rows and columns of zeros change no difference between assignments.
    let side = rows.max(columns);
    let costs = Array2::from_shape_fn((side, side), |at| gains.get(at).map_or(0.0, |gain| -gain));
    let (column_of, _) = lapjv(&costs).map_err(|problem| failed(problem.to_string()))?;
    Ok(column_of.into_iter().take(rows).enumerate().filter(|&(_, column)| column < columns).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{json, noise};
    use crate::tolerances::COUNTS;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        assignments: Vec<Assignment>,
    }

    #[derive(Deserialize)]
    struct Assignment {
        rows: usize,
        columns: usize,
        salt: u64,
        /// Every value is rounded to a multiple of 1 / `steps`, so that there are ties; 0: not rounded.
        steps: u32,
        sum: f64,
        pairs: Vec<(usize, usize)>,
    }

    #[test]
    fn assignments_have_the_sums_of_scipy_and_without_ties_its_pairs() {
        let cases = json::<Golden>("agreement.json").assignments;
        assert!(
            cases.iter().any(|case| case.steps > 0) && cases.iter().any(|case| case.rows != case.columns)
        );
        for Assignment { rows, columns, salt, steps, sum, pairs } in cases {
            let mut values = noise(rows * columns, salt);
            if steps > 0 {
                values
                    .iter_mut()
                    .for_each(|value| *value = (*value * f64::from(steps)).floor() / f64::from(steps));
            }
            let gains = Array2::from_shape_vec((rows, columns), values).unwrap();
            let ours = best_assignment(&gains).unwrap();
            let our_sum: f64 = ours.iter().map(|&at| gains[at]).sum();
            assert!((our_sum - sum).abs() <= COUNTS * sum.abs().max(1.0), "{rows} x {columns}, salt {salt}");
            let mut used: Vec<usize> = ours.iter().map(|pair| pair.1).collect();
            used.sort_unstable();
            used.dedup();
            assert_eq!(used.len(), rows.min(columns));
            if steps == 0 {
                assert_eq!(ours, pairs, "{rows} x {columns}, salt {salt}");
            }
        }
    }

    #[test]
    fn nothing_is_assigned_to_nothing_and_what_is_no_number_is_refused() {
        assert_eq!(best_assignment(&Array2::zeros((0, 3))).unwrap(), []);
        assert_eq!(best_assignment(&Array2::zeros((1, 1))).unwrap(), [(0, 0)]);
        let error = best_assignment(&ndarray::arr2(&[[0.0, f64::NAN]])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
