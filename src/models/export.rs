//! Fits as JSON and CSV.

use std::path::Path;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Fit, Fits};
use crate::error::Result;
use crate::files;
use crate::table::quoted;

impl Serialize for Fit {
    /// The object of `softness fit --json`: `group` (an object of texts), `form`, `n`, `slope`, `intercept`,
    /// `slope_std_err`, `intercept_std_err`, `r`, `r_squared`, `t`, `p_value`, `degrees_of_freedom`,
    /// `residuals`. JSON has no infinity: the t of an exact line is null there.
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Fit", 13)?;
        object.serialize_field("group", self.group())?;
        object.serialize_field("form", self.form().name())?;
        object.serialize_field("n", &self.n())?;
        object.serialize_field("slope", &self.slope())?;
        object.serialize_field("intercept", &self.intercept())?;
        object.serialize_field("slope_std_err", &self.slope_std_err())?;
        object.serialize_field("intercept_std_err", &self.intercept_std_err())?;
        object.serialize_field("r", &self.r())?;
        object.serialize_field("r_squared", &self.r_squared())?;
        object.serialize_field("t", &self.t())?;
        object.serialize_field("p_value", &self.p_value())?;
        object.serialize_field("degrees_of_freedom", &self.degrees_of_freedom())?;
        object.serialize_field("residuals", self.residuals())?;
        object.end()
    }
}

impl Serialize for Fits {
    /// The list of the fits.
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl Fits {
    /// Writes one row a fit as CSV: layer, image and form, the fit's numbers (`inf` for the t of an exact line),
    /// then the controls: `step_r_squared`, `pure_step_r_squared`, and R² and p without the sessions of
    /// the fewest iterations (empty where such a fit is not possible).
    ///
    /// # Errors
    /// [`crate::Error::Io`].
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text = String::from(
            "layer,image,form,n,slope,intercept,slope_std_err,intercept_std_err,r,r_squared,t,p_value,\
             degrees_of_freedom,step_r_squared,pure_step_r_squared,trained_r_squared,trained_p_value\n",
        );
        for (fit, control) in self.iter().zip(self.controls()) {
            let optional = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let trained = control.without_untrained();
            let cells = [
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
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
    }
}
