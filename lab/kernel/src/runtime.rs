//! The process that runs the cells: evcxr's own loop, with the standard streams led past evcxr.
//!
//! evcxr reads a cell's standard output line by line and mixes it with its control lines, so unterminated text would be
//! lost or hang the cell. Here both streams lead to the kernel through two named pipes, and the kernel sends the
//! control lines back through a third; only these reach evcxr. evcxr's commands come on standard input; they are read elsewhere, and
//! a cell that reads standard input finds its end. This program shares the standard library with the cells, as a dynamic library, so
//! its panic hook and its flushing apply to them.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::time::Duration;

use crate::pipes::{ANSWERS, ERRORS, OUTPUT};
use crate::streams::{MARK, NEWLINE};

/// How long unterminated text may wait before it is shown.
const FLUSH: Duration = Duration::from_millis(40);

/// Leads the standard streams into the pipes in this folder. Returns what evcxr says.
pub fn lead_streams_into(folder: &Path) -> std::io::Result<BufReader<File>> {
    let write = |name: &str| OpenOptions::new().write(true).open(folder.join(name));
    let (output, errors) = (write(OUTPUT)?, write(ERRORS)?);
    let answers = BufReader::new(File::open(folder.join(ANSWERS))?);
    let evcxr = File::from(rustix::io::fcntl_dupfd_cloexec(std::io::stdout(), 3)?);
    let commands = BufReader::new(File::from(rustix::io::fcntl_dupfd_cloexec(std::io::stdin(), 3)?));
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(output)?;
    rustix::stdio::dup2_stderr(errors)?;

    let started = format!("softness-started {}", std::process::id());
    println!("{MARK}{started}");
    std::thread::spawn(move || {
        pass_on(answers, evcxr, &started);
        // The kernel is gone. A busy cell would run on without it.
        std::process::exit(1);
    });
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(FLUSH);
            let _ = std::io::stdout().flush();
        }
    });
    std::panic::set_hook(Box::new(|panic| {
        // No backtrace: it would lead through evcxr's own functions.
        if std::thread::current().name() == Some("main") {
            println!("{MARK}softness-panic {}", sentence(panic).replace('\n', &NEWLINE.to_string()));
        } else {
            let name = std::thread::current().name().map_or_else(String::new, |name| format!(" `{name}`"));
            eprintln!("A thread{name} panicked: {}", sentence(panic));
        }
    }));
    Ok(commands)
}

/// The message of a panic, and where it was if that is not the code that evcxr puts round a cell.
fn sentence(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("a panic without a message");
    match panic.location().filter(|place| place.file() != "src/lib.rs") {
        Some(place) => format!("{text} (at {place})"),
        None => text.to_owned(),
    }
}

/// Passes control lines on to evcxr, after those that were meant for an earlier process.
fn pass_on(answers: BufReader<File>, mut evcxr: File, started: &str) {
    let mut lines = answers.lines().map_while(Result::ok);
    if lines.by_ref().any(|line| line == started) {
        for line in lines {
            if writeln!(evcxr, "{line}").is_err() {
                return;
            }
        }
    }
}
