//! The cell that runs, or ran last: where its outputs go, and how it ended.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jupyter_protocol::{
    DisplayData, JupyterMessage, JupyterMessageContent, Media, Stdio, StreamContent, Transient,
    UpdateDisplayData,
};
use serde_json::{Map, Value};
use tokio::sync::mpsc::Sender;

use crate::problem::Problem;
use crate::streams::Event;
use crate::text::of_cells;

/// How long the text of an error waits for the end of its cell. On a busy machine the two are apart.
const ERROR_PATIENCE: Duration = Duration::from_secs(2);

/// What the standard library writes before it ends the process, and what that means.
const LAST_WORDS: [(&str, &str); 3] = [
    (
        "has overflowed its stack",
        "its stack overflowed: a recursion does not end, or a local value is too large for the stack",
    ),
    ("memory allocation of", "it asked for more memory than there is"),
    ("caused non-unwinding panic", "a panic in a `drop` cannot be caught there: the panic is above"),
];

/// The sentence of a panic that the hook of the process has not seen.
const NO_MESSAGE: &str = "The cell panicked. Its message did not come here: a cell has set a panic hook, or this panic is an earlier \
                          one that goes on.";

/// How long text waits for more.
const TEXT_PATIENCE: Duration = Duration::from_millis(40);
/// How much text waits at most, in bytes.
const TEXT_LENGTH: usize = 1 << 15;

/// A value's MIME types, with metadata.
#[derive(Debug, Default, Clone)]
pub struct Bundle {
    /// The MIME types.
    pub data: Map<String, Value>,
    /// About them.
    pub metadata: Map<String, Value>,
    /// Whether another block of the same value may follow.
    pub open: bool,
}

/// Publishes what cells write. The thread that listens and the one that evaluates share it.
#[derive(Debug, Clone)]
pub struct Desk {
    iopub: Sender<JupyterMessage>,
    cell: Arc<Mutex<Cell>>,
    /// The outputs that can be replaced. They outlive their cells.
    known: Arc<Mutex<HashSet<String>>>,
    /// How often the process that runs the cells has started.
    starts: Arc<AtomicU64>,
}

/// The cell.
#[derive(Debug, Default)]
pub struct Cell {
    /// The request that it came with.
    pub request: Option<JupyterMessage>,
    /// How a `?` or a panic ended it.
    problem: Option<Problem>,
    /// Why the process may have ended.
    reason: Option<&'static str>,
    /// Variables with their values, if it asked for them.
    pub values: Vec<(String, String)>,
    /// Nothing that it writes is shown.
    pub mute: bool,
    /// Text that waits for more, so that it does not arrive in small pieces.
    text: Option<(Stdio, String, Instant)>,
    /// The value that was shown last, until it is known whether it is the cell's result.
    pending: Option<Bundle>,
    /// The text of an error that may be about to end it.
    error: Option<(String, Instant)>,
    /// The message of a panic that may be about to end it.
    panic: Option<String>,
    /// Variables that evcxr has forgotten because their types are no longer the same.
    redefined: Vec<String>,
}

impl Desk {
    /// A desk without a cell.
    pub fn new(iopub: Sender<JupyterMessage>) -> Self {
        Self { iopub, cell: Arc::default(), known: Arc::default(), starts: Arc::default() }
    }

    /// The cell.
    pub fn cell(&self) -> MutexGuard<'_, Cell> {
        self.cell.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new cell. Returns the one before.
    pub fn begin(&self, request: Option<JupyterMessage>, mute: bool) -> Cell {
        std::mem::replace(&mut *self.cell(), Cell { request, mute, ..Cell::default() })
    }

    /// Goes back to an earlier cell: what its threads write is shown there.
    pub fn resume(&self, cell: Cell) {
        *self.cell() = cell;
    }

    /// How often the process that runs the cells has started.
    pub fn starts(&self) -> u64 {
        self.starts.load(Ordering::SeqCst)
    }

    /// The variables whose types are no longer the same, since this was last asked.
    pub fn take_redefined(&self) -> Vec<String> {
        let mut cell = self.cell();
        self.show_texts(&mut cell);
        std::mem::take(&mut cell.redefined)
    }

