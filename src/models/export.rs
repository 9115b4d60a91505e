//! Fits as JSON and CSV.

use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Fit, Fits};
use crate::error::Result;
use crate::files;
use crate::table::quoted;

impl Serialize for Fit {
    /// The object of `softness fit --json`: `group` (an object of texts), `form`, `n`, `slope`, `intercept`,
    /// `slope_std_err`, `intercept_std_err`, `r`, `r_squared`, `t`, `p_value`, `degrees_of_freedom`,
    /// `residuals`; then the controls `step_r_squared`, `pure_step_r_squared`, `aicc_over_step`, `trained_r_squared` and `trained_p_value`,
    /// which tell the least x from all others, and the names of [`statistics`](Fit::statistics). null is what is not
    /// available, and, since JSON has no infinity, the t of an exact line.
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("group", self.group())?;
        object.serialize_entry("form", self.form().name())?;
        object.serialize_entry("n", &self.n())?;
        object.serialize_entry("slope", &self.slope())?;
        object.serialize_entry("intercept", &self.intercept())?;
        object.serialize_entry("slope_std_err", &self.slope_std_err())?;
        object.serialize_entry("intercept_std_err", &self.intercept_std_err())?;
        object.serialize_entry("r", &self.r())?;
        object.serialize_entry("r_squared", &self.r_squared())?;
        object.serialize_entry("t", &self.t())?;
        object.serialize_entry("p_value", &self.p_value())?;
        object.serialize_entry("degrees_of_freedom", &self.degrees_of_freedom())?;
        object.serialize_entry("residuals", self.residuals())?;
        for (name, value) in self.beside().into_iter().chain(self.statistics()) {
            object.serialize_entry(name, &value)?;
        }
        object.end()
    }
}

impl Serialize for Fits {
    /// The list of the fits.
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl Fit {
    /// Intercept and slope as CSV: `name`, `estimate`, `std_error`, the ends `low` and `high` of the 95% interval,
    /// `t`, `p`. `inf` is the t of an exact line; what is not available is empty.
    pub fn csv(&self) -> String {
        let mut text = String::from("name,estimate,std_error,low,high,t,p\n");
        for row in self.coefficients() {
            let numbers = [row.estimate, row.std_err, row.low, row.high, row.t, row.p_value];
            let cells = numbers.map(|value| if value.is_nan() { String::new() } else { value.to_string() });
            text.push_str(&format!("{},{}\n", row.name, cells.join(",")));
        }
        text
    }
}

impl Fits {
    /// One row a fit as CSV: layer, image and form, the fit's numbers (`inf` for the t of an exact line),
    /// then the controls: `step_r_squared`, `pure_step_r_squared`, and R² and p without the sessions of
    /// the fewest iterations (empty where such a fit is not possible); then the names of
    /// [`statistics`](Fit::statistics), empty where one is not available.
    pub fn csv(&self) -> String {
        let mut text = String::from(
            "layer,image,form,n,slope,intercept,slope_std_err,intercept_std_err,r,r_squared,t,p_value,\
             degrees_of_freedom,step_r_squared,pure_step_r_squared,trained_r_squared,trained_p_value",
        );
        for (name, _) in self.iter().next().map(Fit::statistics).unwrap_or_default() {
            text.push_str(&format!(",{name}"));
        }
        text.push('\n');
        for (fit, control) in self.iter().zip(self.controls()) {
            let optional = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let trained = control.without_untrained();
            let mut cells = vec![
                control.layer().to_string(),
                quoted(control.image()),
                fit.form().name().to_string(),
                fit.n().to_string(),
                fit.slope().to_string(),
                fit.intercept().to_string(),
                fit.slope_std_err().to_string(),
                fit.intercept_std_err().to_string(),
                fit.r().to_string(),
                fit.r_squared().to_string(),
                fit.t().to_string(),
                fit.p_value().to_string(),
                fit.degrees_of_freedom().to_string(),
                control.step_r_squared().to_string(),
                control.pure_step_r_squared().to_string(),
                optional(trained.map(Fit::r_squared)),
                optional(trained.map(Fit::p_value)),
            ];
            let statistics = fit.statistics().into_iter();
            cells.extend(statistics.map(|(_, value)| optional(value.filter(|value| !value.is_nan()))));
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }

    /// Writes [`csv`](Self::csv) into a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        files::write_atomically(path.as_ref(), self.csv().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use crate::models::{Form, fit};

    #[test]
    fn an_exact_line_as_csv_has_an_infinite_t() {
        let line = fit(Form::Linear, &[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
        let csv = line.csv();
        let slope = csv.lines().nth(2).unwrap();
        assert_eq!(csv.lines().next(), Some("name,estimate,std_error,low,high,t,p"));
        assert!(slope.starts_with("slope,") && slope.ends_with(",inf,0"), "{slope}");
    }
}
