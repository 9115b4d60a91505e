//! One fitted model.

use super::{Form, Group, Refusal};
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::stats::{Line, range_within, regress};
use crate::text::named;
use crate::text::numbers::{exact, numbered};

/// The fewest points that leave a degree of freedom for the error of a line.
pub(crate) const LEAST_POINTS: usize = 3;

/// A model of one form, fitted to one group of points by least squares on the linearised scale.
///
/// R, R², standard errors, t, p and residuals are on that scale too. With n points, SSR the residual sum of squares,
/// and SST and Sxx the sums of squares of linearised y and x about their means:
/// R² = 1 - SSR / SST, standard error of the slope = sqrt(SSR / (n - 2) / Sxx), t = slope / standard error,
/// p = 2 sf(|t|) of Student's distribution with n - 2 degrees of freedom. If all points lie on the line up to rounding,
/// R² is 1, t is infinite and p is 0.
#[derive(Clone, PartialEq)]
pub struct Fit {
    pub(super) group: Group,
    pub(super) form: Form,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// See [`Points::y_error`].
    pub(super) y_error: f64,
    /// The line on the linearised scale.
    pub(super) line: Line,
}

impl Fit {
    getters! {
        /// The group of rows that was fitted.
        pub fn group(&self) -> &Group;

        /// The form.
        pub fn form(&self) -> Form;

        /// The x values as they were given.
        pub fn x(&self) -> &[f64];

        /// The y values as they were given.
        pub fn y(&self) -> &[f64];
    }

    /// The number of points.
    pub fn n(&self) -> usize {
        self.x.len()
    }

    /// n - 2.
    pub fn degrees_of_freedom(&self) -> usize {
        self.x.len() - 2
    }

    /// Linearised y minus the fitted values, in the order of the points.
    pub fn residuals(&self) -> &[f64] {
        &self.line.residuals
    }

    /// The fitted values at the points, on the linearised scale.
    pub fn fitted(&self) -> &[f64] {
        &self.line.fitted
    }

    /// The x values on the linearised scale.
    pub(crate) fn linearised_x(&self) -> &[f64] {
        &self.line.x
    }

    /// The model's y at x, both on the original scale. NaN if the form takes ln x and x is below 0.
    pub fn predict(&self, x: f64) -> f64 {
        self.form.original_y(self.line.predict(self.form.linearise_x(x)))
    }
}

impl Form {
    /// Fits this form to points (x, y).
    ///
    /// # Errors
    /// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) if x and y differ in length, there are fewer than 3 points, a value
    /// is not finite, the form needs the logarithm of a value that is not above 0, all linearised x or all linearised y are
    /// the same, or the line leaves the range of `f64`: a slope or a standard error is above 1.8e308, or so near 0 (below
    /// 2.2e-308) that `f64` has fewer digits for it.
    ///
    /// # Example
    /// Three points on y = 2 x²: the power form finds the exponent 2 and the factor 2.
    /// ```
    /// use softness::models::Form;
    /// # fn main() -> softness::Result<()> {
    /// let power = Form::Power.fit(&[1.0, 2.0, 4.0], &[2.0, 8.0, 32.0])?;
    /// assert!((power.slope() - 2.0).abs() < 1e-14);
    /// assert!((power.intercept().exp() - 2.0).abs() < 1e-14);
    /// assert_eq!((power.r_squared(), power.p_value()), (1.0, 0.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit(self, x: &[f64], y: &[f64]) -> Result<Fit> {
        fit_rows(self, x, y, &Group::default(), 0.0)
    }
}

/// [`Form::fit`] of a group whose rows and columns have no names.
pub(super) fn fit_rows(form: Form, x: &[f64], y: &[f64], group: &Group, y_error: f64) -> Result<Fit> {
    let row_name = |row: usize| format!("row {}", row + 1);
    fit_group(form, x, y, &Points { group, x: "x", y: "y", row_name: &row_name, y_error })
}

/// What errors call the points of a fit.
pub(super) struct Points<'a> {
    pub group: &'a Group,
    pub x: &'a str,
    pub y: &'a str,
    pub row_name: &'a dyn Fn(usize) -> String,
    /// The relative error of y: values that differ by less are the same. 0 if only roundings of `f64` are errors.
    pub y_error: f64,
}

/// Fits several forms to the same points. Those that the points do not allow are refused, all of them if the points make no
/// line at all.
pub(super) fn fit_forms(forms: &[Form], x: &[f64], y: &[f64], names: &Points) -> (Vec<Fit>, Vec<Refusal>) {
    if let Err(error) = check_points(x, y, names) {
        return (Vec::new(), Refusal::of_all(names.group, forms, &error.to_string()));
    }
    let (mut fits, mut refusals) = (Vec::new(), Vec::new());
    for &form in forms {
        match fit_group(form, x, y, names) {
            Ok(fit) => fits.push(fit),
            Err(error) => refusals.extend(Refusal::of_all(names.group, &[form], &error.to_string())),
        }
    }
    (fits, refusals)
}

