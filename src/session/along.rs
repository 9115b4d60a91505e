//! The filters of one session in the course of its training.

use super::observer::Observer;
use super::run::{instructions, run};
use super::trainer::Trainer;
use super::{Session, Snapshots, Training};
use crate::dataset::Dataset;
use crate::error::{Error, Result};

/// Trains one session on `dataset` in memory and keeps its filters after each of `iterations`, which ascend; 0 is before
/// the first. Returns a session for each, named "10000-seed1-at-2000". The iterations of `training` are replaced by the
/// last of them.
///
/// The filters after k iterations are bit-identical to those of [`train_in_memory`](super::train_in_memory) with k
/// iterations. The last session is complete; those before it have filters and options, but no history, record or dense
/// layers.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `iterations` is empty or does not ascend; otherwise those
/// of [`train_in_memory`](super::train_in_memory).
pub fn filters_along(
    dataset: &Dataset,
    training: Training,
    iterations: &[u64],
    observer: &dyn Observer,
) -> Result<Vec<Session>> {
    let ascends = iterations.is_sorted_by(|one, next| one < next);
    let listed = || iterations.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    Error::require(ascends, "iterations to keep", listed(), "each must be larger than the one before")?;
    let Some((&last, before)) = iterations.split_last() else {
        return Err(Error::option("iterations to keep", "empty", "there must be at least one"));
    };
    let training = training.iterations(last).for_dataset(dataset)?;
    let name = training.default_name();
    let named = |iterations: u64| format!("{name}-at-{iterations}");
    let mut trainer = Trainer::new(dataset, training, instructions()?)?;
    let mut kept: Vec<Session> = Vec::new();
    let mut keep = |trainer: &Trainer<'_>| {
        let iteration = trainer.iteration();
        if before.get(kept.len()) == Some(&iteration) {
            kept.push(Session {
                name: named(iteration),
                training: trainer.training().clone().iterations(iteration).snapshots(Snapshots::None),
                filters: trainer.filters()?,
                history: Vec::new(),
                weights: None,
                record: None,
                snapshots: Vec::new(),
            });
        }
        Ok(())
    };
    keep(&trainer)?;
    let test_accuracy = run(&mut trainer, &name, observer, |trainer, _| keep(trainer))?;
    let session = trainer.finish(&named(last), test_accuracy)?;
    observer.finished(&session);
    kept.push(session);
    Ok(kept)
}
