//! Many lines on one x: closed sums for thousands of sets of y, and the step model to compare them with.
//!
//! [`regress`](super::regress) is the accurate line. These sums lose digits if x is far from 0 or badly scaled, but
//! need a hundredth of the time. The tests compare the two.

use super::mean;

/// A line as [`FixedX::fit`] finds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FixedXFit {
    pub mean: f64,
    pub slope: f64,
    /// NaN if all y are the same.
    pub r_squared: f64,
    /// The share of the residual sum of squares that a quadratic term takes away. It grows with that term's |t|.
    pub curvature: f64,
}

/// Least squares of many y on one x.
pub(crate) struct FixedX {
    /// x minus its mean.
    centred: Vec<f64>,
    sxx: f64,
    leverages: Vec<f64>,
    /// x² without its mean and its line, and the sum of squares of that.
    bend: Vec<f64>,
    bend_squares: f64,
}

impl FixedX {
    pub fn new(x: &[f64]) -> Self {
        let count = x.len() as f64;
        let mean = x.iter().sum::<f64>() / count;
        let centred: Vec<f64> = x.iter().map(|x| x - mean).collect();
        let sxx = centred.iter().map(|x| x * x).sum();
        let leverages = centred.iter().map(|x| 1.0 / count + x * x / sxx).collect();
        let squares: Vec<f64> = centred.iter().map(|x| x * x / sxx).collect();
        let line = centred.iter().zip(&squares).map(|(x, square)| x * square).sum::<f64>() / sxx;
        let bend: Vec<f64> =
            centred.iter().zip(&squares).map(|(x, square)| square - 1.0 / count - line * x).collect();
        let bend_squares = bend.iter().map(|bend| bend * bend).sum();
        Self { centred, sxx, leverages, bend, bend_squares }
    }

    /// The line of y.
    pub fn fit(&self, y: &[f64]) -> FixedXFit {
        let (mean, slope) = self.mean_and_slope(y);
        let (mut ssr, mut sst, mut bent) = (0.0, 0.0, 0.0);
        for ((x, bend), y) in self.centred.iter().zip(&self.bend).zip(y) {
            let residual = y - mean - slope * x;
            ssr += residual * residual;
            bent += bend * residual;
            sst += (y - mean) * (y - mean);
        }
        FixedXFit {
            mean,
            slope,
            r_squared: if sst > 0.0 { 1.0 - ssr / sst } else { f64::NAN },
            curvature: bent * bent / self.bend_squares / ssr,
        }
    }

    /// The root mean squared error of predicting each `original` y by the line through the other points.
    /// `to_original` takes a y of the line to the scale of `original`.
    pub fn leave_one_out_error(
        &self,
        line: &FixedXFit,
        y: &[f64],
        original: &[f64],
        to_original: impl Fn(f64) -> f64,
    ) -> f64 {
        let mut squares = 0.0;
        for (((x, leverage), y), original) in self.centred.iter().zip(&self.leverages).zip(y).zip(original) {
            let residual = y - line.mean - line.slope * x;
            let predicted = to_original(y - residual / (1.0 - leverage));
            squares += (original - predicted) * (original - predicted);
        }
        (squares / y.len() as f64).sqrt()
    }

    fn mean_and_slope(&self, y: &[f64]) -> (f64, f64) {
        let mean = mean(y);
        let slope = self.centred.iter().zip(y).map(|(x, y)| x * (y - mean)).sum::<f64>() / self.sxx;
        (mean, slope)
    }

    /// The slope and its standard error: the ordinary one, or with factors HC2 ([`hc2_factors`](Self::hc2_factors)) or HC3
    /// ([`hc3_factors`](Self::hc3_factors)).
    pub fn slope_and_error(&self, y: &[f64], factors: Option<&[f64]>) -> (f64, f64) {
        let (mean, slope) = self.mean_and_slope(y);
        let squares = self.centred.iter().zip(y).map(|(x, y)| (y - mean - slope * x).powi(2));
        let variance = if let Some(factors) = factors {
            let weighted =
                squares.zip(&self.centred).zip(factors).map(|((e2, x), factor)| x * x * e2 * factor);
            weighted.sum::<f64>() / (self.sxx * self.sxx)
        } else {
            squares.sum::<f64>() / (y.len() as f64 - 2.0) / self.sxx
        };
        (slope, variance.sqrt())
    }

