//! How robust the paper's finding is: R² over subsamples of many sessions, and the effect of training among the trained.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::models::Form;
use crate::robustness::assessable::{Assessable, assessable};
use crate::robustness::subsample_fits::{SubsampleFit, SubsampleFitter, fewest_iterations};
use crate::robustness::{
    AnyMeasure, FormSpread, ResponseRobustness, SessionScores, SubsampleDesign, TrainedEffect,
};
use crate::stats::{
    CLEARLY_BETTER, FixedXFit, check_level, check_significance, holm, least_r_squared, mean, step_r_squared,
};
use crate::stop::Stop;

/// The two R² of the power model in layer 2 that the paper highlights: picture and value.
pub(crate) const PUBLISHED_R_SQUARED: [(&str, f64); 2] = [("bird", 0.9220), ("static", 0.8996)];

/// The subsamples that are drawn, and the levels of tests and intervals.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RobustnessOptions {
    /// The subsamples that are drawn. Default: 10,000, each like the paper's eleven sessions.
    pub subsamples: SubsampleDesign,
    /// The significance level of the tests, between 1e-300 and 1. Default: 0.05.
    pub significance: f64,
    /// The confidence level of the intervals of slopes, between 0 and 1. Default: 0.95.
    pub level: f64,
    /// The fewest iterations of a trained session. The effect of training among the trained sessions is estimated once
    /// for each of these. Default: 2, every session but the untrained, and 2,000, the paper's shortest training.
    pub trained_from: Vec<u64>,
}

impl Default for RobustnessOptions {
    fn default() -> Self {
        let subsamples = SubsampleDesign::default();
        Self { subsamples, significance: 0.05, level: 0.95, trained_from: vec![2, 2_000] }
    }
}

impl RobustnessOptions {
    setters! {
        /// Sets the subsamples that are drawn.
        pub fn subsamples(self, subsamples: SubsampleDesign);

        /// Sets the significance level of the tests.
        pub fn significance(self, significance: f64);

        /// Sets the confidence level of the intervals of slopes.
        pub fn level(self, level: f64);

        /// Sets the fewest iterations of a trained session; the effect is estimated once for each.
        pub fn trained_from(self, trained_from: impl Into<Vec<u64>>);
    }
}

/// What many sessions say about the paper's finding, for each layer, set of pictures and measure.
#[derive(Clone, PartialEq)]
pub struct Robustness {
    /// The options that led to it.
    pub options: RobustnessOptions,
    /// The number of sessions.
    pub sessions: usize,
    /// The number of different subsamples that could be drawn.
    pub different_subsamples: f64,
    /// The results, in the order of the scores.
    pub responses: Vec<ResponseRobustness>,
    /// What could not be assessed and why, as sentences.
    pub skipped: Vec<String>,
}

impl Robustness {
    /// The result for one layer, set of pictures (`None` for measures of filters) and measure.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is none.
    pub fn get<'a>(
        &self,
        layer: usize,
        images: impl Into<Option<&'a str>>,
        measure: impl Into<AnyMeasure>,
    ) -> Result<ResponseRobustness> {
        let (images, measure) = (images.into(), measure.into());
        let asked = |own: &&ResponseRobustness| {
            own.layer == layer && own.images.as_deref() == images && own.measure == measure
        };
        self.responses.iter().find(asked).cloned().ok_or_else(|| {
            let value = format!("layer {layer}, {}, {measure}", images.unwrap_or("filters"));
            Error::option("response", value, "it must be among those that were scored")
        })
    }
}

/// Assesses how robust the paper's finding is, from the scores of many sessions.
///
/// For each layer, set of pictures and measure: subsamples like the paper's eleven sessions are drawn without replacement
/// within each level; the three forms are fitted to each subsample and compared with the step model. Then the effect of
/// the length of training is estimated from all trained sessions. The scores must have sessions of every level of the
/// subsamples, and may have other levels too.
///
/// A form that needs the logarithm of 0 iterations, or of a score that is not above 0, is left out for that response;
/// [`Robustness::skipped`] has the reason.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level has too few sessions, no subsample is asked
/// for, the subsamples have fewer than two levels or name one twice, a session lacks one of the scores or has it twice,
/// `trained_from` has a 0, the level of confidence is not between 0 and 1, or that of significance not between 1e-300
/// and 1.
pub fn assess_robustness(scores: &SessionScores, options: RobustnessOptions) -> Result<Robustness> {
    check_level(options.level)?;
    check_significance("significance", options.significance)?;
    let trained_least = options.trained_from.iter().all(|&from| from > 0);
    let requirement = "a session of 0 iterations is not trained: start at 1 or more";
    Error::require(trained_least, "trained_from", 0, requirement)?;
    let (assessable, skipped) = assessable(scores)?;
    let mut robustness =
        Robustness { options, sessions: 0, different_subsamples: 0.0, responses: Vec::new(), skipped };
    let Some(first) = assessable.first() else { return Ok(robustness) };
    let options = &robustness.options;
    let levels = options.subsamples.levels_with_sessions();
    Error::require(levels > 1, "number of levels of the subsamples", levels, "a form needs at least two")?;
    let iterations: Vec<u64> = first.points.iter().map(|point| point.0).collect();
    robustness.sessions = iterations.len();
    robustness.different_subsamples = options.subsamples.different(&iterations)?;
    let subsamples = options.subsamples.draw(&iterations)?;
    robustness.responses = assessable
        .into_par_iter()
        .map(|Assessable { response: (layer, images, measure), points, forms }| {
            let forms = forms.into_iter().map(|form| spread(form, &points, &subsamples, options));
            let forms = forms.collect::<Result<_>>()?;
            let from = options.trained_from.iter();
            let trained = from.filter_map(|&from| trained_effect(&points, from, options.level)).collect();
            Ok(ResponseRobustness { layer, images, measure, points, forms, trained })
        })
        .collect::<Result<_>>()?;
    for from in robustness.options.trained_from.clone() {
        let all = robustness.responses.iter_mut().flat_map(|response| &mut response.trained);
        let mut effects: Vec<&mut TrainedEffect> = all.filter(|effect| effect.from == from).collect();
        let p_values: Vec<f64> = effects.iter().map(|effect| effect.p_value).collect();
        effects.iter_mut().zip(holm(&p_values)?).for_each(|(effect, holm)| effect.holm = holm);
    }
    Ok(robustness)
}

