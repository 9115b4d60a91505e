//! The analysis of the many-session study: all tables of `data/many`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::dataset::{Dataset, Picture};
use crate::error::Result;
use crate::filters::Null;
use crate::models::{Form, fit_models};
use crate::paper::Verdicts;
use crate::responses::{Reading, ResponseOptions};
use crate::robustness::{
    PictureSet, Robustness, RobustnessOptions, Sensitivity, SessionScoreOptions, SessionScores,
    SubsampleDesign, VarianceSplit, assess_robustness, score_sessions,
};
use crate::session::Session;
use crate::softness::{Measure, Normalisation, ScoringOptions};
use crate::stats::{Interval, SlopePower};
use crate::table::{shipped_scores, softness_table};
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// The level of the intervals in the table of null distributions.
const LEVEL: f64 = 0.95;
/// The fewest iterations of a trained session: the paper's shortest training.
const TRAINED: u64 = 2_000;
/// The readings of the study, the default first. [`Reading::EachKernel`] came after it.
const READINGS: [Reading; 3] = [Reading::ForwardPass, Reading::KernelSlice, Reading::KernelSliceSum];
/// The significance level and the power of the study that the table of power plans.
const SIGNIFICANCE: f64 = 0.05;
const POWER: f64 = 0.8;

/// The analysis of the many-session study. The files of `data/many` come from 20 photographs, 10 static fields and 8 draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManySessionAnalysis {
    /// The number of photographs from the test split. Default: 20.
    pub photographs: usize,
    /// The number of static fields. Default: 20.
    pub static_fields: u64,
    /// The draws from each null distribution for the scores by all measures, at least 2. Default: 20.
    pub draws: u64,
    /// The draws from each null distribution for the table of null distributions, which has the softness score alone, at
    /// least 2. Default: 100; with eight, the standard deviation of a null distribution would be uncertain by a third.
    pub null_draws: u64,
}

impl Default for ManySessionAnalysis {
    fn default() -> Self {
        Self { photographs: 20, static_fields: 20, draws: 20, null_draws: 100 }
    }
}

/// What was found under one reading of a filter.
#[derive(Debug, Clone)]
pub struct ReadingResult {
    /// How filters were applied to pictures.
    pub reading: Reading,
    /// The robustness, under the default reading by all measures, under the others by the softness score.
    pub robustness: Robustness,
    /// The verdicts on the published claims; `None` if a level of the paper's plan has no more sessions than the paper had,
    /// as the eleven shipped sessions.
    pub verdicts: Option<Verdicts>,
}

impl ManySessionAnalysis {
    /// Analyses sessions on the bird, static, photographs and static fields, and writes these files into `folder`:
    ///
    /// | file | content |
    /// |---|---|
    /// | `session_scores.csv` | the score of each session by all measures, compared with the null distributions |
    /// | `scores.csv` | the softness score of each filter on the bird and static, which the verdicts rest on |
    /// | `holds.csv`, `trained.csv` | the [`Robustness`]: R² over subsamples, and the effect among the trained |
    /// | `nulls.csv` | the softness score minus its null, in standard deviations of the null, by level |
    /// | `variance.csv` | the variance split of the softness score on photographs and on static fields |
    /// | `power.csv` | the sessions per level that a study of the trained sessions needs for a power of 0.8 |
    /// | `sensitivity.csv` | the fits under each of the three readings, border and normalisation, on the bird and static |
    /// | `verdicts-READING.csv` | the verdicts under each reading, if there are [any](ReadingResult::verdicts) |
    /// | `session_scores-READING.csv`, `holds-READING.csv`, `trained-READING.csv` | the softness score under the two other readings |
    ///
    /// The result has one entry for each reading, the default first. Interrupted, it starts over.
    ///
    /// # Errors
    /// Those of [`score_sessions`], [`assess_robustness`], [`Sensitivity::new`] and
    /// [`softness_table`](crate::table::softness_table()): above all
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level of the paper's plan has fewer sessions
    /// than the paper had; [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write(
        &self,
        sessions: &[Session],
        dataset: &Dataset,
        folder: &Path,
    ) -> Result<Vec<ReadingResult>> {
        let pictures = [dataset.bird(), Picture::static_noise(1)];
        let mut sets = pictures.clone().map(PictureSet::from_picture).to_vec();
        sets.push(PictureSet::photographs(dataset, self.photographs)?);
        sets.push(PictureSet::static_fields(self.static_fields)?);
        softness_table(sessions, &pictures)?.write_csv(folder.join("scores.csv"))?;
        let nulls = SessionScoreOptions::softness_only().nulls(Null::ALL).draws(self.null_draws);
        write_nulls(&score_sessions(sessions, &sets, nulls)?, &folder.join("nulls.csv"))?;
        Sensitivity::under(&READINGS, &Normalisation::ALL, sessions, &sets[..2])?
            .write_csv(folder.join("sensitivity.csv"))?;
        let write = |reading| self.write_reading(reading, sessions, &pictures, &sets, folder);
        READINGS.into_iter().map(write).collect()
    }

    fn write_reading(
        &self,
        reading: Reading,
        sessions: &[Session],
        pictures: &[Picture],
        sets: &[PictureSet],
        folder: &Path,
    ) -> Result<ReadingResult> {
        let is_default = reading == Reading::default();
        let response = ResponseOptions { reading, ..ResponseOptions::default() };
        let (options, suffix) = if is_default {
            (SessionScoreOptions::default().draws(self.draws), String::new())
        } else {
            (SessionScoreOptions::softness_only().response(response), format!("-{}", reading.name()))
        };
        let scores = score_sessions(sessions, sets, options)?;
        scores.write_csv(folder.join(format!("session_scores{suffix}.csv")))?;
        let robustness = assess_robustness(&scores, RobustnessOptions::default())?;
        robustness.write_csv(folder.join(format!("holds{suffix}.csv")))?;
        robustness.write_trained_csv(folder.join(format!("trained{suffix}.csv")))?;
        let mut eleven = None;
        if is_default {
            // The eleven shipped sessions are shown for comparison; they decide nothing.
            eleven = Some(fit_models(&shipped_scores()?)?);
            write_variance(&scores, sets, &folder.join("variance.csv"))?;
            write_power(&scores, pictures, &folder.join("power.csv"))?;
        }
        let scoring = ScoringOptions { response, ..ScoringOptions::default() };
        let iterations: Vec<u64> = sessions.iter().map(Session::iterations).collect();
        let mut verdicts = None;
        if SubsampleDesign::default().has_sessions_to_spare(&iterations) {
            let table = scoring.softness_table(sessions, pictures)?;
            let judged = verdicts.insert(Verdicts::new(&table, eleven.as_ref())?);
            judged.write_csv(folder.join(format!("verdicts-{}.csv", reading.name())))?;
        }
        Ok(ReadingResult { reading, robustness, verdicts })
    }
}

