//! Where a map is rough: the standard deviation of each of its windows.

use ndarray::{Array2, ArrayView2};

use super::Normalisation;
use super::score::{MinMaxMap, window_deviations};
use crate::error::Result;

/// The population standard deviation (divisor 9) of every 3 x 3 window of a map (h, w), as a map (h - 2, w - 2). The value
/// at (y, x) is that of rows y to y + 2 and columns x to x + 2, so its middle is at (y + 1, x + 1) of the map.
///
/// The mean of these values is [`softness_score`](super::softness_score): they show *where* a map is rough. With min-max
/// normalisation each lies in 0..sqrt(20)/9 = 0.497. A constant map has zeros.
///
/// # Errors
/// Those of [`softness_score`](super::softness_score).
///
/// # Example
/// An edge is rough; the areas next to it are not.
/// ```
/// use softness::softness::{Normalisation, local_deviations};
///
/// # fn main() -> softness::Result<()> {
/// let edge = ndarray::Array2::from_shape_fn((3, 6), |(_, x)| if x < 3 { 0.0 } else { 5.0 });
/// let rough = local_deviations(edge.view(), Normalisation::MinMax)?;
/// assert_eq!(rough.dim(), (1, 4));
/// // Three of nine values are 1 in the windows across the edge: sqrt(1/3 x 2/3).
/// assert!((rough[[0, 1]] - 2f64.sqrt() / 3.0).abs() < 1e-15);
/// assert_eq!((rough[[0, 0]], rough[[0, 3]]), (0.0, 0.0));
/// # Ok(())
/// # }
/// ```
pub fn local_deviations(map: ArrayView2<f64>, normalisation: Normalisation) -> Result<Array2<f64>> {
    let (height, width) = map.dim();
    let Some(map) = MinMaxMap::new(map)? else { return Ok(Array2::zeros((height - 2, width - 2))) };
    let map = map.rounded(normalisation);
    let values = map.values.as_slice().expect("in standard layout");
    let rows: Vec<&[f64]> = values.chunks_exact(width).collect();
    let mut deviations = Array2::zeros((height - 2, width - 2));
    for (rows, mut row) in rows.windows(3).zip(deviations.rows_mut()) {
        window_deviations(rows, row.as_slice_mut().expect("in standard layout"));
    }
    deviations.mapv_inplace(|deviation| map.unscaled(deviation, normalisation));
    Ok(deviations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::golden::noise;
    use crate::softness::softness_score;
    use crate::tolerances::REORDERED_SUMS;

    #[test]
    fn their_mean_is_the_score_under_every_normalisation() {
        let map = Array2::from_shape_vec((13, 17), noise(13 * 17, 5)).unwrap() * 300.0;
        for normalisation in Normalisation::ALL {
            let score = softness_score(map.view(), normalisation).unwrap().value();
            let rough = local_deviations(map.view(), normalisation).unwrap();
            assert_eq!(rough.dim(), (11, 15));
            let mean = rough.mean().unwrap();
            assert!((mean - score).abs() <= REORDERED_SUMS * score, "{normalisation}: {mean} {score}");
        }
    }

    #[test]
    fn each_value_is_that_of_its_window() {
        let map = Array2::from_shape_vec((5, 6), noise(30, 9)).unwrap();
        let rough = local_deviations(map.view(), Normalisation::Raw).unwrap();
        for ((y, x), &value) in rough.indexed_iter() {
            let expected = map.slice(ndarray::s![y..y + 3, x..x + 3]).std(0.0);
            assert!((value - expected).abs() < REORDERED_SUMS, "{y}, {x}: {value} {expected}");
        }
    }

    #[test]
    fn a_constant_map_is_smooth_and_what_cannot_be_scored_is_refused() {
        let constant = Array2::from_elem((4, 5), 0.3);
        assert_eq!(
            local_deviations(constant.view(), Normalisation::Raw).unwrap(),
            Array2::<f64>::zeros((2, 3))
        );
        let mut map = Array2::zeros((3, 3));
        map[[1, 2]] = f64::NAN;
        for bad in [map, Array2::zeros((2, 9))] {
            let error = local_deviations(bad.view(), Normalisation::MinMax).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::CannotScore);
        }
    }
}
