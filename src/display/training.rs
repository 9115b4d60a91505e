//! Training in a cell: with progress, and saved in the user's store.

use crate::dataset::Dataset;
use crate::display::lines::Lines;
use crate::display::live::{Live, interrupted};
use crate::display::notebook;
use crate::error::Result;
use crate::session::{Observer, Plan, Session, Training};
use crate::store::{Store, default_jobs};

/// The environment variable with the plan of the notebooks.
const PLAN_VARIABLE: &str = "SOFTNESS_PLAN";

impl Plan {
    /// The plan that the notebooks train: the one in the environment variable `SOFTNESS_PLAN`, as [`named`](Self::named)
    /// reads it, or [`quick`](Self::quick). So notebooks can be run at another scale.
    ///
    /// # Errors
    /// Those of [`named`](Self::named).
    pub fn notebook() -> Result<Self> {
        match std::env::var(PLAN_VARIABLE) {
            Ok(name) if !name.is_empty() => Self::named(&name),
            _ => Ok(Self::quick()),
        }
    }
}

/// Trains a session in a notebook cell and saves it in the [user's store](Store::user). A session that is in the store is
/// loaded unless [`Training::retrain`] is set; an interrupted one resumes, and the result is bit-identical. In the
/// "Rust (softness)" kernel one output shows a bar, the time left and a curve; other kernels get the progress in lines.
///
/// # Errors
/// Those of [`Store::user`] and [`Store::train`]. After [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) the
/// session is saved; the same cell resumes it.
pub fn train_session(dataset: &Dataset, training: Training) -> Result<Session> {
    let name = training.default_name();
    let planned = [(name.clone(), training.iterations)];
    in_cell(&planned, |observer| Store::user()?.train(dataset, &training, &name, observer))
}

/// Trains all sessions of a plan in a notebook cell, on all cores, and saves them in the [user's store](Store::user). Shows
/// its progress as [`train_session`] does.
///
/// # Errors
/// Those of [`Store::user`] and [`Store::train_plan`]. After [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) all
/// sessions are saved; the same cell resumes them.
pub fn train_plan(dataset: &Dataset, plan: &Plan) -> Result<Vec<Session>> {
    in_cell(&planned(plan), |observer| Store::user()?.train_plan(dataset, plan, default_jobs(), observer))
}

/// The name and the iterations of each session of a plan.
pub(super) fn planned(plan: &Plan) -> Vec<(String, u64)> {
    plan.sessions().into_iter().map(|(name, training)| (name, training.iterations)).collect()
}

/// Trains these sessions with the observer that suits the kernel.
fn in_cell<T>(planned: &[(String, u64)], train: impl FnOnce(&dyn Observer) -> Result<T>) -> Result<T> {
    let result = if notebook::can_replace() {
        let live = Live::in_cell(planned.iter().cloned());
        let result = train(&live);
        live.end(&result);
        result
    } else {
        train(&Lines::default())
    };
    result.map_err(|error| interrupted(error, planned))
}
