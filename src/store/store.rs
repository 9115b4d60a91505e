//! Finished and unfinished sessions on disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::dataset::{Dataset, user_folder};
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::session::observer::{Observer, Progress, Trained};
use crate::session::record::Recipe;
use crate::session::run::{instructions, on_one_thread, run};
use crate::session::trainer::Trainer;
use crate::session::{Evaluation, Session, Training};
use crate::store::checkpoint::Checkpoint;
use crate::store::shelf::{Found, Shelf, lock};

/// Time between two checkpoints unless [`Store::checkpoint_every`] says otherwise. One checkpoint of the
/// paper's network takes a few milliseconds.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// The environment variable that names the folder of the user's store.
pub const STORE_VARIABLE: &str = "SOFTNESS_STORE";

/// A folder of sessions. A session is keyed by everything that determines its bits: its options, the
/// data set's pixels, the instruction path and the version of the training code. One that is there is
/// loaded; one that was cut off goes on from its last checkpoint and ends with the same bits as if it
/// had never been; of two processes that want the same one the second follows the progress of the first.
///
/// | path | holds |
/// |---|---|
/// | `sessions/NAME-KEY/` | a finished session, see [`Session::save`] |
/// | `unfinished/KEY.checkpoint` | one that is being trained or was cut off |
/// | `unfinished/KEY.lock` | locked while a process trains it |
/// | `damaged/` | what was found truncated or changed, set aside under its own name |
///
/// Every file has a checksum. What does not fit it is set aside, never used and never deleted, the
/// observer is told, and the session is trained anew.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    checkpoint_every: Duration,
}

impl Store {
    /// The store in the folder `root`, which is created when something is saved.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), checkpoint_every: CHECKPOINT_EVERY }
    }

    /// The same store with another time between two checkpoints (default: 5 s), which is the most work
    /// that a session loses when it is cut off. The first one is written after the first step.
    pub fn checkpoint_every(mut self, time: Duration) -> Self {
        self.checkpoint_every = time;
        self
    }

    /// The user's store: the folder that the environment variable [`STORE_VARIABLE`] names, else
    /// `softness/store` in the user's data folder. `None` where neither is known.
    pub fn of_user() -> Option<Self> {
        let named = std::env::var_os(STORE_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        named.or_else(|| Some(user_folder()?.join("store"))).map(Self::new)
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Trains the session of these options, or loads it where it is there already, unless the options say
    /// [`Training::retrain`].
    ///
    /// # Errors
    /// Those of [`train_session`](crate::session::train_session), [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) where `name` cannot be
    /// part of a folder's name, [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file that cannot be read or written, and
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) where the observer wants to stop: what is done is in a checkpoint then. After
    /// [`ErrorKind::Diverged`](crate::ErrorKind::Diverged) the last good state is.
    pub fn train(
        &self,
        dataset: &Dataset,
        training: &Training,
        name: &str,
        observer: &dyn Observer,
    ) -> Result<Session> {
        training.check(dataset)?;
        if Path::new(name).file_name() != Some(name.as_ref()) || name.contains(['/', '\\']) {
            let requirement = "it becomes part of a folder's name, so it must not be a path";
            return Err(Error::option("name of the session", format!("{name:?}"), requirement));
        }
        let path = instructions()?;
        let key = Recipe::new(dataset, training, path).key()?;
        let shelf = Shelf::new(&self.root, &key);
        let find = || if training.retrain { Ok(Found::Nothing) } else { shelf.find(name) };
        let tell = |session: Box<Session>| {
            observer.progress(&already_there(&session));
            Ok(*session)
        };
        if let Found::Whole(session) = find()? {
            shelf.tidy();
            return tell(session);
        }
        let checkpoint = shelf.checkpoint_file();
        let follow = || {
            // There may be none yet, or none any more.
            if let Ok(found) = Checkpoint::load(&checkpoint) {
                observer.progress(&elsewhere(found, name, training));
            }
        };
        let _lock = lock(&shelf.lock_file()?, name, observer, &follow)?;
        shelf.sweep();
        // Another process may have finished it while this one waited for the lock.
        match find()? {
            Found::Whole(session) => return tell(session),
            Found::Damaged(folder, error) => shelf.set_aside(&folder, &error, observer)?,
            Found::Nothing => {}
        }
        if training.retrain {
            shelf.forget_checkpoint()?;
        }
        let session = on_one_thread(|| {
            let mut trainer = Trainer::new(dataset, training, path)?;
            if checkpoint.exists() {
                let resumed = Checkpoint::load(&checkpoint).and_then(|found| trainer.resume(found));
                match resumed {
                    Err(error) if matches!(error.kind(), ErrorKind::Malformed | ErrorKind::InvalidOption) => {
                        shelf.set_aside(&checkpoint, &error, observer)?;
                    }
                    other => other?,
                }
            }
            // When the last checkpoint was saved, and the iteration it is of.
            let mut saved: Option<Instant> = None;
            let mut kept = Some(trainer.iteration()).filter(|&iteration| iteration > 0);
            let run = run(&mut trainer, name, training, observer, |trainer, stops| {
                let due = saved.is_none_or(|saved| saved.elapsed() >= self.checkpoint_every);
                if stops || (due && !trainer.is_done()) {
                    trainer.checkpoint()?.save(&checkpoint)?;
                    saved = Some(Instant::now());
                    kept = Some(trainer.iteration());
                }
                Ok(())
            });
            let test_accuracy = run.map_err(|error| with_last_good(error, kept, &checkpoint))?;
            trainer.finish(name, test_accuracy)
        })?;
        shelf.keep(&session)?;
        shelf.forget_checkpoint()?;
        Ok(session)
    }
}

/// The error, with where the last good state is kept if it is that of a session that diverged.
fn with_last_good(error: Error, kept: Option<u64>, checkpoint: &Path) -> Error {
    match error.into_failure() {
        Failure::Diverged { iteration, learning_rate, kept: None } => {
            let kept = kept.map(|iteration| (iteration, checkpoint.to_path_buf()));
            Failure::Diverged { iteration, learning_rate, kept }.into()
        }
        other => other.into(),
    }
}

/// What an observer hears of a session that was loaded.
fn already_there(session: &Session) -> Progress {
    Progress {
        session: session.name().to_owned(),
        iteration: session.iterations(),
        iterations: session.iterations(),
        evaluation: session.record().map(|record| Evaluation {
            iteration: session.iterations(),
            loss: record.loss,
            test_accuracy: record.test_accuracy,
        }),
        trained: Trained::Before,
    }
}

/// What an observer hears of a session that another process trains.
fn elsewhere(found: Checkpoint, name: &str, training: &Training) -> Progress {
    Progress {
        session: name.to_owned(),
        iteration: found.counters.iteration,
        iterations: training.iterations,
        evaluation: found.counters.history.last().copied(),
        trained: Trained::Elsewhere,
    }
}