    /// How the cell ended: with which problem, and why its process may have ended.
    pub fn ended(&self) -> (Option<Problem>, Option<&'static str>) {
        let mut cell = self.cell();
        (cell.problem.take(), cell.reason.take())
    }

    /// Publishes a message that belongs to this request.
    pub fn publish(&self, content: impl Into<JupyterMessageContent>, request: Option<&JupyterMessage>) {
        // The only error is that the kernel is shutting down.
        let _ = self.iopub.blocking_send(JupyterMessage::new(content, request));
    }

    /// Publishes an output, after the text that waits.
    fn publish_in(&self, cell: &mut Cell, content: impl Into<JupyterMessageContent>) {
        self.show_text(cell);
        if !cell.mute {
            self.publish(content, cell.request.as_ref());
        }
    }

    /// Text, which waits for more of its kind.
    fn add_text(&self, cell: &mut Cell, name: Stdio, text: &str) {
        if cell.text.as_ref().is_some_and(|(other, ..)| !same(other, &name)) {
            self.show_text(cell);
        }
        let (_, waiting, _) = cell.text.get_or_insert_with(|| (name, String::new(), Instant::now()));
        waiting.push_str(text);
        if waiting.len() >= TEXT_LENGTH {
            self.show_text(cell);
        }
    }

    fn show_text(&self, cell: &mut Cell) {
        let Some((name, mut text, _)) = cell.text.take() else { return };
        if same(&name, &Stdio::Stderr) {
            // By now a line that came in pieces is whole.
            let (rest, redefined) = of_cells(&text);
            text = rest;
            cell.redefined.extend(redefined);
        }
        if !cell.mute && !text.is_empty() {
            self.publish(StreamContent { name, text }, cell.request.as_ref());
        }
    }

    /// Text on standard error. The text of an error waits: it may be about to end the cell.
    pub fn error_text(&self, text: &str, is_error: bool) {
        let mut cell = self.cell();
        self.show_error(&mut cell);
        if is_error {
            cell.error = Some((text.to_owned(), Instant::now()));
        } else {
            let said = LAST_WORDS.iter().find(|(words, _)| text.contains(words));
            cell.reason = said.map(|(_, reason)| *reason).or(cell.reason);
            self.add_text(&mut cell, Stdio::Stderr, text);
        }
    }

    /// A sentence of the kernel itself, shown at once.
    pub fn say(&self, sentence: &str) {
        let mut cell = self.cell();
        self.add_text(&mut cell, Stdio::Stderr, &format!("{sentence}\n"));
        self.show_text(&mut cell);
    }

