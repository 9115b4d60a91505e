//! Notes on an unfinished session: who trains it, and why it failed.

use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::files;
use crate::files::owner::{Owner, host_name};

/// The variables in which batch systems name a job: Slurm, HyperQueue, PBS, Grid Engine, LSF, AWS Batch; any other may set JOB_NAME.
const JOB_VARIABLES: [&str; 7] =
    ["SLURM_JOB_ID", "HQ_JOB_ID", "PBS_JOBID", "JOB_ID", "LSB_JOBID", "AWS_BATCH_JOB_ID", "JOB_NAME"];

/// A process that has not written for this long, nor for three times the time between two checkpoints, no longer trains.
const SILENT: Duration = Duration::from_secs(600);

/// `KEY.running`: the process that trains a session. It is there from the start of the training until its end, or the next one if
/// the process is killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunningNote {
    pub host: String,
    /// The host's name as in temporary files, see [`Owner`].
    owner: String,
    pub process: u32,
    /// `SLURM_JOB_ID=1234`.
    pub job: Option<String>,
    /// Seconds between two checkpoints.
    checkpoint_every: u64,
}

impl RunningNote {
    /// That of this process.
    pub(super) fn this(checkpoint_every: Duration) -> Self {
        let Owner { host: owner, process } = Owner::this();
        let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let job = JOB_VARIABLES.iter().find_map(|name| Some(format!("{name}={}", value(name)?)));
        Self { host: host_name(), owner, process, job, checkpoint_every: checkpoint_every.as_secs() }
    }

    fn owner(&self) -> Owner {
        Owner { host: self.owner.clone(), process: self.process }
    }

    /// Whether it is the note of this process.
    pub(super) fn is_ours(&self) -> bool {
        self.owner() == Owner::this()
    }

    /// Whether its process has certainly ended.
    pub(super) fn has_ended(&self) -> bool {
        self.owner().has_ended()
    }

    /// Whether one of its files was written so recently that its process may be assumed to live.
    pub(super) fn is_recent(&self, files: &[&Path]) -> bool {
        let limit = SILENT.max(Duration::from_secs(self.checkpoint_every.saturating_mul(3)));
        files.iter().any(|path| {
            let written = std::fs::metadata(path).and_then(|data| data.modified());
            // A time to come is that of a clock that runs ahead.
            written.is_ok_and(|written| {
                SystemTime::now().duration_since(written).map_or(true, |age| age < limit)
            })
        })
    }
}

/// `KEY.failed`: why a session failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FailedNote {
    pub reason: String,
    pub host: String,
    /// Seconds since the beginning of 1970 (UTC).
    pub when: u64,
}

impl FailedNote {
    /// That of a session that failed now, on this host.
    pub(super) fn now(reason: String) -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { reason, host: host_name(), when: since.as_secs() }
    }
}

/// Writes a note.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(super) fn write(path: &Path, note: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec(note).expect("numbers and texts have a JSON form");
    text.push(b'\n');
    files::write_atomically(path, &text)
}

/// Reads a note; `None` if there is none, or it is not one of this version. Nothing depends on a note but what people are told.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
