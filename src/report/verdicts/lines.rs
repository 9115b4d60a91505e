//! Straight lines through many y over x that stay, in closed sums. Held against [`fit`](crate::models::fit()) in the
//! tests.

use crate::models::Form;

/// What a form makes of one set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// On the straightened scale.
    pub r_squared: f64,
    pub slope: f64,
    /// Share of the residual sum of squares that a quadratic term takes away: the larger, the larger its |t|.
    pub curvature: f64,
    /// AICc of the form minus that of the step model, n ln((1 - R²) / (1 - step R²)).
    pub aicc_over_step: f64,
}

/// One form over the x of a set.
pub(super) struct Regressor {
    form: Form,
    /// Straightened x minus its mean.
    centred: Vec<f64>,
    sxx: f64,
    /// x² with mean and line taken away, and its sum of squares.
    bend: Vec<f64>,
    bend_squares: f64,
}

impl Regressor {
    pub fn new(form: Form, x: &[f64]) -> Self {
        let straight: Vec<f64> = x.iter().map(|&x| if form.takes_ln_x() { x.ln() } else { x }).collect();
        let largest = straight.iter().copied().fold(0.0, f64::max);
        let centred = centre(&straight.iter().map(|x| x / largest).collect::<Vec<_>>());
        let sxx = dot(&centred, &centred);
        let squares = centre(&centred.iter().map(|x| x * x).collect::<Vec<_>>());
        let line = dot(&centred, &squares) / sxx;
        let bend: Vec<f64> = squares.iter().zip(&centred).map(|(square, x)| square - line * x).collect();
        let bend_squares = dot(&bend, &bend);
        Self {
            form,
            centred: centred.iter().map(|x| x * largest).collect(),
            sxx: sxx * largest * largest,
            bend,
            bend_squares,
        }
    }

    /// `y` and its logarithms, and the R² of the step model for both.
    pub fn fit(&self, y: &[f64], ln_y: &[f64], step: [f64; 2]) -> Outcome {
        let (y, step) = if self.form == Form::Linear { (y, step[0]) } else { (ln_y, step[1]) };
        let y = centre(y);
        let slope = dot(&self.centred, &y) / self.sxx;
        let residuals: Vec<f64> = y.iter().zip(&self.centred).map(|(y, x)| y - slope * x).collect();
        let (ssr, sst) = (dot(&residuals, &residuals), dot(&y, &y));
        let bent = dot(&self.bend, &residuals);
        Outcome {
            r_squared: 1.0 - ssr / sst,
            slope,
            curvature: bent * bent / self.bend_squares / ssr,
            aicc_over_step: y.len() as f64 * (ssr / sst / (1.0 - step)).ln(),
        }
    }
}

/// R² of one mean for the points of the least x and another for all others.
pub(super) fn step_r_squared(least: &[bool], y: &[f64]) -> f64 {
    let y = centre(y);
    let part = |side: bool| {
        let of: Vec<f64> = least.iter().zip(&y).filter(|&(&one, _)| one == side).map(|(_, &y)| y).collect();
        let sum: f64 = of.iter().sum();
        sum * sum / of.len() as f64
    };
    (part(true) + part(false)) / dot(&y, &y)
}

fn centre(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