    /// What happened on standard output, except lines that evcxr must hear.
    pub fn happened(&self, event: Event) {
        let mut cell = self.cell();
        // What has arrived on standard output by then says nothing about the text of an error, which came another way: only the
        // end of the cell tells whether that ended it.
        if matches!(event, Event::Panic(_) | Event::Panicked(_) | Event::Complete(_) | Event::Started(_)) {
            self.show_error(&mut cell);
        }
        match event {
            Event::Text(text) => {
                self.show_pending(&mut cell);
                self.add_text(&mut cell, Stdio::Stdout, &text);
            }
            Event::Block { mime, content } => {
                let ends = |bundle: &Bundle| !bundle.open || bundle.data.contains_key(&mime);
                if cell.pending.as_ref().is_some_and(ends) {
                    self.show_pending(&mut cell);
                }
                let bundle = cell.pending.get_or_insert_with(|| Bundle { open: true, ..Bundle::default() });
                let is_json = mime.contains("json");
                let json = is_json.then(|| serde_json::from_str(&content).ok()).flatten();
                bundle.data.insert(mime, json.unwrap_or(Value::from(content)));
            }
            Event::Output { id: None, data, metadata } => {
                self.show_pending(&mut cell);
                cell.pending = Some(Bundle { data, metadata, open: false });
            }
            Event::Output { id: Some(id), data, metadata } => {
                let (data, transient) = (media(data), Transient { display_id: Some(id.clone()) });
                if self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
                    self.show_pending(&mut cell);
                    self.publish_in(&mut cell, DisplayData { data, metadata, transient: Some(transient) });
                } else {
                    // It is of an earlier output, so the value that waits may still be the cell's result.
                    self.publish_in(&mut cell, UpdateDisplayData { data, metadata, transient });
                }
            }
            Event::Panic(sentence) => {
                self.show_panic(&mut cell);
                cell.panic = Some(sentence);
            }
            Event::Failed(_) => {
                let text = cell.error.take().map(|(text, _)| text);
                let text = text.as_deref().unwrap_or("The cell ended in an error; its text is above.");
                cell.problem = Some(Problem::error(text));
            }
            Event::Panicked(_) => {
                let text = cell.panic.take();
                let text = text.as_deref().unwrap_or(NO_MESSAGE);
                cell.problem = Some(Problem::panic(text));
            }
            Event::Value { name, text } => {
                // The value says that its `Debug` panicked.
                cell.panic = None;
                cell.values.push((name, text));
            }
            Event::Complete(_) => self.show_text(&mut cell),
            Event::Control(_) | Event::Runs => {}
            Event::Started(_) => {
                self.show_text(&mut cell);
                self.starts.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Shows text that has waited long enough.
    pub fn show_old_text(&self) {
        let mut cell = self.cell();
        if cell.text.as_ref().is_some_and(|(_, _, since)| since.elapsed() >= TEXT_PATIENCE) {
            self.show_text(&mut cell);
        }
    }

    /// Shows what waits for more that does not come.
    pub fn no_more_yet(&self) {
        let mut cell = self.cell();
        self.show_text(&mut cell);
        if cell.error.as_ref().is_some_and(|(_, since)| since.elapsed() > ERROR_PATIENCE) {
            self.show_error(&mut cell);
        }
        self.show_pending(&mut cell);
    }

    /// Whether something waits.
    pub fn waits(&self) -> bool {
        let cell = self.cell();
        cell.pending.is_some() || cell.error.is_some() || cell.text.is_some()
    }

    /// The cell's result: the value that was shown last, if nothing came after it.
    pub fn end(&self) -> Option<Bundle> {
        let mut cell = self.cell();
        self.show_texts(&mut cell);
        cell.pending.take()
    }

    /// Shows everything, before the error that ended the cell.
    pub fn end_in_error(&self) {
        let mut cell = self.cell();
        self.show_texts(&mut cell);
        self.show_pending(&mut cell);
    }

    /// Shows all text that waits.
    fn show_texts(&self, cell: &mut Cell) {
        self.show_error(cell);
        self.show_panic(cell);
        self.show_text(cell);
    }

    fn show_pending(&self, cell: &mut Cell) {
        if let Some(Bundle { data, metadata, .. }) = cell.pending.take() {
            self.publish_in(cell, DisplayData { data: media(data), metadata, transient: None });
        }
    }

    /// An error that the cell itself printed.
    fn show_error(&self, cell: &mut Cell) {
        if let Some((sentence, _)) = cell.error.take() {
            self.add_text(cell, Stdio::Stderr, &format!("{sentence}\n"));
        }
    }

    /// A panic that the cell caught.
    fn show_panic(&self, cell: &mut Cell) {
        if let Some(sentence) = cell.panic.take() {
            self.add_text(cell, Stdio::Stderr, &format!("{sentence}\n"));
        }
    }
}

fn same(one: &Stdio, other: &Stdio) -> bool {
    matches!((one, other), (Stdio::Stdout, Stdio::Stdout) | (Stdio::Stderr, Stdio::Stderr))
}

/// MIME types as a message carries them. What Jupyter's types do not take becomes plain text.
pub fn media(data: Map<String, Value>) -> Media {
    let text = data.get("text/plain").and_then(Value::as_str).unwrap_or_default().to_owned();
    serde_json::from_value(Value::Object(data))
        .unwrap_or_else(|_| Media::from(vec![jupyter_protocol::MediaType::Plain(text)]))
}
