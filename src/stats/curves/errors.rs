//! From the parameters of the search to those of the curve, with their standard errors.

use ndarray::{Array1, Array2};

use super::curve::Curve;
use super::search::Search;
use crate::stats::least_squares::{norm, solve};

/// The parameters of the curve and their standard errors, from the parameters of the search. `None` if one is not
/// finite or the parameters depend on one another.
///
/// The standard errors are s times the roots of the diagonal of (J'J)^-1. For each parameter that is s divided by the
/// length of its column of J after projecting out the other columns.
pub(super) fn parameters_and_errors(
    search: &Search,
    inner: &[f64],
    scale: f64,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let (n, count, curve) = (search.x.len(), inner.len(), search.curve);
    let linear = count - curve.shapes().len();
    let mut parameters = inner.to_vec();
    if matches!(curve, Curve::Exponential | Curve::Power) {
        parameters[0] *= (-inner[1] * search.centre).exp();
    } else {
        parameters[linear..].iter_mut().for_each(|value| *value = value.exp());
    }
    if curve.has_offset() {
        parameters[0] -= parameters[1] * curve.basis(search.least, &inner[linear..], 0.0).0;
    }
    parameters[..linear].iter_mut().for_each(|value| *value *= scale);

    let columns: Vec<Vec<f64>> = (0..count)
        .map(|column| search.x.iter().map(|&x| derivative(curve, x, &parameters, column)).collect())
        .collect();
    let deviation = norm(&search.residuals(inner)) / ((n - count) as f64).sqrt() * scale;
    // Columns of length 1 keep the decomposition accurate.
    let units: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| (norm(column), column))
        .map(|(length, column)| column.iter().map(|value| value / length).collect())
        .collect();
    let std_errs = (0..count)
        .map(|own| {
            let matrix = Array2::from_shape_fn((n, count - 1), |(row, place)| {
                units[place + usize::from(place >= own)][row]
            });
            let shares = solve(matrix.clone(), columns[own].clone())?;
            let explained = matrix.dot(&Array1::from(shares));
            let left: Vec<f64> =
                columns[own].iter().zip(&explained).map(|(own, explained)| own - explained).collect();
            Some(deviation / norm(&left))
        })
        .collect::<Option<Vec<f64>>>()?;
    let finite = parameters.iter().chain(&std_errs).all(|value| value.is_finite());
    finite.then_some((parameters, std_errs))
}

/// The derivative of the curve at x by one of its parameters.
fn derivative(curve: Curve, x: f64, parameters: &[f64], by: usize) -> f64 {
    let linear = parameters.len() - curve.shapes().len();
    let factor = parameters[linear - 1];
    let shape: Vec<f64> = match curve {
        Curve::Exponential | Curve::Power => parameters[linear..].to_vec(),
        _ => parameters[linear..].iter().map(|value| value.ln()).collect(),
    };
    let (value, by_shape) = curve.basis(x, &shape, 0.0);
    match (by.checked_sub(linear), curve) {
        (Some(place), Curve::Exponential | Curve::Power) => factor * by_shape[place],
        (Some(place), _) => factor * by_shape[place] / parameters[by],
        (None, _) if by + 1 == linear => value,
        (None, _) => 1.0,
    }
}
