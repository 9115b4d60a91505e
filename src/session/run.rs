//! Training a session to its end, with an observer that listens.

use super::observer::{Observer, Progress, TrainedBy};
use super::trainer::{Event, Trainer};
use super::{Evaluation, Session, Training};
use crate::dataset::Dataset;
use crate::error::{Error, Failure, Result};
use crate::network::kernels::InstructionPath;

/// The environment variable that selects narrower instructions.
const INSTRUCTIONS_VARIABLE: &str = "SOFTNESS_INSTRUCTIONS";

/// Iterations between two calls of the observer if no evaluation is due.
const REPORT_EVERY: u64 = 10;

/// Iterations after which a session should do better than guessing.
const LONG_ENOUGH: u64 = 1_000;

/// A session guesses if its loss is at least this share of ln(classes), the loss of guessing. With classes of unequal
/// size, guessing costs a little less than ln(classes); sessions of the paper are at 0.7 of it after 1,000 iterations.
const STILL_GUESSING: f64 = 0.97;

/// Trains one session on `dataset` in memory and returns its filters, history and record. `observer` receives its
/// progress; `&()` ignores it.
///
/// The result depends only on the options, the data set and the instruction path: it is bit-identical in every run. Training
/// takes one thread. The number of classes is that of the data set. The environment variable `SOFTNESS_INSTRUCTIONS` selects the
/// instruction path: `avx512`, `avx2`, `neon` or `portable`; default: the widest of this machine.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names an option out of range;
/// [`ErrorKind::Diverged`](crate::ErrorKind::Diverged) if the loss or a weight is no longer a finite number;
/// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the observer stops it,
/// or the user interrupts the cell.
///
/// # Examples
/// ```
/// use softness::dataset::Dataset;
/// use softness::session::{Training, train_in_memory};
///
/// let dataset = Dataset::tiny(); // usually: Dataset::auto()?
/// let session = train_in_memory(&dataset, Training::paper().iterations(3).batch(10).seed(1), &())?;
/// assert_eq!(session.filters(1)?.weights().dim(), (16, 3, 5, 5));
/// assert_eq!(session.history().len(), 1);
/// # Ok::<(), softness::Error>(())
/// ```
pub fn train_in_memory(dataset: &Dataset, training: Training, observer: &dyn Observer) -> Result<Session> {
    let training = training.for_dataset(dataset)?;
    let name = training.default_name();
    let mut trainer = Trainer::new(dataset, training, instructions()?)?;
    let test_accuracy = run(&mut trainer, &name, observer, |_, _| Ok(()))?;
    let session = trainer.finish(&name, test_accuracy)?;
    observer.finished(&session);
    Ok(session)
}

/// The instruction path of this machine, or the one that `SOFTNESS_INSTRUCTIONS` names.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no such path or the machine lacks it.
pub(crate) fn instructions() -> Result<InstructionPath> {
    Ok(of_environment()?.unwrap_or_else(InstructionPath::detect))
}

/// Refuses the instructions of a plan, which it "is pinned to" or "states", if `SOFTNESS_INSTRUCTIONS` names others: of two orders, none
/// is silently left out.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with both.
pub(crate) fn agree_with_environment(planned: InstructionPath, verb: &str) -> Result<()> {
    let Some(named) = of_environment()? else { return Ok(()) };
    let requirement = format!("the plan {verb} {planned}: unset the variable, or make a plan for {named}");
    Error::require(named == planned, INSTRUCTIONS_VARIABLE, named, requirement)
}

/// What `SOFTNESS_INSTRUCTIONS` names, if anything.
fn of_environment() -> Result<Option<InstructionPath>> {
    match std::env::var(INSTRUCTIONS_VARIABLE) {
        Ok(name) if !name.is_empty() => name.parse().map(Some),
        _ => Ok(None),
    }
}

/// Trains to the end and tells `observer`. `after_step` is called after each step and before an interruption, with
/// whether training stops there. Returns the accuracy on all test images.
pub(crate) fn run(
    trainer: &mut Trainer<'_>,
    name: &str,
    observer: &dyn Observer,
    mut after_step: impl FnMut(&mut Trainer<'_>, bool) -> Result<()>,
) -> Result<f64> {
    let stop = || observer.should_stop();
    observer.progress(&progress(trainer, name));
    loop {
        let event = trainer.advance(&stop)?;
        let stops = match event {
            Event::Finished { test_accuracy } => {
                warn_of_guessing(trainer, name, observer);
                return Ok(test_accuracy);
            }
            Event::Stopped => true,
            Event::Step { evaluated } => {
                if evaluated || trainer.iteration().is_multiple_of(REPORT_EVERY) {
                    observer.progress(&progress(trainer, name));
                }
                !trainer.is_done() && stop()
            }
        };
        after_step(trainer, stops)?;
        if stops {
            let (session, iteration) = (name.to_owned(), trainer.iteration());
            return Err(Failure::Interrupted { session, iteration }.into());
        }
    }
}

/// Tells the observer if a long session did not learn anything.
fn warn_of_guessing(trainer: &Trainer<'_>, name: &str, observer: &dyn Observer) {
    let training = trainer.training();
    let classes = training.architecture.classes as f64;
    let guesses = |evaluation: &Evaluation| evaluation.loss >= STILL_GUESSING * classes.ln();
    if training.iterations >= LONG_ENOUGH && trainer.latest().is_some_and(guesses) {
        observer.notice(&format!(
            "session {name}: after {} iterations it does no better than guessing; the learning rate of {} is too large for \
             it, or far too small",
            training.iterations, training.learning_rate
        ));
    }
}

fn progress(trainer: &Trainer<'_>, name: &str) -> Progress {
    Progress {
        session: name.to_owned(),
        iteration: trainer.iteration(),
        iterations: trainer.training().iterations,
        evaluation: trainer.latest().copied(),
        test_images: trainer.test_images(),
        trained_by: TrainedBy::ThisCall,
    }
}
