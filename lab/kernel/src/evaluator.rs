//! The thread that evaluates: it takes Jupyter's requests in their order.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use jupyter_protocol::{
    CommClose, ExecuteInput, ExecuteReply, ExecuteRequest, ExecuteResult, ExecutionCount, HistoryReply,
    InspectReply, IsCompleteReply, IsCompleteReplyStatus, JupyterMessage, JupyterMessageContent, ReplyStatus,
    Status,
};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::Sender;

use crate::assist;
use crate::cell::{Bundle, Desk, media};
use crate::cursor::{Under, under};
use crate::definitions::Definitions;
use crate::engine::Engine;
use crate::impls::Impls;
use crate::interrupt::Interrupts;
use crate::magic::{self, Request};
use crate::private::Private;
use crate::problem::Problem;
use crate::streams::Event;
use crate::syntax::without_macros_around;
use crate::{NOTE, text, values};

/// How long cells that are on their way may take to arrive, so that they are skipped after an error.
const ON_ITS_WAY: Duration = Duration::from_millis(20);

/// What evaluates.
pub struct Evaluator {
    pub(crate) desk: Desk,
    replies: Sender<JupyterMessage>,
    pub(crate) engine: Engine,
    private: Private,
    pub(crate) definitions: Definitions,
    pub(crate) impls: Impls,
    /// The variables that earlier cells have moved.
    pub(crate) moved: BTreeSet<String>,
    /// The numbers of the errors of the last cell that did not compile.
    pub(crate) errors: Option<Vec<String>>,
    /// Whether the first cell was interrupted before it ran.
    interrupted_early: bool,
    /// What the first cell shows above its outputs.
    note: Option<String>,
    count: usize,
}

impl Evaluator {
    /// Starts evcxr and loads what cells need.
    pub fn new(desk: Desk, replies: Sender<JupyterMessage>, interrupts: Interrupts, folder: &Path) -> Self {
        desk.begin(None, true);
        let engine = Engine::new(desk.clone(), interrupts.clone(), folder);
        let interrupted_early = interrupts.loaded();
        let note = std::env::var(NOTE).ok();
        let facade = std::env::var_os("EVCXR_CONFIG_DIR").map(PathBuf::from);
        let private = facade.map(|config| Private::in_folder(config.with_file_name("softness").join("src")));
        let private = private.unwrap_or_default();
        Self {
            desk,
            replies,
            engine,
            private,
            definitions: Definitions::default(),
            impls: Impls::default(),
            moved: BTreeSet::new(),
            errors: None,
            interrupted_early,
            note,
            count: 0,
        }
    }

