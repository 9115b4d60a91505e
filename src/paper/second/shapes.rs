//! The models of the mean ln score, their lack of fit and their likelihoods: question 3 of `docs/rules-2.md`.

use rayon::prelude::*;

use super::study::{ScoreColumn, Study};
use crate::error::Result;
use crate::responses::Border;
use crate::stats::{Interval, LevelFit, LevelModel, LevelSummary, holm};

/// The simulated studies behind a p-value.
pub(super) const SIMULATED: usize = 10_000;
const SEED: u64 = 16;
const SIGNIFICANCE: f64 = 0.05;

/// The models that can be rejected.
pub(super) const TESTED: [LevelModel; 4] =
    [LevelModel::Step, LevelModel::Power, LevelModel::StepAndPower, LevelModel::Saturating];

/// The models of one response.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shapes {
    /// In the order of [`LevelModel::ALL`], each with the p-value of its lack of fit.
    pub fits: Vec<(LevelFit, f64)>,
    pub tau: Option<Interval>,
}

impl Shapes {
    pub fn new(levels: &[LevelSummary], simulated: usize) -> Self {
        let fit = |model: LevelModel| {
            let fit = model.fit(levels);
            let p_value = fit.lack_of_fit(levels, simulated, SEED);
            (fit, p_value)
        };
        let fits: Vec<(LevelFit, f64)> = LevelModel::ALL.into_iter().map(fit).collect();
        let tau = fits.iter().find_map(|(fit, _)| fit.tau_interval(levels));
        Self { fits, tau }
    }

    /// The fit of a model and the p-value of its lack of fit.
    pub fn of(&self, model: LevelModel) -> &(LevelFit, f64) {
        self.fits.iter().find(|(fit, _)| fit.model == model).expect("every model was fitted")
    }
}

/// The models of each column.
pub(super) fn shapes(study: &Study) -> Vec<Shapes> {
    let columns = (0..study.columns.len()).into_par_iter();
    columns.map(|column| Shapes::new(&study.summaries(column), SIMULATED)).collect()
}

/// Whether a response belongs to the family whose models can be rejected: layer 2 on the bird and static.
pub(super) fn is_tested(column: &ScoreColumn) -> bool {
    column.options.border == Border::Same
        && column.layer == 2
        && ["bird", "static"].contains(&&*column.images)
}

/// For each model of [`TESTED`] and each of `shapes`, the p-value of the lack of fit after Holm over all of them, and whether
/// that rejects the model.
pub(super) fn rejected(shapes: &[&Shapes]) -> Result<Vec<[(f64, bool); 4]>> {
    let p_values: Vec<f64> =
        shapes.iter().flat_map(|shapes| TESTED.map(|model| shapes.of(model).1)).collect();
    let corrected = holm(&p_values)?;
    let (families, _) = corrected.as_chunks::<4>();
    Ok(families.iter().map(|family| family.map(|p| (p, p < SIGNIFICANCE))).collect())
}
