//! Does it hold? The paper's question over many sessions.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::models::{Form, fit};
use crate::robustness::{FormSpread, ResponseRobustness, SessionScores, SubsampleDesign, TrainedEffect};
use crate::stats::{
    CLEARLY_BETTER, FixedX, aicc_difference, check_level, holm, least_r_squared, step_leave_one_out_error,
    step_r_squared,
};

/// The two R² that the paper found remarkable, of the power model in layer 2: picture and value.
pub const PUBLISHED_R_SQUARED: [(&str, f64); 2] = [("bird", 0.9220), ("static", 0.8996)];

/// The subsamples that are drawn, and the levels of tests and intervals.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RobustnessOptions {
    /// The subsamples that are drawn. Default: 10,000, each like the paper's eleven sessions.
    pub subsamples: SubsampleDesign,
    /// The significance level of the tests, between 0 and 1. Default: 0.05.
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
    /// Sets the subsamples that are drawn.
    pub fn subsamples(self, subsamples: SubsampleDesign) -> Self {
        Self { subsamples, ..self }
    }

    /// Sets the significance level of the tests.
    pub fn significance(self, significance: f64) -> Self {
        Self { significance, ..self }
    }

    /// Sets the confidence level of the intervals of slopes.
    pub fn level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Sets the fewest iterations of a trained session; the effect is estimated once for each.
    pub fn trained_from(self, trained_from: impl Into<Vec<u64>>) -> Self {
        Self { trained_from: trained_from.into(), ..self }
    }
}

/// What many sessions say of the paper's finding, by layer, set of pictures and measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Robustness {
    /// The options that led to it.
    pub options: RobustnessOptions,
    /// The number of sessions.
    pub sessions: usize,
    /// The number of different sets that could be drawn.
    pub different_sets: f64,
    /// The answers, in the order of the scores.
    pub responses: Vec<ResponseRobustness>,
    /// What could not be answered, as sentences.
    pub skipped: Vec<String>,
}

impl Robustness {
    /// The answer for one layer, set of pictures (empty for filters) and measure.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where it is not among them.
    pub fn get(&self, layer: usize, images: &str, measure: &str) -> Result<&ResponseRobustness> {
        let found = self
            .responses
            .iter()
            .find(|held| held.layer == layer && held.images == images && held.measure == measure);
        found.ok_or_else(|| {
            let value = format!("layer {layer}, {images:?}, {measure:?}");
            Error::option("response", value, "it must be among those that were scored")
        })
    }
}

/// Asks the paper's question of many sessions.
///
/// For every layer, set of pictures and measure: sets of sessions are drawn as the paper's were made (3, 3, 2, 2,
/// 1, within levels without replacement), the three forms are fitted to each and held against the step model; then the
/// effect of training length is taken over all sessions that are trained. The scores need sessions of every
/// level that is drawn, and may have others too.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for levels with too few sessions, no draws, or a significance or level outside 0..1.
pub fn assess_robustness(scores: &SessionScores, options: RobustnessOptions) -> Result<Robustness> {
    check_level(options.level)?;
    check_level(options.significance)?;
    let responses = scores.responses();
    let mut holds =
        Robustness { options, sessions: 0, different_sets: 0.0, responses: Vec::new(), skipped: Vec::new() };
    let options = holds.options.clone();
    let mut points = Vec::new();
    for (layer, images, measure) in responses {
        let of: Vec<(u64, f64)> =
            scores.select(layer, &images, &measure).map(|row| (row.iterations, row.score)).collect();
        let named = format!("{measure} of layer {layer}, images {images:?}");
        if let Some(at) = of.iter().position(|point| !point.1.is_finite()) {
            let iterations = of[at].0;
            holds.skipped.push(format!("{named}: a session of {iterations} iterations has no score"));
        } else if of.iter().all(|point| point.1 == of[0].1) {
            holds.skipped.push(format!("{named}: every session has the score {}", of[0].1));
        } else {
            points.push((layer, images, measure, of));
        }
    }
    let Some((.., first)) = points.first() else { return Ok(holds) };
    let iterations: Vec<u64> = first.iter().map(|point| point.0).collect();
    holds.sessions = iterations.len();
    holds.different_sets = options.subsamples.different(&iterations)?;
    let sets = options.subsamples.sets(&iterations)?;
    holds.responses = points
        .into_par_iter()
        .map(|(layer, images, measure, points)| {
            let forms = spreads(&points, &sets, &options)?;
            let from = options.trained_from.iter();
            let trained = from.filter_map(|&from| trained_effect(&points, from, options.level)).collect();
            Ok(ResponseRobustness { layer, images, measure, points, forms, trained })
        })
        .collect::<Result<_>>()?;
    for &from in &options.trained_from {
        let mut effects: Vec<&mut TrainedEffect> = holds
            .responses
            .iter_mut()
            .flat_map(|held| &mut held.trained)
            .filter(|own| own.from == from)
            .collect();
        let p_values: Vec<f64> = effects.iter().map(|effect| effect.p_value).collect();
        effects.iter_mut().zip(holm(&p_values)?).for_each(|(effect, holm)| effect.holm = holm);
    }
    Ok(holds)
}

