//! Training in a cell: with progress, and saved in a store.

use crate::dataset::Dataset;
use crate::display::lines::Lines;
use crate::error::{Error, Result};
use crate::session::{Plan, Session, Training};
use crate::store::{Store, default_jobs};

/// The store for sessions that cells train: the folder in the environment variable `SOFTNESS_STORE`, or
/// `softness/store` in the user's data folder. `softness train --out` and `softness replicate --out` with that folder
/// share its sessions.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if neither the variable nor a home folder is set.
pub fn store() -> Result<Store> {
    Store::of_user().ok_or_else(|| {
        Error::option(
            crate::store::STORE_VARIABLE,
            "not set",
            "no home folder is known: name a folder for sessions",
        )
    })
}

/// The environment variable with the plan of the notebooks.
const PLAN_VARIABLE: &str = "SOFTNESS_PLAN";

/// The plan that the notebooks train: the one in the environment variable `SOFTNESS_PLAN`, as [`Plan::named`] reads it,
/// or [`Plan::quick`]. So notebooks can be run at another scale.
///
/// # Errors
/// Those of [`Plan::named`].
pub fn notebook_plan() -> Result<Plan> {
    match std::env::var(PLAN_VARIABLE) {
        Ok(name) if !name.is_empty() => Plan::named(&name),
        _ => Ok(Plan::quick()),
    }
}

/// Trains a session in a notebook cell: prints progress in lines and saves the session in the [`store()`]. A session that
/// is in the store is loaded unless [`Training::retrain`] is set; an interrupted one resumes, and the result is
/// bit-identical.
///
/// # Errors
/// Those of [`store()`] and [`Store::train`].
pub fn train_session(dataset: &Dataset, training: Training) -> Result<Session> {
    let name = training.default_name();
    store()?.train(dataset, &training, &name, &Lines::new())
}

/// Trains all sessions of a plan in a notebook cell, on all cores: prints progress in lines and saves the sessions in the
/// [`store()`].
///
/// # Errors
/// Those of [`store()`] and [`Store::train_plan`].
pub fn train_plan(dataset: &Dataset, plan: &Plan) -> Result<Vec<Session>> {
    store()?.train_plan(dataset, plan, default_jobs(), &Lines::new())
}