/// Checks what every form needs: three points, and values that vary.
fn check_points(x: &[f64], y: &[f64], names: &Points) -> Result<()> {
    if x.len() < LEAST_POINTS {
        let (group, points) = (names.group, x.len());
        let (are, noun) = if points == 1 { ("is", "point") } else { ("are", "points") };
        let problem = format!("{are} too few for a fit with an error estimate, which needs at least 3");
        return Err(Failure::NoLine(format!("{group}: {points} {noun} {problem}")).into());
    }
    check_varies("", x, (names.x, 0.0), names)?;
    check_varies("", y, (names.y, names.y_error), names)
}

/// Checks that the values of a variable with this relative error vary.
fn check_varies(ln: &str, values: &[f64], (variable, error): (&str, f64), names: &Points) -> Result<()> {
    let is_constant = values.iter().all(|&value| value == values[0]);
    let rounding = range_within(values, error);
    if !is_constant && rounding.is_none() {
        return Ok(());
    }
    let (group, variable, value) = (names.group, named(variable), exact(values[0]));
    let differences = rounding.map_or(String::new(), |range| format!(" up to differences of {range:.1e}"));
    let problem = format!("every {ln}{variable} is {value}{differences}, so a fit says nothing");
    Err(Failure::NoLine(format!("{group}: {problem}: values that vary are needed")).into())
}

/// [`Form::fit`] with names for its errors.
pub(super) fn fit_group(form: Form, x: &[f64], y: &[f64], names: &Points) -> Result<Fit> {
    let (group, points) = (names.group, x.len());
    let cannot_fit = |problem: String| Error::new(ErrorKind::CannotFit, format!("{group}: {problem}"));
    if points != y.len() {
        let problem = format!(
            "x has {} but y has {}: every point needs both",
            numbered(points as u64, "value"),
            y.len()
        );
        return Err(cannot_fit(problem));
    }
    if points < LEAST_POINTS {
        check_points(x, y, names)?;
    }
    if names.y_error > 0.0 {
        check_varies("", y, (names.y, names.y_error), names)?;
    }
    let linearised_x = linearise(form, form.takes_ln_x(), x, names.x, names)?;
    let linearised_y = linearise(form, form.takes_ln_y(), y, names.y, names)?;
    let range = |values: &[f64]| {
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        high - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let too_large =
        || cannot_fit("the fitted line is too large for 64-bit numbers: give x or y in other units".into());
    let too_small =
        || cannot_fit("the fitted line is too small for 64-bit numbers: give x or y in other units".into());
    let ranges = [range(&linearised_x), range(&linearised_y)];
    if !ranges.iter().all(|range| range.is_finite()) {
        return Err(too_large());
    }
    if !ranges.iter().all(|range| range.is_normal()) {
        return Err(too_small());
    }
    let line = regress(&linearised_x, &linearised_y).map_err(|source| refused(group, source))?;
    if !line.is_finite() {
        return Err(too_large());
    }
    if line.lost_digits() {
        return Err(too_small());
    }
    let (group, y_error) = (names.group.clone(), names.y_error);
    Ok(Fit { group, form, x: x.to_vec(), y: y.to_vec(), y_error, line })
}

/// The error if the least-squares solver refuses the points of a group.
pub(super) fn refused(group: &Group, problem: impl std::fmt::Display) -> Error {
    let sentence = format!("{group}: the least-squares solver refused the points: {problem}");
    Error::new(ErrorKind::CannotFit, sentence)
}

fn linearise(form: Form, take_ln: bool, values: &[f64], variable: &str, names: &Points) -> Result<Vec<f64>> {
    let group = names.group;
    let linearised = |(row, &value): (usize, &f64)| {
        let place = || format!("{group}, {}: {} is {}", (names.row_name)(row), named(variable), exact(value));
        if !value.is_finite() {
            let sentence = format!("{}, but only finite numbers can be fitted", place());
            return Err(Error::new(ErrorKind::CannotFit, sentence));
        }
        if take_ln && value <= 0.0 {
            let problem = format!("and the {form} form needs ln of it: only values above 0 have one");
            return Err(Failure::NoLogarithm(format!("{}, {problem}", place())).into());
        }
        Ok(if take_ln { value.ln() } else { value })
    };
    let linearised = values.iter().enumerate().map(linearised).collect::<Result<Vec<_>>>()?;
    if take_ln && linearised.iter().any(|value| *value != linearised[0]) {
        // Near 1, the logarithms of roundings vary.
        check_varies("", values, (variable, 0.0), names)?;
    }
    check_varies(if take_ln { "ln " } else { "" }, &linearised, (variable, 0.0), names)?;
    Ok(linearised)
}

#[cfg(test)]
mod tests;
