//! Ending a cell on request: by asking first, by killing if that does not help.

use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a cell has to end by itself.
pub const GRACE: Duration = Duration::from_secs(5);

/// How often a cell that was asked to stop is looked at.
const LOOK: Duration = Duration::from_millis(100);

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
    /// Whether the cell's code runs: it has been compiled.
    runs: AtomicBool,
    asked: AtomicBool,
    killed: AtomicBool,
    /// Whether it was asked again.
    twice: AtomicBool,
}

/// How a cell was interrupted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Interrupted {
    /// Not at all.
    No,
    /// It was asked to stop, before its code ran.
    Early,
    /// It was asked to stop, and did.
    Asked,
    /// Its process was killed, because it did not stop.
    Late,
    /// Its process was killed, because it was asked twice.
    Twice,
}

impl Interrupts {
    /// Interrupts through this file.
    pub fn new(file: PathBuf) -> Self {
        let state = State {
            file,
            process: Mutex::default(),
            cell: AtomicU64::new(0),
            loading: AtomicBool::new(true),
            runs: AtomicBool::new(false),
            asked: AtomicBool::new(false),
            killed: AtomicBool::new(false),
            twice: AtomicBool::new(false),
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

    /// The cell's code starts.
    pub fn runs(&self) {
        self.0.runs.store(true, Ordering::SeqCst);
    }

    /// Whether this cell is there, and its code does not run yet.
    pub fn prepares(&self, cell: u64) -> bool {
        self.0.cell.load(Ordering::SeqCst) == cell && !self.0.runs.load(Ordering::SeqCst)
    }

    /// Whether the cell was asked to stop.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// The cell has ended.
    pub fn end(&self) -> Interrupted {
        self.0.cell.store(0, Ordering::SeqCst);
        let is = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        let interrupted = match (is(&self.0.asked), is(&self.0.killed)) {
            (_, true) if is(&self.0.twice) => Interrupted::Twice,
            (_, true) => Interrupted::Late,
            (true, false) if is(&self.0.runs) => Interrupted::Asked,
            (true, false) => Interrupted::Early,
            (false, false) => Interrupted::No,
        };
        self.clear();
        interrupted
    }

    fn clear(&self) {
        for flag in [&self.0.runs, &self.0.asked, &self.0.killed, &self.0.twice] {
            flag.store(false, Ordering::SeqCst);
        }
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
            self.0.twice.store(true, Ordering::SeqCst);
            return;
        }
        let _ = std::fs::write(&self.0.file, "");
        end_compilers();
        let this = self.clone();
        std::thread::spawn(move || this.watch(cell));
    }

    /// Waits until a cell that was asked to stop has ended. What it has compiled does not run, and what runs has a grace.
    fn watch(&self, cell: u64) {
        let is = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        let asked = Instant::now();
        while self.0.cell.load(Ordering::SeqCst) == cell && is(&self.0.asked) {
            if !is(&self.0.runs) {
                end_compilers();
            } else if is(&self.0.twice) || asked.elapsed() >= GRACE {
                return self.kill();
            }
            std::thread::sleep(LOOK);
        }
    }

    fn kill(&self) {
        self.0.killed.store(true, Ordering::SeqCst);
        let process = self.0.process.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(process) = process {
            let _ = process.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }
}

/// Ends cargo, or the shell of a `!` line, with all that they have started.
fn end_compilers() {
    #[cfg(unix)]
    for id in compilers().into_iter().filter_map(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
}

/// Cargo, or the shell of a `!` line, and all that they have started: this program's child processes other than the one that runs the
/// cells. Only Linux lists them; elsewhere a compilation runs to its end.
pub fn compilers() -> Vec<i32> {
    // The children of a program of tests belong to other tests.
    if !cfg!(target_os = "linux") || cfg!(test) {
        return Vec::new();
    }
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
    ids
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
        assert_eq!(interrupts.end(), Interrupted::Early);
        assert!(!file.exists());
        interrupts.begin(2);
        assert_eq!(interrupts.end(), Interrupted::No);
    }

    /// How a cell is interrupted by `requests` at its start, `wait` later.
    fn after(name: &str, runs: bool, requests: usize, wait: Duration) -> Interrupted {
        let file = std::env::temp_dir().join(format!("softness-stop-{name}-{}", std::process::id()));
        let interrupts = Interrupts::new(file);
        interrupts.loaded();
        interrupts.begin(1);
        if runs {
            interrupts.runs();
        }
        (0..requests).for_each(|_| interrupts.interrupt());
        std::thread::sleep(wait);
        interrupts.end()
    }

    #[test]
    fn a_process_is_killed_only_while_its_code_runs_and_for_a_reason_that_is_told() {
        let soon = LOOK * 5;
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(after("asked", true, 1, soon), Interrupted::Asked));
            scope.spawn(|| assert_eq!(after("twice", true, 2, soon), Interrupted::Twice));
            scope.spawn(|| assert_eq!(after("late", true, 1, GRACE + soon), Interrupted::Late));
            scope.spawn(|| assert_eq!(after("early", false, 2, GRACE + soon), Interrupted::Early));
        });
    }
}