/// Least squares of score on ln iterations, sessions of at least `from` iterations; `None` if there are fewer than three
/// sessions or two levels.
fn trained_effect(points: &[(u64, f64)], from: u64, level: f64) -> Option<TrainedEffect> {
    let trained = points.iter().filter(|point| point.0 >= from);
    let (x, y): (Vec<f64>, Vec<f64>) = trained.map(|point| ((point.0 as f64).ln(), point.1)).unzip();
    let line = Form::Linear.fit(&x, &y).ok()?;
    Some(TrainedEffect {
        from,
        n: y.len(),
        slope: line.slope(),
        interval: line.slope_interval(level).ok()?,
        r_squared: line.r_squared(),
        p_value: line.p_value(),
        holm: line.p_value(),
        mean: mean(&y),
    })
}

/// One form and the step model on one subsample.
struct Compared {
    fit: SubsampleFit,
    step_leave_one_out: f64,
    /// The fit without the untrained sessions.
    trained: FixedXFit,
}

/// One form over all subsamples.
fn spread(
    form: Form,
    points: &[(u64, f64)],
    subsamples: &[Vec<usize>],
    options: &RobustnessOptions,
) -> Result<FormSpread> {
    let y: Vec<f64> = points.iter().map(|point| point.1).collect();
    let linearised: Vec<f64> = y.iter().map(|&y| form.linearise_y(y)).collect();
    let x = options.subsamples.x();
    let fitter = SubsampleFitter::new(&x);
    let trained: Vec<usize> = (0..x.len()).filter(|&at| !fitter.is_untrained[at]).collect();
    let pick =
        |values: &[f64], places: &[usize]| -> Vec<f64> { places.iter().map(|&at| values[at]).collect() };
    let trained_line = form.fixed_x(&pick(&x, &trained));
    let least = |n: usize| if n > 2 { least_r_squared(options.significance, n - 2) } else { Ok(f64::NAN) };
    let (least_significant, least_trained) = (least(x.len())?, least(trained.len())?);
    let compare = |subsample: &Vec<usize>| {
        let (y, linearised) = (pick(&y, subsample), pick(&linearised, subsample));
        Compared {
            fit: fitter.fit(form, &y, &linearised),
            step_leave_one_out: fitter.step_leave_one_out(&y),
            trained: trained_line.fit(&pick(&linearised, &trained)),
        }
    };
    let stop = Stop::from_environment();
    let compared = subsamples.iter().map(|subsample| stop.check("assessing").map(|()| compare(subsample)));
    let compared: Vec<Compared> = compared.collect::<Result<_>>()?;
    let share = |statement: &dyn Fn(&Compared) -> bool| {
        compared.iter().filter(|one| statement(one)).count() as f64 / compared.len() as f64
    };
    // NaN if the comparison is not possible in one of the subsamples.
    let share_if = |quantity: &dyn Fn(&Compared) -> f64, statement: &dyn Fn(&Compared) -> bool| {
        if compared.iter().any(|one| quantity(one).is_nan()) { f64::NAN } else { share(statement) }
    };
    let sorted = |quantity: &dyn Fn(&Compared) -> f64| {
        let mut values: Vec<f64> = compared.iter().map(quantity).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    // A line through two levels is a step.
    let no_step = if options.subsamples.levels_with_sessions() > 2 { 0.0 } else { f64::NAN };
    let comparable = |one: &Compared| one.fit.form.r_squared + no_step;
    let all_x: Vec<f64> = points.iter().map(|point| point.0 as f64).collect();
    Ok(FormSpread {
        form,
        beats_step: share_if(&comparable, &|one| one.fit.form.r_squared > one.fit.step_r_squared),
        clearly_beats_step: share_if(&comparable, &|one| one.fit.aicc_over_step <= -CLEARLY_BETTER),
        predicts_better: share_if(&|one| one.step_leave_one_out + no_step, &|one| {
            one.fit.leave_one_out < one.step_leave_one_out
        }),
        significant: share_if(&|one| one.fit.form.r_squared, &|one| {
            one.fit.form.r_squared > least_significant
        }),
        significant_among_trained: share_if(&|one| least_trained + one.trained.slope, &|one| {
            one.trained.slope * one.fit.form.slope > 0.0 && one.trained.r_squared > least_trained
        }),
        r_squared: sorted(&|one| one.fit.form.r_squared),
        step_r_squared: sorted(&|one| one.fit.step_r_squared),
        all_r_squared: form.fixed_x(&all_x).fit(&linearised).r_squared,
        all_step_r_squared: step_r_squared(&fewest_iterations(&all_x), &linearised),
    })
}
