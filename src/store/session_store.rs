//! Finished and unfinished sessions on disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::dataset::Dataset;
use crate::error::{Error, ErrorKind, Failure, Result};
use crate::files;
#[cfg(test)]
use crate::files::lock::TryLock;
use crate::files::user_folder;
use crate::network::kernels::InstructionPath;
use crate::session::keep::Keep;
use crate::session::observer::TrainedBy;
use crate::session::record::Recipe;
use crate::session::run::{instructions, run};
use crate::session::trainer::{State, Trainer, test_images};
use crate::session::{Evaluation, Observer, Plan, Progress, Session, SessionRecord, Training};
use crate::store::layout::Layout;
use crate::store::notes::{FailedNote, RunningNote};
use crate::store::slot::{Found, Locks, Slot};
use crate::store::{archive, checkpoint};
use crate::text::first_of;

/// The default of [`Store::checkpoint_every`]. A checkpoint of the paper's network takes a few milliseconds.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// So often a session is begun or resumed if the file system fails in a way that may pass.
const ATTEMPTS: u32 = 4;
/// The time between two of these attempts: some file systems show what another host has changed after a second.
const TRY_AGAIN: Duration = Duration::from_millis(700);

/// What follows if something damaged is set aside.
const STARTS_OVER: &str = "the session starts over";

/// The environment variable that names the folder of the user's store.
const STORE_VARIABLE: &str = "SOFTNESS_STORE";

/// A folder of sessions. The key of a session is a hash of everything that determines it: its options, the data set's
/// pixels, the instruction path and the version of the training code. A session that is in the store is loaded. An
/// interrupted session resumes from its last checkpoint; the result is bit-identical to that of an uninterrupted one. If
/// two processes want the same session, the second waits and follows the progress of the first. On a file system without
/// locks, both train it, with the same result, and the observer is told. If locks do not reach from one host to the other, both train
/// it as well. The second to finish compares the results, and different bits are an error.
///
/// | path | content |
/// |---|---|
/// | `sessions/AB/KEY.session` | a finished session, where AB are the first two letters of its key: an uncompressed zip archive of the files of [`Session::save`], which [`Session::load`] reads. Its comment names the host |
/// | `sessions/NAME-KEY/` | a finished session of an earlier version. It is read, and stays |
/// | `unfinished/KEY.checkpoint` | a session that is being trained or was interrupted |
/// | `unfinished/KEY.lock` | locked while a process trains the session |
/// | `unfinished/KEY.running` | that process: its host, number and job (JSON) |
/// | `unfinished/KEY.failed` | why the session diverged, on which host, and when in seconds since 1970 (JSON) |
/// | `damaged/` | truncated or changed files, under their own names |
/// | `.softness-FILE.HOST.PROCESS.XXXXXX`, in the folder of FILE | what a process is writing. It is deleted when that process has ended, or after a day |
///
/// Every file has a checksum. A file that does not match it is moved to `damaged/`, never used and never deleted. The
/// observer is told, and the session is trained from the start.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) layout: Layout,
    checkpoint_every: Duration,
    keep: Keep,
    is_filters_alone: bool,
    is_sparing_failures: bool,
    pub(super) locks: Locks,
}

