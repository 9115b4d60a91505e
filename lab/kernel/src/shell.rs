//! Lines that are shell commands. evcxr shows what a command wrote only at its end, and of one that fails only standard error.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use crate::errors::Unfinished;
use crate::problem::Problem;

/// The most that is read before it is shown.
const PIECE: usize = 1 << 16;
/// How long nothing may come, after a command has ended, until no more is awaited.
const REST: Duration = Duration::from_millis(200);
/// How long what comes after the end of a command is awaited at most.
const LONGEST: Duration = Duration::from_secs(2);

/// Runs a command in a shell and hands over what it writes, as it comes: the text, whether it is of standard error, and whether more is
/// there already. What a program that it has left in the background writes later is handed over as well, but nothing waits for it.
pub fn run(
    command: &str,
    show: &(impl Fn(&str, bool, bool) + Clone + Send + 'static),
) -> Result<(), Problem> {
    let failed =
        |error: std::io::Error| Problem::error(&format!("the shell `sh` could not be started: {error}"));
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = shell.spawn().map_err(failed)?;
    let (came, comes) = channel();
    if let Some(output) = child.stdout.take() {
        listen(output, false, show.clone(), came.clone());
    }
    if let Some(errors) = child.stderr.take() {
        listen(errors, true, show.clone(), came);
    }
    let status = child.wait().map_err(failed)?;
    let end = Instant::now() + LONGEST;
    while Instant::now() < end && comes.recv_timeout(REST).is_ok() {}
    match status.success() {
        true => Ok(()),
        false => Err(Problem::error(&format!("The command failed ({status}): {command}"))),
    }
}

/// What the compiler says of an error with this number.
pub fn explained(number: &str) -> Result<String, Problem> {
    let rustc = Command::new("rustc").args(["--explain", number]).stdin(Stdio::null()).output();
    let said = rustc.map_err(|error| Problem::error(&format!("`rustc` could not be started: {error}")))?;
    match said.status.success() {
        true => Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned()),
        false => Err(Problem::error(&format!(
            "The compiler explains no error `{number}`: write `:explain E0382`, or `:explain` for the last one."
        ))),
    }
}

/// Hands over what comes, in a thread of its own, and says each time that something `came`.
fn listen(
    mut from: impl Read + Send + 'static,
    is_error: bool,
    show: impl Fn(&str, bool, bool) + Send + 'static,
    came: Sender<()>,
) {
    std::thread::spawn(move || {
        let mut bytes = vec![0; PIECE];
        let mut text = Unfinished::default();
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            show(&text.with(&bytes[..length]), is_error, length == PIECE);
            let _ = came.send(());
        }
        show(&text.rest(), is_error, false);
    });
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_command_that_fails_keeps_what_it_wrote() {
        let seen = Arc::new(Mutex::new((String::new(), String::new())));
        let show = {
            let seen = Arc::clone(&seen);
            move |text: &str, is_error: bool, _: bool| {
                let mut seen = seen.lock().unwrap();
                if is_error { seen.1.push_str(text) } else { seen.0.push_str(text) }
            }
        };
        let failed = run("echo one; echo two >&2; printf three; exit 4", &show).unwrap_err();
        assert_eq!(
            failed.sentence(),
            "The command failed (exit status: 4): echo one; echo two >&2; printf three; exit 4"
        );
        assert_eq!(*seen.lock().unwrap(), ("one\nthree".to_owned(), "two\n".to_owned()));
        assert!(run("true", &show).is_ok());
        let start = Instant::now();
        assert!(run("sleep 30 & printf début", &show).is_ok());
        assert!(start.elapsed() < Duration::from_secs(20), "a command in the background is not awaited");
        assert!(seen.lock().unwrap().0.ends_with("début"));
    }

    #[test]
    fn errors_are_explained_by_their_number() {
        assert!(explained("E0382").is_ok_and(|text| text.starts_with("A variable was used after")));
        let problem = explained("E9999").map_err(|problem| problem.sentence().to_owned());
        assert!(
            problem.is_err_and(|sentence| sentence.starts_with("The compiler explains no error `E9999`"))
        );
    }
}
