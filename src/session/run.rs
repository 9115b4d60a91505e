//! `train_session`, the first of the three verbs.

use super::observer::{Observer, Progress, Trained};
use super::trainer::Trainer;
use super::{Evaluation, Session, Training};
use crate::dataset::Dataset;
use crate::error::{Error, Failure, Result};
use crate::network::conv::InstructionPath;

/// The environment variable that holds a session to narrower instructions: `avx512`, `avx2`, `neon`
/// or `portable`.
pub const INSTRUCTIONS_VARIABLE: &str = "SOFTNESS_INSTRUCTIONS";

/// Iterations between two calls of the observer where no evaluation is due.
pub(crate) const REPORT_EVERY: u64 = 10;

/// Iterations after which a session should do better than guessing.
const LONG_ENOUGH: u64 = 1_000;

/// The share of ln(classes), the loss of guessing, from which on a session is said to guess. Batches of unequal classes
/// take a network that guesses a little below it; sessions of the paper are at 0.7 of it after 1,000 iterations.
const STILL_GUESSING: f64 = 0.97;

/// Trains one session on `dataset` and returns its filters, history and record.
///
/// The result is a function of the options, the data set and the instruction path alone: the same
/// bits every time, whatever else the machine does. One thread.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) naming the option that makes no sense; [`ErrorKind::Diverged`](crate::ErrorKind::Diverged) where the loss
/// stops being a number.
///
/// # Examples
/// ```
/// use softness::session::{Training, train_session};
///
/// let dataset = softness::doc::tiny_dataset()?; // in real life: Dataset::auto()?
/// let session = train_session(&dataset, Training::paper().iterations(3).batch(10).seed(1))?;
/// assert_eq!(session.filters(1)?.weights().dim(), (16, 3, 5, 5));
/// assert_eq!(session.history().len(), 1);
/// # Ok::<(), softness::Error>(())
/// ```
pub fn train_session(dataset: &Dataset, training: Training) -> Result<Session> {
    train_session_observed(dataset, training, &())
}

/// As [`train_session`], telling `observer` how it goes.
///
/// # Errors
/// As [`train_session`].
pub fn train_session_observed(
    dataset: &Dataset,
    training: Training,
    observer: &dyn Observer,
) -> Result<Session> {
    let name = training.default_name();
    let path = instructions()?;
    on_one_thread(|| {
        let mut trainer = Trainer::new(dataset, &training, path)?;
        let test_accuracy = run(&mut trainer, &name, &training, observer, |_, _| Ok(()))?;
        trainer.finish(&name, test_accuracy)
    })
}

/// The instruction path of this machine, or the one that [`INSTRUCTIONS_VARIABLE`] names.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where there is no such path, or the machine lacks it.
pub fn instructions() -> Result<InstructionPath> {
    match std::env::var(INSTRUCTIONS_VARIABLE) {
        Ok(name) if !name.is_empty() => name.parse(),
        _ => Ok(InstructionPath::detect()),
    }
}

/// Steps until the end, calling `after_step` after each with whether training stops there. Returns the accuracy
/// on all test images.
pub(crate) fn run(
    trainer: &mut Trainer<'_>,
    name: &str,
    training: &Training,
    observer: &dyn Observer,
    mut after_step: impl FnMut(&mut Trainer<'_>, bool) -> Result<()>,
) -> Result<f64> {
    let stop = || observer.should_stop();
    let interrupted = |trainer: &Trainer| {
        Error::from(Failure::Interrupted { session: name.to_owned(), iteration: trainer.iteration() })
    };
    observer.progress(&progress(trainer, name, training));
    while !trainer.is_done() || trainer.is_evaluation_due() {
        // One that was stopped in an evaluation goes on with it.
        if !trainer.is_evaluation_due() {
            trainer.step()?;
        }
        let due = trainer.is_evaluation_due();
        let evaluated = due && trainer.evaluate(&stop)?;
        if evaluated || trainer.iteration().is_multiple_of(REPORT_EVERY) {
            observer.progress(&progress(trainer, name, training));
        }
        let stops = evaluated != due || (!trainer.is_done() && stop());
        after_step(trainer, stops)?;
        if stops {
            return Err(interrupted(trainer));
        }
    }
    let Some(test_accuracy) = trainer.test_accuracy(&stop)? else {
        after_step(trainer, true)?;
        return Err(interrupted(trainer));
    };
    let classes = training.architecture.classes as f64;
    let guesses = |evaluation: &Evaluation| evaluation.loss >= STILL_GUESSING * classes.ln();
    if training.iterations >= LONG_ENOUGH && trainer.latest().is_some_and(guesses) {
        observer.notice(&format!(
            "session {name}: after {} iterations it does no better than guessing; the learning rate of {} is too large for \
             it, or far too small",
            training.iterations, training.learning_rate
        ));
    }
    Ok(test_accuracy)
}

fn progress(trainer: &Trainer<'_>, name: &str, training: &Training) -> Progress {
    Progress {
        session: name.to_owned(),
        iteration: trainer.iteration(),
        iterations: training.iterations,
        evaluation: trainer.latest().copied(),
        trained: Trained::Here,
    }
}

/// Runs `work` inside a pool of one thread: dfdx's matrix product takes as many threads as its pool
/// has, and a session is to use one.
pub(crate) fn on_one_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.map_err(|error| Error::from(Failure::Threads { reason: error.to_string() }))?;
    pool.install(work)
}
