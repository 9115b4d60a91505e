//! The thread that evaluates: it takes Jupyter's requests in their order.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use evcxr::{CommandContext, EvalCallbacks, EvalOutputs};
use jupyter_protocol::{
    CommClose, ExecuteInput, ExecuteReply, ExecuteRequest, ExecuteResult, ExecutionCount, HistoryReply,
    InputRequest, InspectReply, IsCompleteReply, IsCompleteReplyStatus, JupyterMessage,
    JupyterMessageContent, ReplyStatus, Status,
};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::Sender;

use crate::assist;
use crate::cell::{Bundle, Desk, media};
use crate::interrupt::{GRACE, Interrupted, Interrupts, STOP};
use crate::magic::{self, Request};
use crate::private::Private;
use crate::problem::{Problem, unless_it_panics};
use crate::streams::Event;
use crate::syntax::{self, Definitions};
use crate::{FOLDER, KERNEL, NOTE, text, values};

/// How long cells that are on their way may take to arrive, so that they are skipped after an error.
const ON_ITS_WAY: Duration = Duration::from_millis(20);

/// How long the process that runs the cells may take to start again.
const NEXT_PROCESS: Duration = Duration::from_secs(10);

/// The way to the user's keyboard.
#[derive(Debug)]
pub struct Input {
    /// Questions.
    pub questions: Sender<JupyterMessage>,
    /// Answers.
    pub answers: Receiver<JupyterMessage>,
}

/// What evaluates.
pub struct Evaluator {
    desk: Desk,
    replies: Sender<JupyterMessage>,
    input: Input,
    interrupts: Interrupts,
    /// evcxr, or why it could not start.
    context: Result<CommandContext, Problem>,
    private: Private,
    definitions: Definitions,
    /// How often variables were forgotten.
    forgotten: usize,
    /// Whether the first cell was interrupted before it ran.
    interrupted_early: bool,
    /// What the first cell shows above its outputs.
    note: Option<String>,
    count: usize,
    cells: u64,
}

