//! A study that was written down before, run again.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Study;
use super::record::FORMAT;
use crate::error::{Error, Result};
use crate::files;
use crate::session::Plan;
use crate::table::LayerScore;

/// What a `replication.json` holds that a study can be run again from, and held against.
#[derive(Debug, Clone)]
pub struct Earlier {
    path: PathBuf,
    plan: Plan,
    fingerprint: String,
    instructions: Option<String>,
    layer_scores: Vec<LayerScore>,
}

/// The fields of the file that are read; it has more.
#[derive(Deserialize)]
struct Fields {
    format: u32,
    data: Data,
    plan: Plan,
    trained_by: Option<TrainedBy>,
    layer_scores: Vec<LayerScore>,
}

#[derive(Deserialize)]
struct Data {
    fingerprint: String,
}

#[derive(Deserialize)]
struct TrainedBy {
    instructions: String,
}

impl Earlier {
    /// Reads a `replication.json`.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Malformed`] where it is no such file, or one that a newer version wrote.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let fields: Fields = serde_json::from_slice(&files::read(path)?).map_err(|error| {
            Error::malformed(
                path,
                format!("it is not the record of a study that `softness replicate` wrote ({error})"),
            )
        })?;
        if fields.format != FORMAT {
            let problem = format!("it has format {}, and this version reads format {FORMAT}", fields.format);
            return Err(Error::malformed(path, problem));
        }
        Ok(Self {
            path: path.to_owned(),
            plan: fields.plan,
            fingerprint: fields.data.fingerprint,
            instructions: fields.trained_by.map(|by| by.instructions),
            layer_scores: fields.layer_scores,
        })
    }

    /// Its plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How the layer scores of `study` agree with those written down, in a sentence: whether they are the same
    /// to the last bit, and if not, by how much they differ and what else is different.
    pub fn agreement(&self, study: &Study) -> String {
        let file = self.path.display();
        let now = study.table().layer_scores();
        let pairs: Vec<(&LayerScore, &LayerScore)> = now.iter().zip(&self.layer_scores).collect();
        let same_cells = now.len() == self.layer_scores.len()
            && pairs.iter().all(|(a, b)| (&a.session, a.layer, &a.image) == (&b.session, b.layer, &b.image));
        if !same_cells {
            return format!("the layer scores are of other sessions or images than those of {file}");
        }
        let different = pairs.iter().filter(|(a, b)| a != b).count();
        if different == 0 {
            return format!("all {} layer scores are those of {file}, to the last bit", now.len());
        }
        let largest = pairs
            .iter()
            .map(|(a, b)| ((a.sum - b.sum) / b.sum.abs().max(f64::MIN_POSITIVE)).abs())
            .fold(0.0, f64::max);
        let mut reasons = Vec::new();
        if self.fingerprint != study.fingerprint() {
            reasons.push("the data set is another one".to_owned());
        }
        let instructions = study.sessions().iter().find_map(|session| session.record());
        let instructions = instructions.map(|record| record.recipe.instructions.clone());
        if let (Some(then), Some(now)) = (&self.instructions, &instructions)
            && then != now
        {
            reasons.push(format!("it was trained with {then} instructions, this with {now}"));
        }
        let because = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        format!(
            "{different} of {} layer scores differ from those of {file}, by at most {:.2} %{because}",
            now.len(),
            100.0 * largest
        )
    }
}