/// The score minus its null, in standard deviations of the null, as a mean over the sessions of each level. All sessions
/// share the draws, so the interval has three parts: the scatter of the sessions, and the uncertainty that the draws leave
/// in the mean of the null distribution (not for `initial`, whose mean is the session's own start) and in its deviation.
fn write_nulls(scores: &SessionScores, path: &Path) -> Result<()> {
    /// Layer, images, iterations, null.
    type Group<'a> = (usize, &'a str, u64, &'static str);
    let mut groups: BTreeMap<Group, Vec<(f64, u64)>> = BTreeMap::new();
    for row in scores.rows() {
        for null in &row.nulls {
            let images = row.images.as_deref().unwrap_or_default();
            let group = (row.layer, images, row.iterations, null.null.name());
            groups.entry(group).or_default().push((null.z, null.draws));
        }
    }
    let mut csv = Csv::new("layer,images,iterations,null,sessions,draws,z,low,high");
    for ((layer, images, iterations, null), z) in groups {
        let (count, draws) = (z.len() as f64, z[0].1 as f64);
        let mean = z.iter().map(|(z, _)| z).sum::<f64>() / count;
        let variance = z.iter().map(|(z, _)| (z - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let of_mean = if null == Null::Initial.name() { 0.0 } else { 1.0 / draws };
        let error = (variance / count + of_mean + mean * mean / (2.0 * (draws - 1.0))).sqrt();
        let Interval { low, high } = Interval::student(mean, error, draws - 1.0, LEVEL)?;
        let names = cells![layer, images, iterations, null, count, draws];
        csv.row(names.into_iter().chain([mean, low, high].map(number)));
    }
    csv.write(path)
}

/// What varies in the scores of several pictures: levels of training, sessions, pictures.
fn write_variance(scores: &SessionScores, sets: &[PictureSet], path: &Path) -> Result<()> {
    let mut csv = Csv::new("layer,images,source,degrees_of_freedom,mean_square,component,share,f,p_value");
    for set in sets.iter().filter(|set| set.pictures().len() > 1) {
        for layer in [1, 2] {
            let split = VarianceSplit::from_scores(scores, layer, set.name(), Measure::LocalDeviation)?;
            for source in &split.sources {
                let [f, p] =
                    source.f.map_or_else(Default::default, |(f, p)| [f.to_string(), format!("{p:e}")]);
                let numbers = [source.mean_square, source.component, source.share].map(number);
                let names = cells![layer, set.name(), source.name, source.freedom];
                csv.row(names.into_iter().chain(numbers).chain([f, p]));
            }
        }
    }
    csv.write(path)
}

/// How many sessions per level of the trained ones would show the slope of score on ln iterations that was found.
fn write_power(scores: &SessionScores, pictures: &[Picture], path: &Path) -> Result<()> {
    let mut csv = Csv::new("layer,image,slope,deviation,sessions_per_level");
    let responses = [1, 2].into_iter().flat_map(|layer| pictures.iter().map(move |one| (layer, one)));
    for (layer, picture) in responses {
        let rows = scores.select(layer, picture.name(), Measure::LocalDeviation);
        let rows = rows.filter(|row| row.iterations >= TRAINED).map(|row| (row.iterations, row.score));
        let (iterations, y): (Vec<u64>, Vec<f64>) = rows.unzip();
        let x: Vec<f64> = iterations.iter().map(|&iterations| (iterations as f64).ln()).collect();
        let levels = BTreeSet::from_iter(iterations).into_iter().collect();
        let line = Form::Linear.fit(&x, &y)?;
        let (slope, deviation) = (line.slope(), line.residual_std_err());
        let study = SlopePower { levels, slope, deviation, significance: SIGNIFICANCE };
        let needed = study.sessions_per_level(POWER)?;
        csv.row(cells![layer, picture.name(), slope, deviation, needed]);
    }
    csv.write(path)
}

#[cfg(test)]
mod tests;
