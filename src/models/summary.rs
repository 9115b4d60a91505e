//! Everything a fit says of itself in single numbers, by name: what its exports hold.

use super::{Control, Fit, Permutations, TestOutcome};

/// The level of the intervals among them.
const LEVEL: f64 = 0.95;

impl Fit {
    /// The statistics beyond slope, intercept, R², t and p, by name, in a fixed order. `None` where a statistic is not
    /// available; see the method each one comes from.
    ///
    /// | names | from |
    /// |---|---|
    /// | `adjusted_r_squared`, `f`, `f_p_value` | [`adjusted_r_squared`](Self::adjusted_r_squared), [`f`](Self::f), [`f_p_value`](Self::f_p_value) |
    /// | `slope_low`, `slope_high` | 95% [`slope_interval`](Self::slope_interval) |
    /// | `r_squared_low`, `r_squared_high` | 95% [`r_squared_interval`](Self::r_squared_interval) |
    /// | `log_likelihood`, `aic`, `aicc`, `bic` | [`information`](Self::information), comparable between forms |
    /// | `rmse`, `leave_one_out_error` | [`rmse`](Self::rmse), [`leave_one_out_error`](Self::leave_one_out_error), on the original scale |
    /// | `lack_of_fit_f`, `lack_of_fit_p_value` | [`lack_of_fit`](Self::lack_of_fit) |
    /// | `curvature_t`, `curvature_p_value` | [`curvature`](Self::curvature) |
    /// | `breusch_pagan`, `breusch_pagan_p_value` | [`breusch_pagan`](Self::breusch_pagan) |
    /// | `shapiro_wilk`, `shapiro_wilk_p_value` | [`normality`](Self::normality) |
    /// | `spearman`, `spearman_p_value` | [`spearman`](Self::spearman) |
    /// | `kendall`, `kendall_p_value` | [`kendall`](Self::kendall) |
    /// | `permutation_p_value` | [`permutation_test`](Self::permutation_test), as it is by default |
    pub fn statistics(&self) -> Vec<(&'static str, Option<f64>)> {
        let (slope, r_squared) = (self.slope_interval(LEVEL).ok(), self.r_squared_interval(LEVEL).ok());
        let information = self.information();
        let mut named = vec![
            ("adjusted_r_squared", Some(self.adjusted_r_squared())),
            ("f", Some(self.f())),
            ("f_p_value", Some(self.f_p_value())),
            ("slope_low", slope.map(|interval| interval.low)),
            ("slope_high", slope.map(|interval| interval.high)),
            ("r_squared_low", r_squared.map(|interval| interval.low)),
            ("r_squared_high", r_squared.map(|interval| interval.high)),
            ("log_likelihood", Some(information.log_likelihood)),
            ("aic", Some(information.aic)),
            ("aicc", Some(information.aicc)),
            ("bic", Some(information.bic)),
            ("rmse", Some(self.rmse())),
            ("leave_one_out_error", self.leave_one_out_error()),
        ];
        let mut test = |statistic, p_value, outcome: Option<TestOutcome>| {
            named.push((statistic, outcome.map(|outcome| outcome.statistic)));
            named.push((p_value, outcome.map(|outcome| outcome.p_value)));
        };
        test("lack_of_fit_f", "lack_of_fit_p_value", self.lack_of_fit());
        test("curvature_t", "curvature_p_value", self.curvature());
        test("breusch_pagan", "breusch_pagan_p_value", self.breusch_pagan());
        test("shapiro_wilk", "shapiro_wilk_p_value", self.normality());
        test("spearman", "spearman_p_value", self.spearman());
        test("kendall", "kendall_p_value", self.kendall());
        named.push(("permutation_p_value", Some(self.permutation_test(Permutations::default()).p_value)));
        named
    }

    /// What stands beside the fit, by name: `step_r_squared` and `pure_step_r_squared` of the step model, the least x
    /// against all others; `aicc_over_step`, AICc of the fit minus that of the step model; and `trained_r_squared` and
    /// `trained_p_value` of the refit without the least x.
    pub fn beside(&self) -> Vec<(&'static str, Option<f64>)> {
        let control = Control::of(self, 0, "").ok();
        let control = control.as_ref();
        let trained = control.and_then(Control::without_untrained);
        vec![
            ("step_r_squared", control.map(Control::step_r_squared)),
            ("pure_step_r_squared", control.map(Control::pure_step_r_squared)),
            ("aicc_over_step", control.map(Control::aicc_over_step)),
            ("trained_r_squared", trained.map(Fit::r_squared)),
            ("trained_p_value", trained.map(Fit::p_value)),
        ]
    }
}
