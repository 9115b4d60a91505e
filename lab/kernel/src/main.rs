//! The Jupyter kernel of the softness notebooks. evcxr compiles and runs the cells; this program talks to Jupyter, so
//! that a failed cell is an error, every output arrives in its own cell, and an interrupt asks before it kills.
//!
//! `softness-kernel CONNECTION_FILE` is a kernel. The same program, started by evcxr, is the process that runs the
//! cells, and a wrapper around rustc.
//!
//! The modules, lowest first:
//!
//!     pipes, streams, errors, text, syntax, definitions, impls, macros, private, problem, stale
//!         -> cell, shell, runtime, rounds; sockets, interrupt, magic -> listener, patience; values -> assist -> engine
//!         -> evaluator, run -> main

mod assist;
mod balance;
mod cell;
mod cursor;
mod definitions;
mod engine;
mod errors;
mod evaluator;
mod impls;
mod interrupt;
mod listener;
mod macros;
mod magic;
mod patience;
mod pipes;
mod place;
mod private;
mod problem;
mod receiver;
mod rounds;
mod run;
mod runtime;
mod shell;
mod sockets;
mod stale;
mod statics;
mod streams;
mod syntax;
mod text;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use jupyter_protocol::{ConnectionInfo, InterruptReply, JupyterMessage, JupyterMessageContent, Status};

use crate::interrupt::Interrupts;
use crate::pipes::Pipes;
use crate::problem::unless_it_panics;
use crate::sockets::Channels;

/// The environment variable with the folder for the kernel's pipes.
const FOLDER: &str = "SOFTNESS_KERNEL_FOLDER";
/// The environment variable with a sentence that the first cell shows.
const NOTE: &str = "SOFTNESS_KERNEL_NOTE";
/// The environment variable with the library that cells are linked with by its name alone, if they are.
const LIBRARY: &str = "SOFTNESS_LIBRARY";
/// How long after its start a kernel may get an interrupt that was for the one before. After that, a client whose clock is slow is
/// heard as well.
const WAITING: Duration = Duration::from_secs(60);
/// Set for the process that runs the cells.
const KERNEL: &str = "SOFTNESS_KERNEL";

fn main() -> ExitCode {
    if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
        let folder = std::env::var_os(FOLDER).map(PathBuf::from).unwrap_or_default();
        let ended = runtime::lead_streams_into(&folder)
            .map_err(|error| format!("the kernel's pipes cannot be used: {error}"))
            .and_then(|lines| rounds::run(lines, std::env::var_os(LIBRARY).as_deref()));
        return match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("softness: {error}");
                ExitCode::FAILURE
            }
        };
    }
    // Nothing but a wrapper around rustc is left.
    evcxr::runtime_hook();
    // Whoever started JupyterLab reads this; a list of addresses would tell them nothing.
    std::panic::set_hook(Box::new(|panic| eprintln!("softness: {panic}")));
    let Some(file) = std::env::args_os().nth(1) else {
        eprintln!("usage: softness-kernel CONNECTION_FILE; Jupyter starts it, `cargo lab` sets it up");
        return ExitCode::from(2);
    };
    match run(Path::new(&file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("softness: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(connection_file: &Path) -> Result<(), String> {
    let started = SystemTime::now();
    let about = |error: &dyn std::fmt::Display| format!("{}: {error}", connection_file.display());
    let text = std::fs::read_to_string(connection_file).map_err(|error| about(&error))?;
    let info: ConnectionInfo = serde_json::from_str(&text).map_err(|error| about(&error))?;
    let folder = match std::env::var_os(FOLDER) {
        Some(folder) => PathBuf::from(folder),
        None => std::env::temp_dir().join(format!("softness-kernel-{}", std::process::id())),
    };
    let pipes = Pipes::new(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let interrupts = Interrupts::new(folder.join("stop"));

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| format!("the kernel's threads could not be started: {error}"))?;
    let channels = runtime
        .block_on(sockets::open(&info))
        .map_err(|error| format!("a socket could not be opened: {error}"))?;
    let Channels { requests, replies, iopub, control, control_replies } = channels;
    let desk = cell::Desk::new(iopub.clone());
    desk.publish(Status { execution_state: jupyter_protocol::ExecutionState::Starting }, None);

    end_with_jupyter();
    let (listening, running) = (desk.clone(), interrupts.clone());
    vital(move || listener::listen(pipes, &listening, &running));
    let (asked, stop) = (interrupts.clone(), folder);
    vital(move || evaluator::Evaluator::new(desk, replies, asked, &stop).run(&requests));
    answer_control(&control, &control_replies, &iopub, &interrupts, started);
    Ok(())
}

/// The environment variable in which Jupyter tells a kernel the number of its own process.
const JUPYTER: &str = "JPY_PARENT_PID";
/// How often a kernel looks whether Jupyter is still there.
const LOOK: Duration = Duration::from_secs(2);

/// Ends the program when Jupyter has ended without asking it to.
fn end_with_jupyter() {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, test_kill_process};
        let number = std::env::var(JUPYTER).ok().and_then(|text| text.parse::<i32>().ok());
        let Some(jupyter) = number.filter(|number| *number > 1).and_then(Pid::from_raw) else { return };
        // In another container the number means nothing.
        if test_kill_process(jupyter).is_ok() {
            std::thread::spawn(move || {
                while test_kill_process(jupyter) != Err(rustix::io::Errno::SRCH) {
                    std::thread::sleep(LOOK);
                }
                std::process::exit(1);
            });
        }
    }
}

/// A thread without which the kernel is none. If it panics, the program ends: Jupyter says so and starts it again,
/// which is better than cells that are never answered.
fn vital(work: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        if unless_it_panics(work).is_none() {
            std::process::exit(1);
        }
    });
}

/// Answers requests that do not wait for the cell that runs, until one asks to shut down. An interrupt that was sent before this
/// process `started` is not for it: Jupyter sends one to a kernel that has ended, and the next kernel gets it.
fn answer_control(
    control: &std::sync::mpsc::Receiver<JupyterMessage>,
    replies: &tokio::sync::mpsc::Sender<JupyterMessage>,
    iopub: &tokio::sync::mpsc::Sender<JupyterMessage>,
    interrupts: &Interrupts,
    started: SystemTime,
) {
    let publish = |state: Status, request: &JupyterMessage| {
        let _ = iopub.blocking_send(JupyterMessage::new(state, Some(request)));
    };
    for request in control {
        publish(Status::busy(), &request);
        let reply: Option<JupyterMessageContent> = match &request.content {
            JupyterMessageContent::KernelInfoRequest(_) => Some(sockets::kernel_info().into()),
            JupyterMessageContent::InterruptRequest(_) => {
                let was_sent = SystemTime::from(request.header.date);
                if was_sent >= started || started.elapsed().is_ok_and(|since| since > WAITING) {
                    interrupts.interrupt();
                }
                Some(InterruptReply::new().into())
            }
            JupyterMessageContent::ShutdownRequest(request) => Some(sockets::shutdown(request).into()),
            JupyterMessageContent::DebugRequest(debug) => Some(sockets::no_debugger(&debug.content).into()),
            _ => None,
        };
        if let Some(reply) = reply {
            let _ = replies.blocking_send(JupyterMessage::new(reply, Some(&request)));
        }
        publish(Status::idle(), &request);
        if matches!(request.content, JupyterMessageContent::ShutdownRequest(_)) {
            // What evaluates may be busy, so the program ends from here.
            std::thread::sleep(sockets::LEAVE);
            return;
        }
    }
}
