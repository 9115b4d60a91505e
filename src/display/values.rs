//! Results of single analyses as a notebook shows them: a table of names and values, the same as text.

use std::fmt;

use crate::display::card::facts;
use crate::display::notebook;
use crate::display::table_view::number;
use crate::models::{Control, CurveFit, CurveOutcome, Interval, SlopeBootstrap, TestOutcome};
use crate::robustness::p_value;
use crate::session::Training;

/// The names and values that a value consists of.
type Facts = Vec<(&'static str, String)>;

/// Shows each type as a table of its facts, and as a line a fact where there is text alone.
macro_rules! shown_as_facts {
    ($($kind:ty),*) => { $(
        impl $kind {
            /// Shows it in a notebook: a table of names and values.
            pub fn evcxr_display(&self) {
                notebook::show_html(&facts(&self.facts()).into_string(), &self.to_string());
            }
        }

        impl fmt::Display for $kind {
            /// A line for each name and value.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let lines: Vec<String> =
                    self.facts().iter().map(|(name, value)| format!("{name}: {value}")).collect();
                formatter.write_str(&lines.join("\n"))
            }
        }
    )* };
}

shown_as_facts!(Training, Interval, TestOutcome, SlopeBootstrap, Control, CurveFit, CurveOutcome);

impl Training {
    fn facts(&self) -> Facts {
        let network = &self.architecture;
        let pair = |[first, second]: [usize; 2]| format!("{first} and {second}");
        vec![
            ("iterations", self.iterations.to_string()),
            ("batch", self.batch.to_string()),
            ("learning rate", self.learning_rate.to_string()),
            ("seed", self.seed.to_string()),
            ("evaluated every", self.evaluate_every.to_string()),
            ("filters", pair(network.filters)),
            ("kernels", pair(network.kernels)),
            ("dense units", network.dense.to_string()),
            ("dropout", network.dropout.to_string()),
            ("SD of initial weights", network.weight_sd.to_string()),
            ("initial bias", network.bias.to_string()),
            ("classes", network.classes.to_string()),
        ]
    }
}

impl Interval {
    fn facts(&self) -> Facts {
        vec![("from", number(self.low)), ("to", number(self.high))]
    }
}

impl TestOutcome {
    fn facts(&self) -> Facts {
        let kind = if self.exact { "exact" } else { "approached with many points" };
        vec![
            ("statistic", number(self.statistic)),
            ("p", p_value(self.p_value)),
            ("distribution", kind.into()),
        ]
    }
}

impl SlopeBootstrap {
    fn facts(&self) -> Facts {
        let mut facts = vec![("std. error of the slope", number(self.std_err))];
        facts.extend(self.interval.facts());
        facts.push(("p", p_value(self.p_value)));
        facts
    }
}

impl Control {
    fn facts(&self) -> Facts {
        let mut facts = vec![
            ("layer", self.layer().to_string()),
            ("image", self.image().to_owned()),
            ("model", self.form().to_string()),
            ("step model R²", number(self.step_r_squared())),
            ("R² of a pure step", number(self.pure_step_r_squared())),
            ("AICc over the step model", number(self.aicc_over_step())),
        ];
        match self.without_untrained() {
            Some(refit) => facts.extend([
                ("R² without the least trained", number(refit.r_squared())),
                ("p without the least trained", p_value(refit.p_value())),
            ]),
            None => facts.push(("R² without the least trained", "–".into())),
        }
        facts
    }
}

impl CurveFit {
    fn facts(&self) -> Facts {
        let mut facts = vec![("curve", self.curve().to_string())];
        let values = self.parameters().iter().zip(self.std_errs());
        facts.extend(self.curve().parameters().iter().zip(values).map(|(name, (value, error))| {
            (*name, format!("{} (std. error {})", number(*value), number(*error)))
        }));
        facts.extend([
            ("R²", number(self.r_squared())),
            ("residual std. error", number(self.residual_std_err())),
            ("degrees of freedom", self.degrees_of_freedom().to_string()),
        ]);
        facts
    }
}

impl CurveOutcome {
    fn facts(&self) -> Facts {
        match self {
            Self::Identified(fit) => fit.facts(),
            Self::NotIdentified { curve, reason } => {
                vec![("curve", curve.to_string()), ("not identified", reason.clone())]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_hold_their_numbers_as_table_and_as_text() {
        let interval = Interval { low: -0.5, high: 1.25 };
        let slope = SlopeBootstrap { std_err: 0.125, interval, p_value: 0.25 };
        assert_eq!(interval.to_string(), "from: -0.5000\nto: 1.2500");
        let html = facts(&slope.facts()).into_string();
        assert!(["0.1250", "-0.5000", "1.2500"].iter().all(|value| html.contains(value)), "{html}");
        assert!(Training::paper().to_string().contains("filters: 16 and 36"));
    }
}
