//! Does it depend on the network? The scores of sessions of several settings in the course of their training: the last section of
//! `docs/rules-2.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::archive::read_filters;
use super::scoring::architecture;
use crate::dataset::{Dataset, Picture};
use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::responses::{Reading, ResponseOptions};
use crate::softness::ScoringOptions;
use crate::stats::{Interval, LevelModel, LevelSummary, mean, percentile};
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// The first and the last iteration at which filters are kept, and the paper's shortest training.
const FIRST: u64 = 0;
const TRAINED: u64 = 2_000;
const LAST: u64 = 10_000;
const LEVEL: f64 = 0.95;
/// The images.
const IMAGES: [&str; 2] = ["bird", "static"];

/// The ln layer scores of one session by iterations, in the order of [`responses`].
struct Course {
    setting: String,
    number: u32,
    scores: BTreeMap<u64, Vec<f64>>,
}

/// Reading, image and layer of each score, as text.
fn responses() -> Vec<String> {
    let of_reading = |reading: Reading| {
        IMAGES
            .into_iter()
            .flat_map(move |image| (1..=2).map(move |layer| format!("{reading}/same/{image}/{layer}")))
    };
    Reading::ALL.into_iter().flat_map(of_reading).collect()
}

/// Scores the sessions in the archives SETTING-NUMBER.npz of `folder`, and writes into `out`:
///
/// | file | content |
/// |---|---|
/// | `settings.csv` | the layer scores of each session at each kept iteration |
/// | `settings_effects.csv` | by setting and response: the change of the ln score from 0 and from 2,000 to 10,000 iterations, mean over the sessions with Student's interval, and tau of the saturating model: median, least and largest |
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if an archive is not as the example
/// `settings` writes it.
pub(super) fn write(folder: &Path, dataset: &Dataset, out: &Path) -> Result<()> {
    let courses = courses(folder, dataset)?;
    let responses = responses();
    let mut csv = Csv::new(&format!("setting,session,iterations,{}", responses.join(",")));
    for course in &courses {
        for (iterations, scores) in &course.scores {
            let mut row = cells![course.setting, course.number, iterations].to_vec();
            row.extend(scores.iter().map(|score| number(score.exp())));
            csv.row(row);
        }
    }
    csv.write(out.join("settings.csv"))?;

    let mut csv = Csv::new(
        "setting,sessions,response,change,change_low,change_high,late_change,late_low,late_high,tau,tau_least,tau_largest",
    );
    for sessions in courses.chunk_by(|a, b| a.setting == b.setting) {
        for (place, response) in responses.iter().enumerate() {
            let change = |from: u64| {
                let changes =
                    sessions.iter().map(|course| course.scores[&LAST][place] - course.scores[&from][place]);
                mean_with_interval(&changes.collect::<Vec<f64>>())
            };
            let taus: Vec<f64> = sessions.iter().map(|course| course.tau(place)).collect();
            let mut row = cells![sessions[0].setting, sessions.len(), response].to_vec();
            for (value, Interval { low, high }) in [change(FIRST)?, change(TRAINED)?] {
                row.extend([value, low, high].map(number));
            }
            row.extend([50.0, 0.0, 100.0].map(|percent| number(percentile(&taus, percent))));
            csv.row(row);
        }
    }
    csv.write(out.join("settings_effects.csv"))
}

impl Course {
    /// tau of the saturating model of one response.
    fn tau(&self, place: usize) -> f64 {
        let level = |(&iterations, scores): (&u64, &Vec<f64>)| {
            // Every iteration has the same weight.
            LevelSummary { x: iterations as f64, mean: scores[place], sd: 1.0, n: 1 }
        };
        let levels: Vec<LevelSummary> = self.scores.iter().map(level).collect();
        LevelModel::Saturating.fit(&levels).tau.expect("it has a tau")
    }
}

/// The mean and Student's interval; the interval is NaN for a single value.
fn mean_with_interval(values: &[f64]) -> Result<(f64, Interval)> {
    let summary = LevelSummary::new(0.0, values);
    let n = values.len() as f64;
    if values.len() < 2 {
        return Ok((mean(values), Interval { low: f64::NAN, high: f64::NAN }));
    }
    Ok((summary.mean, Interval::student(summary.mean, summary.sd / n.sqrt(), n - 1.0, LEVEL)?))
}

/// The courses of all archives, in the order of their names.
fn courses(folder: &Path, dataset: &Dataset) -> Result<Vec<Course>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io(folder, "list the folder"))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io(folder, "list the folder"))?.path();
        if path.extension().is_some_and(|ending| ending == "npz") {
            paths.push(path);
        }
    }
    paths.sort();
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    paths.par_iter().map(|path| course(path, &pictures)).collect()
}

fn course(path: &PathBuf, pictures: &[Picture]) -> Result<Course> {
    let refused = |problem: &str| Error::malformed(path, problem);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let named = stem.rsplit_once('-').and_then(|(setting, number)| Some((setting, number.parse().ok()?)));
    let (setting, number) = named.ok_or_else(|| refused("its name is not SETTING-NUMBER.npz"))?;
    let mut scores = BTreeMap::new();
    for (name, banks) in read_filters(path)? {
        let iterations =
            name.parse().map_err(|_| refused("a session in it is not named by its iterations"))?;
        scores.insert(iterations, layer_scores(&banks, pictures)?);
    }
    for needed in [FIRST, TRAINED, LAST] {
        if !scores.contains_key(&needed) {
            return Err(refused(&format!("it has no filters at {needed} iterations")));
        }
    }
    Ok(Course { setting: setting.to_owned(), number, scores })
}

/// The ln layer scores of a network, in the order of [`responses`].
fn layer_scores(banks: &[FilterBank], pictures: &[Picture]) -> Result<Vec<f64>> {
    let banks: Vec<&FilterBank> = banks.iter().collect();
    let scale = architecture().input_scale;
    let mut found = Vec::new();
    for reading in Reading::ALL {
        let options = ScoringOptions::default().response(ResponseOptions::default().reading(reading));
        for picture in pictures {
            for layer in 1..=2 {
                let scores = options.filter_scores(&banks, scale, layer, picture, |_, error| error)?;
                found.push(scores.iter().map(|score| score.value()).sum::<f64>().ln());
            }
        }
    }
    Ok(found)
}