/// Score against ln iterations from `from` on; `None` with fewer than three sessions or two levels.
fn trained_effect(points: &[(u64, f64)], from: u64, level: f64) -> Option<TrainedEffect> {
    let of: Vec<&(u64, f64)> = points.iter().filter(|point| point.0 >= from).collect();
    let x: Vec<f64> = of.iter().map(|point| (point.0 as f64).ln()).collect();
    let y: Vec<f64> = of.iter().map(|point| point.1).collect();
    let line = fit(Form::Linear, &x, &y).ok()?;
    Some(TrainedEffect {
        from,
        n: y.len(),
        slope: line.slope(),
        interval: line.slope_interval(level).ok()?,
        r_squared: line.r_squared(),
        p_value: line.p_value(),
        holm: line.p_value(),
        mean: y.iter().sum::<f64>() / y.len() as f64,
    })
}

/// Every form over all sets.
fn spreads(
    points: &[(u64, f64)],
    sets: &[Vec<usize>],
    options: &RobustnessOptions,
) -> Result<Vec<FormSpread>> {
    let positive = points.iter().all(|point| point.1 > 0.0);
    let forms = Form::ALL.into_iter().filter(|form| positive || !form.takes_ln_y());
    forms.map(|form| spread(form, points, sets, options)).collect()
}

fn spread(
    form: Form,
    points: &[(u64, f64)],
    sets: &[Vec<usize>],
    options: &RobustnessOptions,
) -> Result<FormSpread> {
    let y: Vec<f64> = points.iter().map(|point| point.1).collect();
    let linearised: Vec<f64> = y.iter().map(|&y| form.linearise_y(y)).collect();
    let line_of = |x: &[f64]| FixedX::new(&x.iter().map(|&x| form.linearise_x(x)).collect::<Vec<_>>());
    let least_of = |x: &[f64]| -> Vec<bool> {
        let low = x.iter().copied().fold(f64::INFINITY, f64::min);
        x.iter().map(|&x| x == low).collect()
    };
    let x = options.subsamples.x();
    let least = least_of(&x);
    let trained: Vec<usize> = (0..x.len()).filter(|&at| !least[at]).collect();
    let trained_x: Vec<f64> = trained.iter().map(|&at| x[at]).collect();
    let (line, trained_line) = (line_of(&x), line_of(&trained_x));
    let critical = |n: usize| if n > 2 { least_r_squared(options.significance, n - 2) } else { Ok(f64::NAN) };
    let (least_significant, trained_significant) = (critical(x.len())?, critical(trained.len())?);
    let mut found = FormSpread {
        form,
        r_squared: Vec::with_capacity(sets.len()),
        step_r_squared: Vec::with_capacity(sets.len()),
        beats_step: 0.0,
        clearly_beats_step: 0.0,
        predicts_better: 0.0,
        significant: 0.0,
        holds_among_trained: 0.0,
        all_r_squared: f64::NAN,
        all_step_r_squared: f64::NAN,
    };
    let is = |statement: bool| f64::from(u8::from(statement));
    // A NaN stays, and says that the comparison is not possible.
    let compared = |value: f64, statement: bool| if value.is_nan() { f64::NAN } else { is(statement) };
    for set in sets {
        let take = |values: &[f64]| -> Vec<f64> { set.iter().map(|&at| values[at]).collect() };
        let (y, linearised) = (take(&y), take(&linearised));
        let ours = line.fit(&linearised);
        let error = line.leave_one_out_error(&ours, &linearised, &y, |y| form.original_y(y));
        let step = step_r_squared(&least, &linearised);
        let step_error = step_leave_one_out_error(&least, &y);
        let difference = aicc_difference(ours.r_squared, step, x.len());
        let pick = |values: &[f64]| -> Vec<f64> { trained.iter().map(|&at| values[at]).collect() };
        let among = trained_line.fit(&pick(&linearised));
        let same_sign = among.slope * ours.slope > 0.0;
        found.beats_step += is(ours.r_squared > step);
        found.clearly_beats_step += is(difference <= -CLEARLY_BETTER);
        found.predicts_better += compared(step_error, error < step_error);
        found.significant += is(ours.r_squared > least_significant);
        found.holds_among_trained +=
            compared(trained_significant + among.slope, same_sign && among.r_squared > trained_significant);
        found.r_squared.push(ours.r_squared);
        found.step_r_squared.push(step);
    }
    for share in [
        &mut found.beats_step,
        &mut found.clearly_beats_step,
        &mut found.predicts_better,
        &mut found.significant,
        &mut found.holds_among_trained,
    ] {
        *share /= sets.len() as f64;
    }
    found.r_squared.sort_by(f64::total_cmp);
    found.step_r_squared.sort_by(f64::total_cmp);
    let all_x: Vec<f64> = points.iter().map(|point| point.0 as f64).collect();
    found.all_r_squared = line_of(&all_x).fit(&linearised).r_squared;
    found.all_step_r_squared = step_r_squared(&least_of(&all_x), &linearised);
    Ok(found)
}
