//! Everything that a fit says of itself in single numbers.

use serde::Serialize;
use serde::ser::Serializer;

use super::inference::LEVEL;
use super::{Fit, Form, Group, StepControl};
use crate::stats::Permutations;
use crate::text::csv::{Csv, number};

/// Defines [`FitSummary`], so that each number is listed once.
macro_rules! summary {
    (
        $fit:ident { $($shared:stmt;)* }
        numbers { $($(#[$first_doc:meta])+ $first:ident: $first_type:ty = $first_value:expr,)* }
        residuals
        numbers { $($(#[$second_doc:meta])+ $second:ident: $second_type:ty = $second_value:expr,)* }
    ) => {
        /// Everything that a [`Fit`] says of itself in single numbers, and its residuals. See [`Fit::summary`].
        ///
        /// It serialises as one of the `fits` of `softness fit --json`: its fields in their order, `null` for what is not
        /// available and, since JSON has no infinity, for the t of an exact line.
        #[derive(Clone, PartialEq, Serialize)]
        #[non_exhaustive]
        pub struct FitSummary {
            /// The group of rows.
            pub group: Group,
            /// The form.
            pub form: Form,
            /// The number of points.
            pub n: usize,
            $($(#[$first_doc])+ pub $first: $first_type,)*
            /// n - 2.
            pub degrees_of_freedom: usize,
            /// Linearised y minus the fitted values, in the order of the points.
            pub residuals: Vec<f64>,
            $($(#[$second_doc])+ pub $second: $second_type,)*
        }

        impl FitSummary {
            /// The names of all numbers, in the order of the fields.
            pub fn names() -> &'static [&'static str] {
                &["n", $(stringify!($first),)* "degrees_of_freedom", $(stringify!($second),)*]
            }

            /// All numbers, in the order of [`names`](Self::names).
            pub fn numbers(&self) -> Vec<Option<f64>> {
                let [n, freedom] = [self.n, self.degrees_of_freedom].map(|count| Some(count as f64));
                vec![n, $(self.$first.into(),)* freedom, $(self.$second.into(),)*]
            }
        }

        impl Fit {
            /// Computes all numbers of the fit: inference, information criteria, tests of its form and residuals, rank
            /// correlations, the permutation test, and its step control.
            pub fn summary(&self) -> FitSummary {
                let $fit = self;
                $($shared)*
                FitSummary {
                    group: self.group.clone(),
                    form: self.form,
                    n: self.n(),
                    $($first: $first_value,)*
                    degrees_of_freedom: self.degrees_of_freedom(),
                    residuals: self.residuals().to_vec(),
                    $($second: $second_value,)*
                }
            }
        }
    };
}

summary! {
    fit {
        let control = StepControl::new(fit, 0, "").ok();
        let control = control.as_ref();
        let trained = control.and_then(StepControl::without_untrained);
        let slope = fit.slope_interval(LEVEL).expect("0.95 is a level");
        let r_squared = fit.r_squared_interval(LEVEL).expect("0.95 is a level");
        let information = fit.information();
        let (lack_of_fit, curvature) = (fit.lack_of_fit(), fit.curvature());
        let (breusch_pagan, shapiro_wilk) = (fit.breusch_pagan(), fit.normality());
        let (spearman, kendall) = (fit.spearman(), fit.kendall());
    }
    numbers {
        /// The slope b, on the linearised scale.
        slope: f64 = fit.slope(),
        /// The intercept a, on the linearised scale.
        intercept: f64 = fit.intercept(),
        /// The standard error of the slope.
        slope_std_err: f64 = fit.slope_std_err(),
        /// The standard error of the intercept.
        intercept_std_err: f64 = fit.intercept_std_err(),
        /// The correlation coefficient R.
        r: f64 = fit.r(),
        /// R².
        r_squared: f64 = fit.r_squared(),
        /// Student's t of the slope.
        t: f64 = fit.t(),
        /// The two-tailed p-value of a zero slope.
        p_value: f64 = fit.p_value(),
    }
    residuals
    numbers {
        /// R² of the step model: one mean for the smallest x, another for all others ([`StepControl::step_r_squared`]).
        step_r_squared: Option<f64> = control.map(StepControl::step_r_squared),
        /// R² of this form if y were a pure step ([`StepControl::pure_step_r_squared`]).
        pure_step_r_squared: Option<f64> = control.map(StepControl::pure_step_r_squared),
        /// AICc of the fit minus AICc of the step model ([`StepControl::aicc_over_step`]); `None` with two distinct x.
        aicc_over_step: Option<f64> = control.and_then(StepControl::aicc_over_step),
        /// R² of the fit without the smallest x ([`StepControl::without_untrained`]).
        trained_r_squared: Option<f64> = trained.as_ref().map(Fit::r_squared),
        /// The p-value of the fit without the smallest x.
        trained_p_value: Option<f64> = trained.as_ref().map(Fit::p_value),
        /// [`Fit::adjusted_r_squared`].
        adjusted_r_squared: f64 = fit.adjusted_r_squared(),
        /// [`Fit::f`].
        f: f64 = fit.f(),
        /// [`Fit::f_p_value`].
        f_p_value: f64 = fit.f_p_value(),
        /// The lower end of the 95% [`Fit::slope_interval`].
        slope_low: f64 = slope.low,
        /// Its upper end.
        slope_high: f64 = slope.high,
        /// The lower end of the 95% [`Fit::r_squared_interval`].
        r_squared_low: f64 = r_squared.low,
        /// Its upper end.
        r_squared_high: f64 = r_squared.high,
        /// ln L of [`Fit::information`], comparable between forms.
        log_likelihood: f64 = information.log_likelihood,
        /// AIC of [`Fit::information`].
        aic: f64 = information.aic,
        /// AICc of [`Fit::information`].
        aicc: f64 = information.aicc,
        /// BIC of [`Fit::information`].
        bic: f64 = information.bic,
        /// [`Fit::rmse`], on the original scale.
        rmse: f64 = fit.rmse(),
        /// [`Fit::leave_one_out_error`], on the original scale.
        leave_one_out_error: Option<f64> = fit.leave_one_out_error(),
        /// F of [`Fit::lack_of_fit`].
        lack_of_fit_f: Option<f64> = lack_of_fit.map(|test| test.statistic),
        /// Its p-value.
        lack_of_fit_p_value: Option<f64> = lack_of_fit.map(|test| test.p_value),
        /// t of [`Fit::curvature`].
        curvature_t: Option<f64> = curvature.map(|test| test.statistic),
        /// Its p-value.
        curvature_p_value: Option<f64> = curvature.map(|test| test.p_value),
        /// The statistic of [`Fit::breusch_pagan`].
        breusch_pagan: Option<f64> = breusch_pagan.map(|test| test.statistic),
        /// Its p-value.
        breusch_pagan_p_value: Option<f64> = breusch_pagan.map(|test| test.p_value),
        /// W of [`Fit::normality`].
        shapiro_wilk: Option<f64> = shapiro_wilk.map(|test| test.statistic),
        /// Its p-value.
        shapiro_wilk_p_value: Option<f64> = shapiro_wilk.map(|test| test.p_value),
        /// rho of [`Fit::spearman`].
        spearman: Option<f64> = spearman.map(|test| test.statistic),
        /// Its p-value.
        spearman_p_value: Option<f64> = spearman.map(|test| test.p_value),
        /// tau of [`Fit::kendall`].
        kendall: Option<f64> = kendall.map(|test| test.statistic),
        /// Its p-value.
        kendall_p_value: Option<f64> = kendall.map(|test| test.p_value),
        /// The p-value of [`Fit::permutation_test`]. If not all arrangements are visited, it draws 99,999 for up to 1,000
        /// points, and 100,000,000 / n (at least 99) for n points above.
        permutation_p_value: f64 = fit.permutation_test(Permutations::for_points(fit.n())).p_value,
    }
}

impl Fit {
    /// Intercept and slope as CSV: `name`, `estimate`, `std_error`, the ends `low` and `high` of the 95% interval, `t`,
    /// `p`. The t of an exact line is `inf`; a number that is not available is empty.
    pub fn csv(&self) -> String {
        let mut csv = Csv::new("name,estimate,std_error,low,high,t,p");
        for (name, numbers) in self.coefficients() {
            csv.row(std::iter::once(name.to_owned()).chain(numbers.map(number)));
        }
        csv.into_text()
    }
}

impl Serialize for Fit {
    /// The fields of [`FitSummary`].
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.summary().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::FitSummary;
    use crate::models::Form;

    #[test]
    fn an_exact_line_as_csv_has_an_infinite_t() {
        let line = Form::Linear.fit(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
        let csv = line.csv();
        let slope = csv.lines().nth(2).unwrap();
        assert_eq!(csv.lines().next(), Some("name,estimate,std_error,low,high,t,p"));
        assert!(slope.starts_with("slope,") && slope.ends_with(",inf,0"), "{slope}");
    }

    #[test]
    fn the_names_of_the_numbers_are_those_that_are_serialised() {
        let x = [1.0, 1.0, 2.0, 3.0, 4.0, 4.0];
        let summary = Form::Power.fit(&x, &[1.0, 1.5, 2.0, 2.5, 2.0, 4.0]).unwrap().summary();
        let json = serde_json::to_string(&summary).unwrap();
        // Keys in the order of the text: a JSON value would sort them.
        let at =
            |name: &&str| json.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name} in {json}"));
        let places: Vec<usize> = FitSummary::names().iter().map(at).collect();
        assert!(places.is_sorted(), "{json}");
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(object.len(), FitSummary::names().len() + 3, "the others are group, form and residuals");
        for (name, number) in FitSummary::names().iter().zip(summary.numbers()) {
            assert_eq!(object[*name].as_f64(), number, "{name}");
        }
    }
}
