//! Why a cell failed, as Jupyter is told.

use std::fmt::Write;

use evcxr::{CompilationError, Error};
use jupyter_protocol::{ErrorOutput, ReplyError};

use crate::balance::unbalanced;
use crate::definitions::has_word;
use crate::impls::Inserted;
use crate::place::{
    BLUE, BOLD_RED, ESCAPES, PLAIN, corrected, helps, is_command_after_code, is_in_cell, is_mainly_in_cell,
    is_not_shown, is_of_value, line_of, marked, numbers, of_mark,
};
use crate::syntax;
use crate::text::{in_cells, of_closure, of_other_type, of_unknown_trait, of_unknown_type, with_way_out};

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
    /// Whether the code had been compiled.
    ran: bool,
    /// Whether the process has ended, and all variables with it.
    lost: bool,
}

/// rustc's number for a closure that outlives what it borrows.
const CAPTURES: &str = "E0373";
/// And for a value of another type.
const MISMATCH: &str = "E0308";

/// And for a function, and for a trait of a type, that is there twice.
const TWICE: [&str; 2] = ["E0592", "E0119"];

/// What to do about the latter.
const THERE: &str = "an earlier cell has this already: change it there and run that cell again";
/// What to do about a value that cannot be shown.
const NOT_SHOWN: &str = ", so the value of the last expression cannot be shown: put `#[derive(Debug)]` before its type, or end the cell in `;`";

/// What to do about an error in code of an earlier cell.
const EARLIER: &str =
    "this is in code of an earlier cell, which no longer fits: put its new text into this cell as well";
/// And in code that evcxr adds to every cell.
const ADDED: &str = "this is in code that the kernel adds to every cell. A cell may have given a name that it needs, such as `Ok` or `std`, \
                     to something else; `:clear` resets the kernel";

/// What rustc says of a trait that is in a type written out by evcxr, before the path of the trait.
const TRAIT: &str = "consider importing this trait";

/// What evcxr keeps variables in.
const STORE: &str = "evcxr_variable_store";
/// What rustc says of the text with which evcxr shows a value.
const OF_FORMAT: &str = "required by this formatting parameter";

/// What to do about a command that follows code.
const COMMAND_FIRST: &str = "a command, such as `!ls` or `%time`, comes before all code of its cell";

/// What to do if the kernel's own folder is gone.
const FOLDER_GONE: &str = "The folder in which the kernel was started is no longer there, and no cell can run without it: make it again, or \
                           open the notebook where it is now, and restart the kernel.";

