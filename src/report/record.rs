//! All that a study found, as one record: `replication.json`.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::filters::Null;
use crate::models::{Fit, Refusal, StepControl, max_t};
use crate::paper::Verdicts;
use crate::report::Study;
use crate::robustness::{PictureSet, SessionScore, SessionScoreOptions, score_sessions};
use crate::session::{Plan, Session};
use crate::softness::{SOFT_PERCENTILE, ScoringOptions, UNTRAINED_SEEDS};
use crate::stats::{Permutations, benjamini_hochberg, holm};
use crate::table::LayerScore;

/// Is increased if a field changes its meaning.
pub(super) const FORMAT: u32 = 1;

/// Everything that the report says in words and numbers, except times. So the same plan on the same data with the same
/// processor instructions gives the same file, byte for byte.
#[derive(Debug, Clone, Serialize)]
pub struct Replication {
    /// The version of this format, 1.
    pub format: u32,
    /// The study that is replicated.
    pub of: &'static str,
    /// The software and its version.
    pub software: String,
    /// Whether its numbers can be compared with the paper's: its levels and options, on CIFAR-10.
    pub is_replication: bool,
    /// The data.
    pub data: DataRecord,
    /// The plan: its levels, seed and training options.
    pub plan: Plan,
    /// The instructions of the processor that training used, and the version of the training code; `None` for
    /// filters from elsewhere.
    pub trained_by: Option<TrainedBy>,
    /// How maps are computed and scored.
    pub scoring: ScoringRecord,
    /// The sessions, in the plan's order.
    pub sessions: Vec<SessionLine>,
    /// The layer scores.
    pub layer_scores: Vec<LayerScore>,
    /// The mean scores of each session's layers, compared with their null distributions.
    pub beside_nulls: Vec<SessionScore>,
    /// The fits with their controls.
    pub fits: Vec<Fitted>,
    /// Why a form could not be fitted, as sentences.
    pub refusals: Vec<String>,
    /// The verdicts on the published claims; `None` for a demonstration, and under other options of scoring than the
    /// default ones.
    pub verdicts: Option<Verdicts>,
}

/// What the sessions were trained on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DataRecord {
    /// In words, with sizes.
    pub summary: String,
    /// In a few words.
    pub description: String,
    /// SHA-256 of all labels and pixels.
    pub fingerprint: String,
    /// Whether it is CIFAR-10.
    pub is_cifar10: bool,
}

/// What a session's bits depend on, apart from options and data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrainedBy {
    /// The software, with its version.
    pub software: String,
    /// "avx512", "avx2", "neon" or "portable".
    pub instructions: String,
    /// The version of the training code, see `session.json`.
    pub training_code: u32,
}

/// The choices of scoring.
#[derive(Debug, Clone, Serialize)]
pub struct ScoringRecord {
    /// The pictures, in the order of the table.
    pub pictures: Vec<String>,
    /// Reading, border and normalisation.
    pub options: ScoringOptions,
    /// The percentile of untrained maps below which a map is soft.
    pub soft_percentile: f64,
    /// The number of untrained networks that the percentile is from.
    pub untrained_networks: u64,
    /// The number of draws from each null distribution.
    pub null_draws: u64,
    /// Their seed.
    pub null_seed: u64,
}

/// One session.
#[derive(Debug, Clone, Serialize)]
pub struct SessionLine {
    /// Its name.
    pub name: String,
    /// The number of iterations.
    pub iterations: u64,
    /// Its seed.
    pub seed: u64,
    /// The share of the test split that is classified correctly at the end, 0 to 1.
    pub test_accuracy: Option<f64>,
    /// The last loss.
    pub loss: Option<f64>,
}

/// A fit and its control.
#[derive(Debug, Clone, Serialize)]
pub struct Fitted {
    /// The fit.
    #[serde(flatten)]
    pub fit: Fit,
    /// The step model and the refit without the sessions of the fewest iterations.
    pub control: StepControl,
    /// Its p-value, corrected for all fits of the study.
    pub corrected: Corrected,
}

/// The p-value of a slope, corrected for all fits of a study.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Corrected {
    /// By [`holm`].
    pub holm: f64,
    /// By [`benjamini_hochberg`].
    pub benjamini_hochberg: f64,
    /// By [`max_t`] over all arrangements of the sessions, or as many random ones as for a fit's permutation test.
    pub max_t: f64,
}

