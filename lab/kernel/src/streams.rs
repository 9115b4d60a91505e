//! What the process that runs the cells writes: text to show at once, outputs, and evcxr's own control lines.
//!
//! Standard output carries all three. evcxr's control lines begin with `EVCXR_` and may follow unterminated text in
//! the same line. A line of the library begins with the character U+0001. Everything else is text, which is passed on
//! as it arrives, with or without a newline.

use serde_json::{Map, Value};

/// The first character of a line for this program.
pub const MARK: char = '\u{1}';
/// After the mark, the line before the first of a cell.
pub const RUNS: &str = "softness-runs";
/// Stands for a newline within such a line.
pub const NEWLINE: char = '\u{2}';

const BEGIN_CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
const END_CONTENT: &str = "EVCXR_END_CONTENT";
/// The line at the end of a cell.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
const PANIC: &str = "EVCXR_PANIC_NOTIFICATION";
/// The line that says that a `?` has ended the cell.
pub const ERROR: &str = "EVCXR_ERROR_OCCURRED";
/// The line of a variable whose type has changed, before its name.
pub const CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
const INPUT: &str = "EVCXR_INPUT_REQUEST";
const ALL: [&str; 6] = [BEGIN_CONTENT, COMPLETE, PANIC, ERROR, CHANGED_TYPE, INPUT];

/// What was written, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Text, of any length.
    Text(String),
    /// One MIME type of a value, as `evcxr_display` writes it.
    Block { mime: String, content: String },
    /// A whole output. With an identifier that is known, it replaces that output.
    Output { id: Option<String>, data: Map<String, Value>, metadata: Map<String, Value> },
    /// The sentence of a panic in a cell's own thread; [`Event::Panicked`] follows if nothing catches it.
    Panic(String),
    /// A variable with its type's `Debug` text.
    Value { name: String, text: String },
    /// A `?` has ended the cell. The line is for evcxr.
    Failed(String),
    /// A panic has ended the cell. The line is for evcxr.
    Panicked(String),
    /// The cell has ended. The line is for evcxr.
    Complete(String),
    /// Another line for evcxr.
    Control(String),
    /// The code of a cell, which has been compiled, runs.
    Runs,
    /// The process has started, with this number.
    Started(String),
}

/// Splits what arrives in pieces into events.
#[derive(Debug, Default)]
pub struct Splitter {
    rest: Vec<u8>,
    block: Option<(String, Vec<String>)>,
}

impl Splitter {
    /// The events that end with these bytes. A piece that may be the start of a control line is kept.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.rest.extend_from_slice(bytes);
        let mut events = Vec::new();
        while self.step(&mut events) {}
        events
    }

    /// Whether something is kept that [`give_up`](Self::give_up) would return.
    pub fn waits(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Returns what is kept as text: it was no control line, because nothing follows.
    pub fn give_up(&mut self) -> Option<Event> {
        if self.block.is_some() || self.rest.is_empty() || starts_line(&self.rest) {
            return None;
        }
        Some(Event::Text(lossy(&std::mem::take(&mut self.rest))))
    }

    fn step(&mut self, events: &mut Vec<Event>) -> bool {
        if let Some((mime, lines)) = &mut self.block {
            let Some(line) = take_line(&mut self.rest) else { return false };
            if line == END_CONTENT {
                events.push(Event::Block { mime: std::mem::take(mime), content: lines.join("\n") });
                self.block = None;
            } else if line == PANIC {
                self.block = None;
                events.push(Event::Panicked(line));
            } else {
                lines.push(line);
            }
            return true;
        }
        let text = text_before_control(&self.rest);
        if text > 0 {
            let text: Vec<u8> = self.rest.drain(..text).collect();
            events.push(Event::Text(lossy(&text)));
            return true;
        }
        if self.rest.is_empty() || !starts_line(&self.rest) {
            return false;
        }
        let Some(line) = take_line(&mut self.rest) else { return false };
        if let Some(mime) = line.strip_prefix(BEGIN_CONTENT) {
            self.block = Some((mime.split(' ').next().unwrap_or_default().to_owned(), Vec::new()));
        } else {
            events.push(event_of(line));
        }
        true
    }
}

/// Whether the bytes begin with a whole mark or the whole name of a control line.
fn starts_line(bytes: &[u8]) -> bool {
    bytes.first() == Some(&(MARK as u8)) || ALL.iter().any(|name| bytes.starts_with(name.as_bytes()))
}

/// How many bytes at the start are text: up to a control line or to what may become one, or an incomplete character.
fn text_before_control(bytes: &[u8]) -> usize {
    let may_start = |at: usize| {
        let rest = &bytes[at..];
        rest[0] == MARK as u8
            || ALL.iter().any(|name| {
                let shared = rest.len().min(name.len());
                rest[..shared] == name.as_bytes()[..shared]
            })
    };
    let candidates = (0..bytes.len()).filter(|at| bytes[*at] == b'E' || bytes[*at] == MARK as u8);
    let end = candidates.into_iter().find(|at| may_start(*at)).unwrap_or(bytes.len());
    match std::str::from_utf8(&bytes[..end]) {
        Err(error) if error.error_len().is_none() && end == bytes.len() => error.valid_up_to(),
        _ => end,
    }
}

