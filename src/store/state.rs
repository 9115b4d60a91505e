//! What a store has of a session, without reading its arrays.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::beginning;
use crate::files::checksums::FILE;
use crate::files::lock::{Attempt, attempt};
use crate::store::Store;
use crate::store::notes::{self, FailedNote, RunningNote};
use crate::store::{archive, checkpoint};

/// What a store has of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// The session, in this archive or folder.
    Finished(PathBuf),
    /// A process that trains it.
    Running(Running),
    /// A checkpoint after so many iterations.
    Unfinished { iteration: u64 },
    /// It diverged.
    Failed { reason: String, host: String },
    /// Nothing.
    Missing,
}

/// A process that trains a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub host: String,
    pub process: u32,
    /// The batch system's job: `SLURM_JOB_ID=1234`.
    pub job: Option<String>,
    /// The iteration of its last checkpoint; 0 before the first.
    pub iteration: u64,
}

impl Store {
    /// What the store has of the session with this key: a few looks at single files, whatever the number of sessions.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
    pub(crate) fn state(&self, key: &str) -> Result<SessionState> {
        // A folder without checksums is no session. One that is cut off is set aside when the session is trained or loaded, and trained again.
        if let Some(path) =
            self.layout.finished(key)?.filter(|path| path.join(FILE).is_file() || archive::has_its_end(path))
        {
            return Ok(SessionState::Finished(path));
        }
        if let Some(running) = self.running(key)? {
            return Ok(SessionState::Running(running));
        }
        if let Some(FailedNote { reason, host, .. }) = notes::read(&self.layout.unfinished(key, "failed")) {
            return Ok(SessionState::Failed { reason, host });
        }
        let iteration = checkpoint_iteration(&self.layout.unfinished(key, "checkpoint"))?;
        Ok(iteration.map_or(SessionState::Missing, |iteration| SessionState::Unfinished { iteration }))
    }

    /// The process that trains the session with this key, if one does. It is seen by its lock; where locks are not shared, by what it
    /// wrote in the last ten minutes, or in three times the time between two of its checkpoints.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the store cannot be read.
    pub(crate) fn running(&self, key: &str) -> Result<Option<Running>> {
        let path = self.layout.unfinished(key, "running");
        let Some(note) = notes::read::<RunningNote>(&path).filter(|note| !note.has_ended()) else {
            return Ok(None);
        };
        let checkpoint = self.layout.unfinished(key, "checkpoint");
        // The lock is the last to be looked at: whoever asks for it at this moment waits.
        let lives =
            note.is_recent(&[&path, &checkpoint]) || self.is_locked(&self.layout.unfinished(key, "lock"))?;
        if !lives {
            return Ok(None);
        }
        let iteration = checkpoint_iteration(&checkpoint)?.unwrap_or(0);
        let RunningNote { host, process, job, .. } = note;
        Ok(Some(Running { host, process, job, iteration }))
    }

    /// Whether a process has the lock.
    pub(super) fn is_locked(&self, path: &Path) -> Result<bool> {
        let file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            file => file.map_err(Error::io(path, "open the lock"))?,
        };
        // Shared, so that two who look do not see each other.
        Ok(matches!(attempt(&file, path, File::try_lock_shared)?, Attempt::Busy))
    }
}

/// The iteration of a checkpoint, from its beginning; `None` if there is no checkpoint, 0 if it is damaged, since the session then
/// starts over.
fn checkpoint_iteration(path: &Path) -> Result<Option<u64>> {
    match beginning(path, checkpoint::BEGINNING) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, "read it")(error)),
        Ok(beginning) => Ok(Some(checkpoint::iteration(&beginning).unwrap_or(0))),
    }
}
