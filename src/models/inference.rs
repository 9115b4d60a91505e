//! The inference of a fit. Each method calls that of the line in [`stats`](crate::stats) and says what its numbers mean.

use super::Fit;
use crate::error::{Error, Result};
use crate::stats::{
    self, Bootstrap, Information, Interval, Permutations, SlopeBootstrap, TestOutcome, least_r_squared,
};
use crate::text::numbers::exact;

/// The level of the intervals in summaries and figures.
pub(crate) const LEVEL: f64 = 0.95;

/// Methods of [`Fit`] that are fields or, with an argument list, methods of its line.
macro_rules! of_line {
    ($($(#[$doc:meta])+ $name:ident $(($($argument:ident: $type:ty),*))? -> $result:ty;)+) => {
        $($(#[$doc])+ pub fn $name(&self $($(, $argument: $type)*)?) -> $result {
            self.line.$name $(($($argument),*))?
        })+
    };
}

/// Coefficients, their tests and intervals, and the whole fit.
impl Fit {
    of_line! {
        /// The slope b.
        slope -> f64;

        /// The intercept a.
        intercept -> f64;

        /// The standard error of the slope.
        slope_std_err -> f64;

        /// The standard error of the intercept.
        intercept_std_err -> f64;

        /// The correlation coefficient R, -1..1, with the sign of the slope.
        r -> f64;

        /// R² = 1 - SSR / SST, 0..1.
        r_squared -> f64;

        /// Student's t of the slope against zero; infinite for an exact line.
        t -> f64;

        /// The two-tailed p-value of a zero slope, 0..1; 0 for an exact line.
        p_value -> f64;

        /// Student's t of the intercept against zero. Infinite for an exact line that misses the origin, NaN for an
        /// exact line through it.
        intercept_t() -> f64;

        /// The two-tailed p-value of a zero intercept, 0..1; NaN for an exact line through the origin.
        intercept_p_value() -> f64;

        /// The interval of the slope, slope ± t · its standard error. `level` is 0.95 for a 95% interval.
        ///
        /// # Errors
        /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the level is not between 0 and 1.
        slope_interval(level: f64) -> Result<Interval>;

        /// The interval of the intercept, on the linearised scale.
        ///
        /// # Errors
        /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the level is not between 0 and 1.
        intercept_interval(level: f64) -> Result<Interval>;

        /// The residual standard error s = sqrt(SSR / (n - 2)), on the linearised scale.
        residual_std_err() -> f64;

        /// Adjusted R² = 1 - (1 - R²)(n - 1) / (n - 2). Below 0 if the line explains less than chance would.
        adjusted_r_squared() -> f64;

        /// F of the whole fit, with 1 and n - 2 degrees of freedom: t² of the slope.
        f() -> f64;

        /// The p-value of F, 0..1. It is that of t, since a line has one slope.
        f_p_value() -> f64;

        /// The interval of the population's R², from the noncentral F distribution for fixed x. The lower end is 0 if F is
        /// not significant at (1 - level) / 2; the upper end is 0 too if F is smaller than chance explains. 1 to 1 for an
        /// exact line.
        ///
        /// An end is lambda / (lambda + n). lambda is the noncentrality that puts F at the quantile (1 + level) / 2 for the
        /// lower end and (1 - level) / 2 for the upper. Source: Steiger, *Beyond the F test*, Psychological Methods 9 (2004)
        /// 164-182.
        ///
        /// # Errors
        /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the level is not between 0 and 1.
        r_squared_interval(level: f64) -> Result<Interval>;
    }

    /// The confidence band at an x of the original scale: the interval of the model's y, line ± t s sqrt(h) with
    /// leverage h = 1 / n + (x - mean)² / Sxx.
    ///
    /// For forms that take ln y it is transformed by exp. It is then an interval of the median of y, since the mean of
    /// exp is not exp of the mean. It is pointwise, not simultaneous over all x.
    ///
    /// An end that is too large for a 64-bit number is infinite.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the level is not between 0 and 1, x is not finite, the
    /// form takes ln x and x is not above 0, or x is so far from the points that the band is no number.
    pub fn confidence_band(&self, x: f64, level: f64) -> Result<Interval> {
        let linearised = self.linearise_place(x)?;
        self.to_original(x, self.line.confidence_band(linearised, level)?)
    }

    /// The predictive interval at an x of the original scale, for one new y: line ± t s sqrt(1 + h), transformed to the
    /// original scale. An end that is too large for a 64-bit number is infinite.
    ///
    /// # Errors
    /// Those of [`confidence_band`](Self::confidence_band).
    pub fn prediction_band(&self, x: f64, level: f64) -> Result<Interval> {
        let linearised = self.linearise_place(x)?;
        self.to_original(x, self.line.prediction_band(linearised, level)?)
    }

    /// The confidence band and the prediction band at an x of the linearised scale, on that scale.
    pub(crate) fn linearised_bands(&self, x: f64, level: f64) -> Result<(Interval, Interval)> {
        Ok((self.line.confidence_band(x, level)?, self.line.prediction_band(x, level)?))
    }

    /// The place of a band on the linearised scale.
    fn linearise_place(&self, x: f64) -> Result<f64> {
        Error::require(x.is_finite(), "x", exact(x), "a band needs a finite number")?;
        let has_logarithm = x > 0.0 || !self.form.takes_ln_x();
        let requirement = format!("the {} form needs ln of it: only values above 0 have a band", self.form);
        Error::require(has_logarithm, "x", exact(x), requirement)?;
        Ok(self.form.linearise_x(x))
    }

    fn to_original(&self, x: f64, interval: Interval) -> Result<Interval> {
        let requirement = "the band there is too wide for 64-bit numbers: take an x nearer to the points";
        Error::require(!(interval.low.is_nan() || interval.high.is_nan()), "x", exact(x), requirement)?;
        Ok(Interval { low: self.form.original_y(interval.low), high: self.form.original_y(interval.high) })
    }

    /// The smallest R² that is significant at level `p` (two-tailed) with these degrees of freedom: what "significant"
    /// says of an R² that was not printed. 0.362 for p = 0.05 with 9, the eleven sessions of Fountain & Rasmus.
    ///
    /// R² = t² / (t² + d), with t the quantile 1 - p / 2 of Student's distribution with d degrees of freedom.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if p is not between 1e-300 and 1 or d is 0.
    pub fn least_r_squared(p: f64, degrees_of_freedom: usize) -> Result<f64> {
        least_r_squared(p, degrees_of_freedom)
    }

    /// The names of intercept and slope, each with its estimate, its standard error, the ends of its 95% interval, t and p.
    pub(crate) fn coefficients(&self) -> [(&'static str, [f64; 6]); 2] {
        let line = &self.line;
        let (t, p) = (line.intercept_t(), line.intercept_p_value());
        let row = |estimate, std_err, interval: Result<Interval>, t, p| {
            let Interval { low, high } = interval.expect("0.95 is a level");
            [estimate, std_err, low, high, t, p]
        };
        let intercept = row(line.intercept, line.intercept_std_err, line.intercept_interval(LEVEL), t, p);
        let slope = row(line.slope, line.slope_std_err, line.slope_interval(LEVEL), line.t, line.p_value);
        [("intercept", intercept), ("slope", slope)]
    }
}

/// How well the form predicts y.
impl Fit {
    /// The information criteria, comparable between the three forms on the same points and with a
    /// [`CurveFit`](crate::stats::CurveFit) of them.
    ///
    /// The likelihood is that of y itself. If the errors of ln y are normal, the density of y is that of ln y divided by
    /// y, so the sum of ln y is subtracted from ln L (the Jacobian). k is 3. For an exact line ln L is infinite.
    pub fn information(&self) -> Information {
        let log_jacobian = if self.form.takes_ln_y() { -self.line.y.iter().sum::<f64>() } else { 0.0 };
        self.line.information(log_jacobian)
    }

    /// The root mean squared difference of y and prediction, on the original scale (over n, not n - 2). Forms that take
    /// ln y predict the median of y. Infinite if a prediction is too large for a 64-bit number.
    pub fn rmse(&self) -> f64 {
        self.line.root_mean_squared_error(&self.y, |y| self.form.original_y(y))
    }

    /// The root mean squared error, on the original scale, of predicting each point by the form fitted to all others.
    /// `None` if the points without one of them have a single x. Infinite if a prediction is too large for a 64-bit number.
    pub fn leave_one_out_error(&self) -> Option<f64> {
        self.line.leave_one_out_error(&self.y, |y| self.form.original_y(y))
    }
}

/// Single points. The names in brackets are those of R.
impl Fit {
    of_line! {
        /// The leverage h = 1 / n + (x - mean)² / Sxx of each point, 1 / n..1 (`hatvalues`). They sum to 2.
        leverages() -> Vec<f64>;

        /// Residuals divided by their standard errors, e / (s sqrt(1 - h)) (`rstandard`), comparable among points. NaN if
        /// the point alone decides the line (h = 1), and for an exact line.
        standardised_residuals() -> Vec<f64>;

        /// Residuals divided by the standard errors that the other points give, r sqrt((n - 3) / (n - 2 - r²)) with r the
        /// standardised residual (`rstudent`). Under the model they are Student's t with n - 3 degrees of freedom. Infinite if all
        /// other points lie on one line; NaN if r is, and for n = 3.
        studentised_residuals() -> Vec<f64>;

        /// Cook's distance, r² h / (2 (1 - h)) (`cooks.distance`): how far all fitted values move, in units of their error,
        /// if the point is left out. 1 and above deserves a look. NaN if r is.
        cooks_distances() -> Vec<f64>;

        /// The standard normal quantile for the rank of each [standardised residual](Self::standardised_residuals), in the
        /// order of the points: the x of a normal quantile plot (`qqnorm`).
        ///
        /// Rank i of n has the probability (i - a) / (n + 1 - 2 a), with a = 3/8 for up to ten points and 1/2 for more
        /// (`ppoints`). Residuals that are NaN have the score NaN and do not count.
        normal_scores() -> Vec<f64>;
    }
}

/// Tests of the form and of the residuals, on the linearised scale.
impl Fit {
    of_line! {
        /// The lack-of-fit F: do the means at the levels of x lie further from the line than repeats at a level lie from
        /// each other? With n points at m levels and SSPE the sum of squares about the level means,
        /// F = ((SSR - SSPE) / (m - 2)) / (SSPE / (n - m)), with m - 2 and n - m degrees of freedom.
        ///
        /// `None` if no level has a repeat, there are only two levels (a line meets any two means), or the line is exact.
        /// Infinite if repeats agree exactly and the line does not. A small p says that the form is wrong, or that repeats
        /// share something besides x. Exact under normal errors.
        ///
        /// Source: Draper & Smith, *Applied Regression Analysis*, 3rd ed. (1998), section 2.1.
        lack_of_fit() -> Option<TestOutcome>;

        /// Student's t of c in y = a + b x + c x², with n - 3 degrees of freedom: the curvature that the paper judged by eye
        /// from residual plots. Positive if the points curve upwards. Exact under normal errors.
        ///
        /// `None` with fewer than four points or three levels of x, and if the line is exact.
        curvature() -> Option<TestOutcome>;

        /// The Breusch-Pagan test of equal variance in Koenker's form, which does not need normal errors: n R² of the
        /// squared residuals on x, chi-squared with one degree of freedom. A small p says that the scatter changes with x.
        /// It is a large-sample approximation: on the paper's eleven sessions it rejects a true null in 5.4% of data sets at
        /// 0.05, but in 0.04% at 0.01.
        ///
        /// `None` if all residuals have the same size.
        ///
        /// Source: Koenker, *A note on studentizing a test for heteroscedasticity*, J. Econometrics 17 (1981) 107-112.
        breusch_pagan() -> Option<TestOutcome>;

        /// [Shapiro and Wilk's test](TestOutcome::shapiro_wilk) of the residuals. It ignores that residuals are not
        /// independent, and with eleven points it has little power.
        ///
        /// `None` if all residuals are the same or there are more than 5,000.
        normality() -> Option<TestOutcome>;
    }
}

/// Tests that do not need normal errors.
impl Fit {
    of_line! {
        /// The permutation test of a zero slope: the share of arrangements of x among the points whose |r| is at least that of
        /// the fit. The statistic is r. [`Permutations`] says when the test is exact and when it draws at random. With 0 draws
        /// nothing is tested, and the p-value of a test that is not exact is 1.
        permutation_test(permutations: Permutations) -> TestOutcome;

        /// The standard error, interval and p-value of the slope by bootstrap, on the linearised scale.
        ///
        /// Residuals are first divided by sqrt(1 - h), h their leverage, because a line lies closer to its own points than to
        /// new ones. For [`BootstrapScheme::Residual`](crate::stats::BootstrapScheme::Residual) they are then centred. The
        /// p-value comes from samples in which the slope is 0, the interval from samples in which it is that of the fit, so
        /// near a level the two may disagree.
        ///
        /// Sources: Davidson & Flachaire, *The wild bootstrap, tamed at last*, J. Econometrics 146 (2008) 162-169; Webb,
        /// *Reworking wild bootstrap based inference*, Canad. J. Economics 56 (2023) 839-858; Davison & Hinkley, *Bootstrap
        /// Methods* (1997), chapters 5 and 6.
        ///
        /// # Errors
        /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are fewer than 99 draws or the level is not
        /// between 0 and 1.
        bootstrap_slope(options: Bootstrap) -> Result<SlopeBootstrap>;
    }

    /// Spearman's rho, -1..1: Pearson's correlation of the ranks of x and y. Ties share the mean of their ranks.
    ///
    /// The two-tailed p is exact, over all distinct arrangements of x, if [`Permutations`] visits all of them: up to nine
    /// points without ties, and the paper's eleven. Otherwise it comes from Student's
    /// t = rho sqrt((n - 2) / (1 - rho²)). It is the same for all forms, since logarithms keep ranks. Never `None` for a
    /// fit, whose x and y vary.
    pub fn spearman(&self) -> Option<TestOutcome> {
        stats::spearman(&self.x, &self.y)
    }

    /// Kendall's tau-b, -1..1: concordant minus discordant pairs of points, divided by the geometric mean of the numbers
    /// of pairs that are not tied in x and in y.
    ///
    /// The two-tailed p is exact if x or y has no ties and n is at most 60, by counting the distinct arrangements with so
    /// many discordant pairs; and with ties in both if [`Permutations`] visits all arrangements of x. Otherwise it comes
    /// from the normal distribution with the variance for ties. Never `None` for a fit, whose x and y vary.
    ///
    /// Source: Kendall & Gibbons, *Rank Correlation Methods*, 5th ed. (1990), chapters 3-5.
    pub fn kendall(&self) -> Option<TestOutcome> {
        stats::kendall(&self.x, &self.y)
    }
}

/// p-values of several fits of the same sessions, adjusted for one another by Westfall and Young's step-down max-T: the x
/// values are permuted among the sessions for all fits together. In the order of `fits`; the statistics are r.
///
/// The adjusted p of the fit with the k-th largest |r| is the share of arrangements in which the largest |r| of that fit
/// and all weaker ones is at least its own; it is never below that of a stronger fit. An arrangement moves all responses
/// together, which keeps their dependence (four responses fitted three times are not twelve), so less power is lost than
/// with [`holm`](crate::stats::holm).
///
/// Source: Westfall & Young, *Resampling-Based Multiple Testing* (1993), algorithm 2.8; R's `multtest::mt.maxT`.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the fits do not have the same x in the same order, or 0
/// arrangements are drawn of points of which not all are visited;
/// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the cell that it runs in was interrupted.
pub fn max_t(fits: &[Fit], permutations: Permutations) -> Result<Vec<TestOutcome>> {
    let Some(first) = fits.first() else { return Ok(Vec::new()) };
    if let Some(other) = fits.iter().find(|fit| fit.x != first.x) {
        return Err(Error::option(
            "fits",
            format!("{} and {}", first.group, other.group),
            "max-T needs fits of the same x values, one for each session, in the same order",
        ));
    }
    let lines: Vec<_> = fits.iter().map(|fit| &fit.line).collect();
    stats::max_t(&first.x, &lines, permutations)
}
