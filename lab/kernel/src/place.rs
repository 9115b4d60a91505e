//! Places in a cell, as its errors show them.

use evcxr::CompilationError;
use serde_json::Value;

use crate::syntax;

pub const BOLD_RED: &str = "\u{1b}[1;31m";
pub const BLUE: &str = "\u{1b}[34m";
pub const PLAIN: &str = "\u{1b}[0m";

/// rustc's number for a borrowed value that leaves a function.
pub const ESCAPES: &str = "E0521";

/// What rustc says of a value that cannot be shown.
const NO_DEBUG: &str = "doesn't implement `Debug`";

/// The line of the code that evcxr has compiled at which an error is, with what is marked in it, as rustc gives them.
pub fn line_with_mark(error: &CompilationError) -> Option<&Value> {
    let is_ours = |span: &&Value| {
        span["is_primary"] == true && span["file_name"].as_str().is_some_and(|name| name.ends_with("lib.rs"))
    };
    Some(&error.json["spans"].as_array()?.iter().find(is_ours)?["text"][0])
}

/// The line of the code that evcxr has compiled at which an error is.
pub fn line_of(error: &CompilationError) -> Option<&str> {
    line_with_mark(error)?["text"].as_str().map(str::trim)
}

/// Whether an error is about the value of the cell's last expression, at the place that shows it.
pub fn is_of_value(error: &CompilationError) -> bool {
    let shows = ["evcxr_send_text_plain(", ".evcxr_display(", syntax::DEBUG];
    line_of(error).is_some_and(|line| shows.iter().any(|shows| line.contains(shows)))
}

/// Whether an error is that the value cannot be shown.
pub fn is_not_shown(error: &CompilationError) -> bool {
    is_of_value(error) && error.message().ends_with(NO_DEBUG)
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

/// What is to say of a mark. Where rustc says nothing, evcxr says what the whole error says already.
pub fn of_mark(error: &CompilationError, label: &str) -> String {
    let message = error.json["message"].as_str().unwrap_or_default();
    if label.strip_prefix("error: ") == Some(message) {
        return String::new();
    }
    // The new line that a suggestion ends in.
    label.strip_suffix("\n`").map_or_else(|| label.to_owned(), |label| format!("{}`", label.trim_end()))
}

/// What an error suggests without a mark, such as to put a line into `Ok(..)`; these rows are the cell.
pub fn helps(error: &CompilationError, rows: &[&str]) -> Vec<String> {
    let children = error.json["children"].as_array().map(Vec::as_slice).unwrap_or_default();
    children.iter().filter_map(|child| help_of(child, rows)).collect()
}

fn help_of(child: &Value, rows: &[&str]) -> Option<String> {
    let message = child["message"].as_str().filter(|_| child["level"] == "help")?;
    let line = rewritten(child["spans"].as_array()?);
    let line = line.filter(|(before, _)| rows.iter().any(|row| row.contains(before.trim())));
    Some(line.map_or_else(|| message.to_owned(), |(_, line)| format!("{message}: `{}`", line.trim())))
}

/// The one line that these suggestions change, before and after it.
fn rewritten(spans: &[Value]) -> Option<(String, String)> {
    let first = spans.first()?;
    let before = first["text"][0]["text"].as_str()?;
    let is_there = |span: &Value| {
        span["line_start"] == first["line_start"]
            && span["line_end"] == first["line_start"]
            && span["file_name"] == first["file_name"]
    };
    if !spans.iter().all(is_there) {
        return None;
    }
    let place = |span: &Value, name: &str| {
        let letters = usize::try_from(span[name].as_u64()?).ok()?.checked_sub(1)?;
        Some(before.char_indices().nth(letters).map_or(before.len(), |(at, _)| at))
    };
    let parts = spans.iter().map(|span| {
        let (start, end) = (place(span, "column_start")?, place(span, "column_end")?);
        Some((start, end, span["suggested_replacement"].as_str()?))
    });
    let mut parts = parts.collect::<Option<Vec<_>>>()?;
    parts.sort_unstable();
    let mut after = before.to_owned();
    for (start, end, new) in parts.into_iter().rev() {
        after.get(start..end)?;
        after.replace_range(start..end, new);
    }
    (!after.contains('\n')).then(|| (before.to_owned(), after))
}

/// rustc's numbers of the errors that these lines show, each once.
pub fn numbers(shown: &[String]) -> Vec<String> {
    let begin = format!("{BOLD_RED}error[");
    let mut numbers: Vec<String> = Vec::new();
    for number in shown.iter().filter_map(|line| Some(line.strip_prefix(&begin)?.split_once(']')?.0)) {
        if !numbers.iter().any(|known| known == number) {
            numbers.push(number.to_owned());
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_errors_are_listed_once() {
        let lines = ["error[E0382]", "error", "error[E0425]", "error[E0382]"];
        let shown: Vec<String> = lines.iter().map(|line| format!("{BOLD_RED}{line}{PLAIN}: text")).collect();
        assert_eq!(numbers(&shown), ["E0382", "E0425"]);
    }

    #[test]
    fn a_suggestion_in_several_parts_is_shown_as_a_line() {
        let part = |column: u64, new: &str| {
            serde_json::json!({
                "file_name": "src/lib.rs", "line_start": 7, "line_end": 7, "column_start": column, "column_end": column,
                "suggested_replacement": new, "text": [{ "text": "  é(1)" }]
            })
        };
        let child = serde_json::json!({
            "level": "help", "message": "try wrapping the expression in `Ok`", "spans": [part(7, ")"), part(3, "Ok(")]
        });
        let line = "try wrapping the expression in `Ok`: `Ok(é(1))`";
        assert_eq!(help_of(&child, &["fn é() {", "  é(1)"]).as_deref(), Some(line));
        let other = help_of(&child, &["fn g() {}"]);
        assert_eq!(other.as_deref(), Some("try wrapping the expression in `Ok`"), "not a line of the cell");
        let plain = serde_json::json!({ "level": "help", "message": "look", "spans": [] });
        assert_eq!(help_of(&plain, &[]).as_deref(), Some("look"));
        let note = serde_json::json!({ "level": "note", "message": "look", "spans": [] });
        assert_eq!(help_of(&note, &[]), None);
    }
}
