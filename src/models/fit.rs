//! One fitted model.

use super::line::{Line, regress};
use super::{Form, Group};
use crate::error::{Error, Failure, Result};

/// The fewest points that leave a degree of freedom for the error of a line.
pub const LEAST_POINTS: usize = 3;

/// A model of one form, fitted to one group of points by least squares on the straightened scale.
///
/// R, R², standard errors, t, p and residuals live on that scale too. With n points, the residual
/// sum of squares SSR, and SST and Sxx the sums of squares of straightened y and x about their means:
/// R² = 1 - SSR / SST, standard error of the slope = sqrt(SSR / (n - 2) / Sxx), t = slope / standard
/// error, p = 2 sf(|t|) of Student's distribution with n - 2 degrees of freedom. Where all points lie on the line to
/// the last bits, R² is 1, t is infinite and p is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    group: Group,
    form: Form,
    x: Vec<f64>,
    y: Vec<f64>,
    line: Line,
}

impl Fit {
    /// The group of rows that was fitted.
    pub fn group(&self) -> &Group {
        &self.group
    }

    /// The form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The number of points.
    pub fn n(&self) -> usize {
        self.x.len()
    }

    /// The slope b.
    pub fn slope(&self) -> f64 {
        self.line.slope
    }

    /// The intercept a.
    pub fn intercept(&self) -> f64 {
        self.line.intercept
    }

    /// The standard error of the slope.
    pub fn slope_std_err(&self) -> f64 {
        self.line.slope_std_err
    }

    /// The standard error of the intercept.
    pub fn intercept_std_err(&self) -> f64 {
        self.line.intercept_std_err
    }

    /// The correlation coefficient R, -1..1, with the sign of the slope.
    pub fn r(&self) -> f64 {
        self.line.r
    }

    /// R² = 1 - SSR / SST, 0..1.
    pub fn r_squared(&self) -> f64 {
        self.line.r_squared
    }

    /// Student's t of the slope against zero; infinite for an exact line.
    pub fn t(&self) -> f64 {
        self.line.t
    }

    /// The two-tailed p value of a zero slope, 0..1; 0 for an exact line.
    pub fn p_value(&self) -> f64 {
        self.line.p_value
    }

    /// n - 2.
    pub fn degrees_of_freedom(&self) -> usize {
        self.x.len() - 2
    }

    /// Straightened y minus the fitted values, in the order of the points.
    pub fn residuals(&self) -> &[f64] {
        &self.line.residuals
    }

    /// The line's values at the points, on the straightened scale.
    pub fn fitted(&self) -> &[f64] {
        &self.line.fitted
    }

    /// The x values as they were given.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The y values as they were given.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The model's y, on the original scale, at an x of the original scale.
    pub fn predict(&self, x: f64) -> f64 {
        self.original_y(self.straight_prediction(x))
    }

    /// The line's value, on the straightened scale, at an x of the original scale.
    pub(super) fn straight_prediction(&self, x: f64) -> f64 {
        self.line.intercept + self.line.slope * self.straight_x_of(x)
    }

    /// A straightened x from one of the original scale.
    pub(super) fn straight_x_of(&self, x: f64) -> f64 {
        if self.form.takes_ln_x() { x.ln() } else { x }
    }

    /// A y of the original scale from a straightened one.
    pub(super) fn original_y(&self, straight: f64) -> f64 {
        if self.form.takes_ln_y() { straight.exp() } else { straight }
    }

    /// The x values on the straightened scale.
    pub(super) fn straight_x(&self) -> Vec<f64> {
        self.x.iter().map(|&x| self.straight_x_of(x)).collect()
    }

    /// The y values on the straightened scale.
    pub(super) fn straight_y(&self) -> Vec<f64> {
        self.y.iter().map(|&y| if self.form.takes_ln_y() { y.ln() } else { y }).collect()
    }
}

/// Fits one form to points (x, y).
///
/// # Errors
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit), [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) below [`LEAST_POINTS`], [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit),
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) where the form needs ln of a value that is not above 0,
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) where all straightened x or all straightened y are the same,
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) where the line leaves the range of f64.
///
/// # Example
/// Three dots on y = 2 x²: the power form has the exponent 2 and the factor 2.
/// ```
/// use softness::models::{Form, fit};
/// # fn main() -> softness::Result<()> {
/// let power = fit(Form::Power, &[1.0, 2.0, 4.0], &[2.0, 8.0, 32.0])?;
/// assert!((power.slope() - 2.0).abs() < 1e-14);
/// assert!((power.intercept().exp() - 2.0).abs() < 1e-14);
/// assert_eq!((power.r_squared(), power.p_value()), (1.0, 0.0));
/// # Ok(())
/// # }
/// ```
pub fn fit(form: Form, x: &[f64], y: &[f64]) -> Result<Fit> {
    let row_name = |row: usize| format!("row {}", row + 1);
    fit_group(form, x, y, &Points { group: &Group::default(), x: "x", y: "y", row_name: &row_name })
}

/// What errors call the points of a fit.
pub(super) struct Points<'a> {
    pub group: &'a Group,
    pub x: &'a str,
    pub y: &'a str,
    pub row_name: &'a dyn Fn(usize) -> String,
}

/// [`fit`] with names for its errors.
pub(super) fn fit_group(form: Form, x: &[f64], y: &[f64], names: &Points) -> Result<Fit> {
    let group = || names.group.to_string();
    if x.len() != y.len() {
        return Err(Error::from(Failure::UnequalLengths { group: group(), x: x.len(), y: y.len() }));
    }
    if x.len() < LEAST_POINTS {
        return Err(Error::from(Failure::TooFewPoints { group: group(), points: x.len() }));
    }
    let straight_x = straighten(form, form.takes_ln_x(), x, names.x, names)?;
    let straight_y = straighten(form, form.takes_ln_y(), y, names.y, names)?;
    let range = |values: &[f64]| {
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        high - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    if !(range(&straight_x).is_finite() && range(&straight_y).is_finite()) {
        return Err(Error::from(Failure::LineNotFinite { group: group() }));
    }
    let line = regress(&straight_x, &straight_y)
        .map_err(|source| Error::from(Failure::Regression { group: group(), source }))?;
    if !(line.slope.is_finite() && line.intercept.is_finite()) {
        return Err(Error::from(Failure::LineNotFinite { group: group() }));
    }
    Ok(Fit { group: names.group.clone(), form, x: x.to_vec(), y: y.to_vec(), line })
}

fn straighten(form: Form, take_ln: bool, values: &[f64], variable: &str, names: &Points) -> Result<Vec<f64>> {
    let group = || names.group.to_string();
    let straight = values
        .iter()
        .enumerate()
        .map(|(row, &value)| {
            let (row, variable) = (|| (names.row_name)(row), variable.to_string());
            match value {
                _ if !value.is_finite() => {
                    Err(Error::from(Failure::PointNotFinite { group: group(), row: row(), variable, value }))
                }
                _ if !take_ln => Ok(value),
                _ if value > 0.0 => Ok(value.ln()),
                _ => Err(Error::from(Failure::NoLogarithm {
                    group: group(),
                    row: row(),
                    variable,
                    value,
                    form: form.name(),
                })),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    if straight.iter().all(|&value| value == straight[0]) {
        let variable = if take_ln { format!("ln {variable}") } else { variable.to_string() };
        return Err(Error::from(Failure::ConstantColumn { group: group(), variable, value: straight[0] }));
    }
    Ok(straight)
}
