//! What a cell says if its code does not run for a while. rust-analyzer, which finds the types of variables, cannot be interrupted.

use std::time::{Duration, Instant};

use crate::cell::Desk;
use crate::interrupt::{self, Interrupts};

/// How often to look.
const LOOK: Duration = Duration::from_millis(200);
/// How long the analysis may take without a word.
const LONG: Duration = Duration::from_secs(30);
/// How long an interrupt may wait for it without a word.
const ASKED: Duration = Duration::from_secs(2);

const SLOW: &str = "rust-analyzer is still finding the types of this cell's variables; this is shorter with types: `let x: .. = ..`.";
const CANNOT: &str = "The interrupt waits for rust-analyzer, and the cell will not run. To end at once, restart the kernel; variables \
                      are lost then.";

/// Starts to look at the cell with this number.
pub fn with(cell: u64, interrupts: &Interrupts, desk: &Desk) {
    // Elsewhere a compiler cannot be told from rust-analyzer.
    if cfg!(target_os = "linux") {
        let (interrupts, desk) = (interrupts.clone(), desk.clone());
        std::thread::spawn(move || watch(cell, &interrupts, &desk));
    }
}

fn watch(cell: u64, interrupts: &Interrupts, desk: &Desk) {
    let start = Instant::now();
    let mut asked = None;
    let mut slow = false;
    while interrupts.prepares(cell) {
        if interrupts.is_asked() && asked.is_none() {
            asked = Some(Instant::now());
        }
        let analyses = || interrupt::compilers().is_empty();
        if asked.is_some_and(|asked| asked.elapsed() >= ASKED) && analyses() {
            return desk.say(CANNOT);
        }
        if !slow && start.elapsed() >= LONG && analyses() {
            slow = true;
            desk.say(SLOW);
        }
        std::thread::sleep(LOOK);
    }
}