impl Replication {
    /// All results of a study: the content of `replication.json` and of the report.
    ///
    /// # Errors
    /// Those of [`score_sessions`] and [`Verdicts::judge`].
    pub fn new(study: &Study) -> Result<Self> {
        let record = study.sessions.iter().find_map(Session::record);
        let line = |session: &Session| SessionLine {
            name: session.name().into(),
            iterations: session.iterations(),
            seed: session.training().seed,
            test_accuracy: session.test_accuracy(),
            loss: session.record().map(|record| record.loss),
        };
        let fits: Vec<Fit> = study.fits.iter().cloned().collect();
        let corrected = corrected(&fits)?;
        let sets: Vec<PictureSet> = study.pictures.iter().cloned().map(PictureSet::from_picture).collect();
        let options = study.options;
        let nulls = SessionScoreOptions::softness_only().nulls(Null::ALL);
        let nulls = nulls.response(options.response).normalisation(options.normalisation);
        // The sessions that the verdicts rest on were scored with the default options.
        let is_judged = study.is_replication() && options == ScoringOptions::default();
        let fits = fits.into_iter().zip(study.fits.controls().cloned()).zip(corrected);
        let fits = fits.map(|((fit, control), corrected)| Fitted { fit, control, corrected });
        Ok(Self {
            format: FORMAT,
            of: "Fountain & Rasmus (2019), The effect of varying training on neural network weights and visualizations, \
                 Journal of Emerging Investigators",
            software: format!("softness {}", env!("CARGO_PKG_VERSION")),
            is_replication: study.is_replication(),
            data: study.data.clone(),
            plan: study.plan.clone(),
            trained_by: record.map(|record| TrainedBy {
                software: record.software.clone(),
                instructions: record.recipe.instructions.clone(),
                training_code: record.recipe.training_code,
            }),
            scoring: ScoringRecord {
                pictures: study.pictures.iter().map(|picture| picture.name().into()).collect(),
                options,
                soft_percentile: SOFT_PERCENTILE,
                untrained_networks: UNTRAINED_SEEDS,
                null_draws: nulls.draws,
                null_seed: nulls.seed,
            },
            sessions: study.sessions.iter().map(line).collect(),
            layer_scores: study.table.layer_scores(),
            beside_nulls: score_sessions(&study.sessions, &sets, nulls)?.rows().to_vec(),
            fits: fits.collect(),
            refusals: Refusal::by_reason(study.fits.refusals())
                .into_iter()
                .map(|refused| refused.reason)
                .collect(),
            verdicts: if is_judged { Some(Verdicts::judge(Some(&study.fits))?) } else { None },
        })
    }
}

/// The p-values of the slopes, corrected for each other, in the order of the fits.
fn corrected(fits: &[Fit]) -> Result<Vec<Corrected>> {
    let p: Vec<f64> = fits.iter().map(Fit::p_value).collect();
    let (holm, benjamini_hochberg) = (holm(&p)?, benjamini_hochberg(&p)?);
    let points = fits.first().map_or(0, Fit::n);
    let max_t = max_t(fits, Permutations::for_points(points))?;
    let corrected = |at: usize| Corrected {
        holm: holm[at],
        benjamini_hochberg: benjamini_hochberg[at],
        max_t: max_t[at].p_value,
    };
    Ok((0..fits.len()).map(corrected).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Form;

    /// With n arrangements at random, none of which is as extreme, p is 1 / (n + 1) (Phipson & Smyth 2010).
    #[test]
    fn many_sessions_are_rearranged_less_often() {
        for (sessions, arrangements) in [(20, 99_999.0), (10_000, 10_000.0)] {
            let x: Vec<f64> = (0..sessions).map(|at| f64::from(at % 19 + 1)).collect();
            let y: Vec<f64> = x.iter().enumerate().map(|(at, x)| x + (at % 2) as f64).collect();
            let fits = [Form::Linear.fit(&x, &y).unwrap()];
            assert_eq!(corrected(&fits).unwrap()[0].max_t, 1.0 / (arrangements + 1.0), "{sessions} sessions");
        }
    }
}
