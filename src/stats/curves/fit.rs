//! Fitting a curve by least squares on the original scale.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::curve::Curve;
use super::errors::parameters_and_errors;
use super::search::Search;
use crate::error::{Error, ErrorKind, Result};
use crate::stats::least_squares::{norm, root_mean_square, rounding};
use crate::stats::quantiles::levels;
use crate::stats::{Information, Interval, normal_log_likelihood};

/// The confidence with which the data must rule out both ends of the range of every shape parameter.
const CONFIDENCE: f64 = 0.95;

/// A curve fitted by least squares on the original scale. Its inference assumes normal errors of equal variance.
#[derive(Clone, PartialEq)]
pub struct CurveFit {
    curve: Curve,
    parameters: Vec<f64>,
    std_errs: Vec<f64>,
    residuals: Vec<f64>,
    r_squared: f64,
}

impl CurveFit {
    getters! {
        /// The curve.
        pub fn curve(&self) -> Curve;

        /// The parameters, in the order of [`Curve::parameters`].
        pub fn parameters(&self) -> &[f64];

        /// The standard errors of the parameters from the curve's tangent plane: the roots of the diagonal of
        /// s² (J'J)^-1.
        pub fn std_errs(&self) -> &[f64];

        /// y minus the curve, in the order of the points.
        pub fn residuals(&self) -> &[f64];

        /// 1 - SSR / SST, with SST about the mean of y. Below 0 if a curve without offset is worse than the mean.
        pub fn r_squared(&self) -> f64;
    }

    /// The intervals of the parameters from their standard errors, by Student's t with n - p degrees of freedom.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the level is not between 0 and 1.
    pub fn intervals(&self, level: f64) -> Result<Vec<Interval>> {
        let pairs = self.parameters.iter().zip(&self.std_errs);
        let freedom = self.degrees_of_freedom() as f64;
        pairs.map(|(&value, &std_err)| Interval::student(value, std_err, freedom, level)).collect()
    }

    /// n minus the number of parameters.
    pub fn degrees_of_freedom(&self) -> usize {
        self.residuals.len() - self.parameters.len()
    }

    /// The sum of squared residuals.
    pub fn ssr(&self) -> f64 {
        norm(&self.residuals).powi(2)
    }

    /// s = sqrt(SSR / (n - p)).
    pub fn residual_std_err(&self) -> f64 {
        norm(&self.residuals) / (self.degrees_of_freedom() as f64).sqrt()
    }

    /// sqrt(SSR / n), comparable with [`Fit::rmse`](crate::models::Fit::rmse).
    pub fn rmse(&self) -> f64 {
        root_mean_square(&self.residuals)
    }

    /// The information criteria, with p + 1 parameters, comparable with
    /// [`Fit::information`](crate::models::Fit::information) of the same points.
    pub fn information(&self) -> Information {
        let count = self.parameters.len() as f64 + 1.0;
        Information::new(normal_log_likelihood(&self.residuals), count, self.residuals.len())
    }

    /// The curve at an x of its domain.
    pub fn predict(&self, x: f64) -> f64 {
        let p = &self.parameters;
        match self.curve {
            Curve::Exponential => p[0] * (p[1] * x).exp(),
            Curve::Power => p[0] * x.powf(p[1]),
            Curve::ApproachFromZero => -p[0] * (-x / p[1]).exp_m1(),
            Curve::Approach => p[0] - p[1] * (-x / p[2]).exp_m1(),
            Curve::Hill if x == 0.0 => p[0],
            Curve::Hill => p[0] + p[1] / (1.0 + (p[2] / x).powf(p[3])),
        }
    }
}

