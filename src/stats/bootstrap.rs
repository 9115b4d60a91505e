//! The standard error, interval and p-value of a slope by resampling residuals.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::interval::check_level;
use super::least_squares::{Line, standardise};
use super::{FixedX, Interval, mean};
use crate::error::{Error, Result};
use crate::stop::Stop;

/// If |t| of two samples differ by less than this share, they are the same up to rounding.
const SAME: f64 = 1e-10;

/// How a bootstrap draws new residuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BootstrapScheme {
    /// From all residuals with replacement. For errors with the same distribution at every x.
    Residual,
    /// Wild bootstrap: each residual stays at its point and is multiplied by -1 or 1. For errors whose variance may
    /// change with x. With n points there are only 2^n samples.
    Rademacher,
    /// Wild bootstrap with more samples if there are few points: each residual stays at its point and is multiplied
    /// by one of ± sqrt(1/2), ± 1, ± sqrt(3/2).
    Webb,
}

/// Options of a bootstrap of a slope. The same options give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bootstrap {
    /// How residuals are drawn. Default [`BootstrapScheme::Webb`].
    pub scheme: BootstrapScheme,
    /// The number of samples, at least 99. Default 9,999.
    pub draws: u32,
    /// The seed of the draws. Default 0.
    pub seed: u64,
    /// The level of confidence of the interval, between 0 and 1. Default 0.95.
    pub level: f64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { scheme: BootstrapScheme::Webb, draws: 9_999, seed: 0, level: 0.95 }
    }
}

impl Bootstrap {
    setters! {
        /// Sets how residuals are drawn.
        pub fn scheme(self, scheme: BootstrapScheme);

        /// Sets the number of samples, at least 99.
        pub fn draws(self, draws: u32);

        /// Sets the seed of the draws.
        pub fn seed(self, seed: u64);

        /// Sets the level of confidence of the interval.
        pub fn level(self, level: f64);
    }
}

/// The result of a bootstrap of a slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeBootstrap {
    /// The standard deviation of the slopes of all samples. For wild schemes it estimates the HC2 standard error.
    pub std_err: f64,
    /// The bootstrap-t interval, from b - q(1 - a) s to b - q(a) s with a = (1 - level) / 2. b is the slope, s its
    /// standard error (ordinary, or HC2 for wild schemes), and q are the quantiles of
    /// t* = (slope of a sample - b) / (the sample's standard error).
    pub interval: Interval,
    /// The two-tailed p-value of a zero slope: (1 + samples with |t| at least the observed one) / (1 + samples).
    /// These samples are drawn from y minus its mean, so that the null hypothesis is true in them. t is the slope
    /// divided by s.
    pub p_value: f64,
}

impl Line {
    /// The standard error, interval and p-value of the slope by bootstrap.
    ///
    /// Residuals are first divided by sqrt(1 - h), because a line lies closer to its own points than to new ones. For
    /// [`BootstrapScheme::Residual`] they are then centred.
    pub fn bootstrap_slope(&self, options: Bootstrap) -> Result<SlopeBootstrap> {
        check_level(options.level)?;
        Error::require(options.draws >= 99, "draws", options.draws, "a bootstrap needs at least 99")?;
        // In units in which squares neither overflow nor vanish.
        let (x, _, x_scale) = standardise(&self.x);
        let (y, mean_y, y_scale) = standardise(&self.y);
        let x = FixedX::new(&x);
        let hc2 = x.hc2_factors();
        let in_units = |values: &[f64], from: f64| -> Vec<f64> {
            values.iter().map(|value| (value - from) / y_scale).collect()
        };
        let residuals = inflated(&in_units(&self.residuals, 0.0), &hc2, options.scheme);
        let fitted = in_units(&self.fitted, mean_y);
        let robust = (options.scheme != BootstrapScheme::Residual).then_some(&hc2[..]);
        let (slope, error) = x.slope_and_error(&y, robust);
        let observed = (slope / error).abs() * (1.0 - SAME);
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        let (mut slopes, mut ts) = (Vec::new(), Vec::new());
        let (mut new, mut extreme) = (vec![0.0; self.n()], 0u32);
        let stop = Stop::from_environment();
        for _ in 0..options.draws {
            stop.check("the bootstrap")?;
            options.scheme.draw(&residuals, &mut new, &mut random);
            let sample: Vec<f64> = fitted.iter().zip(&new).map(|(fitted, new)| fitted + new).collect();
            let (own, own_error) = x.slope_and_error(&sample, robust);
            slopes.push(own);
            // A sample on an exact line has no t. Its t counts as 0.
            let is_exact = own_error <= SAME * own.abs().max(error);
            ts.push(if is_exact { 0.0 } else { (own - slope) / own_error });
            options.scheme.draw(&y, &mut new, &mut random);
            let (own, own_error) = x.slope_and_error(&new, robust);
            extreme += u32::from((own / own_error).abs() >= observed);
        }
        let mean = mean(&slopes);
        let variance =
            slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (slopes.len() - 1) as f64;
        ts.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let rank = (share * (ts.len() + 1) as f64).round() as usize;
            ts[rank.clamp(1, ts.len()) - 1]
        };
        let unit = y_scale / x_scale;
        let end = |share: f64| (slope - quantile(share) * error) * unit;
        Ok(SlopeBootstrap {
            std_err: variance.sqrt() * unit,
            interval: Interval { low: end(0.5 + options.level / 2.0), high: end(0.5 - options.level / 2.0) },
            p_value: f64::from(extreme + 1) / f64::from(options.draws + 1),
        })
    }
}

impl BootstrapScheme {
    fn draw(self, residuals: &[f64], new: &mut [f64], random: &mut impl Rng) {
        for (point, value) in new.iter_mut().enumerate() {
            *value = match self {
                Self::Residual => residuals[random.random_range(0..residuals.len())],
                Self::Rademacher => residuals[point] * sign(random),
                Self::Webb => {
                    residuals[point] * sign(random) * (f64::from(random.random_range(1..=3)) / 2.0).sqrt()
                }
            };
        }
    }
}

fn sign(random: &mut impl Rng) -> f64 {
    if random.random::<bool>() { 1.0 } else { -1.0 }
}

/// Residuals with the variance of the errors.
fn inflated(residuals: &[f64], hc2: &[f64], scheme: BootstrapScheme) -> Vec<f64> {
    let mut inflated: Vec<f64> =
        residuals.iter().zip(hc2).map(|(residual, factor)| residual * factor.sqrt()).collect();
    if scheme == BootstrapScheme::Residual {
        let mean = mean(&inflated);
        inflated.iter_mut().for_each(|residual| *residual -= mean);
    }
    inflated
}
