//! All answers of the second study, in files.

use std::path::Path;

use super::courses::{SettingCourse, courses};
use super::panels::{AnswerFiles, ReadingPanel};
use super::questions::{Effects, Estimate, answers};
use super::rulings::write_statements;
use super::scoring::{Scoring, untrained_filters};
use super::sets::{SEED, SETS, SetFitter, SetSummary, new_sets};
use super::shapes::{Shapes, TESTED, is_tested, rejected, shapes};
use super::study::Study;
use super::worlds::{EFFORT, NOMINAL, World, coverage};
use super::{files, settings, soft};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::models::Form;
use crate::responses::Border;
use crate::robustness::new_sets::Source;
use crate::session::Session;
use crate::stats::{Interval, LevelModel, LevelSummary, percentile};
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// The number of untrained networks.
const UNTRAINED: u64 = 4_000;
/// The least coverage of a predictive interval.
const COVERAGE: f64 = 0.93;
/// The second study. Its methods write the files of `data/second`.
#[derive(Debug, Clone, Copy)]
pub struct SecondStudy;

impl SecondStudy {
    /// Scores so many untrained networks, 4,000 if it is `None`, under every reading and border: writes `untrained.npy` into `folder`.
    /// 4,000 take about a quarter of an hour on two cores.
    ///
    /// # Errors
    /// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore), [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn score_untrained(dataset: &Dataset, folder: &Path, untrained: Option<u64>) -> Result<()> {
        let scores = Scoring::new(dataset)?.untrained(untrained.unwrap_or(UNTRAINED))?;
        files::write_untrained(folder, &scores)
    }

    /// Scores sessions under every reading and border, and counts their soft maps and those of so many untrained networks, 4,000 if it
    /// is `None`: writes `scores.csv` and `soft.csv` into `folder`.
    ///
    /// # Errors
    /// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore), [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn score(
        sessions: &[Session],
        dataset: &Dataset,
        folder: &Path,
        untrained: Option<u64>,
    ) -> Result<()> {
        let scoring = Scoring::new(dataset)?;
        soft::write(sessions, dataset, untrained.unwrap_or(UNTRAINED), folder)?;
        files::write_scores(folder, &scoring.columns(), &scoring.sessions(sessions)?)
    }

    /// The first of the untrained networks, called "untrained-0" and so on: whoever recomputes the scores needs some of their filters.
    ///
    /// # Errors
    /// None: the paper's architecture is in range.
    pub fn untrained(count: u64) -> Result<Vec<Session>> {
        (0..count)
            .map(|number| Session::from_filters(format!("untrained-{number}"), 0, untrained_filters(number)?))
            .collect()
    }

    /// Answers the questions of `docs/rules-2.md` from the scores in `folder`, and writes:
    ///
    /// | file | content |
    /// |---|---|
    /// | `levels.csv` | the ln scores of each level: number, mean, standard deviation, range of 95 % |
    /// | `effects.csv` | what any and more training do to each response |
    /// | `shapes.csv` | the models of each response, their lack of fit and likelihoods |
    /// | `sets.csv` | what new sets of eleven show of each response |
    /// | `coverage.csv` | the coverage of the predictive intervals in simulated worlds |
    /// | `statements.csv` | each published statement under each reading, with its probability of coming out in two null worlds |
    /// | `totals.csv` | the rulings counted, and the same in the null worlds |
    /// | `pattern.csv` | the likelihood of the published pattern under each reading and border |
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the scores are not as they were written;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level of the paper's plan has fewer than five sessions;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn answer(folder: &Path) -> Result<()> {
        let study = files::read(folder)?;
        study.check_levels()?;
        write_levels(&study, &folder.join("levels.csv"))?;
        write_effects(&study, &folder.join("effects.csv"))?;
        write_shapes(&study, &folder.join("shapes.csv"))?;
        let level = write_coverage(&study, &folder.join("coverage.csv"))?;
        write_sets(&study, level, &folder.join("sets.csv"))?;
        write_statements(&study, &soft::read(folder)?, level, folder)
    }

    /// Scores the sessions of other settings, in the archives of `folder`, and writes `settings.csv` and `settings_effects.csv` into `out`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if an archive is not as the example
    /// `settings` writes it.
    pub fn settings(folder: &Path, dataset: &Dataset, out: &Path) -> Result<()> {
        settings::write(folder, dataset, out)
    }

    /// What the key figure shows, from the answers in `folder`: a panel for each reading, on "bird" or "static".
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a file is not as it was written.
    pub fn panels(folder: &Path, image: &str) -> Result<Vec<ReadingPanel>> {
        AnswerFiles::open(folder)?.panels(image)
    }

    /// What the figure of the settings shows, from `settings.csv` in `folder`: layer 2 on "bird" or "static".
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the file is not as it was written.
    pub fn setting_courses(folder: &Path, image: &str) -> Result<Vec<SettingCourse>> {
        courses(&folder.join("settings.csv"), image, 2)
    }
}

/// The columns of one border: the families of Holm's correction.
fn families(study: &Study) -> [Vec<usize>; 2] {
    Border::ALL.map(|border| {
        (0..study.columns.len()).filter(|&column| study.columns[column].options.border == border).collect()
    })
}

fn write_levels(study: &Study, path: &Path) -> Result<()> {
    let mut csv = Csv::new("response,iterations,n,mean,sd,low,high");
    for (column, name) in study.columns.iter().enumerate() {
        let levels = study.levels.iter().map(|(&iterations, scores)| (iterations, scores));
        for (iterations, scores) in std::iter::once((0, &study.untrained)).chain(levels) {
            let values = scores.column(column).to_vec();
            let LevelSummary { mean, sd, n, .. } = LevelSummary::new(iterations as f64, &values);
            let [low, high] = [2.5, 97.5].map(|percent| percentile(&values, percent));
            csv.row(cells![name, iterations, n, mean, number(sd), low, high]);
        }
    }
    csv.write(path)
}

