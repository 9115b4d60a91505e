//! Models of a mean that depends on x, fitted to the means of levels: sets of observations with the same x.
//!
//! The response is a logarithm in this crate, so a line in ln x is a power law. Levels may scatter differently and differ
//! in size, so each level's mean has the weight n / s².

use ndarray::{Array2, ArrayView1};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use super::Interval;
use super::least_squares::solve;

/// The range in which the constant tau of the saturating model is searched.
const TAU: [f64; 2] = [10.0, 100_000.0];
/// The number of values of ln tau that are tried before the best is refined.
const TAU_GRID: usize = 41;
/// Steps of the golden section in the range around the best tau of the grid. They find ln tau to 1e-7, and Q, which is flat there, to 1e-12.
const REFINEMENTS: usize = 32;
/// The 0.95 quantile of chi² with one degree of freedom.
const CHI_SQUARED_95: f64 = 3.841_458_820_694_124;

/// The most terms of a model.
const TERMS: usize = 3;
/// The terms of a model at one x.
type Terms = [f64; TERMS];

/// The observations of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LevelSummary {
    /// At least 0. The level with x = 0 stands for no treatment; on the axis of ln x it stands at 1.
    pub x: f64,
    pub mean: f64,
    /// The standard deviation of the observations, with n - 1, above 0.
    pub sd: f64,
    /// The number of observations, at least 2.
    pub n: usize,
}

impl LevelSummary {
    /// The summary of these observations.
    pub fn new(x: f64, values: &[f64]) -> Self {
        let mean = super::mean(values);
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Self { x, mean, sd: (squares / (values.len() as f64 - 1.0)).sqrt(), n: values.len() }
    }

    /// The square root of the weight, sqrt(n) / s.
    fn precision(&self) -> f64 {
        (self.n as f64).sqrt() / self.sd
    }

    /// The level of a simulated study: normal observations with this mean, and the level's own standard deviation and size.
    fn simulated(&self, mean: f64, random: &mut ChaCha8Rng) -> Self {
        let n = self.n as f64;
        let z: f64 = StandardNormal.sample(random);
        let chi_squared = ChiSquared::new(n - 1.0).expect("a level has two observations").sample(random);
        let sd = self.sd * (chi_squared / (n - 1.0)).sqrt();
        Self { mean: mean + self.sd / n.sqrt() * z, sd, ..*self }
    }
}

/// A model of the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LevelModel {
    /// c.
    Constant,
    /// c at x = 0, d elsewhere.
    Step,
    /// c + b ln x.
    Power,
    /// c at x = 0, d + b ln x elsewhere.
    StepAndPower,
    /// c + d (1 - exp(-x / tau)).
    Saturating,
}

/// A model fitted to levels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LevelFit {
    pub model: LevelModel,
    /// In the order of the model's formula.
    pub coefficients: Vec<f64>,
    /// The constant of the saturating model.
    pub tau: Option<f64>,
    /// The weighted sum of squares of the residuals, sum n / s² (mean - fitted)².
    pub q: f64,
}

