//! The plane in which points of many dimensions spread most.

use linfa_linalg::eigh::Eigh;
use ndarray::{Array1, Array2, Axis};

/// Points on their first two principal components.
pub(crate) struct PrincipalComponents {
    /// The coordinates of each point on component 1 and 2, around the mean of all points.
    pub coordinates: Vec<[f64; 2]>,
    /// The share of the points' variance along each, 0..1; 0 if all points are the same.
    pub shares: [f64; 2],
}

impl PrincipalComponents {
    /// The first two principal components of `points`, one in each row, by the eigenvectors of the smaller of the two
    /// matrices of products: X'X or, if there are fewer points than dimensions, XX', with X centred. The largest entry of
    /// each direction (the first of several) is positive.
    ///
    /// `None` if there is no point, a value is not finite, or the eigenvectors cannot be found.
    pub fn of(points: Array2<f64>) -> Option<Self> {
        let (count, dimensions) = points.dim();
        let mean = points.mean_axis(Axis(0))?;
        let centred = points - &mean;
        // Points that are the same differ from their mean by rounding.
        let total: f64 = centred.iter().map(|value| value * value).sum();
        let size: f64 = mean.iter().map(|value| value * value).sum::<f64>() * count as f64;
        if !(total.is_finite() && size.is_finite()) {
            return None;
        }
        if total <= (size + total) * f64::EPSILON {
            return Some(Self { coordinates: vec![[0.0; 2]; count], shares: [0.0; 2] });
        }
        let wide = count < dimensions;
        let products = if wide { centred.dot(&centred.t()) } else { centred.t().dot(&centred) };
        let (values, vectors) = products.eigh().ok()?;
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&one, &other| values[other].total_cmp(&values[one]));
        let mut components = Self { coordinates: vec![[0.0; 2]; count], shares: [0.0; 2] };
        for (component, &index) in order.iter().take(2).enumerate() {
            let vector = vectors.column(index);
            let direction = if wide { centred.t().dot(&vector) } else { vector.to_owned() };
            let Some(direction) = unit(direction) else { continue };
            let along = centred.dot(&direction);
            components.shares[component] = along.dot(&along) / total;
            for (point, value) in components.coordinates.iter_mut().zip(along) {
                point[component] = value;
            }
        }
        Some(components)
    }
}

/// The direction of a vector, with its largest entry positive; `None` for zeros.
fn unit(vector: Array1<f64>) -> Option<Array1<f64>> {
    let largest =
        vector.iter().copied().reduce(|best, value| if value.abs() > best.abs() { value } else { best })?;
    let length = vector.dot(&vector).sqrt();
    (length > 0.0).then(|| vector / (length * largest.signum()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::golden;
    use crate::tolerances::AGAINST_NUMPYS_SVD;

    #[derive(Deserialize)]
    struct Case {
        points: usize,
        dimensions: usize,
        salt: u64,
        coordinates: Vec<[f64; 2]>,
        shares: [f64; 2],
    }

    #[derive(Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    /// Random points that are stretched by another factor in each dimension, around a mean that is not 0.
    fn points(case: &Case) -> Array2<f64> {
        let noise = golden::noise(case.points * case.dimensions, case.salt);
        let noise = Array2::from_shape_vec((case.points, case.dimensions), noise).unwrap();
        Array2::from_shape_fn(noise.dim(), |(point, dimension)| {
            3.0 + noise[[point, dimension]] / (1.0 + dimension as f64)
        })
    }

    #[test]
    fn they_are_those_of_numpy() {
        let golden: Golden = golden::json("principal_components.json");
        assert!(golden.cases.iter().any(|case| case.points < case.dimensions));
        assert!(golden.cases.iter().any(|case| case.points > case.dimensions));
        for case in &golden.cases {
            let ours = PrincipalComponents::of(points(case)).unwrap();
            let what = format!("{} points of {} dimensions", case.points, case.dimensions);
            assert_eq!(ours.coordinates.len(), case.coordinates.len());
            for (ours, theirs) in ours.coordinates.iter().zip(&case.coordinates) {
                for (ours, theirs) in ours.iter().zip(theirs) {
                    golden::assert_close(*ours, *theirs, AGAINST_NUMPYS_SVD, 1.0, &what);
                }
            }
            for (ours, theirs) in ours.shares.iter().zip(case.shares) {
                golden::assert_close(*ours, theirs, AGAINST_NUMPYS_SVD, 1.0, &what);
            }
        }
    }

    #[test]
    fn points_that_are_the_same_have_no_variance_and_points_on_a_line_have_one_component() {
        let same = PrincipalComponents::of(Array2::from_elem((5, 7), 0.1)).unwrap();
        assert_eq!((same.shares, same.coordinates), ([0.0; 2], vec![[0.0; 2]; 5]));
        let line = Array2::from_shape_fn((5, 3), |(point, _)| point as f64);
        let line = PrincipalComponents::of(line).unwrap();
        golden::assert_close(line.shares[0], 1.0, AGAINST_NUMPYS_SVD, 1.0, "share of the line");
        golden::assert_close(line.coordinates[4][0], 12f64.sqrt(), AGAINST_NUMPYS_SVD, 1.0, "its end");
        let one_dimension = PrincipalComponents::of(Array2::from_shape_fn((4, 1), |(point, _)| point as f64));
        assert_eq!(one_dimension.unwrap().coordinates[3], [1.5, 0.0]);
        assert!(PrincipalComponents::of(Array2::zeros((0, 3))).is_none());
        assert!(PrincipalComponents::of(Array2::from_elem((2, 2), f64::NAN)).is_none());
    }
}
