//! Options and results of single analyses: tables of names and values.

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::models::StepControl;
use crate::session::Training;
use crate::stats::{CurveFit, Interval, SlopeBootstrap, TestOutcome};
use crate::text::numbers::{p_value, short};
use crate::text::table::Table;

shown_as_tables!(Training, Interval, TestOutcome, SlopeBootstrap, StepControl, CurveFit);

impl Tables for Training {
    fn tables(&self) -> Vec<Table> {
        let network = &self.architecture;
        let pair = |[first, second]: [usize; 2]| format!("{first} and {second}");
        let mut facts = vec![
            ("iterations", self.iterations.to_string()),
            ("batch", self.batch.to_string()),
            ("optimiser", self.optimiser.in_words().to_owned()),
            ("learning rate", self.learning_rate.to_string()),
            ("seed", self.seed.to_string()),
            ("evaluated every", self.evaluate_every.to_string()),
            ("filters", pair(network.filters)),
            ("kernels", pair(network.kernels)),
            ("dense units", network.dense.to_string()),
            ("dropout", network.dropout.to_string()),
            ("SD of initial weights", network.initialisation.to_string()),
            ("initial bias", network.bias.to_string()),
            ("classes", network.classes.to_string()),
        ];
        let kept = self.snapshots.before(self.iterations);
        if !kept.is_empty() {
            let kept: Vec<String> = kept.iter().map(u64::to_string).collect();
            facts.push(("filters kept at", kept.join(", ")));
        }
        vec![Table::facts(facts)]
    }
}

impl Tables for Interval {
    fn tables(&self) -> Vec<Table> {
        vec![Table::facts([("from", short(self.low)), ("to", short(self.high))])]
    }
}

impl Tables for TestOutcome {
    fn tables(&self) -> Vec<Table> {
        let kind = if self.exact { "exact" } else { "approximate" };
        vec![Table::facts([
            ("statistic", short(self.statistic)),
            ("p", p_value(self.p_value)),
            ("distribution", kind.into()),
        ])]
    }
}

impl Tables for SlopeBootstrap {
    fn tables(&self) -> Vec<Table> {
        let Interval { low, high } = self.interval;
        vec![Table::facts([
            ("std. error of the slope", short(self.std_err)),
            ("from", short(low)),
            ("to", short(high)),
            ("p", p_value(self.p_value)),
        ])]
    }
}

impl Tables for StepControl {
    fn tables(&self) -> Vec<Table> {
        let same = || "– (with two different x, the same model)".into();
        let difference = self.aicc_over_step().map_or_else(same, short);
        let mut facts = vec![
            ("layer", self.layer().to_string()),
            ("image", self.image().to_owned()),
            ("model", self.form().to_string()),
            ("step model R²", short(self.step_r_squared())),
            ("R² of a pure step", short(self.pure_step_r_squared())),
            ("AICc over the step model", difference),
        ];
        let refit = self.without_untrained();
        let r_squared = refit.as_ref().map_or("–".into(), |refit| short(refit.r_squared()));
        facts.push(("R² without the least trained", r_squared));
        facts.extend(refit.map(|refit| ("p without the least trained", p_value(refit.p_value()))));
        vec![Table::facts(facts)]
    }
}

impl Tables for CurveFit {
    fn tables(&self) -> Vec<Table> {
        let mut facts = vec![("curve", self.curve().to_string())];
        let values = self.parameters().iter().zip(self.std_errs());
        facts.extend(self.curve().parameters().iter().zip(values).map(|(name, (value, error))| {
            (*name, format!("{} (std. error {})", short(*value), short(*error)))
        }));
        facts.extend([
            ("R²", short(self.r_squared())),
            ("residual std. error", short(self.residual_std_err())),
            ("degrees of freedom", self.degrees_of_freedom().to_string()),
        ]);
        vec![Table::facts(facts)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_table_of_its_numbers() {
        let interval = Interval { low: -0.5, high: 1.25 };
        let slope = SlopeBootstrap { std_err: 0.125, interval, p_value: 0.25 };
        assert_eq!(interval.to_string(), "from  -0.5000\nto    1.2500");
        assert_eq!(
            slope.to_string(),
            "std. error of the slope  0.1250\nfrom                     -0.5000\nto                       1.2500\n\
             p                        0.250"
        );
        assert!(Training::paper().to_string().contains("\nfilters                16 and 36\n"));
    }
}