impl LevelModel {
    pub const ALL: [Self; 5] =
        [Self::Constant, Self::Step, Self::Power, Self::StepAndPower, Self::Saturating];

    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Step => "step",
            Self::Power => "power",
            Self::StepAndPower => "step and power",
            Self::Saturating => "saturating",
        }
    }

    /// The number of coefficients, tau included.
    pub fn parameters(self) -> usize {
        match self {
            Self::Constant => 1,
            Self::Step | Self::Power => 2,
            Self::StepAndPower | Self::Saturating => 3,
        }
    }

    /// The model's terms at x, followed by zeros; `tau` matters to the saturating model alone.
    fn terms(self, x: f64, tau: f64) -> Terms {
        let (untrained, trained) = if x == 0.0 { (1.0, 0.0) } else { (0.0, 1.0) };
        let ln_x = x.max(1.0).ln();
        match self {
            Self::Constant => [1.0, 0.0, 0.0],
            Self::Step => [untrained, trained, 0.0],
            Self::Power => [1.0, ln_x, 0.0],
            Self::StepAndPower => [untrained, trained, trained * ln_x],
            Self::Saturating => [1.0, -(-x / tau).exp_m1(), 0.0],
        }
    }

    /// The number of terms.
    fn count(self) -> usize {
        if self == Self::Saturating { 2 } else { self.parameters() }
    }

    /// The least-squares fit to the level means with the weights n / s². There must be more levels than coefficients.
    pub fn fit(self, levels: &[LevelSummary]) -> LevelFit {
        let at = |tau| {
            let (coefficients, q) = self.solve(levels, tau);
            LevelFit { model: self, coefficients, tau: Some(tau).filter(|_| self == Self::Saturating), q }
        };
        if self == Self::Saturating { at(self.best_tau(levels)) } else { at(f64::NAN) }
    }

    /// The coefficients and Q for one tau. Infinite Q if the terms depend on one another, as those of the saturating model do if tau
    /// is so short that every level is saturated.
    fn solve(self, levels: &[LevelSummary], tau: f64) -> (Vec<f64>, f64) {
        let rows: Vec<(Terms, f64)> =
            levels.iter().map(|level| (self.terms(level.x, tau), level.precision())).collect();
        let columns = Array2::from_shape_fn((rows.len(), self.count()), |(row, place)| {
            rows[row].0[place] * rows[row].1
        });
        let target: Vec<f64> =
            levels.iter().zip(&rows).map(|(level, (_, precision))| level.mean * precision).collect();
        let Some(coefficients) = solve(columns.clone(), target.clone()) else {
            return (vec![f64::NAN; self.count()], f64::INFINITY);
        };
        let fitted = columns.dot(&ArrayView1::from(&coefficients));
        let q = fitted.iter().zip(&target).map(|(fitted, target)| (target - fitted).powi(2)).sum();
        (coefficients, q)
    }

    /// The tau with the smallest Q: the best of a grid of ln tau, refined by the golden section.
    fn best_tau(self, levels: &[LevelSummary]) -> f64 {
        let [low, high] = TAU.map(f64::ln);
        let width = (high - low) / (TAU_GRID - 1) as f64;
        let q = |ln_tau: f64| self.solve(levels, ln_tau.exp()).1;
        let grid = (0..TAU_GRID).map(|step| low + width * step as f64);
        let tried = grid.map(|ln_tau| (q(ln_tau), ln_tau));
        let (_, best) = tried.min_by(|a, b| a.0.total_cmp(&b.0)).expect("the grid is not empty");
        let (mut left, mut right) = ((best - width).max(low), (best + width).min(high));
        let golden = (5f64.sqrt() - 1.0) / 2.0;
        let inner = |left: f64, right: f64| right - golden * (right - left);
        let outer = |left: f64, right: f64| left + golden * (right - left);
        let (mut a, mut b) = (inner(left, right), outer(left, right));
        let (mut q_a, mut q_b) = (q(a), q(b));
        for _ in 0..REFINEMENTS {
            if q_a <= q_b {
                (right, b, q_b) = (b, a, q_a);
                a = inner(left, right);
                q_a = q(a);
            } else {
                (left, a, q_a) = (a, b, q_b);
                b = outer(left, right);
                q_b = q(b);
            }
        }
        (0.5 * (left + right)).exp()
    }
}

impl LevelFit {
    /// The fitted mean at x.
    pub fn at(&self, x: f64) -> f64 {
        let terms = self.model.terms(x, self.tau.unwrap_or(f64::NAN));
        terms.iter().zip(&self.coefficients).map(|(term, coefficient)| term * coefficient).sum()
    }

    /// The p-value of the lack of fit: the share of `draws` simulated studies, made from the fitted model with the levels' own
    /// sizes and standard deviations and fitted in the same way, whose Q is as large or larger. The study itself counts as one of them.
    pub fn lack_of_fit(&self, levels: &[LevelSummary], draws: usize, seed: u64) -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut as_large = || {
            let simulated: Vec<LevelSummary> =
                levels.iter().map(|level| level.simulated(self.at(level.x), &mut random)).collect();
            self.model.fit(&simulated).q >= self.q
        };
        let count = (0..draws).filter(|_| as_large()).count();
        (count + 1) as f64 / (draws + 1) as f64
    }

    /// The range of tau in which Q exceeds its minimum by at most the 0.95 quantile of chi² with one degree of freedom, within the
    /// range of the search. `None` for other models.
    pub fn tau_interval(&self, levels: &[LevelSummary]) -> Option<Interval> {
        let ln_tau = self.tau?.ln();
        let excess = |ln_tau: f64| self.model.solve(levels, ln_tau.exp()).1 - self.q - CHI_SQUARED_95;
        let end = |limit: f64| {
            // The first step away from the best at which Q is too large, then bisection.
            let step = (limit - ln_tau) / TAU_GRID as f64;
            let Some(outside) = (1..=TAU_GRID).find(|&count| excess(ln_tau + step * count as f64) > 0.0)
            else {
                return limit.exp();
            };
            let (mut inside, mut outside) =
                (ln_tau + step * (outside - 1) as f64, ln_tau + step * outside as f64);
            for _ in 0..50 {
                let middle = 0.5 * (inside + outside);
                if excess(middle) > 0.0 { outside = middle } else { inside = middle }
            }
            inside.exp()
        };
        let [low, high] = TAU.map(f64::ln);
        Some(Interval { low: end(low), high: end(high) })
    }
}

#[cfg(test)]
mod tests;