impl Problem {
    fn new(name: &'static str, sentence: &str) -> Self {
        let shown = vec![format!("{BOLD_RED}{name}{PLAIN}: {sentence}")];
        Self { name, sentence: sentence.to_owned(), shown, ran: true, lost: false }
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

    /// An interrupt came before the code ran.
    pub fn interrupted_early() -> Self {
        let problem = Self::interrupted("Interrupted before the cell ran; variables are as they were.");
        Self { ran: false, ..problem }
    }

    /// An interrupt has ended the process that ran the cell, for this reason.
    pub fn killed(reason: &str) -> Self {
        let problem = Self::interrupted(&format!(
            "{reason}, so its process was ended. Variables are lost; imports, functions and types of earlier cells remain. Sessions in training resume \
             from the store."
        ));
        Self { lost: true, ..problem }
    }

    /// evcxr has panicked on the way to the cell's code.
    pub fn of_evcxr() -> Self {
        let problem = Self::new(
            "KernelError",
            "The kernel failed at this cell, which did not run: rust-analyzer, which finds the types of variables, panicked. \
             Variables are as they were; write the types in this cell: `let x: .. = ..`.",
        );
        Self { ran: false, ..problem }
    }

    /// Whether what the cell defined stays although it failed: it had been compiled, and its process has not ended.
    pub fn keeps_definitions(&self) -> bool {
        self.ran && !self.lost
    }

    /// Whether the code, or rust-analyzer at it, failed to compile.
    pub fn is_of_compiler(&self) -> bool {
        ["CompileError", "KernelError"].contains(&self.name)
    }

    /// Whether this names something of an earlier cell that the cell would have doubled.
    pub fn says_what_is_there(&self) -> bool {
        self.shows(THERE)
    }

    /// Whether the process that runs the cells has ended, and all variables with it.
    pub fn loses_variables(&self) -> bool {
        self.lost
    }

    /// The same, with a note below.
    pub fn with_note(mut self, note: Option<String>) -> Self {
        self.shown.extend(note);
        self
    }

    /// Whether this is shown.
    pub fn shows(&self, text: &str) -> bool {
        self.shown.iter().any(|line| line.contains(text))
    }

    /// The compiler's numbers of the errors that are shown, each once.
    pub fn numbers(&self) -> Vec<String> {
        numbers(&self.shown)
    }

    /// The sentence.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What evcxr reports about a cell with this source, to which names have been added.
    pub fn of_cell(error: &Error, source: &str, inserted: &Inserted) -> Self {
        match error {
            Error::CompilationErrors(errors) => Self::compiler(errors, source, inserted),
            other => Self::of(other, source),
        }
    }

    /// What evcxr reports about this source.
    pub fn of(error: &Error, source: &str) -> Self {
        match error {
            Error::CompilationErrors(errors) => Self::compiler(errors, source, &Inserted::default()),
            Error::SubprocessTerminated(_) => Self::of_end(error, None),
            other => {
                let text = if std::env::current_dir().is_err() {
                    FOLDER_GONE.to_owned()
                } else {
                    with_way_out(other.to_string().trim_end())
                };
                let problem = Self::new("Error", &text);
                Self { ran: false, ..problem }
            }
        }
    }

    /// The process that runs the cells has ended, perhaps for a known reason.
    pub fn of_end(error: &Error, reason: Option<&str>) -> Self {
        let text = error.to_string();
        let status = text.lines().last().unwrap_or_default();
        let how = reason.unwrap_or(status.trim_start_matches("Subprocess terminated with status: "));
        let problem = Self::new(
            "ProcessEnded",
            &format!(
                "The process that runs the cells ended ({how}). Variables are lost; imports, functions and types of earlier cells remain."
            ),
        );
        Self { lost: true, ..problem }
    }

    fn compiler(errors: &[CompilationError], source: &str, inserted: &Inserted) -> Self {
        // If a cell does not compile, evcxr lists warnings too.
        let mut errors: Vec<&CompilationError> = errors.iter().collect();
        if errors.iter().any(|error| error.level() == "error") {
            errors.retain(|error| error.level() == "error");
        } else if errors.iter().any(|error| error.level() != "warning") {
            // Of an error in evcxr's own code, only the help is left.
            errors.retain(|error| error.level() != "warning");
        }
        // If evcxr finds no type for a variable, it has the whole cell checked. To that check, variables of earlier cells are arguments of
        // a function, so all those that borrow, such as a `&str`, seem to escape from it.
        errors.retain(|error| error.code() != Some(ESCAPES) || is_in_cell(error));
        // Whether a value can be shown matters once it is there.
        if errors.iter().any(|error| !is_not_shown(error)) {
            errors.retain(|error| !is_not_shown(error));
        }
        if errors.is_empty() {
            return Self::of_no_type(source);
        }
        // The compiler sees the cell with code behind it, and finds what is open there.
        let may_be_open = errors.iter().any(|error| error.code().is_none() || !is_in_cell(error));
        if let Some(found) = unbalanced(source).filter(|_| may_be_open) {
            let mut problem = Self::new("CompileError", &found.sentence);
            let line = source.lines().nth(found.line - 1).unwrap_or_default();
            problem.shown.extend(marked(line, found.line, found.column, 1, ""));
            return Self { ran: false, ..problem };
        }
        // A closure that borrows is first of all a closure, which a cell cannot keep.
        let closure = syntax::closures_of_the_cell(source).into_iter().next();
        let closure = closure.filter(|_| errors.iter().any(|error| error.code() == Some(CAPTURES)));
        if let Some(name) = closure {
            let problem = Self::new("CompileError", &of_closure(&name));
            return Self { ran: false, ..problem };
        }
        let mut shown = Vec::new();
        for error in &errors {
            if !shown.is_empty() {
                shown.push(String::new());
            }
            shown.extend(report(error, source, inserted));
        }
        let mut sentence = errors.first().map_or_else(String::new, |error| message(error, source));
        if errors.len() > 1 {
            let _ = write!(sentence, " (and {} more)", errors.len() - 1);
        }
        Self { name: "CompileError", sentence, shown, ran: false, lost: false }
    }

    /// evcxr has found no type for a variable of this cell, and has not said for which.
    fn of_no_type(source: &str) -> Self {
        let closure = syntax::closures_of_the_cell(source).into_iter().next();
        let sentence = closure.map_or_else(
            || of_unknown_type(&syntax::variables_without_type(source)),
            |name| of_closure(&name),
        );
        Self { ran: false, ..Self::new("CompileError", &sentence) }
    }

    /// The output in the cell.
    pub fn output(&self) -> ErrorOutput {
        let Self { name, sentence, shown, .. } = self.clone();
        ErrorOutput { ename: name.to_owned(), evalue: sentence, traceback: shown }
    }

    /// The same, in the reply to the request.
    pub fn reply(&self) -> ReplyError {
        let ErrorOutput { ename, evalue, traceback } = self.output();
        ReplyError { ename, evalue, traceback }
    }
}

/// The variable of which the kernel and the compiler see different types, with the type that the kernel sees.
fn of_two_types(error: &CompilationError) -> Option<(&str, &str)> {
    let line = line_of(error).filter(|_| error.code() == Some(MISMATCH) && !is_in_cell(error))?;
    syntax::kept_variables(line).into_iter().next()
}

/// What the compiler expects where the cell ends, if it is something.
fn of_early_end(error: &CompilationError) -> Option<String> {
    let is_behind = error.level() == "error" && error.code().is_none() && !is_in_cell(error);
    let message = error.message();
    let (expected, _) = message.split_once(", found")?;
    (is_behind && error.is_from_generated_code() && expected.starts_with("expected"))
        .then(|| expected.to_owned())
}

/// What the compiler says without the function that evcxr adds behind the cell.
fn without_code_behind(text: &str, source: &str) -> String {
    let text = text.replace("`evcxr_variable_store`", "<end of input>");
    if has_word(source, "fn") { text } else { text.replace(", found keyword `fn`", "") }
}

/// The path of the trait that rustc suggests to import.
fn path_of_trait(label: &str) -> Option<&str> {
    let (_, rest) = label.split_once(TRAIT)?;
    Some(rest.split_once("`use ")?.1.split_once(';')?.0)
}

/// What the compiler says. Of an error at a place that evcxr added to the cell, evcxr keeps only the help.
fn message(error: &CompilationError, source: &str) -> String {
    if let Some((name, kind)) = of_two_types(error) {
        return of_other_type(name, kind);
    }
    if let Some(expected) = of_early_end(error) {
        return format!("the cell ends too early: {expected}");
    }
    let help = error.spanned_messages().first().filter(|_| error.level() == "help");
    match help.map(|help| help.label.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Some(label) => {
            if let Some(path) = path_of_trait(&label) {
                return of_unknown_trait(path, &syntax::variables_without_type(source));
            }
            format!("this does not compile; the compiler suggests: {}", label.trim_start_matches("help: "))
        }
        None => {
            let text = without_code_behind(&with_way_out(&in_cells(&error.message())), source);
            if is_not_shown(error) { format!("{text}{NOT_SHOWN}") } else { text }
        }
    }
}

/// An error with the lines it is about. Only the sixteen basic colours, which follow JupyterLab's theme.
fn report(error: &CompilationError, source: &str, inserted: &Inserted) -> Vec<String> {
    let code = error.code().map_or_else(String::new, |code| format!("[{code}]"));
    let mut lines: Vec<String> = Vec::new();
    for (index, line) in message(error, source).lines().enumerate() {
        lines.push(if index == 0 {
            format!("{BOLD_RED}error{code}{PLAIN}: {line}")
        } else {
            line.to_owned()
        });
    }
    if of_two_types(error).is_some() || of_early_end(error).is_some() {
        return lines;
    }
    let is_elsewhere = !is_in_cell(error) && error.level() == "error";
    let is_elsewhere = is_elsewhere && !is_of_value(error);
    if let Some(line) = line_of(error).filter(|line| is_elsewhere && !line.contains(STORE)) {
        lines.push(format!("{BLUE}  |{PLAIN} {line}"));
    }
    let rows: Vec<&str> = source.lines().collect();
    for message in error.spanned_messages().iter().chain(error.help_spanned()) {
        let label = without_code_behind(&in_cells(&of_mark(error, &message.label)), source);
        if path_of_trait(&label).is_some() || label == OF_FORMAT {
            continue;
        }
        let Some(span) = message.span.filter(|span| (1..=rows.len()).contains(&span.start_line)) else {
            lines.extend(label.lines().map(|line| format!("  {line}")));
            continue;
        };
        let text = rows[span.start_line - 1];
        let start = inserted.column(span.start_line, span.start_column);
        let end = if span.end_line == span.start_line {
            inserted.column(span.end_line, span.end_column)
        } else {
            text.chars().count() + 1
        };
        let width = end.saturating_sub(start).max(1);
        let label = corrected(error, &label, text, start).unwrap_or(label);
        lines.extend(marked(text, span.start_line, start, width, &label));
        if is_command_after_code(&rows, span.start_line) {
            lines.push(format!("help: {COMMAND_FIRST}"));
        }
    }
    if error.help_spanned().is_empty() {
        lines.extend(helps(error, &rows).iter().map(|help| format!("help: {}", in_cells(help))));
    }
    let is_twice = error.code().is_some_and(|code| TWICE.contains(&code));
    if is_twice && error.spanned_messages().len() == 1 {
        lines.push(format!("help: {THERE}"));
    }
    if is_elsewhere {
        // evcxr writes each name of a `use` in a line of its own, also those of this cell.
        let is_import = line_of(error).is_some_and(|line| line.contains("use "));
        let help = match (error.is_from_generated_code(), error.is_from_user_code()) {
            (true, _) => Some(ADDED),
            (false, true) if !is_import => Some(EARLIER),
            _ => None,
        };
        lines.extend(help.map(|help| format!("help: {help}")));
    } else if error.level() == "error"
        && error.code().is_some()
        && error.is_from_generated_code()
        && !is_of_value(error)
        && !is_mainly_in_cell(error)
        && line_of(error).is_some_and(|line| !line.contains(STORE))
    {
        // A name of this cell does not suit a line that is not its own.
        lines.push(format!("help: {ADDED}"));
    }
    lines.extend(error.evcxr_extra_hint().map(|hint| format!("help: {hint}")));
    lines
}
