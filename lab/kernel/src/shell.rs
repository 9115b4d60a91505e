//! Lines that are shell commands. evcxr shows what a command wrote only at its end, and of one that fails only standard error.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::problem::Problem;

/// Runs a command in a shell and hands over what it writes, as it comes: the text, whether it is of standard error, and whether more is
/// there already.
pub fn run(command: &str, show: &(impl Fn(&str, bool, bool) + Sync)) -> Result<(), Problem> {
    let failed =
        |error: std::io::Error| Problem::error(&format!("the shell `sh` could not be started: {error}"));
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = shell.spawn().map_err(failed)?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            output.into_iter().for_each(|output| pass_on(output, &|text, more| show(text, false, more)))
        });
        scope.spawn(|| {
            errors.into_iter().for_each(|errors| pass_on(errors, &|text, more| show(text, true, more)))
        });
    });
    let status = child.wait().map_err(failed)?;
    match status.success() {
        true => Ok(()),
        false => Err(Problem::error(&format!("The command failed ({status}): {command}"))),
    }
}

fn pass_on(from: impl Read, show: &impl Fn(&str, bool)) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        show(&String::from_utf8_lossy(&line), !from.buffer().is_empty());
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_command_that_fails_keeps_what_it_wrote() {
        let seen = Mutex::new((String::new(), String::new()));
        let show = |text: &str, is_error: bool, _: bool| {
            let mut seen = seen.lock().unwrap();
            if is_error { seen.1.push_str(text) } else { seen.0.push_str(text) }
        };
        let failed = run("echo one; echo two >&2; printf three; exit 4", &show).unwrap_err();
        assert_eq!(
            failed.sentence(),
            "The command failed (exit status: 4): echo one; echo two >&2; printf three; exit 4"
        );
        assert_eq!(*seen.lock().unwrap(), ("one\nthree".to_owned(), "two\n".to_owned()));
        assert!(run("true", &show).is_ok());
    }
}