impl Store {
    /// The store in the folder `root`, which is created when something is saved.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            layout: Layout::new(root.into()),
            checkpoint_every: CHECKPOINT_EVERY,
            keep: Keep::All,
            is_filters_alone: false,
            is_sparing_failures: false,
            locks: Locks::new(std::fs::File::try_lock),
        }
    }

    /// The store in a folder that exists.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such folder.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        if root.is_dir() {
            return Ok(Self::new(root));
        }
        let sentence = format!(
            "{}: there is no such folder; a store is the folder that was given to --out",
            root.display()
        );
        Err(Error::new(ErrorKind::NotFound, sentence))
    }

    setters! {
        /// The same store with another time between two checkpoints; default: 5 s. An interrupted session loses at most that
        /// much work. The first checkpoint is written after the first step.
        pub fn checkpoint_every(self, time: Duration);

        /// The same store, which keeps everything of the sessions that it trains (the default) or only their filters. It returns
        /// what it keeps. Keys do not depend on this choice, and a session that is in the store is returned as it was kept: if only
        /// its filters were kept, [`Session::weights`] is `None`. [`Training::retrain`] trains the whole session again. Nothing that
        /// was kept is removed.
        pub fn keep(self, keep: Keep);
    }

    /// The same store, which keeps only the filters if the plan says so.
    pub(crate) fn for_plan(&self, plan: &Plan) -> Self {
        match plan.keep() {
            Keep::Filters => self.clone().keep(Keep::Filters),
            Keep::All => self.clone(),
        }
    }

    /// The same store, which returns sessions without their dense layers, whatever it keeps, so that thousands fit into memory.
    pub(crate) fn filters_alone(self) -> Self {
        Self { is_filters_alone: true, ..self }
    }

    /// The same store, which does not try again to train a session that diverged before.
    pub(crate) fn sparing_failures(self) -> Self {
        Self { is_sparing_failures: true, ..self }
    }

    /// The user's store: the folder in the environment variable `SOFTNESS_STORE`, else `softness/store` in the user's data
    /// folder. Notebook cells train into it. `softness train --out` and `softness replicate --out` with that folder share
    /// its sessions.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if neither the variable nor a home folder is set.
    pub fn user() -> Result<Self> {
        let named = std::env::var_os(STORE_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let root = named.or_else(|| Some(user_folder()?.join("store")));
        root.map(Self::new).ok_or_else(|| {
            Error::option(STORE_VARIABLE, "not set", "no home folder is known: name a folder for sessions")
        })
    }

    /// The same store with another way to lock a file.
    #[cfg(test)]
    pub(super) fn with_try_lock(self, try_lock: TryLock) -> Self {
        Self { locks: Locks::new(try_lock), ..self }
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        self.layout.root()
    }

    /// Trains a session, or loads it if it is in the store and [`Training::retrain`] is not set. The number of classes is
    /// that of the data set.
    ///
    /// If a session is in the store without the filters of an iteration in [`Training::snapshots`], it is trained again from its
    /// start, and the observer is told. The weights and the history are the same; the store then has it with these filters. A
    /// session with filters of more iterations than these is returned with all of them.
    ///
    /// # Errors
    /// Those of [`train_in_memory`](crate::session::train_in_memory);
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `name` cannot be part of a folder's name, or the store's folder
    /// is a file;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file that cannot be read or written;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with both files and hosts if another process has finished the
    /// session in the meantime, with other bits. After
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) the session is in a checkpoint, after
    /// [`ErrorKind::Diverged`](crate::ErrorKind::Diverged) its last good state is.
    pub fn train(
        &self,
        dataset: &Dataset,
        training: &Training,
        name: &str,
        observer: &dyn Observer,
    ) -> Result<Session> {
        self.train_on(instructions()?, dataset, training, name, observer)
    }

    /// [`train`](Self::train) with these instructions. After a failure that another host may have caused, the session is tried
    /// again and resumes from its checkpoint.
    pub(crate) fn train_on(
        &self,
        path: InstructionPath,
        dataset: &Dataset,
        training: &Training,
        name: &str,
        observer: &dyn Observer,
    ) -> Result<Session> {
        files::check_folder("the folder of sessions", self.root())?;
        for _ in 1..ATTEMPTS {
            match self.train_once(path, dataset, training, name, observer) {
                Err(error) if error.may_pass() => {
                    observer.notice(&format!("session {name}: {error}; it is tried again"));
                    std::thread::sleep(TRY_AGAIN);
                }
                other => return other,
            }
        }
        self.train_once(path, dataset, training, name, observer)
    }

    fn train_once(
        &self,
        path: InstructionPath,
        dataset: &Dataset,
        training: &Training,
        name: &str,
        observer: &dyn Observer,
    ) -> Result<Session> {
        let mut training = training.clone().for_dataset(dataset)?;
        if Path::new(name).file_name() != Some(name.as_ref()) || name.contains(['/', '\\']) {
            let requirement = "it becomes part of a folder's name, so it must not be a path";
            return Err(Error::option("name of the session", format!("{name:?}"), requirement));
        }
        let key = Recipe::new(dataset, training.clone(), path).key();
        let slot = Slot::new(&self.layout, &key, &self.locks);
        let handed = if self.is_filters_alone { Keep::Filters } else { self.keep };
        let retrain = training.retrain;
        let find = || if retrain { Ok(Found::Nothing) } else { slot.find(name, handed) };
        let part = test_images(&training, dataset);
        let iterations = training.iterations;
        let tell = |iteration, evaluation, test_images, trained_by| {
            let session = name.to_owned();
            observer.progress(&Progress {
                session,
                iteration,
                iterations,
                evaluation,
                test_images,
                trained_by,
            });
        };
        let loaded = |session: Box<Session>| {
            let iteration = session.iterations();
            let evaluation = session.record().map(|record| {
                let SessionRecord { loss, test_accuracy, .. } = record;
                Evaluation { iteration, loss, test_accuracy }
            });
            tell(iteration, evaluation, dataset.test().len(), TrainedBy::EarlierCall);
            observer.finished(&session);
            Ok(*session)
        };
        match find()? {
            Found::Whole(session) if session.has_snapshots_of(&training) => {
                slot.tidy();
                return loaded(session);
            }
            _ => {}
        }
        let unfinished = slot.checkpoint_file();
        let follow = || {
            // The other process may not have written it yet, or have deleted it.
            if let Ok(State { counters, .. }) = checkpoint::load(&unfinished) {
                let latest = counters.history.last().copied();
                tell(counters.iteration, latest, part, TrainedBy::AnotherProcess);
            }
        };
        // Asked again behind the lock: the process that this one waited for may have failed.
        let spare = || match slot.failure() {
            Some(note) if self.is_sparing_failures && !retrain => Err(failed_before(name, &note)),
            _ => Ok(()),
        };
        spare()?;
        let hold = slot.lock(name, &RunningNote::this(self.checkpoint_every), observer, &follow)?;
        slot.sweep(&hold);
        // Another process may have finished it while this one waited for the lock.
        match find()? {
            Found::Whole(session) if session.has_snapshots_of(&training) => return loaded(session),
            Found::Whole(session) => {
                let lacking = first_of(&session.lacking(&training), 3, u64::to_string);
                observer.notice(&format!(
                    "session {name} is in the store, but without its filters at iteration {lacking}: it is trained again to keep \
                     them, and stays the same"
                ));
                // Those that are there are kept again.
                training = session.joined_with(training);
            }
            Found::Damaged(folder, error) => slot.set_aside(&folder, &error, STARTS_OVER, observer)?,
            Found::Nothing => {}
        }
        spare()?;
        if retrain {
            slot.forget()?;
        }
        let mut trainer = Trainer::new(dataset, training.clone(), path)?;
        if unfinished.exists() {
            let resumed = checkpoint::load(&unfinished).and_then(|state| {
                if state.key == key && !state.has_snapshots_of(&training) {
                    observer.notice(&format!(
                        "session {name} was interrupted at iteration {} without having kept all filters that are now asked for: \
                         {STARTS_OVER}",
                        state.counters.iteration
                    ));
                    return Ok(());
                }
                let named = |error: Error| match error.kind() {
                    ErrorKind::Malformed => Error::malformed(&unfinished, error.to_string()),
                    _ => error,
                };
                trainer.resume(state).map_err(named)
            });
            match resumed {
                // Without the lock, another process may have finished and deleted it.
                Err(error) if error.is_missing_file() => {}
                // It is damaged or belongs to another session.
                Err(error) if error.kind() == ErrorKind::Malformed => {
                    slot.set_aside(&unfinished, &error, STARTS_OVER, observer)?;
                }
                other => other?,
            }
        }
        // When the last checkpoint was saved, and its iteration.
        let mut saved: Option<Instant> = None;
        let mut kept = Some(trainer.iteration()).filter(|&iteration| iteration > 0);
        let run = run(&mut trainer, name, observer, |trainer, stops| {
            let due = saved.is_none_or(|saved| saved.elapsed() >= self.checkpoint_every);
            if stops || (due && !trainer.is_done()) {
                checkpoint::save(&trainer.state()?, &unfinished)?;
                saved = Some(Instant::now());
                kept = Some(trainer.iteration());
            }
            Ok(())
        });
        let test_accuracy = match run.map_err(|error| with_last_good(error, kept, &unfinished)) {
            Err(error) if error.kind() == ErrorKind::Diverged => {
                // A disk that is full must not hide why the session failed.
                let _ = slot.note_failure(error.to_string());
                return Err(error);
            }
            other => other?,
        };
        let mut session = trainer.finish(name, test_accuracy)?;
        if self.keep == Keep::Filters {
            session = session.without_dense_layers();
        }
        slot.keep(&session, observer)?;
        slot.forget()?;
        if handed == Keep::Filters {
            session = session.without_dense_layers();
        }
        observer.finished(&session);
        drop(hold);
        Ok(session)
    }
}

