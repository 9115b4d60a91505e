//! Finished and unfinished sessions on disk.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::checkpoint::Checkpoint;
use super::observer::{Observer, Progress};
use super::record::Recipe;
use super::run::{instructions, on_one_thread, run};
use super::trainer::Trainer;
use super::{Session, Training};
use crate::dataset::Dataset;
use crate::error::{Error, Result};

/// Time between two checkpoints. A session that is cut off loses at most this much work; one
/// checkpoint of the paper's network takes a few milliseconds.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// A folder of sessions. A session is keyed by everything that determines its bits: its options, the
/// data set's pixels, the instruction path and the version of the training code. One that is there is
/// loaded; one that was cut off goes on from its last checkpoint and ends with the same bits as if it
/// had never been; two processes that want the same one take turns.
///
/// | path | holds |
/// |---|---|
/// | `sessions/NAME-KEY/` | a finished session, see [`Session::save`] |
/// | `unfinished/KEY.checkpoint` | one that is being trained or was cut off |
/// | `unfinished/KEY.lock` | locked while a process trains it |
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store in the folder `root`, which is created when something is saved.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Trains the session of these options, or loads it where it is there already.
    ///
    /// # Errors
    /// Those of [`train_session`](super::train_session), [`Error::InvalidOption`] where `name` cannot be
    /// part of a folder's name, and [`Error::Io`] or [`Error::Malformed`]
    /// naming the file that cannot be read or written.
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
        if let Some(session) = self.load(&key, name, observer)? {
            return Ok(session);
        }
        let unfinished = self.root.join("unfinished");
        std::fs::create_dir_all(&unfinished).map_err(Error::io(&unfinished, "create the folder"))?;
        let _lock = lock(&unfinished.join(format!("{key}.lock")))?;
        // Another process may have finished it while this one waited for the lock.
        if let Some(session) = self.load(&key, name, observer)? {
            return Ok(session);
        }
        let checkpoint = unfinished.join(format!("{key}.checkpoint"));
        let session = on_one_thread(|| {
            let mut trainer = Trainer::new(dataset, training, path)?;
            if checkpoint.exists() {
                trainer.resume(Checkpoint::load(&checkpoint)?)?;
            }
            let mut saved = Instant::now();
            run(&mut trainer, name, training, observer, |trainer| {
                if saved.elapsed() >= CHECKPOINT_EVERY {
                    trainer.checkpoint()?.save(&checkpoint)?;
                    saved = Instant::now();
                }
                Ok(())
            })?;
            trainer.finish(name)
        })?;
        self.keep(&session, &key)?;
        if checkpoint.exists() {
            std::fs::remove_file(&checkpoint).map_err(Error::io(&checkpoint, "delete it"))?;
        }
        Ok(session)
    }

    /// The finished session with this key, under `name`.
    fn load(&self, key: &str, name: &str, observer: &dyn Observer) -> Result<Option<Session>> {
        let sessions = self.root.join("sessions");
        let Ok(entries) = std::fs::read_dir(&sessions) else { return Ok(None) };
        let suffix = format!("-{key}");
        for entry in entries {
            let entry = entry.map_err(Error::io(&sessions, "list it"))?;
            if entry.file_name().to_string_lossy().ends_with(&suffix) {
                let session = Session::load(&entry.path())?.named(name);
                observer.progress(&Progress {
                    session: name.to_owned(),
                    iteration: session.iterations(),
                    iterations: session.iterations(),
                    loss: session.record().map(|record| record.loss),
                    test_accuracy: session.test_accuracy(),
                    loaded: true,
                });
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    /// Saves a finished session: into a temporary folder first, which is then renamed.
    fn keep(&self, session: &Session, key: &str) -> Result<()> {
        let sessions = self.root.join("sessions");
        std::fs::create_dir_all(&sessions).map_err(Error::io(&sessions, "create the folder"))?;
        let temporary = tempfile::Builder::new()
            .prefix(".softness-")
            .tempdir_in(&sessions)
            .map_err(Error::io(&sessions, "create a folder in it"))?;
        let whole = temporary.path().join("session");
        session.save(&whole)?;
        let folder = sessions.join(format!("{}-{key}", session.name()));
        std::fs::rename(&whole, &folder).map_err(Error::io(&folder, "put the finished session there"))
    }
}

/// Waits until no other process holds the lock.
fn lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(Error::io(path, "open it"))?;
    file.lock().map_err(Error::io(path, "lock it"))?;
    Ok(file)
}