    /// 1 / (1 - h) for each point. 0 if h is 1: its residual is then 0 whatever y is.
    pub fn hc2_factors(&self) -> Vec<f64> {
        let leverages = self.leverages.iter();
        leverages.map(|h| if *h < 1.0 - super::influence::NO_SHARE { 1.0 / (1.0 - h) } else { 0.0 }).collect()
    }

    /// 1 / (1 - h)² for each point, as [`hc2_factors`](Self::hc2_factors).
    pub fn hc3_factors(&self) -> Vec<f64> {
        self.hc2_factors().into_iter().map(|factor| factor * factor).collect()
    }
}

/// R² of the step model: one mean for the points of the smallest x (`least`), another for all others.
pub(crate) fn step_r_squared(least: &[bool], y: &[f64]) -> f64 {
    let [low, high] = step_means(least, y);
    let mean = mean(y);
    let own = |&is_least: &bool| if is_least { low.0 } else { high.0 };
    let ssr: f64 = least.iter().zip(y).map(|(least, y)| (y - own(least)).powi(2)).sum();
    let sst: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    if sst > 0.0 { 1.0 - ssr / sst } else { f64::NAN }
}

/// The root mean squared error of predicting each point by the step model of the others. NaN if a side has only one
/// point.
pub(crate) fn step_leave_one_out_error(least: &[bool], y: &[f64]) -> f64 {
    let [low, high] = step_means(least, y);
    let error = |(&is_least, &y): (&bool, &f64)| {
        let (mean, count) = if is_least { low } else { high };
        if count > 1.0 { ((y - mean) * count / (count - 1.0)).powi(2) } else { f64::NAN }
    };
    (least.iter().zip(y).map(error).sum::<f64>() / y.len() as f64).sqrt()
}

/// The mean and the number of the points of the smallest x, and of all others.
fn step_means(least: &[bool], y: &[f64]) -> [(f64, f64); 2] {
    [true, false].map(|side| {
        let own: Vec<f64> = least.iter().zip(y).filter(|&(&one, _)| one == side).map(|(_, &y)| y).collect();
        (mean(&own), own.len() as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_close, noise};
    use crate::stats::regress;

    /// Sums of eleven products of numbers near 1, against a QR decomposition.
    const SUMS: f64 = 1e-9;

    const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];

    #[test]
    fn closed_sums_agree_with_regress_and_its_tests() {
        let least = PAPER.map(|x| x == 1.0);
        let step = PAPER.map(|x| if x == 1.0 { 0.0 } else { 1.0 });
        for (salt, x) in (0..40).zip([PAPER, PAPER.map(f64::ln)].into_iter().cycle()) {
            let y: Vec<f64> = noise(11, salt).into_iter().map(|noise| 2.0 + noise).collect();
            let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
            let (theirs, fixed) = (regress(&x, &ln_y).unwrap(), FixedX::new(&x));
            let ours = fixed.fit(&ln_y);
            let what = format!("{salt}");
            assert_close(ours.r_squared, theirs.r_squared, SUMS, 1.0, &what);
            assert_close(ours.slope, theirs.slope, SUMS, theirs.slope_std_err, &what);
            let (slope, error) = fixed.slope_and_error(&ln_y, None);
            assert_close(slope, theirs.slope, SUMS, theirs.slope_std_err, &what);
            assert_close(error, theirs.slope_std_err, SUMS, theirs.slope_std_err, &what);
            // t² = c / (1 - c) (n - 3), c being the share that a quadratic term takes away.
            let t = (8.0 * ours.curvature / (1.0 - ours.curvature)).sqrt();
            assert_close(t, theirs.curvature().unwrap().statistic.abs(), SUMS, 1.0, &what);
            let left_out = theirs.leave_one_out_error(&y, f64::exp).unwrap();
            assert_close(
                fixed.leave_one_out_error(&ours, &ln_y, &y, f64::exp),
                left_out,
                SUMS,
                left_out,
                &what,
            );
            let by_step = regress(&step, &y).unwrap();
            assert_close(step_r_squared(&least, &y), by_step.r_squared, SUMS, 1.0, &what);
            let step_error = by_step.leave_one_out_error(&y, |y| y).unwrap();
            assert_close(step_leave_one_out_error(&least, &y), step_error, SUMS, step_error, &what);
        }
    }

    #[test]
    fn a_step_without_repeats_cannot_leave_a_point_out() {
        assert!(step_leave_one_out_error(&[true, false, false], &[1.0, 2.0, 3.0]).is_nan());
        assert!(step_r_squared(&[true, false, false], &[2.0; 3]).is_nan(), "nothing to explain");
    }
}
