//! An earlier study, run again from its record.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::files;
use crate::report::record::{DataRecord, FORMAT, Replication, TrainedBy};
use crate::responses::ResponseOptions;
use crate::session::Plan;
use crate::softness::ScoringOptions;
use crate::table::LayerScore;
use crate::text::encoding;

/// The `replication.json` of an earlier study, which can be run again from it and compared with it.
#[derive(Debug, Clone)]
pub struct Earlier {
    path: PathBuf,
    fields: Fields,
    whole: Value,
}

/// The fields of a record that are compared as a whole, and their names. A field that is in neither record is not
/// mentioned.
const PARTS: [(&str, &str); 5] = [
    ("sessions", "the sessions' accuracies and losses"),
    ("beside_nulls", "the scores and their nulls"),
    ("fits", "the fits"),
    ("refusals", "what could not be fitted"),
    ("verdicts", "the verdicts"),
];

/// The fields of the file that are read; it has more.
#[derive(Debug, Clone, Deserialize)]
struct Fields {
    format: u32,
    data: DataRecord,
    plan: Plan,
    trained_by: Option<TrainedBy>,
    #[serde(default)]
    scoring: Scoring,
    layer_scores: Vec<LayerScore>,
}

/// How its images were scored; the default if the record does not say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Scoring {
    options: ScoringOptions,
}

impl Earlier {
    /// Whether a file is named or begins like a record, and not like a plan, which is TOML.
    pub(crate) fn is_at(name: &str) -> bool {
        // A pipe can be read once.
        let text = || std::fs::read(name).ok().and_then(|bytes| encoding::text(&bytes).ok());
        name.ends_with(".json")
            || (Path::new(name).is_file() && text().is_some_and(|text| text.trim_start().starts_with('{')))
    }

    /// Reads a `replication.json`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is not such a file or a newer version wrote it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let no_record = |error: serde_json::Error| {
            let problem =
                format!("it is not the record of a study that `softness replicate` wrote ({error})");
            Error::malformed(path, problem)
        };
        let text = encoding::text(&files::read(path)?).map_err(|problem| Error::malformed(path, problem))?;
        let fields: Fields = serde_json::from_str(&text).map_err(no_record)?;
        if fields.format != FORMAT {
            let problem = format!("it has format {}, and this version reads format {FORMAT}", fields.format);
            return Err(Error::malformed(path, problem));
        }
        let whole: Value = serde_json::from_str(&text).map_err(no_record)?;
        let of_plan = fields.plan.sessions();
        let other = |session: &&Value| of_plan.iter().all(|(name, _)| session["name"] != **name);
        if let Some(other) = whole["sessions"].as_array().into_iter().flatten().find(other) {
            let problem = format!(
                "it is of some sessions of a plan, such as {}, which cannot be run again from it: run the plan that they are of",
                other["name"]
            );
            return Err(Error::malformed(path, problem));
        }
        Ok(Self { path: path.to_owned(), fields, whole })
    }

    /// Its plan.
    pub fn plan(&self) -> &Plan {
        &self.fields.plan
    }

    /// How its images were scored.
    pub fn options(&self) -> ScoringOptions {
        self.fields.scoring.options
    }

    /// How far the record of a study agrees with this one, in a sentence or two: whether its layer scores are
    /// bit-identical, and if not, by how much they differ and what the reason may be; and whether sessions, comparisons with
    /// null distributions, fits and verdicts are the same.
    pub fn agreement(&self, now: &Replication) -> String {
        let scores = self.agreement_of_scores(now);
        let value = serde_json::to_value(now).expect("a record has a JSON form");
        let is_there = |part: Option<&Value>| part.is_some_and(|part| !part.is_null() && *part != json!([]));
        let (mut same, mut other) = (Vec::new(), Vec::new());
        for (field, name) in PARTS {
            let (then, now) = (self.whole.get(field), value.get(field));
            if is_there(then) || is_there(now) {
                if then == now { &mut same } else { &mut other }.push(name);
            }
        }
        let mut sentence = scores;
        for (what, names) in [("identical", same), ("different", other)] {
            if !names.is_empty() {
                sentence += &format!("; {what}: {}", names.join(", "));
            }
        }
        sentence
    }

    fn agreement_of_scores(&self, record: &Replication) -> String {
        let file = self.path.display();
        let (now, then) = (&record.layer_scores, &self.fields.layer_scores);
        let pairs: Vec<(&LayerScore, &LayerScore)> = now.iter().zip(then).collect();
        let same_cells = now.len() == then.len()
            && pairs.iter().all(|(a, b)| (&a.session, a.layer, &a.image) == (&b.session, b.layer, &b.image));
        if !same_cells {
            return format!("the layer scores belong to other sessions or images than those of {file}");
        }
        let different = pairs.iter().filter(|(a, b)| a != b).count();
        if different == 0 {
            return format!("all {} layer scores are bit-identical to those of {file}", now.len());
        }
        let largest = pairs
            .iter()
            .map(|(a, b)| ((a.sum - b.sum) / b.sum.abs().max(f64::MIN_POSITIVE)).abs())
            .fold(0.0, f64::max);
        let mut reasons = Vec::new();
        let (data, plan) = (&self.fields.data, &self.fields.plan);
        if data.fingerprint != record.data.fingerprint {
            let [then, now] = [&data.description, &record.data.description];
            reasons.push(match then == now {
                true => format!("the data set is another, though both are {now}"),
                false => {
                    format!("the data set was {then} and is {now} now: give the earlier one with --dataset")
                }
            });
        }
        if plan.plan_seed() != record.plan.plan_seed() {
            let [then, now] = [plan.plan_seed(), record.plan.plan_seed()];
            reasons.push(format!("the seed was {then} and is {now} now"));
        }
        if plan.training() != record.plan.training() {
            reasons.push("other options of training".to_owned());
        }
        let options = [self.options(), record.scoring.options];
        if options[0] != options[1] {
            let [then, now] = options.map(|options| {
                let ResponseOptions { reading, border } = options.response;
                format!(
                    "the reading {reading}, the border {border} and the normalisation {}",
                    options.normalisation
                )
            });
            reasons.push(format!("the earlier one was scored with {then}, this one with {now}"));
        }
        if let (Some(then), Some(now)) = (&self.fields.trained_by, &record.trained_by) {
            let by = |what: &str, then: &dyn Display, now: &dyn Display| {
                format!("the earlier one was trained with {what} {then}, this one with {now}")
            };
            if then.instructions != now.instructions {
                reasons.push(by("the instructions", &then.instructions, &now.instructions));
            }
            if then.training_code != now.training_code {
                reasons.push(by("training code", &then.training_code, &now.training_code));
            }
        }
        let because = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        let (all, percent) = (now.len(), 100.0 * largest);
        format!(
            "{different} of {all} layer scores differ from those of {file}, by at most {percent:.2} %{because}"
        )
    }
}
