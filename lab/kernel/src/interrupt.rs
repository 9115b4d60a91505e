//! Ending a cell on request: by asking first, by killing if that does not help.

use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a cell has to end by itself.
pub const GRACE: Duration = Duration::from_secs(5);

/// The environment variable with the path of the file whose existence asks a cell to stop.
pub const STOP: &str = "SOFTNESS_STOP";

/// Interrupts cells.
#[derive(Debug, Clone)]
pub struct Interrupts(Arc<State>);

#[derive(Debug)]
struct State {
    /// While it exists, the library's waits end.
    file: PathBuf,
    /// The process that runs the cells, once there is one.
    process: Mutex<Option<Arc<Mutex<Child>>>>,
    /// The number of the cell that runs; 0 if none does.
    cell: AtomicU64,
    /// Whether the kernel still loads; cells wait meanwhile.
    loading: AtomicBool,
    asked: AtomicBool,
    killed: AtomicBool,
}

/// How a cell was interrupted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Interrupted {
    /// Not at all.
    No,
    /// It was asked to stop, and did.
    Asked,
    /// Its process was killed.
    Killed,
}

impl Interrupts {
    /// Interrupts through this file.
    pub fn new(file: PathBuf) -> Self {
        let state = State {
            file,
            process: Mutex::default(),
            cell: AtomicU64::new(0),
            loading: AtomicBool::new(true),
            asked: AtomicBool::new(false),
            killed: AtomicBool::new(false),
        };
        Self(Arc::new(state))
    }

    /// The process to kill if need be.
    pub fn of_process(&self, process: Arc<Mutex<Child>>) {
        *self.0.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
    }

    /// The kernel has loaded. Returns whether there was an interrupt meanwhile.
    pub fn loaded(&self) -> bool {
        self.0.loading.store(false, Ordering::SeqCst);
        self.0.asked.swap(false, Ordering::SeqCst)
    }

    /// A cell starts.
    pub fn begin(&self, number: u64) {
        self.clear();
        self.0.cell.store(number, Ordering::SeqCst);
    }

    /// The cell has ended.
    pub fn end(&self) -> Interrupted {
        self.0.cell.store(0, Ordering::SeqCst);
        let asked = self.0.asked.load(Ordering::SeqCst);
        let killed = self.0.killed.load(Ordering::SeqCst);
        self.clear();
        match (asked, killed) {
            (_, true) => Interrupted::Killed,
            (true, false) => Interrupted::Asked,
            (false, false) => Interrupted::No,
        }
    }

    fn clear(&self) {
        self.0.asked.store(false, Ordering::SeqCst);
        self.0.killed.store(false, Ordering::SeqCst);
        let _ = std::fs::remove_file(&self.0.file);
    }

    /// Asks the cell that runs to stop. A second request kills it at once.
    pub fn interrupt(&self) {
        let cell = self.0.cell.load(Ordering::SeqCst);
        if cell == 0 {
            if self.0.loading.load(Ordering::SeqCst) {
                self.0.asked.store(true, Ordering::SeqCst);
            }
            return;
        }
        if self.0.asked.swap(true, Ordering::SeqCst) {
            return self.kill(cell);
        }
        let _ = std::fs::write(&self.0.file, "");
        end_compilers();
        let this = self.clone();
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            this.kill(cell);
        });
    }

    fn kill(&self, cell: u64) {
        if self.0.cell.load(Ordering::SeqCst) != cell || !self.0.asked.load(Ordering::SeqCst) {
            return;
        }
        self.0.killed.store(true, Ordering::SeqCst);
        end_compilers();
        let process = self.0.process.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(process) = process {
            let _ = process.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }
}

/// Ends cargo, or the shell of a `!` line, with all that they have started: this program's child processes other than the one that
/// runs the cells.
/// Only Linux lists them; elsewhere a compilation runs to its end.
fn end_compilers() {
    // The children of a program of tests belong to other tests.
    #[cfg(all(target_os = "linux", not(test)))]
    {
        use rustix::process::{Pid, Signal, kill_process};
        let children = |process: &str| -> Vec<i32> {
            let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
            let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
            lists.flat_map(|list| list.split_whitespace().flat_map(str::parse).collect::<Vec<_>>()).collect()
        };
        let own = std::fs::read_link("/proc/self/exe").ok();
        let runs_cells = |id: &i32| std::fs::read_link(format!("/proc/{id}/exe")).ok() == own;
        let mut ids: Vec<i32> = children("self").into_iter().filter(|id| !runs_cells(id)).collect();
        let mut seen = 0;
        while let Some(id) = ids.get(seen) {
            ids.extend(children(&id.to_string()));
            seen += 1;
        }
        for id in ids.into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(id, Signal::TERM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_asked_once_and_forgets_it_at_its_end() {
        let file = std::env::temp_dir().join(format!("softness-stop-{}", std::process::id()));
        let interrupts = Interrupts::new(file.clone());
        interrupts.interrupt();
        assert!(!file.exists(), "no cell runs");
        assert!(interrupts.loaded(), "the interrupt came while the kernel loaded");
        interrupts.interrupt();
        assert!(!interrupts.loaded());
        interrupts.begin(1);
        interrupts.interrupt();
        assert!(file.exists());
        assert_eq!(interrupts.end(), Interrupted::Asked);
        assert!(!file.exists());
        interrupts.begin(2);
        assert_eq!(interrupts.end(), Interrupted::No);
    }
}
