//! Straight lines and steps over x values that stay while y changes, in closed sums: what ten thousand sets of
//! eleven need. Held against [`fit`](crate::models::fit()) in the tests.

use crate::models::Form;

/// What a line or a step makes of one set of y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outcome {
    /// On the straightened scale.
    pub r_squared: f64,
    pub slope: f64,
    /// Share of the residual sum of squares that a quadratic term takes away: the larger, the larger its |t|.
    pub curvature: f64,
    /// Root mean squared error of leaving each point out, on the original scale; NaN where it cannot be.
    pub leave_one_out: f64,
}

/// Least squares on one straightened x.
pub(crate) struct Line {
    form: Form,
    /// Straightened x minus its mean.
    centred: Vec<f64>,
    sxx: f64,
    leverages: Vec<f64>,
    /// Squared x without its mean and its line, and its sum of squares.
    bend: Vec<f64>,
    bend_squares: f64,
}

impl Line {
    pub fn new(form: Form, x: &[f64]) -> Self {
        let straight: Vec<f64> = x.iter().map(|&x| if form.takes_ln_x() { x.ln() } else { x }).collect();
        let count = x.len() as f64;
        let mean = straight.iter().sum::<f64>() / count;
        let centred: Vec<f64> = straight.iter().map(|x| x - mean).collect();
        let sxx = centred.iter().map(|x| x * x).sum();
        let leverages = centred.iter().map(|x| 1.0 / count + x * x / sxx).collect();
        let squares: Vec<f64> = centred.iter().map(|x| x * x / sxx).collect();
        let line = centred.iter().zip(&squares).map(|(x, square)| x * square).sum::<f64>() / sxx;
        let bend: Vec<f64> =
            centred.iter().zip(&squares).map(|(x, square)| square - 1.0 / count - line * x).collect();
        let bend_squares = bend.iter().map(|bend| bend * bend).sum();
        Self { form, centred, sxx, leverages, bend, bend_squares }
    }

    /// `y` as given, `straight` as the form takes it.
    pub fn fit(&self, y: &[f64], straight: &[f64]) -> Outcome {
        let mean = straight.iter().sum::<f64>() / straight.len() as f64;
        let slope = self.centred.iter().zip(straight).map(|(x, y)| x * (y - mean)).sum::<f64>() / self.sxx;
        let (mut ssr, mut sst, mut bent, mut left_out) = (0.0, 0.0, 0.0, 0.0);
        let points = self.centred.iter().zip(&self.leverages).zip(&self.bend).zip(y).zip(straight);
        for ((((x, leverage), bend), y), straight) in points {
            let residual = straight - mean - slope * x;
            ssr += residual * residual;
            bent += bend * residual;
            sst += (straight - mean) * (straight - mean);
            let predicted = straight - residual / (1.0 - leverage);
            let predicted = if self.form.takes_ln_y() { predicted.exp() } else { predicted };
            left_out += (y - predicted) * (y - predicted);
        }
        Outcome {
            r_squared: if sst > 0.0 { 1.0 - ssr / sst } else { f64::NAN },
            slope,
            curvature: bent * bent / self.bend_squares / ssr,
            leave_one_out: (left_out / y.len() as f64).sqrt(),
        }
    }
}

/// R² of the step model: one mean for the points of the least x, another for all others.
pub(crate) fn step_r_squared(least: &[bool], y: &[f64]) -> f64 {
    let [low, high] = means(least, y);
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let own = |&low_one: &bool| if low_one { low.0 } else { high.0 };
    let ssr: f64 = least.iter().zip(y).map(|(least, y)| (y - own(least)).powi(2)).sum();
    let sst: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    if sst > 0.0 { 1.0 - ssr / sst } else { f64::NAN }
}

/// Root mean squared error of leaving each point out of the step model; NaN where a side has but one point.
pub(crate) fn step_leave_one_out(least: &[bool], y: &[f64]) -> f64 {
    let [low, high] = means(least, y);
    let error = |(&low_one, &y): (&bool, &f64)| {
        let (mean, count) = if low_one { low } else { high };
        if count > 1.0 { ((y - mean) * count / (count - 1.0)).powi(2) } else { f64::NAN }
    };
    (least.iter().zip(y).map(error).sum::<f64>() / y.len() as f64).sqrt()
}

/// Mean and number of the points of the least x, and of all others.
fn means(least: &[bool], y: &[f64]) -> [(f64, f64); 2] {
    [true, false].map(|side| {
        let of: Vec<f64> = least.iter().zip(y).filter(|&(&one, _)| one == side).map(|(_, &y)| y).collect();
        (of.iter().sum::<f64>() / of.len() as f64, of.len() as f64)
    })
}
