//! Long commands: their output goes to a log, and a line now and then tells how far they are.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::Result;
use crate::estimate::Estimate;
use crate::files::{about, make_folder};

/// The time between two progress lines.
const EVERY: Duration = Duration::from_secs(10);
/// The number of log lines shown when a command fails.
const TAIL: usize = 25;

/// The progress of a command, as seen from its output.
#[derive(Default)]
struct Seen {
    crates: usize,
    last: String,
    said: Option<Instant>,
}

/// Runs a command to its end and returns its standard output. Its output also goes to the file `log`. Every
/// ten seconds a line on standard error reports progress.
pub fn run(what: &str, command: &mut Command, log: &Path) -> Result<String> {
    run_with(what, command, log, None)
}

/// As [`run`], for a build by cargo with messages in JSON: `estimate` writes the lines, for all builds that run at the time.
pub fn run_build(what: &str, command: &mut Command, log: &Path, estimate: &Estimate) -> Result<String> {
    estimate.begin(what);
    let output = run_with(what, command, log, Some(estimate));
    estimate.end(what);
    output
}

fn run_with(what: &str, command: &mut Command, log: &Path, estimate: Option<&Estimate>) -> Result<String> {
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
        // cargo's JSON messages do not belong in the log.
        if !line.starts_with('{') {
            let _ = file.lock().map(|mut file| writeln!(file, "{line}"));
        }
        if let Some(estimate) = estimate {
            return estimate.note(what, line).into_iter().for_each(|line| eprintln!("{line}"));
        }
        if line.starts_with('{') {
            return;
        }
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
            note(&line);
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
    Err(format!("{what} failed ({status}); its full output is in {}", log.display()))
}
