//! Fits as a statistician expects them: in notebooks, as text and as LaTeX.

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::models::{Fit, Fits, Form, LEVEL, Refusal, StepControl};
use crate::stats::Interval;
use crate::text::cells;
use crate::text::numbers::{p_value, short};
use crate::text::table::Table;

/// The columns of the coefficients.
const COEFFICIENTS: [&str; 7] = ["", "estimate", "std. error", "95 % from", "to", "t", "p"];

impl Fit {
    /// The fit as a LaTeX tabular, for a paper.
    pub fn latex(&self) -> String {
        self.table().latex()
    }

    /// The models that the fit is compared with, in words: R² of the step model (the least x against all others), and
    /// R² and p of the refit without the smallest x.
    pub fn beside_in_words(&self) -> String {
        let control = StepControl::new(self, 0, "").ok();
        let step = match &control {
            None => "no step model".into(),
            Some(control) if control.is_step() => "with two different x, a step is the same model".into(),
            Some(control) => format!("step model R² = {}", control.step_in_words()),
        };
        let refit = control.as_ref().and_then(StepControl::without_untrained);
        let without = refit.map_or("no fit without the smallest x".into(), |refit| {
            format!("without the smallest x R² = {:.4}, p = {}", refit.r_squared(), p_value(refit.p_value()))
        });
        format!("{step}; {without}")
    }

    /// Intercept and slope, with the statistics of the whole fit below.
    fn table(&self) -> Table {
        let equation = match self.form() {
            Form::Linear => "y = a + b x",
            Form::Exponential => "ln y = a + b x",
            Form::Power => "ln y = a + b ln x",
        };
        let rows = self.coefficients().map(|(name, [estimate, error, low, high, t, p])| {
            let [estimate, error, low, high] = [estimate, error, low, high].map(short);
            cells![name, estimate, error, low, high, format!("{t:.2}"), p_value(p)]
        });
        Table::new("lrrrrrr", COEFFICIENTS, rows)
            .title(format!("{}: {} model, {equation}", self.group(), self.form()))
            .notes(self.statistics_in_words())
    }

    /// The statistics of the whole fit, and the models that it is compared with.
    fn statistics_in_words(&self) -> [String; 3] {
        let freedom = self.degrees_of_freedom();
        let (r, r_squared, adjusted) = (self.r(), self.r_squared(), self.adjusted_r_squared());
        let words = |Interval { low, high }| format!(" (95 % from {low:.4} to {high:.4})");
        let interval = self.r_squared_interval(LEVEL).map_or(String::new(), words);
        [
            format!(
                "n = {}, residual standard error {} with {freedom} degrees of freedom, F(1, {freedom}) = {:.2}, p = {}",
                self.n(),
                short(self.residual_std_err()),
                self.f(),
                p_value(self.f_p_value())
            ),
            format!("R = {r:.4}, R² = {r_squared:.4}{interval}, adjusted R² = {adjusted:.4}"),
            format!("for comparison: {}", self.beside_in_words()),
        ]
    }
}

impl Tables for Fit {
    fn tables(&self) -> Vec<Table> {
        vec![self.table()]
    }
}

/// Why some fits have no step model to compare with.
fn same_as_step<'a>(mut controls: impl Iterator<Item = &'a StepControl>) -> Option<String> {
    let reason = "with two different numbers of iterations, a fit and the step model are the same model";
    controls.any(StepControl::is_step).then(|| reason.into())
}

/// The columns of the table of fits.
const COLUMNS: &str = "layer,image,model,n,slope,R,R²,t,p,step model R²,R² without the least trained";

impl Fits {
    /// All fits as a LaTeX tabular, for a paper.
    pub fn latex(&self) -> String {
        self.table().latex()
    }

    /// A row for each fit, with its controls.
    pub(super) fn table(&self) -> Table {
        let rows = self.iter().zip(self.controls()).map(|(fit, control): (&Fit, &StepControl)| {
            let trained =
                control.without_untrained().map_or("–".into(), |fit| format!("{:.4}", fit.r_squared()));
            cells![
                control.layer(),
                control.image(),
                fit.form(),
                fit.n(),
                short(fit.slope()),
                format!("{:.4}", fit.r()),
                format!("{:.4}", fit.r_squared()),
                format!("{:.2}", fit.t()),
                p_value(fit.p_value()),
                control.step_in_words(),
                trained,
            ]
        });
        Table::new("rllrrrrrrrr", COLUMNS.split(','), rows)
    }
}

impl Tables for Fits {
    /// The table of fits, and below it why a form could not be fitted.
    fn tables(&self) -> Vec<Table> {
        let refused = Refusal::by_reason(self.refusals()).into_iter().map(|refused| refused.reason);
        vec![self.table().notes(same_as_step(self.controls())).notes(refused)]
    }
}

shown_as_tables!(Fit, Fits);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_intervals_and_the_models_for_comparison() {
        let power = Form::Power.fit(&[1.0, 1.0, 2.0, 4.0, 8.0], &[1.0, 1.1, 2.0, 3.5, 9.0]).unwrap();
        let text = power.to_string();
        let lines: Vec<&str> = text.lines().collect();
        let [title, header, intercept, slope, n, r_squared, comparison] = lines[..] else { panic!("{text}") };
        assert_eq!(title, "all rows: power model, ln y = a + b ln x");
        assert!(
            header.ends_with("p") && intercept.starts_with("intercept  ") && slope.starts_with("slope  "),
            "{text}"
        );
        let interval = power.slope_interval(LEVEL).unwrap();
        let numbers = [power.slope(), interval.low, interval.high].map(short);
        assert!(numbers.iter().all(|number| slope.contains(number)), "{text}");
        assert!(
            n.ends_with(&format!("F(1, 3) = {:.2}, p = {}", power.f(), p_value(power.f_p_value()))),
            "{text}"
        );
        assert!(r_squared.ends_with(&format!("adjusted R² = {:.4}", power.adjusted_r_squared())), "{text}");
        assert_eq!(comparison, format!("for comparison: {}", power.beside_in_words()));
        let latex = power.latex();
        assert!(latex.starts_with("\\begin{tabular}{lrrrrrr}\n\\hline\n & estimate & std. error & 95 \\% from & to & $t$ & $p$ \\\\\n"), "{latex}");
        assert_eq!(latex.lines().count(), 11, "{latex}");
    }

    #[test]
    fn a_fit_without_models_for_comparison_says_so() {
        let line = Form::Linear.fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 2.5]).unwrap();
        assert!(line.beside_in_words().ends_with("no fit without the smallest x"));
    }
}