impl Curve {
    /// Fits this curve to points (x, y) by least squares on the original scale. No start values are needed.
    ///
    /// The curve is **not identified** if there are not more points, or fewer levels of x, than parameters; if the search
    /// does not converge; or if a shape parameter (b of exponential and power, c, h) could as well lie at an end of the
    /// range searched. That is the case if the smallest sum of squares there is within a factor 1 + F / (n - p) of the
    /// smallest anywhere, with F the 95% quantile with 1 and n - p degrees of freedom: the profile-likelihood interval then
    /// has no end (Bates & Watts, *Nonlinear Regression*, 1988, chapter 6). The ranges are: c from a twentieth of the
    /// smallest x above 0 to a hundred times the largest x, h from 0.1 to 20, and b such that the curve changes e^50-fold.
    ///
    /// # Errors
    /// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) if x and y differ in length, all x or all y are the same, a value
    /// is not finite, or the curve is not identified; the sentence says why.
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if an x is outside the curve's domain.
    pub fn fit(self, x: &[f64], y: &[f64]) -> Result<CurveFit> {
        let curve = self;
        check(curve, x, y)?;
        let not_identified = |reason: String| {
            Err(Error::new(ErrorKind::CannotFit, format!("the {curve} curve is not identified: {reason}")))
        };
        let (n, count, levels) = (x.len(), curve.parameters().len(), levels(x).len());
        if n <= count || levels < count {
            let points = format!("{n} points at {levels} values of x");
            return not_identified(format!("{points} cannot decide {count} parameters and an error"));
        }
        let scale = y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
        let scaled: Vec<f64> = y.iter().map(|y| y / scale).collect();
        let centre = x.iter().map(|&x| curve.exponent(x)).sum::<f64>() / n as f64;
        let least = x.iter().copied().fold(f64::INFINITY, f64::min);
        let search = Search { curve, x, y: &scaled, centre, least };

        let (shape, ends) = search.scan();
        let minimum = search.descend(&shape);
        // A search that does not converge follows a valley without end, which the grid shows.
        let least = match &minimum {
            Some(inner) => norm(&search.residuals(inner)).powi(2),
            None => search.project(&shape).1,
        };
        let freedom = (n - count) as f64;
        let quantile =
            FisherSnedecor::new(1.0, freedom).map_or(f64::NAN, |fisher| fisher.inverse_cdf(CONFIDENCE));
        let grids = search.grids();
        for ((name, [low, high]), grid) in curve.shapes().iter().zip(ends).zip(grids) {
            for (sum, end, side) in [(low, grid[0], "below"), (high, grid[grid.len() - 1], "above")] {
                if sum <= least * (1.0 + quantile / freedom) {
                    let end = if *name == "b" { end } else { end.exp() };
                    return not_identified(format!(
                        "{name} {side} {end:.3e} fits about as well as any other"
                    ));
                }
            }
        }
        let Some(inner) = minimum else {
            return not_identified("the search for the least sum of squares does not settle".into());
        };
        let Some((parameters, std_errs)) = parameters_and_errors(&search, &inner, scale) else {
            return not_identified("its parameters move together without bound".into());
        };
        let residuals = search.residuals(&inner);
        let mean = scaled.iter().sum::<f64>() / n as f64;
        let total: f64 = scaled.iter().map(|y| (y - mean) * (y - mean)).sum();
        Ok(CurveFit {
            curve,
            parameters,
            std_errs,
            residuals: residuals.iter().map(|residual| residual * scale).collect(),
            r_squared: 1.0 - least / total,
        })
    }
}

fn check(curve: Curve, x: &[f64], y: &[f64]) -> Result<()> {
    let cannot_fit =
        |problem: String| Err(Error::new(ErrorKind::CannotFit, format!("the {curve} curve{problem}")));
    if x.len() != y.len() {
        let (x, y) = (x.len(), y.len());
        return cannot_fit(format!(": x has {x} values but y has {y}: every point needs both"));
    }
    if x.is_empty() {
        return cannot_fit(": there are no points".into());
    }
    for (variable, values) in [("x", x), ("y", y)] {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            let problem = format!("{variable} is {}, but only finite numbers can be fitted", values[row]);
            return cannot_fit(format!(", row {}: {problem}", row + 1));
        }
        let rounding = rounding(values);
        if rounding.is_some() || values.iter().all(|&value| value == values[0]) {
            let value = values[0];
            let differences =
                rounding.map_or(String::new(), |range| format!(" up to differences of {range:.1e}"));
            let hint = "so a fit says nothing: values that vary are needed";
            return cannot_fit(format!(": every {variable} is {value}{differences}, {hint}"));
        }
    }
    let outside = |x: &&f64| match curve {
        Curve::Exponential => false,
        Curve::Power => **x <= 0.0,
        _ => **x < 0.0,
    };
    let needed = if curve == Curve::Power { "above 0" } else { "of 0 or more" };
    let requirement = format!("the {curve} curve needs x {needed}");
    x.iter().find(outside).map_or(Ok(()), |x| Err(Error::option("x", x, requirement)))
}

#[cfg(test)]
mod tests;
