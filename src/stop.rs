//! Whether the user of a notebook has interrupted the cell.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};

/// The environment variable with the path of a file that exists while the user wants the cell to stop.
pub(crate) const STOP_VARIABLE: &str = "SOFTNESS_STOP";

/// Time between two looks at the file.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Tells work that takes long whether the user has interrupted the cell that it runs in. Once asked to stop, it stays so.
#[derive(Debug)]
pub(crate) struct Stop {
    file: Option<PathBuf>,
    start: Instant,
    /// Milliseconds from the start to the next look.
    next_look: AtomicU64,
    asked: AtomicBool,
}

impl Stop {
    /// From the file that the environment variable `SOFTNESS_STOP` names. Never asks for an end without it.
    pub(crate) fn from_environment() -> Self {
        let file = std::env::var_os(STOP_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { file, start: Instant::now(), next_look: AtomicU64::new(0), asked: AtomicBool::new(false) }
    }

    /// Whether the user has interrupted the cell. Looks at the file every 50 ms at most.
    pub(crate) fn is_asked(&self) -> bool {
        let Some(file) = &self.file else { return false };
        let now = self.start.elapsed();
        let is_due = now.as_millis() as u64 >= self.next_look.load(Ordering::Relaxed);
        if is_due {
            self.next_look.store((now + LOOK_EVERY).as_millis() as u64, Ordering::Relaxed);
            self.asked.fetch_or(file.exists(), Ordering::Relaxed);
        }
        self.asked.load(Ordering::Relaxed)
    }

    /// The same as an error, for work of which nothing is kept.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the user has interrupted the cell. `work` is a noun:
    /// "scoring".
    pub(crate) fn check(&self, work: &str) -> Result<()> {
        if !self.is_asked() {
            return Ok(());
        }
        let sentence = format!("{work} was stopped and kept nothing; run the cell again to start over");
        Err(Error::new(ErrorKind::Interrupted, sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_looked_for_every_50_ms_and_what_it_asked_for_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stop");
        let stop = Stop { file: Some(file.clone()), ..Stop::from_environment() };
        assert!(!stop.is_asked());
        stop.check("scoring").unwrap();
        std::fs::write(&file, "").unwrap();
        std::thread::sleep(2 * LOOK_EVERY);
        let error = stop.check("scoring").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        let sentence = "scoring was stopped and kept nothing; run the cell again to start over";
        assert_eq!(error.to_string(), sentence);
        std::fs::remove_file(&file).unwrap();
        std::thread::sleep(2 * LOOK_EVERY);
        assert!(stop.is_asked());
        assert!(!Stop { file: None, ..Stop::from_environment() }.is_asked());
    }
}
