//! Why a cell failed, as Jupyter is told.

use std::fmt::Write;

use evcxr::{CompilationError, Error};
use jupyter_protocol::{ErrorOutput, ReplyError};

use crate::text::with_way_out;

/// What the work returns, or nothing if it panics. rust-analyzer panics at some code; the next question to it is
/// answered again.
pub fn unless_it_panics<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}

/// A kind, a sentence, and what the cell shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    name: &'static str,
    sentence: String,
    shown: Vec<String>,
}

const BOLD_RED: &str = "\u{1b}[1;31m";
const BLUE: &str = "\u{1b}[34m";
const PLAIN: &str = "\u{1b}[0m";

impl Problem {
    fn new(name: &'static str, sentence: &str) -> Self {
        let shown = vec![format!("{BOLD_RED}{name}{PLAIN}: {sentence}")];
        Self { name, sentence: sentence.to_owned(), shown }
    }

    /// A `?` has returned an error with this text.
    pub fn error(sentence: &str) -> Self {
        Self::new("Error", sentence)
    }

    /// A panic with this message.
    pub fn panic(sentence: &str) -> Self {
        Self::new("Panic", sentence)
    }

    /// An interrupt has ended the cell.
    pub fn interrupted(sentence: &str) -> Self {
        Self::new("Interrupted", sentence)
    }

    /// evcxr has panicked on the way to the cell's code.
    pub fn of_evcxr() -> Self {
        Self::new(
            "KernelError",
            "The kernel failed at this cell, which did not run: rust-analyzer, which finds the types of variables, panicked. \
             Variables are as they were; write the types in this cell: `let x: .. = ..`.",
        )
    }

    /// Whether the cell had been compiled when it failed.
    pub fn is_of_running_code(&self) -> bool {
        !["CompileError", "KernelError"].contains(&self.name)
    }

    /// The same, with a note below.
    pub fn with_note(mut self, note: Option<String>) -> Self {
        self.shown.extend(note);
        self
    }

    /// The sentence.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What evcxr reports about this source.
    pub fn of(error: &Error, source: &str) -> Self {
        match error {
            Error::CompilationErrors(errors) => Self::compiler(errors, source),
            Error::SubprocessTerminated(text) => {
                let how = text
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("Subprocess terminated with status: ");
                Self::new(
                    "ProcessEnded",
                    &format!(
                        "The process that runs the cells ended ({how}). Variables are lost; imports, functions and types remain."
                    ),
                )
            }
            other => Self::new("Error", &with_way_out(other.to_string().trim_end())),
        }
    }

    fn compiler(errors: &[CompilationError], source: &str) -> Self {
        // If a cell does not compile, evcxr lists warnings too.
        let mut errors: Vec<&CompilationError> = errors.iter().collect();
        if errors.iter().any(|error| error.level() == "error") {
            errors.retain(|error| error.level() == "error");
        }
        let mut shown = Vec::new();
        for error in &errors {
            if !shown.is_empty() {
                shown.push(String::new());
            }
            shown.extend(report(error, source));
        }
        let mut sentence = errors.first().map_or_else(String::new, |error| message(error));
        if errors.len() > 1 {
            let _ = write!(sentence, " (and {} more)", errors.len() - 1);
        }
        Self { name: "CompileError", sentence, shown }
    }

    /// The output in the cell.
    pub fn output(&self) -> ErrorOutput {
        let Self { name, sentence, shown } = self.clone();
        ErrorOutput { ename: name.to_owned(), evalue: sentence, traceback: shown }
    }

    /// The same, in the reply to the request.
    pub fn reply(&self) -> ReplyError {
        let ErrorOutput { ename, evalue, traceback } = self.output();
        ReplyError { ename, evalue, traceback }
    }
}

/// What the compiler says. Of an error at a place that evcxr added to the cell, evcxr keeps only the help.
fn message(error: &CompilationError) -> String {
    let help = error.spanned_messages().first().filter(|_| error.level() == "help");
    match help.map(|help| help.label.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Some(label) => {
            format!("this does not compile; the compiler suggests: {}", label.trim_start_matches("help: "))
        }
        None => with_way_out(&error.message()),
    }
}

/// An error with the lines it is about. Only the sixteen basic colours, which follow JupyterLab's theme.
fn report(error: &CompilationError, source: &str) -> Vec<String> {
    let code = error.code().map_or_else(String::new, |code| format!("[{code}]"));
    let mut lines: Vec<String> = Vec::new();
    for (index, line) in message(error).lines().enumerate() {
        lines.push(if index == 0 {
            format!("{BOLD_RED}error{code}{PLAIN}: {line}")
        } else {
            line.to_owned()
        });
    }
    let source: Vec<&str> = source.lines().collect();
    for message in error.spanned_messages().iter().chain(error.help_spanned()) {
        let Some(span) = message.span.filter(|span| (1..=source.len()).contains(&span.start_line)) else {
            lines.extend(message.label.lines().map(|line| format!("  {line}")));
            continue;
        };
        let number = span.start_line.to_string();
        let margin = " ".repeat(number.len());
        let text = source[span.start_line - 1];
        let end = if span.end_line == span.start_line { span.end_column } else { text.chars().count() + 1 };
        let width = end.saturating_sub(span.start_column).max(1);
        let mark = format!("{}{}", " ".repeat(span.start_column.saturating_sub(1)), "^".repeat(width));
        lines.push(format!("{BLUE}{number} |{PLAIN} {text}"));
        lines.push(format!("{BLUE}{margin} |{PLAIN} {BOLD_RED}{mark}{PLAIN} {}", message.label));
    }
    if error.help_spanned().is_empty() {
        lines.extend(error.help().iter().map(|help| format!("help: {help}")));
    }
    lines.extend(error.evcxr_extra_hint().map(|hint| format!("help: {hint}")));
    lines
}