fn write_effects(study: &Study, path: &Path) -> Result<()> {
    let mut csv = Csv::new(
        "response,any,any_low,any_high,any_p,any_training,slope,slope_low,slope_high,slope_p,hc3_p,tau_b,tau_b_p,\
         more_training,late_slope,late_low,late_high,late_p",
    );
    let numbers = |estimate: &Estimate| {
        let Estimate { value, interval: Interval { low, high }, p_value } = *estimate;
        cells![value, low, high, p_value]
    };
    for family in families(study) {
        let effects: Vec<Effects> =
            family.iter().map(|&column| Effects::new(study, column)).collect::<Result<_>>()?;
        let answers = answers(&effects.iter().collect::<Vec<_>>())?;
        for ((column, effects), (any, more)) in family.into_iter().zip(&effects).zip(answers) {
            let mut row = cells![study.columns[column]].to_vec();
            row.extend(numbers(&effects.any));
            row.extend(cells![any]);
            row.extend(numbers(&effects.more));
            row.extend(cells![effects.robust.p_value, effects.tau, effects.tau_p, more]);
            row.extend(numbers(&effects.late));
            csv.row(row);
        }
    }
    csv.write(path)
}

fn write_shapes(study: &Study, path: &Path) -> Result<()> {
    let mut csv = Csv::new(
        "response,model,coefficients,tau,tau_low,tau_high,q,lack_of_fit_p,lack_of_fit_p_holm,rejected,\
         relative_likelihood,aic_difference",
    );
    let all = shapes(study);
    let tested: Vec<usize> = (0..all.len()).filter(|&column| is_tested(&study.columns[column])).collect();
    let rejections = rejected(&tested.iter().map(|&column| &all[column]).collect::<Vec<&Shapes>>())?;
    for (column, shapes) in all.iter().enumerate() {
        let (saturating, _) = shapes.of(LevelModel::Saturating);
        let parameters = |model: LevelModel| model.parameters() as f64;
        for (fit, p_value) in &shapes.fits {
            let coefficients: Vec<String> = fit.coefficients.iter().map(f64::to_string).collect();
            let interval = shapes.tau.filter(|_| fit.tau.is_some());
            let [low, high] = interval.map_or([f64::NAN; 2], |Interval { low, high }| [low, high]);
            let place = tested.iter().position(|&tested| tested == column);
            let model = TESTED.iter().position(|&tested| tested == fit.model);
            let (holm, is_rejected) = match (place, model) {
                (Some(place), Some(model)) => {
                    let (p, is_rejected) = rejections[place][model];
                    (p, if is_rejected { "yes" } else { "no" })
                }
                _ => (f64::NAN, ""),
            };
            let difference = fit.q - saturating.q;
            csv.row(cells![
                study.columns[column],
                fit.model.name(),
                coefficients.join(" "),
                number(fit.tau.unwrap_or(f64::NAN)),
                number(low),
                number(high),
                fit.q,
                p_value,
                number(holm),
                is_rejected,
                (-0.5 * difference).exp(),
                difference + 2.0 * (parameters(fit.model) - parameters(LevelModel::Saturating))
            ]);
        }
    }
    csv.write(path)
}

/// Writes the coverage of each nominal level, and returns the lowest level that covers enough in every world; the highest of them if
/// none does.
fn write_coverage(study: &Study, path: &Path) -> Result<f64> {
    let columns: Vec<usize> =
        (0..study.columns.len()).filter(|&column| is_tested(&study.columns[column])).collect();
    let mut csv = Csv::new("world,response,nominal,coverage");
    let mut least = [1.0; NOMINAL.len()];
    for world in [World::Normal, World::Resampled] {
        for (&column, shares) in columns.iter().zip(coverage(study, &columns, world, EFFORT)?) {
            for ((nominal, share), least) in NOMINAL.into_iter().zip(shares).zip(&mut least) {
                csv.row(cells![world, study.columns[column], nominal, share]);
                *least = share.min(*least);
            }
        }
    }
    csv.write(path)?;
    let place = least.iter().position(|&share| share >= COVERAGE).unwrap_or(NOMINAL.len() - 1);
    Ok(NOMINAL[place])
}

fn write_sets(study: &Study, level: f64, path: &Path) -> Result<()> {
    let columns: Vec<usize> = (0..study.columns.len()).collect();
    let fitter = SetFitter::new();
    let power = |set: ndarray::ArrayView2<f64>| {
        fitter.fits(set).into_iter().map(|fits| fits[Form::Power as usize]).collect::<Vec<_>>()
    };
    let sets = new_sets(study, &columns, Source::Predictive)?.map(SETS, SEED, power);
    let mut csv = Csv::new(
        "response,nominal,r_squared,r_squared_low,r_squared_high,step_r_squared,softer,clearly_better,clearly_worse",
    );
    for column in columns {
        let fits: Vec<_> = sets.iter().map(|set| set[column]).collect();
        let SetSummary { r_squared: (middle, Interval { low, high }), step_r_squared, softer, better, worse } =
            SetSummary::new(&fits, level);
        csv.row(cells![
            study.columns[column],
            level,
            middle,
            low,
            high,
            step_r_squared,
            softer,
            better,
            worse
        ]);
    }
    csv.write(path)
}