impl Store {
    /// Puts a copy of the finished session at `path`, an archive or a folder, into its place, if it is not there. The archive stays as it is,
    /// with the host that trained it.
    ///
    /// # Errors
    /// Those of [`train`](Self::train) without training.
    pub(super) fn put(&self, key: &str, path: &Path) -> Result<()> {
        let session = Session::load_part(path, Keep::All)?;
        let host = archive::host(path).unwrap_or_else(|| "a host without a name".into());
        let bytes = if path.is_file() { files::read(path)? } else { archive::bytes(&session, &host) };
        let slot = Slot::new(&self.layout, key, &self.locks);
        let hold = slot.lock(session.name(), &RunningNote::this(self.checkpoint_every), &(), &|| {})?;
        slot.keep_archive(&session, &bytes, &host, &())?;
        slot.forget()?;
        drop(hold);
        Ok(())
    }
}

/// The error of a session that is not tried again.
fn failed_before(name: &str, FailedNote { reason, host, .. }: &FailedNote) -> Error {
    let sentence =
        format!("session {name} failed before, on {host}, and is tried again only when asked: {reason}");
    Error::new(ErrorKind::Diverged, sentence)
}

/// The error; that of a session that diverged with the checkpoint of its last good state.
fn with_last_good(error: Error, kept: Option<u64>, checkpoint: &Path) -> Error {
    match error.into_failure() {
        Failure::Diverged { iteration, learning_rate, kept: None } => {
            let kept = kept.map(|iteration| (iteration, checkpoint.to_path_buf()));
            Failure::Diverged { iteration, learning_rate, kept }.into()
        }
        other => other.into(),
    }
}
