//! Places in a cell, as its errors show them.

use evcxr::CompilationError;
use serde_json::Value;

pub const BOLD_RED: &str = "\u{1b}[1;31m";
pub const BLUE: &str = "\u{1b}[34m";
pub const PLAIN: &str = "\u{1b}[0m";

/// rustc's number for a borrowed value that leaves a function.
pub const ESCAPES: &str = "E0521";

/// The line of the code that evcxr has compiled at which an error is, with what is marked in it, as rustc gives them.
pub fn line_with_mark(error: &CompilationError) -> Option<&Value> {
    let is_ours = |span: &&Value| {
        span["is_primary"] == true && span["file_name"].as_str().is_some_and(|name| name.ends_with("lib.rs"))
    };
    Some(&error.json["spans"].as_array()?.iter().find(is_ours)?["text"][0])
}

/// Whether an error is at a place in the cell itself.
pub fn is_in_cell(error: &CompilationError) -> bool {
    error.spanned_messages().iter().any(|message| message.span.is_some())
}

/// Whether what an error is about, and not only what it mentions, is in the cell itself.
pub fn is_mainly_in_cell(error: &CompilationError) -> bool {
    error.spanned_messages().iter().any(|message| message.is_primary && message.span.is_some())
}

/// A line of the cell with its number, and below it a mark from a column on, with what is to say of it.
pub fn marked(text: &str, number: usize, column: usize, width: usize, label: &str) -> [String; 2] {
    let number = number.to_string();
    let margin = " ".repeat(number.len());
    let mark = format!("{}{}", " ".repeat(column.saturating_sub(1)), "^".repeat(width));
    let below = format!("{BLUE}{margin} |{PLAIN} {BOLD_RED}{mark}{PLAIN} {label}");
    [format!("{BLUE}{number} |{PLAIN} {text}"), below.trim_end().to_owned()]
}

/// A suggestion to insert something at a column of a line, with the line as it would be: what is inserted says little alone.
pub fn corrected(error: &CompilationError, label: &str, text: &str, column: usize) -> Option<String> {
    error.json["children"].as_array()?.iter().find_map(|child| {
        let [span] = &child["spans"].as_array()?[..] else { return None };
        let (level, message) = (child["level"].as_str()?, child["message"].as_str()?);
        let inserted = span["suggested_replacement"].as_str()?;
        let is_this = label == format!("{level}: {message}: `{inserted}`");
        let is_empty = ["column", "line"]
            .iter()
            .all(|unit| span[format!("{unit}_start").as_str()] == span[format!("{unit}_end").as_str()]);
        let at = text.char_indices().nth(column.checked_sub(1)?).map_or(text.len(), |(at, _)| at);
        let line = format!("{}{inserted}{}", &text[..at], &text[at..]);
        (is_this && is_empty && !inserted.contains('\n'))
            .then(|| format!("{level}: {message}: `{}`", line.trim()))
    })
}

/// Whether this line, counted from 1, seems to be a command of the kernel, and code ends before it.
pub fn is_command_after_code(source: &[&str], line: usize) -> bool {
    let is_command = |text: &str| {
        let word = text.strip_prefix('!').or_else(|| text.strip_prefix('%'));
        word.is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase()))
    };
    let (Some(text), before) = (source.get(line - 1), &source[..line - 1]) else { return false };
    let before = before.iter().map(|text| text.trim()).rfind(|text| !text.is_empty());
    is_command(text.trim()) && before.is_some_and(|text| text.ends_with([';', '}']))
}
