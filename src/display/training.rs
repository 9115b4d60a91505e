//! Training in a cell: with progress, and saved in a store.

use crate::dataset::Dataset;
use crate::display::lines::Lines;
use crate::error::Result;
use crate::session::{Plan, Session, Training};
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

/// Trains a session in a notebook cell: prints progress in lines and saves the session in the [user's store](Store::user). A session that
/// is in the store is loaded unless [`Training::retrain`] is set; an interrupted one resumes, and the result is
/// bit-identical.
///
/// # Errors
/// Those of [`Store::user`] and [`Store::train`].
pub fn train_session(dataset: &Dataset, training: Training) -> Result<Session> {
    let name = training.default_name();
    Store::user()?.train(dataset, &training, &name, &Lines::default())
}

/// Trains all sessions of a plan in a notebook cell, on all cores: prints progress in lines and saves the sessions in the
/// [user's store](Store::user).
///
/// # Errors
/// Those of [`Store::user`] and [`Store::train_plan`].
pub fn train_plan(dataset: &Dataset, plan: &Plan) -> Result<Vec<Session>> {
    Store::user()?.train_plan(dataset, plan, default_jobs(), &Lines::default())
}
