//! Signals that tell a training program to stop: it writes a checkpoint, and its exit status is 128 plus the signal's number.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// What users and batch systems send: Ctrl-C; an end; a closed terminal; a warning before the time is up; the limit of
/// processor time.
#[cfg(unix)]
const SIGNALS: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// The exit status of a program that a signal stopped is this plus the signal's number, by convention.
const STOPPED: i32 = 128;

/// Whether a signal was caught, and which.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    is_caught: Arc<AtomicBool>,
    number: Arc<AtomicUsize>,
}

/// Whether the program was started by `nohup`, or in another way that has it ignore a closed terminal, and this is its signal. Only
/// Linux says so; elsewhere the signal writes a checkpoint and ends the program.
fn is_from_nohup(signal: i32) -> bool {
    #[cfg(target_os = "linux")]
    if signal == SIGHUP {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        return ignored.is_some_and(|mask| mask & (1 << (SIGHUP - 1)) != 0);
    }
    let _ = signal;
    false
}

impl Signals {
    /// Catches signals from here on. The first asks for an end; a second ends the program at once. Files are complete at any
    /// moment.
    pub fn catch(&self) {
        for signal in SIGNALS {
            if is_from_nohup(signal) {
                continue;
            }
            // In this order: the first signal only sets the flag; if it is set, the next one ends the program. If no
            // handler can be registered, the first signal ends the program.
            let is_caught = Arc::clone(&self.is_caught);
            let _ = flag::register_conditional_shutdown(signal, STOPPED + signal, is_caught);
            let _ = flag::register_usize(signal, Arc::clone(&self.number), signal as usize);
            let _ = flag::register(signal, Arc::clone(&self.is_caught));
        }
    }

    /// Whether a signal asked for an end.
    pub fn is_caught(&self) -> bool {
        self.is_caught.load(Ordering::SeqCst)
    }

    /// The exit status after a signal; `None` if there was none.
    pub fn exit_status(&self) -> Option<i32> {
        let number = self.number.load(Ordering::SeqCst);
        self.is_caught().then(|| STOPPED + number as i32)
    }
}