impl Evaluator {
    /// Starts evcxr and loads what cells need.
    pub fn new(
        desk: Desk,
        replies: Sender<JupyterMessage>,
        input: Input,
        interrupts: Interrupts,
        folder: &Path,
    ) -> Self {
        desk.begin(None, true);
        let context = start(folder);
        if let Ok(context) = &context {
            interrupts.of_process(context.process_handle());
        }
        let interrupted_early = interrupts.loaded();
        let note = std::env::var(NOTE).ok();
        let facade = std::env::var_os("EVCXR_CONFIG_DIR").map(PathBuf::from);
        let private = facade.map(|config| Private::in_folder(&config.with_file_name("softness").join("src")));
        let private = private.unwrap_or_default();
        Self {
            desk,
            replies,
            input,
            interrupts,
            context,
            private,
            definitions: Definitions::default(),
            forgotten: 0,
            interrupted_early,
            note,
            count: 0,
            cells: 0,
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
                let Ok(context) = &mut self.context else {
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
        if let Some(sentence) = magic::unknown(&execute.code) {
            return Err(Problem::error(&sentence));
        }
        match magic::read(&execute.code) {
            Request::Run { code, timed } => {
                let start = Instant::now();
                if let Some(line) = syntax::return_of_the_cell(&code) {
                    return Err(Problem::error(&format!(
                        "`return` in line {line} would end the cell, and a cell cannot end early: put what follows into an `else`, or \
                         the code into a function. `Err(\"..\")?` ends a cell with an error."
                    )));
                }
                self.forget_variables_of_changed_types(&code)?;
                let (before, starts) = (self.names(), self.desk.starts());
                let outputs = self.evaluate(&code, execute.allow_stdin);
                if outputs.as_ref().err().is_none_or(Problem::is_of_running_code) {
                    self.definitions.keep(&code);
                }
                // If the process has ended, all variables are lost, and the error says so.
                let note = || self.lost_since(&before).filter(|_| self.desk.starts() == starts);
                let outputs = outputs.map_err(|problem| problem.with_note(note()))?;
                let result = self.desk.end();
                let command =
                    assist::command_output(&outputs).map(|data| Bundle { data, ..Bundle::default() });
                if timed {
                    let build = compile_time(&outputs);
                    let whole = start.elapsed();
                    let text = format!(
                        "{:.2} s, of which {:.2} s to compile",
                        whole.as_secs_f64(),
                        build.as_secs_f64()
                    );
                    self.desk.happened(Event::Text(text + "\n"));
                    self.desk.no_more_yet();
                }
                Ok(result.or(command))
            }
            Request::About(name) => {
                let context = self.context.as_mut().map_err(|problem| problem.clone())?;
                let about = assist::about(context, &self.private, &name);
                let (plain, html) = about.ok_or_else(|| {
                    Problem::error(&format!("`{name}`: there is no documentation of this name."))
                })?;
                Ok(Some(text_and_html(plain, html)))
            }
            Request::Variables => {
                let rows = self.variables()?;
                if rows.is_empty() {
                    return Ok(Some(text_and_html("no variables".to_owned(), "no variables".to_owned())));
                }
                let (text, html) = values::table(&rows);
                Ok(Some(text_and_html(text, html)))
            }
        }
    }

    /// Removes the variables whose types the code, if it compiles, defines in another way. evcxr sees that only of some types; of the
    /// others it would read the old values as if they were new ones.
    fn forget_variables_of_changed_types(&mut self, code: &str) -> Result<(), Problem> {
        let changed = self.definitions.changed_by(code);
        if changed.is_empty() {
            return Ok(());
        }
        let context = self.context.as_mut().map_err(|problem| problem.clone())?;
        let of_them = |(_, kind): &(&str, &str)| syntax::mentions(kind, &changed);
        let mut names: Vec<String> =
            context.variables_and_types().filter(of_them).map(|(name, _)| name.to_owned()).collect();
        names.sort();
        // evcxr's analysis finds faults with code of its own, such as texts that are kept.
        let is_fault =
            |error: &evcxr::CompilationError| error.level() == "error" && error.is_from_user_code();
        let compiles = |errors: Vec<evcxr::CompilationError>| !errors.iter().any(is_fault);
        if names.is_empty() || !context.check(code).is_ok_and(compiles) {
            return Ok(());
        }
        self.forgotten += 1;
        self.evaluate(&values::forgetting(&names, self.forgotten, FOLDER), false)?;
        let sentence = format!("Gone, because this cell changes their types: {}.\n", names.join(", "));
        self.desk.error_text(&sentence, false);
        Ok(())
    }

    /// The names of all variables.
    fn names(&self) -> Vec<String> {
        let variables = self.context.iter().flat_map(CommandContext::variables_and_types);
        variables.map(|(name, _)| name.to_owned()).collect()
    }

    /// What to say of variables that were there `before` a cell that failed: it has moved them, or declared them anew.
    fn lost_since(&self, before: &[String]) -> Option<String> {
        let now = self.names();
        let mut lost: Vec<String> = before.iter().filter(|name| !now.contains(name)).cloned().collect();
        lost.sort();
        let sentence = "Gone, because this cell moved or redeclared them before it failed";
        (!lost.is_empty()).then(|| format!("{sentence}: {}.", lost.join(", ")))
    }

    /// Name, type and value of all variables.
    fn variables(&mut self) -> Result<Vec<(String, String, String)>, Problem> {
        let context = self.context.as_mut().map_err(|problem| problem.clone())?;
        let mut rows: Vec<(String, String, String)> = context
            .variables_and_types()
            .map(|(name, kind)| (name.to_owned(), kind.to_owned(), String::new()))
            .collect();
        rows.sort();
        let names: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        if !names.is_empty() && self.evaluate(&values::code(&names), false).is_ok() {
            let found = std::mem::take(&mut self.desk.cell().values);
            for row in &mut rows {
                let value = found.iter().find(|(name, _)| *name == row.0);
                row.2 = value.map_or_else(String::new, |(_, text)| values::short(text));
            }
        }
        Ok(rows)
    }

    fn inspect(&mut self, code: &str, offset: usize) -> InspectReply {
        let name = text::name_at(code, offset).to_owned();
        let Ok(context) = &mut self.context else { return InspectReply::default() };
        let kind = context
            .variables_and_types()
            .find(|(variable, _)| *variable == name)
            .map(|(_, kind)| kind.to_owned());
        let found = match kind {
            Some(kind) => {
                let ran = self.evaluate(&values::code(&[&name]), false).is_ok();
                let value = std::mem::take(&mut self.desk.cell().values).pop().filter(|_| ran);
                let value = value.map_or_else(String::new, |(_, text)| values::short(&text));
                let plain = format!("{name}: {kind}\n{value}").trim_end().to_owned();
                let html = format!("<pre>{}</pre>", text::escaped(&plain));
                Some((plain, html))
            }
            None => assist::documentation(context, code, text::name_end(code, offset)),
        };
        let found = found.map(|(text, html)| text_and_html(text, html).data);
        InspectReply {
            found: found.is_some(),
            data: media(found.unwrap_or_default()),
            ..InspectReply::default()
        }
    }

    /// Runs code to its end, an interrupt included.
    fn evaluate(&mut self, code: &str, may_ask: bool) -> Result<EvalOutputs, Problem> {
        let context = self.context.as_mut().map_err(|problem| problem.clone())?;
        self.cells += 1;
        self.interrupts.begin(self.cells);
        let request = self.desk.cell().request.clone().filter(|_| may_ask);
        let input = &self.input;
        let mut callbacks = EvalCallbacks {
            input_reader: &|question| input.ask(request.as_ref(), &question.prompt, question.is_password),
        };
        let starts = self.desk.starts();
        let result = unless_it_panics(|| context.execute_with_callbacks(code, &mut callbacks));
        if matches!(result, Some(Err(evcxr::Error::SubprocessTerminated(_)))) {
            // What the process wrote last comes before the first line of the next one.
            let until = Instant::now() + NEXT_PROCESS;
            while self.desk.starts() == starts && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let interrupted = self.interrupts.end();
        let problem = self.desk.cell().problem.take();
        let result = result.ok_or_else(Problem::of_evcxr)?;
        match (interrupted, result, problem) {
            (Interrupted::Killed, ..) => Err(Problem::interrupted(&format!(
                "The cell did not stop within {} s, so its process was ended. Variables are lost; imports, functions and types remain. \
                 Sessions in training resume from the store.",
                GRACE.as_secs()
            ))),
            (Interrupted::Asked, Ok(_), Some(problem)) => Err(Problem::interrupted(problem.sentence())),
            (Interrupted::Asked, Err(_), _) => {
                Err(Problem::interrupted("Interrupted before the cell ran; variables are as they were."))
            }
            (_, Err(error), _) => Err(Problem::of(&error, code)),
            (_, Ok(_), Some(problem)) => Err(problem),
            (_, Ok(outputs), None) => Ok(outputs),
        }
    }
}

impl Input {
    /// Asks the user; without somebody to ask, the answer is empty.
    fn ask(&self, request: Option<&JupyterMessage>, prompt: &str, password: bool) -> String {
        let Some(request) = request else { return String::new() };
        let question = InputRequest { prompt: prompt.to_owned(), password };
        if self.questions.blocking_send(JupyterMessage::new(question, Some(request))).is_err() {
            return String::new();
        }
        match self.answers.recv().map(|message| message.content) {
            Ok(JupyterMessageContent::InputReply(reply)) => reply.value,
            _ => String::new(),
        }
    }
}

fn stops_on_error(request: &JupyterMessage) -> bool {
    matches!(&request.content, JupyterMessageContent::ExecuteRequest(execute) if execute.stop_on_error)
}

fn text_and_html(text: String, html: String) -> Bundle {
    let data = json!({ "text/plain": text, "text/html": html });
    let Value::Object(data) = data else { return Bundle::default() };
    Bundle { data, ..Bundle::default() }
}

/// The time until the code could run.
fn compile_time(outputs: &EvalOutputs) -> Duration {
    outputs.phases.iter().filter(|phase| phase.name != "Execution").map(|phase| phase.duration).sum()
}

/// Starts evcxr, and loads the configuration that cells need.
fn start(folder: &Path) -> Result<CommandContext, Problem> {
    let program = std::env::current_exe().map_err(|error| Problem::error(&error.to_string()))?;
    let mut cells = std::process::Command::new(program);
    cells.env(KERNEL, "1").env(FOLDER, folder).env(STOP, folder.join("stop"));
    let (context, outputs) =
        evcxr::EvalContext::with_subprocess_command(cells).map_err(|error| Problem::of(&error, ""))?;
    // What cells write does not come this way; evcxr waits until these are empty.
    std::thread::spawn(move || outputs.stdout.iter().for_each(drop));
    std::thread::spawn(move || outputs.stderr.iter().for_each(|line| eprintln!("{line}")));
    let mut context = CommandContext::with_eval_context(context);
    context.execute(":load_config --quiet").map_err(|error| Problem::of(&error, ""))?;
    Ok(context)
}
