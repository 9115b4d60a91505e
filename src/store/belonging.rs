//! Whether saved sessions belong to one study, and whether two of them are the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::checksums::Checksums;
use crate::network::{Architecture, Initialisation};
use crate::session::record::key_of;
use crate::session::{Plan, Session, Training};

/// What the sessions of a study have in common, and the file that says so: its pinned plan, or the first session that was read.
#[derive(Debug)]
pub(super) struct Belonging {
    common: Option<Common>,
    /// The keys of the plan; `None` if any will do.
    keys: Option<BTreeSet<String>>,
}

/// Name and value of everything that must be equal, and where it is from.
#[derive(Debug)]
struct Common {
    file: PathBuf,
    values: Vec<(&'static str, String)>,
}

impl Belonging {
    /// To the sessions of a pinned plan, with its file; without one, to the study of the first session that is asked about.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned.
    pub fn new(plan: Option<(&Path, &Plan)>) -> Result<Self> {
        let Some((file, plan)) = plan else { return Ok(Self { common: None, keys: None }) };
        let keys = plan.known_keys()?.into_iter().map(|(_, _, key)| key).collect();
        let pin = plan.pin().expect("a plan with keys is pinned");
        let values = values(&pin.dataset, pin.instructions.name(), pin.training_code, &plan.training());
        Ok(Self { common: Some(Common { file: file.to_owned(), values }), keys: Some(keys) })
    }

    /// Whether a session of this key may belong.
    pub fn has(&self, key: &str) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.contains(key))
    }

    /// The key of a session in `folder`; `None` if it is of this study, but not in the plan.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names both files and both values if it is not of this study.
    pub fn key(&mut self, folder: &Path, session: &Session) -> Result<Option<String>> {
        let Some(record) = session.record() else {
            return Err(Error::malformed(folder, "it has no record of how the session was trained"));
        };
        let recipe = record.recipe;
        let (dataset, path, code) = (&recipe.dataset_fingerprint, &recipe.instructions, recipe.training_code);
        let found = values(dataset, path, code, &recipe.training);
        let common =
            self.common.get_or_insert_with(|| Common { file: folder.to_owned(), values: found.clone() });
        for ((name, value), (_, wanted)) in found.iter().zip(&common.values) {
            let requirement =
                format!("that of {} is {wanted}: they are not of one study", common.file.display());
            let what = format!("{name} of {}", folder.display());
            Error::require(value == wanted, &what, value, requirement)?;
        }
        let key = key_of(&recipe.training, dataset, path, code);
        Ok(self.has(&key).then_some(key))
    }
}

/// What all sessions of a study share, each with its name, in one order. Options are all but those that differ within a plan.
fn values(dataset: &str, instructions: &str, code: u32, training: &Training) -> Vec<(&'static str, String)> {
    let Training { architecture, batch, learning_rate, optimiser, evaluate_every, .. } = training;
    let Architecture { filters, kernels, dense, dropout, initialisation, bias, input_scale, classes } =
        architecture;
    let initialisation = match initialisation {
        Initialisation::Truncated { sd } => format!("truncated, standard deviation {sd}"),
        other => other.to_string(),
    };
    vec![
        ("fingerprint of the data set", dataset.to_owned()),
        ("instruction path", instructions.to_owned()),
        ("training code", code.to_string()),
        ("batch", batch.to_string()),
        ("learning rate", learning_rate.to_string()),
        ("optimiser", optimiser.to_string()),
        ("evaluate_every", evaluate_every.to_string()),
        ("filters", format!("{filters:?}")),
        ("kernels", format!("{kernels:?}")),
        ("dense", dense.to_string()),
        ("dropout", dropout.to_string()),
        ("initialisation", initialisation),
        ("bias", bias.to_string()),
        ("input_scale", input_scale.to_string()),
        ("classes", classes.to_string()),
    ]
}

/// A saved session: where it is, and its bits.
#[derive(Debug)]
pub(super) struct Kept {
    pub path: PathBuf,
    /// Whether it has its dense layers.
    is_whole: bool,
    /// The iterations whose filters it has.
    snapshots: Vec<u64>,
    sums: Checksums,
}

impl Kept {
    /// The session at `path`, whose checksums were compared when it was loaded.
    pub fn new(path: PathBuf, session: &Session) -> Self {
        let snapshots = session.snapshots.iter().map(|snapshot| snapshot.iteration).collect();
        Self { path, is_whole: session.weights().is_some(), snapshots, sums: session.bits() }
    }

    /// Whether it has whatever `other`, the same session, has: dense layers and filters of iterations.
    pub fn covers(&self, other: &Self) -> bool {
        let has = |iteration: &u64| self.snapshots.contains(iteration);
        (self.is_whole || !other.is_whole) && other.snapshots.iter().all(has)
    }
}

/// Compares two sessions of one key.
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) names both, and the file that differs.
pub(super) fn same_bits(one: &Kept, other: &Kept) -> Result<()> {
    match one.sums.differing(&other.sums).next() {
        None => Ok(()),
        Some(file) => {
            let problem = format!(
                "it is the same session as {}, but {file} differs: one of the machines that trained them computes wrongly; train the \
                 session on a third to see which, and delete the other",
                one.path.display()
            );
            Err(Error::malformed(&other.path, problem))
        }
    }
}
