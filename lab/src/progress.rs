//! Long commands: what they print goes to a log, and a line now and then says how far they are.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::Result;
use crate::files::{about, make_folder};

/// Time between two lines of progress.
const EVERY: Duration = Duration::from_secs(10);
/// Lines of the log that are shown when a command fails.
const TAIL: usize = 25;

/// How far a command is, as its output tells.
#[derive(Default)]
struct Seen {
    crates: usize,
    last: String,
    said: Option<Instant>,
}

/// Runs a command to its end and returns its standard output. Its lines go to the file `log`; every
/// ten seconds one line on the standard error output says what is being done.
pub fn run(what: &str, command: &mut Command, log: &Path) -> Result<String> {
    if let Some(folder) = log.parent() {
        make_folder(folder)?;
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let file = Mutex::new(File::create(log).map_err(about(log, "write the log"))?);
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{what}: could not start {program}: {error}"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let seen = Mutex::new(Seen::default());
    let note = |line: &str| {
        let _ = file.lock().map(|mut file| writeln!(file, "{line}"));
        let Ok(mut seen) = seen.lock() else { return };
        if line.trim_start().starts_with("Compiling") {
            seen.crates += 1;
        }
        line.trim().clone_into(&mut seen.last);
        if seen.said.map_or(start.elapsed(), |said| said.elapsed()) >= EVERY {
            let crates = if seen.crates > 0 { format!(", {} crates", seen.crates) } else { String::new() };
            let last: String = seen.last.chars().take(60).collect();
            eprintln!("    {what}: {:.0} s{crates} ({last})", start.elapsed().as_secs_f64());
            seen.said = Some(Instant::now());
        }
    };
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            for line in
                stderr.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).map_while(|line| line.ok())
            {
                note(&line);
            }
        });
        let mut output = String::new();
        for line in
            stdout.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).map_while(|line| line.ok())
        {
            // cargo's machine-readable messages are not for people.
            if !line.starts_with('{') {
                note(&line);
            }
            output.push_str(&line);
            output.push('\n');
        }
        output
    });
    let status = child.wait().map_err(|error| format!("{what}: {program} was lost: {error}"))?;
    if status.success() {
        return Ok(output);
    }
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(TAIL)..] {
        eprintln!("    {line}");
    }
    Err(format!("{what} failed ({status}); all it printed is in {}", log.display()))
}
