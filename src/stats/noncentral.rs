//! The noncentral F distribution, which `statrs` does not have, and the interval of R² that follows from it.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

use super::interval::{Interval, check_level};
use crate::error::Result;

/// Poisson weights below this add nothing to a sum of probabilities.
const NEGLIGIBLE: f64 = 1e-18;

/// The probability that noncentral F, with 1 and `freedom` degrees of freedom and noncentrality `lambda`, is below
/// the F of this R².
///
/// Since F / (F + freedom) = R², it is the sum over j of Poisson(j; lambda / 2) I(R²; 1/2 + j, freedom / 2). The sum
/// runs from the largest weight outwards, with the recurrence I(a + 1) = I(a) - g(a),
/// g(a) = x^a (1 - x)^b / (a B(a, b)).
pub(crate) fn noncentral_cdf(r_squared: f64, freedom: f64, lambda: f64) -> f64 {
    let (x, b, half) = (r_squared, freedom / 2.0, lambda / 2.0);
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let mode = half.floor();
    let a = mode + 0.5;
    let weight = if half == 0.0 { 1.0 } else { (mode * half.ln() - half - ln_gamma(mode + 1.0)).exp() };
    let beta = beta_reg(a, b, x);
    let step = (a * x.ln() + b * (1.0 - x).ln() + ln_gamma(a + b) - ln_gamma(a + 1.0) - ln_gamma(b)).exp();

    let mut sum = weight * beta;
    let (mut j, mut w, mut value, mut g) = (mode, weight, beta, step);
    while w > NEGLIGIBLE && value > 0.0 {
        value = (value - g).max(0.0);
        g *= x * (j + 0.5 + b) / (j + 1.5);
        j += 1.0;
        w *= half / j;
        sum += w * value;
    }
    let (mut j, mut w, mut value, mut g) = (mode, weight, beta, step);
    while w > NEGLIGIBLE && j > 0.0 {
        g *= (j + 0.5) / (x * (j - 0.5 + b));
        value = (value + g).min(1.0);
        w *= j / half;
        j -= 1.0;
        sum += w * value;
    }
    sum.min(1.0)
}

/// The interval of the population's R² from the R² of a line on `n` fixed x values. 1 to 1 for an exact line.
///
/// An end is lambda / (lambda + n). lambda is the noncentrality that puts F at the quantile (1 + level) / 2 for the
/// lower end and (1 - level) / 2 for the upper.
///
/// Source: Steiger, *Beyond the F test*, Psychological Methods 9 (2004) 164-182.
pub(super) fn r_squared_interval(r_squared: f64, n: usize, level: f64) -> Result<Interval> {
    check_level(level)?;
    if r_squared >= 1.0 {
        return Ok(Interval { low: 1.0, high: 1.0 });
    }
    let (points, freedom) = (n as f64, n as f64 - 2.0);
    let population = |probability: f64| {
        let lambda = noncentrality(r_squared, freedom, probability);
        lambda / (lambda + points)
    };
    Ok(Interval { low: population((1.0 + level) / 2.0), high: population((1.0 - level) / 2.0) })
}

/// The noncentrality at which F is below that of this R² with `probability`; 0 if the central distribution already
/// gives less.
fn noncentrality(r_squared: f64, freedom: f64, probability: f64) -> f64 {
    let below = |lambda: f64| noncentral_cdf(r_squared, freedom, lambda);
    if below(0.0) <= probability {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while below(high) > probability && high < 1e18 {
        low = high;
        high *= 2.0;
    }
    // The probability falls as lambda grows. Halve until the two are neighbours, or nearly.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) > probability { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
