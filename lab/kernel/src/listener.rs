//! The thread that listens to the process that runs the cells.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::cell::Desk;
use crate::errors::Undecoded;
use crate::interrupt::Interrupts;
use crate::pipes::Pipes;
use crate::streams::{Event, Splitter};

/// The most that is read before it is shown.
const PIECE: usize = 1 << 16;
/// How long a value or the start of a line may wait for what follows.
const PATIENCE: Duration = Duration::from_millis(60);

/// Listens as long as the kernel lives.
pub fn listen(mut pipes: Pipes, desk: &Desk, interrupts: &Interrupts) {
    let mut splitter = Splitter::default();
    let mut errors = Undecoded::default();
    let mut last = Instant::now();
    loop {
        let waits = splitter.waits() || desk.waits();
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::try_from(PATIENCE.as_nanos()).unwrap_or(0) };
        let mut ready =
            [PollFd::new(&pipes.output, PollFlags::IN), PollFd::new(&pipes.errors, PollFlags::IN)];
        if poll(&mut ready, waits.then_some(&timeout)).is_err() {
            continue;
        }
        let has = |index: usize| !ready[index].revents().is_empty();
        let (output, error) = (has(0), has(1));
        if error {
            hear_errors(&mut pipes, &mut errors, desk);
        }
        if output {
            last = Instant::now();
            let bytes = read(&mut pipes.output);
            for event in splitter.push(&bytes) {
                if event == Event::Runs {
                    interrupts.runs();
                }
                hear(event, &mut pipes, &mut errors, desk);
            }
        }
        desk.show_old_text();
        if last.elapsed() >= PATIENCE && !output {
            splitter.give_up().into_iter().for_each(|event| desk.happened(event));
            desk.no_more_yet();
        }
    }
}

fn hear(event: Event, pipes: &mut Pipes, errors: &mut Undecoded, desk: &Desk) {
    let for_evcxr = match &event {
        Event::Failed(line) | Event::Panicked(line) | Event::Complete(line) | Event::Control(line) => {
            Some(line.clone())
        }
        Event::Started(process) => Some(format!("softness-started {process}")),
        _ => None,
    };
    if for_evcxr.is_some() {
        // All that the cell has written before this line is in the pipes by now.
        hear_errors(pipes, errors, desk);
    }
    desk.happened(event);
    if let Some(line) = for_evcxr {
        let _ = writeln!(pipes.answers, "{line}");
    }
}

fn hear_errors(pipes: &mut Pipes, errors: &mut Undecoded, desk: &Desk) {
    loop {
        let bytes = read(&mut pipes.errors);
        if bytes.is_empty() {
            return;
        }
        for (text, is_error) in errors.pieces(&bytes) {
            desk.error_text(&text, is_error);
        }
    }
}

/// What is in the pipe now.
fn read(pipe: &mut std::fs::File) -> Vec<u8> {
    let mut bytes = vec![0; PIECE];
    let length = loop {
        match pipe.read(&mut bytes) {
            Ok(length) => break length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break 0,
        }
    };
    bytes.truncate(length);
    bytes
}