/// Removes the first line, without its newline, if it is there in full.
fn take_line(bytes: &mut Vec<u8>) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let line: Vec<u8> = bytes.drain(..=end).collect();
    Some(lossy(line.strip_suffix(b"\n").unwrap_or(&line)))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn event_of(line: String) -> Event {
    let Some(marked) = line.strip_prefix(MARK) else {
        return match line.as_str() {
            COMPLETE => Event::Complete(line),
            PANIC => Event::Panicked(line),
            ERROR => Event::Failed(line),
            // Nobody answers: standard input is empty.
            _ if line.starts_with(INPUT) => {
                Event::Text(line.split_once(':').map_or("", |(_, prompt)| prompt).to_owned() + "\n")
            }
            _ => Event::Control(line),
        };
    };
    let (word, rest) = marked.split_once(' ').unwrap_or((marked, ""));
    let unescaped = || rest.replace(NEWLINE, "\n");
    match word {
        "softness-output" => output(rest).unwrap_or(Event::Text(line)),
        "softness-panic" => Event::Panic(unescaped()),
        "softness-started" => Event::Started(rest.to_owned()),
        RUNS => Event::Runs,
        "softness-value" => {
            let (name, _) = rest.split_once(' ').unwrap_or((rest, ""));
            let text = unescaped();
            Event::Value { name: name.to_owned(), text: text[name.len()..].trim_start().to_owned() }
        }
        _ => Event::Text(line + "\n"),
    }
}

fn output(json: &str) -> Option<Event> {
    let value: Value = serde_json::from_str(json).ok()?;
    let map = |name: &str| value[name].as_object().cloned();
    let id = value["id"].as_str().map(str::to_owned);
    Some(Event::Output { id, data: map("data")?, metadata: map("metadata").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Event {
        Event::Text(text.to_owned())
    }

    /// The events of these bytes, in whichever pieces they arrive, with neighbouring texts joined.
    fn events(bytes: &[u8]) -> Vec<Event> {
        let joined = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut splitter = Splitter::default();
            let mut all: Vec<Event> = Vec::new();
            for event in pieces.flat_map(|piece| splitter.push(piece)).collect::<Vec<_>>() {
                match (all.last_mut(), event) {
                    (Some(Event::Text(last)), Event::Text(more)) => last.push_str(&more),
                    (_, event) => all.push(event),
                }
            }
            all
        };
        let whole = joined(&mut std::iter::once(bytes));
        for size in 1..bytes.len() {
            assert_eq!(joined(&mut bytes.chunks(size)), whole, "in pieces of {size}");
        }
        whole
    }

    #[test]
    fn text_arrives_as_it_is_and_at_once() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(b"10 %"), [text("10 %")]);
        assert_eq!(splitter.push(b"\r20 %"), [text("\r20 %")]);
        assert_eq!(splitter.push("Größe\n".as_bytes()), [text("Größe\n")]);
        assert!(!splitter.waits());
    }

    #[test]
    fn a_control_line_is_seen_after_unterminated_text() {
        let complete = || Event::Complete(COMPLETE.to_owned());
        assert_eq!(events(b"abcEVCXR_EXECUTION_COMPLETE\n"), [text("abc"), complete()]);
        assert_eq!(events("\u{e9}\nEVCXR_EXECUTION_COMPLETE\n".as_bytes()), [text("\u{e9}\n"), complete()]);
        let panic = Event::Panicked(PANIC.to_owned());
        let marked = "\u{1}softness-panic one\u{2}two\nEVCXR_PANIC_NOTIFICATION\n";
        assert_eq!(events(marked.as_bytes()), [Event::Panic("one\ntwo".to_owned()), panic]);
    }

    #[test]
    fn a_question_is_text_because_nobody_answers() {
        assert_eq!(events(b"EVCXR_INPUT_REQUEST:Your name: \n"), [text("Your name: \n")]);
        assert_eq!(events(b"EVCXR_INPUT_REQUEST_PASSWORD:Word\n"), [text("Word\n")]);
    }

    #[test]
    fn what_only_looks_like_a_control_line_is_text() {
        assert_eq!(events(b"EVERY day\n"), [text("EVERY day\n")]);
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(b"score: EV"), [text("score: ")]);
        assert!(splitter.waits());
        assert_eq!(splitter.give_up(), Some(text("EV")));
        // Half a control line is not given up: its end is on its way.
        assert!(splitter.push(b"EVCXR_EXECUTION_COMPLETE").is_empty());
        assert_eq!(splitter.give_up(), None);
    }

    #[test]
    fn outputs_are_blocks_or_one_line() {
        let block = |mime: &str, content: &str| Event::Block { mime: mime.into(), content: content.into() };
        assert_eq!(
            events(b"EVCXR_BEGIN_CONTENT text/plain\n1\n2\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\nx\nEVCXR_END_CONTENT\n"),
            [block("text/plain", "1\n2"), block("text/html", "x")]
        );
        let line = "\u{1}softness-output {\"id\": \"a\", \"data\": {\"text/plain\": \"x\\ny\"}}\n";
        let [Event::Output { id, data, metadata }] = &events(line.as_bytes())[..] else {
            panic!("one output")
        };
        assert_eq!((id.as_deref(), &data["text/plain"]), (Some("a"), &Value::from("x\ny")));
        assert!(metadata.is_empty());
    }

    #[test]
    fn an_unfinished_character_waits_for_its_end() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(&"a\u{e9}".as_bytes()[..2]), [text("a")]);
        assert_eq!(splitter.push(&"\u{e9}".as_bytes()[1..]), [text("\u{e9}")]);
    }
}
