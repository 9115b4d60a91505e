//! Who trains a session: written into the lock file by the process that has the lock.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The job's number and the variables that have it: of an array in Slurm, of a task in HyperQueue, of Grid Engine and PBS, LSF, AWS Batch.
const JOBS: [(&str, &[&str]); 6] = [
    ("Slurm job", &["SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID"]),
    ("Slurm job", &["SLURM_JOB_ID"]),
    ("HyperQueue job", &["HQ_JOB_ID", "HQ_TASK_ID"]),
    ("job", &["PBS_JOBID"]),
    ("job", &["JOB_ID"]),
    ("job", &["LSB_JOBID"]),
];

/// A process of a machine, and the job of a batch system that started it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Runner {
    pub host: String,
    pub process: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

impl Runner {
    /// This process.
    pub fn this() -> Self {
        Self { host: host(), process: std::process::id(), job: job(|name| std::env::var(name).ok()) }
    }

    /// Writes it into a lock file. What cannot be written is left out: nothing depends on it.
    pub fn sign(&self, mut file: &File) {
        let text = serde_json::to_vec(self).expect("texts have a JSON form");
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&text));
    }

    /// The process that wrote the lock file last, if it can be read.
    pub fn read(lock: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(lock).ok()?).ok()
    }
}

impl std::fmt::Display for Runner {
    /// "Slurm job 12_3 on n1, process 4711".
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(job) = &self.job {
            write!(formatter, "{job} on ")?;
        }
        write!(formatter, "{}, process {}", self.host, self.process)
    }
}

/// The machine's name; "unknown host" if it cannot be found out. A node's name in Slurm comes first, since several may be on one
/// machine.
fn host() -> String {
    let read = |path| std::fs::read_to_string(path).ok();
    let variable = |name| std::env::var(name).ok();
    let names = [
        variable("SLURMD_NODENAME"),
        read("/proc/sys/kernel/hostname"),
        variable("HOSTNAME"),
        variable("COMPUTERNAME"),
    ];
    let names = names.into_iter().flatten().map(|name| name.trim().to_owned());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "unknown host".to_owned())
}

fn job(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    JOBS.iter().find_map(|(system, names)| {
        let numbers: Option<Vec<String>> = names.iter().map(|name| variable(name)).collect();
        numbers.map(|numbers| format!("{system} {}", numbers.join("_")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signed_last_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let file = File::create(&path).unwrap();
        assert_eq!(Runner::read(&path), None, "not signed");
        let long = Runner { host: "a-name-that-is-longer".into(), process: 1, job: Some("job 7".into()) };
        long.sign(&file);
        let runner = Runner { host: "n1".into(), process: 4711, job: None };
        runner.sign(&file);
        assert_eq!(Runner::read(&path), Some(runner));
        assert!(!Runner::this().host.is_empty());
        assert_eq!(long.to_string(), "job 7 on a-name-that-is-longer, process 1");
    }

    #[test]
    fn a_job_has_the_name_that_its_batch_system_shows() {
        let of = |set: &[(&str, &str)]| {
            job(|name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("SLURM_JOB_ID", "9")]).as_deref(), Some("Slurm job 9"));
        let array = [("SLURM_JOB_ID", "9"), ("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_ARRAY_TASK_ID", "2")];
        assert_eq!(of(&array).as_deref(), Some("Slurm job 7_2"));
        assert_eq!(of(&[("PBS_JOBID", "5.pbs")]).as_deref(), Some("job 5.pbs"));
    }
}