    /// Answers requests until there are no more.
    pub fn run(mut self, requests: &Receiver<JupyterMessage>) {
        let mut waiting = VecDeque::new();
        while let Some(request) = waiting.pop_front().or_else(|| requests.recv().ok()) {
            self.desk.publish(Status::busy(), Some(&request));
            let reply = self.answer(&request);
            let failed = matches!(&reply, Some(JupyterMessageContent::ExecuteReply(reply)) if reply.status == ReplyStatus::Error);
            let mut skipped = Vec::new();
            if failed && stops_on_error(&request) {
                let until = Instant::now() + ON_ITS_WAY;
                while let Ok(next) = requests.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    waiting.push_back(next);
                }
                let is_cell = |message: &JupyterMessage| {
                    matches!(message.content, JupyterMessageContent::ExecuteRequest(_))
                };
                let (cells, others): (Vec<_>, Vec<_>) = waiting.drain(..).partition(is_cell);
                skipped = cells;
                waiting.extend(others);
            }
            self.finish(&request, reply);
            for request in skipped {
                self.desk.publish(Status::busy(), Some(&request));
                let reply = ExecuteReply {
                    status: ReplyStatus::Aborted,
                    execution_count: ExecutionCount::new(self.count),
                    ..ExecuteReply::default()
                };
                self.finish(&request, Some(reply.into()));
            }
        }
    }

    fn finish(&self, request: &JupyterMessage, reply: Option<JupyterMessageContent>) {
        if let Some(reply) = reply {
            let _ = self.replies.blocking_send(JupyterMessage::new(reply, Some(request)));
        }
        self.desk.publish(Status::idle(), Some(request));
    }

    fn answer(&mut self, request: &JupyterMessage) -> Option<JupyterMessageContent> {
        Some(match &request.content {
            JupyterMessageContent::ExecuteRequest(execute) => self.execute(request, execute).into(),
            JupyterMessageContent::CompleteRequest(complete) => {
                let Ok(context) = self.engine.context() else {
                    return Some(jupyter_protocol::CompleteReply::default().into());
                };
                assist::complete(context, &self.private, &complete.code, complete.cursor_pos).into()
            }
            JupyterMessageContent::InspectRequest(inspect) => {
                let offset = text::byte_offset(&inspect.code, inspect.cursor_pos);
                self.inspect(&inspect.code, offset).into()
            }
            JupyterMessageContent::IsCompleteRequest(_) => {
                IsCompleteReply { status: IsCompleteReplyStatus::Unknown, indent: String::new() }.into()
            }
            JupyterMessageContent::HistoryRequest(_) => HistoryReply::default().into(),
            JupyterMessageContent::CommOpen(open) => {
                self.desk
                    .publish(CommClose { comm_id: open.comm_id.clone(), data: Map::new() }, Some(request));
                return None;
            }
            _ => return None,
        })
    }

    fn execute(&mut self, request: &JupyterMessage, execute: &ExecuteRequest) -> ExecuteReply {
        if !execute.silent {
            self.count += usize::from(execute.store_history);
            let count = ExecutionCount::new(self.count);
            self.desk
                .publish(ExecuteInput { code: execute.code.clone(), execution_count: count }, Some(request));
        }
        let count = ExecutionCount::new(self.count);
        let before = self.desk.begin(Some(request.clone()), execute.silent);
        if let Some(note) = self.note.take() {
            self.desk.happened(Event::Text(note + "\n"));
        }
        let outcome = self.run_cell(execute);
        let (status, error) = match outcome {
            Ok(result) => {
                if let Some(Bundle { data, metadata, .. }) = result.filter(|_| !execute.silent) {
                    let result = ExecuteResult {
                        execution_count: count,
                        data: media(data),
                        metadata,
                        transient: None,
                    };
                    self.desk.publish(result, Some(request));
                }
                (ReplyStatus::Ok, None)
            }
            Err(problem) => {
                self.desk.end_in_error();
                if !execute.silent {
                    self.desk.publish(problem.output(), Some(request));
                }
                (ReplyStatus::Error, Some(Box::new(problem.reply())))
            }
        };
        if execute.silent {
            self.desk.resume(before);
        }
        let user_expressions = Some(std::collections::HashMap::new());
        ExecuteReply { status, execution_count: count, payload: Vec::new(), user_expressions, error }
    }

    /// Runs a cell and returns its result.
    fn run_cell(&mut self, execute: &ExecuteRequest) -> Result<Option<Bundle>, Problem> {
        if std::mem::take(&mut self.interrupted_early) {
            return Err(Problem::interrupted(
                "Interrupted while the kernel was loading; the cell did not run.",
            ));
        }
        if let Some(sentence) = magic::refused(&execute.code) {
            return Err(Problem::error(&sentence));
        }
        match magic::read(&execute.code) {
            Request::Run { code, timed } => self.run_code(&code, timed),
            Request::About(name) => {
                // A call or a macro is looked up by its name.
                let name = name.trim_end_matches("()").trim_end_matches('!').to_owned();
                let about = assist::about(self.engine.context()?, &self.private, &name);
                let (plain, html) = about.ok_or_else(|| {
                    Problem::error(&format!("`{name}`: there is no documentation of this name."))
                })?;
                Ok(Some(text_and_html(plain, html)))
            }
            Request::Explain(number) => self.explain(&number).map(Some),
            Request::Variables => {
                let mut rows = self.engine.variables(None)?;
                self.engine.add_values(&mut rows)?;
                if !self.engine.take_gone().is_empty() {
                    rows = self.engine.variables(None)?;
                    self.engine.add_values(&mut rows)?;
                }
                if rows.is_empty() {
                    return Ok(Some(said("no variables")));
                }
                let (text, html) = values::table(&rows);
                Ok(Some(text_and_html(text, html)))
            }
            Request::Shell(commands) => self.engine.shell(&commands).map(|()| None),
            Request::Restart => {
                self.engine.restart()?;
                self.moved.clear();
                Ok(Some(said(
                    "The process that runs the cells was started again. Variables are gone; imports, functions and types remain.",
                )))
            }
            Request::Clear => {
                self.engine.clear()?;
                self.definitions = Definitions::default();
                self.impls = Impls::default();
                self.moved.clear();
                Ok(Some(said(
                    "The kernel is as at its start: variables, imports, functions and types of cells are gone.",
                )))
            }
        }
    }

    /// What Shift+Tab shows: a variable's type and value, or documentation. If the process ends on the way, both the answer and the
    /// cell that ran last say so.
    fn inspect(&mut self, code: &str, offset: usize) -> InspectReply {
        let code = &without_macros_around(code, offset);
        let under = under(code, offset);
        let mut rows = match &under {
            Under::Variable(name) => self.engine.variables(Some(name)).unwrap_or_default(),
            _ => Vec::new(),
        };
        let failed = self.engine.add_values(&mut rows).err();
        if let Some(problem) = failed.as_ref().filter(|problem| problem.loses_variables()) {
            self.desk.say(problem.sentence());
        }
        let found = match rows.pop() {
            Some((name, kind, value)) => {
                let value = failed.as_ref().map_or(value.as_str(), Problem::sentence);
                let plain = format!("{name}: {kind}\n{value}").trim_end().to_owned();
                let html = format!("<pre>{}</pre>", text::escaped(&plain));
                Some((plain, html))
            }
            None => self
                .engine
                .context()
                .ok()
                .and_then(|context| assist::about_name(context, code, offset, &under)),
        };
        let found = found.map(|(text, html)| text_and_html(text, html).data);
        InspectReply {
            found: found.is_some(),
            data: media(found.unwrap_or_default()),
            ..InspectReply::default()
        }
    }
}

fn stops_on_error(request: &JupyterMessage) -> bool {
    matches!(&request.content, JupyterMessageContent::ExecuteRequest(execute) if execute.stop_on_error)
}

/// A sentence as a result.
pub(crate) fn said(sentence: &str) -> Bundle {
    text_and_html(sentence.to_owned(), text::escaped(sentence))
}

/// Text of several lines as a result.
pub(crate) fn text_in_lines(text: String) -> Bundle {
    let html = format!("<pre>{}</pre>", text::escaped(&text));
    text_and_html(text, html)
}

fn text_and_html(text: String, html: String) -> Bundle {
    let data = json!({ "text/plain": text, "text/html": html });
    let Value::Object(data) = data else { return Bundle::default() };
    Bundle { data, ..Bundle::default() }
}
