//! The slope's error and p value by resampling a fit's residuals.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::interval::check_level;
use super::line::standardise;
use super::{Fit, Interval};
use crate::error::{Error, Result};

/// |t| of two sets that differ by less than this share are the same but for rounding.
const SAME: f64 = 1e-10;

/// How new residuals are made from a fit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Drawn from all of them with replacement: for errors of one distribution at every x.
    Residual,
    /// Each stays at its point and keeps its size, times -1 or 1 (wild bootstrap): for errors whose variance
    /// may change with x. With n points there are but 2^n sets.
    Rademacher,
    /// Each stays at its point, times one of -/+ sqrt(1/2), 1, sqrt(3/2) (wild bootstrap): more sets where
    /// points are few.
    Webb,
}

/// A bootstrap of a fit's slope. The same options give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// How residuals are made.
    pub scheme: Scheme,
    /// How many sets are made, 99 or more.
    pub draws: u32,
    /// The seed of the draws.
    pub seed: u64,
    /// The level of the interval, such as 0.95.
    pub level: f64,
}

impl Default for Bootstrap {
    /// Webb's wild bootstrap, 9,999 draws, seed 0, level 0.95.
    fn default() -> Self {
        Self { scheme: Scheme::Webb, draws: 9_999, seed: 0, level: 0.95 }
    }
}

/// What a bootstrap says of a slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeBootstrap {
    /// The standard deviation of the slopes of all sets. For wild schemes it estimates HC2's standard error.
    pub std_err: f64,
    /// Bootstrap-t: from b - q(1 - a) s to b - q(a) s, with a = (1 - level) / 2, the fit's slope b and its standard error s
    /// as in t below, and the quantiles q of t* = (slope of a set - b) / (the set's standard error).
    pub interval: Interval,
    /// The two-tailed p value of a zero slope: (1 + sets with a |t| of at least the fit's) / (1 + sets),
    /// where sets are made from y minus its mean, so that the null hypothesis is true in them. t is the slope
    /// over its ordinary standard error, for wild schemes over HC2's.
    pub p_value: f64,
}

impl Fit {
    /// The slope's error, interval and p value by bootstrap, on the straightened scale.
    ///
    /// Residuals are first divided by sqrt(1 - h), h their leverage, which makes up for a fit being nearer to
    /// its own points; for [`Scheme::Residual`] their mean is then taken off.
    ///
    /// Sources: Davidson & Flachaire, *The wild bootstrap, tamed at last*, J. Econometrics 146 (2008)
    /// 162-169; Webb, *Reworking wild bootstrap based inference*, Canad. J. Economics 56 (2023) 839-858;
    /// Davison & Hinkley, *Bootstrap Methods* (1997), chapters 5 and 6.
    ///
    /// The p value is of sets in which the slope is 0, the interval of sets in which it is the fit's: near a level they may
    /// disagree.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for fewer than 99 draws or a level that is not between 0 and 1.
    pub fn bootstrap_slope(&self, options: Bootstrap) -> Result<SlopeBootstrap> {
        check_level(options.level)?;
        if options.draws < 99 {
            return Err(Error::option("draws", options.draws, "a bootstrap needs at least 99"));
        }
        let design = Design::of(self);
        let wild = options.scheme != Scheme::Residual;
        // In units in which squares neither overflow nor vanish.
        let (y, mean_y, y_scale) = standardise(&self.straight_y());
        let in_units = |values: &[f64], from: f64| -> Vec<f64> {
            values.iter().map(|value| (value - from) / y_scale).collect()
        };
        let residuals = design.fair(&in_units(self.residuals(), 0.0), options.scheme);
        let fitted = in_units(self.fitted(), mean_y);
        let (slope, error) = design.slope_and_error(&y, wild);
        let observed = (slope / error).abs() * (1.0 - SAME);
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        let (mut slopes, mut ts) = (Vec::new(), Vec::new());
        let (mut new, mut extreme) = (vec![0.0; self.n()], 0u32);
        for _ in 0..options.draws {
            options.scheme.draw(&residuals, &mut new, &mut random);
            let shifted: Vec<f64> = fitted.iter().zip(&new).map(|(fitted, new)| fitted + new).collect();
            let (own, own_error) = design.slope_and_error(&shifted, wild);
            slopes.push(own);
            // A set on a line has no t; it says that the slope is as it is.
            let on_a_line = own_error <= SAME * own.abs().max(error);
            ts.push(if on_a_line { 0.0 } else { (own - slope) / own_error });
            options.scheme.draw(&y, &mut new, &mut random);
            let (own, own_error) = design.slope_and_error(&new, wild);
            extreme += u32::from((own / own_error).abs() >= observed);
        }
        let mean = slopes.iter().sum::<f64>() / slopes.len() as f64;
        let variance =
            slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (slopes.len() - 1) as f64;
        ts.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let rank = (share * (ts.len() + 1) as f64).round() as usize;
            ts[rank.clamp(1, ts.len()) - 1]
        };
        let unit = y_scale / design.x_scale;
        let end = |share: f64| (slope - quantile(share) * error) * unit;
        Ok(SlopeBootstrap {
            std_err: variance.sqrt() * unit,
            interval: Interval { low: end(0.5 + options.level / 2.0), high: end(0.5 - options.level / 2.0) },
            p_value: f64::from(extreme + 1) / f64::from(options.draws + 1),
        })
    }
}

impl Scheme {
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

/// The x values of a fit, with mean 0 and at most 1, and what follows from them alone.
struct Design {
    x: Vec<f64>,
    x_scale: f64,
    sxx: f64,
    /// 1 / (1 - h); 0 where the residual is 0 whatever y is.
    fairness: Vec<f64>,
}

impl Design {
    fn of(fit: &Fit) -> Self {
        let (x, _, x_scale) = standardise(&fit.straight_x());
        let sxx = x.iter().map(|x| x * x).sum();
        let leverages = fit.leverages().into_iter();
        let fairness = leverages.map(|h| if h < 1.0 - 1e-12 { 1.0 / (1.0 - h) } else { 0.0 }).collect();
        Self { x, x_scale, sxx, fairness }
    }

    /// The slope on the scaled x.
    fn slope(&self, y: &[f64]) -> f64 {
        self.x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>() / self.sxx
    }

    /// The slope on the scaled x and its standard error, HC2's or the ordinary one.
    fn slope_and_error(&self, y: &[f64], robust: bool) -> (f64, f64) {
        let slope = self.slope(y);
        let mean = y.iter().sum::<f64>() / y.len() as f64;
        let squares = self.x.iter().zip(y).map(|(x, y)| (y - mean - slope * x).powi(2));
        let variance = if robust {
            let weighted = squares.zip(&self.x).zip(&self.fairness).map(|((e2, x), fair)| x * x * e2 * fair);
            weighted.sum::<f64>() / (self.sxx * self.sxx)
        } else {
            squares.sum::<f64>() / (y.len() as f64 - 2.0) / self.sxx
        };
        (slope, variance.sqrt())
    }

    /// Residuals of as large a variance as the errors have.
    fn fair(&self, residuals: &[f64], scheme: Scheme) -> Vec<f64> {
        let mut fair: Vec<f64> =
            residuals.iter().zip(&self.fairness).map(|(residual, fair)| residual * fair.sqrt()).collect();
        if scheme == Scheme::Residual {
            let mean = fair.iter().sum::<f64>() / fair.len() as f64;
            fair.iter_mut().for_each(|residual| *residual -= mean);
        }
        fair
    }
}
