//! evcxr, with what the kernel adds to a run: interrupts, and how it failed. Variables, their values, and the ways to lose them.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use evcxr::{CommandContext, CompilationError, EvalOutputs};

use crate::cell::Desk;
use crate::impls::Inserted;
use crate::interrupt::{GRACE, Interrupted, Interrupts, STOP};
use crate::problem::{Problem, unless_it_panics};
use crate::stale::{self, Stale};
use crate::streams::Event;
use crate::{FOLDER, KERNEL, definitions, patience, place, shell, syntax, values};

/// How long the process that runs the cells may take to start again.
const NEXT_PROCESS: Duration = Duration::from_secs(10);
/// How often variables are forgotten until a cell compiles: the compiler may name some only when others are gone.
const ROUNDS: usize = 4;
/// evcxr's command for a new process, and one that it does not know. At that it fails, so it does not take back the names of the
/// variables, with which every later cell would fail.
const RESTART: &str = ":restart\n:end";

/// A variable: name, type, value.
pub type Variable = (String, String, String);

/// evcxr.
pub struct Engine {
    desk: Desk,
    interrupts: Interrupts,
    /// evcxr, or why it could not start.
    context: Result<CommandContext, Problem>,
    /// How often variables were forgotten.
    forgotten: usize,
    /// What keeps the code that ran last from compiling.
    stale: Stale,
    /// Whether that code fails only where its value is shown.
    fails_at_value: bool,
    /// Variables that were forgotten because of that.
    gone: Vec<String>,
    runs: u64,
}

impl Engine {
    /// Starts evcxr and loads what cells need.
    pub fn new(desk: Desk, interrupts: Interrupts, folder: &Path) -> Self {
        let context = start(folder);
        if let Ok(context) = &context {
            interrupts.of_process(context.process_handle());
        }
        Self {
            desk,
            interrupts,
            context,
            forgotten: 0,
            stale: Stale::default(),
            fails_at_value: false,
            gone: Vec::new(),
            runs: 0,
        }
    }

    /// evcxr itself.
    pub fn context(&mut self) -> Result<&mut CommandContext, Problem> {
        self.context.as_mut().map_err(|problem| problem.clone())
    }

    /// Runs code to its end, an interrupt included.
    pub fn run(&mut self, code: &str) -> Result<EvalOutputs, Problem> {
        self.run_cell(code, code, &Inserted::default())
    }

    /// Runs the code of a cell with this source, to which names have been added. Variables that no longer compile are forgotten first.
    pub fn run_cell(
        &mut self,
        code: &str,
        source: &str,
        inserted: &Inserted,
    ) -> Result<EvalOutputs, Problem> {
        let (mut code, mut inserted) = (code.to_owned(), inserted.clone());
        for _ in 0..ROUNDS {
            let ran = self.attempt(&code, source, &inserted);
            if std::mem::take(&mut self.fails_at_value)
                && let Some(more) = syntax::show_with_debug(&mut code)
            {
                inserted.extend(more);
                continue;
            }
            let stale = std::mem::take(&mut self.stale);
            if stale.names.is_empty() {
                return ran;
            }
            self.forget_stale(&stale, source)?;
        }
        self.attempt(&code, source, &inserted)
    }

    /// These errors of code in full. Of an error in what evcxr writes round the last expression, it keeps only a note or a help, and looks
    /// no further for a way to show the value. A check of the code without that has the error itself. If it has none, only the value
    /// cannot be shown in this way; if it has the note as well, the types of variables are to blame.
    fn in_full(&mut self, errors: Vec<CompilationError>, code: &str) -> Vec<CompilationError> {
        let is_part = |error: &CompilationError| !["error", "warning"].contains(&error.level());
        let Some(context) = self.context.as_mut().ok().filter(|_| errors.iter().any(is_part)) else {
            return errors;
        };
        let Some(Ok(found)) = unless_it_panics(|| context.check(code)) else { return errors };
        let is_own = |error: &CompilationError| error.level() == "error" && place::is_mainly_in_cell(error);
        if found.iter().any(is_own) {
            return found.into_iter().filter(is_own).collect();
        }
        self.fails_at_value = !errors.iter().any(is_own) && stale::of(&found, &self.types()).names.is_empty();
        errors
    }

    /// Runs code once.
    fn attempt(&mut self, code: &str, source: &str, inserted: &Inserted) -> Result<EvalOutputs, Problem> {
        (self.stale, self.fails_at_value) = (Stale::default(), false);
        let context = self.context.as_mut().map_err(|problem| problem.clone())?;
        self.runs += 1;
        self.interrupts.begin(self.runs);
        patience::with(self.runs, &self.interrupts, &self.desk);
        let starts = self.desk.starts();
        let result = unless_it_panics(|| context.execute(code));
        let ended = matches!(result, Some(Err(evcxr::Error::SubprocessTerminated(_))));
        if ended {
            self.wait_for_start(starts);
        }
        let interrupted = self.interrupts.end();
        let (problem, reason) = self.desk.ended();
        let result = result.ok_or_else(Problem::of_evcxr)?;
        match (interrupted, result, problem) {
            (Interrupted::Late, ..) => {
                Err(Problem::killed(&format!("The cell did not stop within {} s", GRACE.as_secs())))
            }
            (Interrupted::Twice, ..) => Err(Problem::killed("The cell was interrupted twice")),
            (_, Err(error), _) if ended => Err(Problem::of_end(&error, reason)),
            (Interrupted::Early | Interrupted::Asked, Ok(_), Some(problem)) => {
                Err(Problem::interrupted(problem.sentence()))
            }
            (Interrupted::Early | Interrupted::Asked, Err(_), _) => Err(Problem::interrupted_early()),
            (_, Err(evcxr::Error::CompilationErrors(errors)), _) => {
                let errors = self.in_full(errors, code);
                if !self.fails_at_value {
                    self.stale = stale::of(&errors, &self.types());
                }
                Err(Problem::of_cell(&evcxr::Error::CompilationErrors(errors), source, inserted))
            }
            (_, Err(error), _) => Err(Problem::of_cell(&error, source, inserted)),
            (_, Ok(_), Some(problem)) => Err(problem),
            (_, Ok(outputs), None) => Ok(outputs),
        }
    }

    /// Runs commands in a shell, up to one that fails.
    pub fn shell(&mut self, commands: &[String]) -> Result<(), Problem> {
        self.runs += 1;
        self.interrupts.begin(self.runs);
        let desk = self.desk.clone();
        let show = move |text: &str, is_error: bool, more: bool| {
            match is_error {
                _ if text.is_empty() => {}
                true => desk.error_text(text, false),
                false => desk.happened(Event::Text(text.to_owned())),
            }
            if !more {
                desk.no_more_yet();
            }
        };
        let result = commands.iter().try_for_each(|command| shell::run(command, &show));
        match self.interrupts.end() {
            Interrupted::No => result,
            _ => result.map_err(|_| {
                Problem::interrupted("The command was interrupted; variables are as they were.")
            }),
        }
    }

    /// What the process wrote last comes before the first line of the next one.
    fn wait_for_start(&self, starts: u64) {
        let until = Instant::now() + NEXT_PROCESS;
        while self.desk.starts() == starts && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The names of all variables.
    pub fn names(&self) -> Vec<String> {
        let variables = self.context.iter().flat_map(CommandContext::variables_and_types);
        variables.map(|(name, _)| name.to_owned()).collect()
    }

    /// All variables with their types.
    fn types(&self) -> Vec<(String, String)> {
        let variables = self.context.iter().flat_map(CommandContext::variables_and_types);
        variables.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect()
    }

    /// The variables that were forgotten because their types no longer compile, since this was last asked.
    pub fn take_gone(&mut self) -> Vec<String> {
        std::mem::take(&mut self.gone)
    }

    /// All variables, or only that of this name.
    pub fn variables(&mut self, only: Option<&str>) -> Result<Vec<Variable>, Problem> {
        let mut rows: Vec<Variable> = self
            .context()?
            .variables_and_types()
            .filter(|(name, _)| only.is_none_or(|only| only == *name))
            .map(|(name, kind)| (name.to_owned(), kind.to_owned(), String::new()))
            .collect();
        rows.sort();
        Ok(rows)
    }

    /// Fills in the values.
    pub fn add_values(&mut self, rows: &mut [Variable]) -> Result<(), Problem> {
        if rows.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        let ran = self.run(&values::code(&names));
        let found = std::mem::take(&mut self.desk.cell().values);
        for row in rows {
            let value = found.iter().find(|(name, _)| *name == row.0);
            row.2 = value.map_or_else(String::new, |(_, text)| values::short(text));
        }
        match ran {
            // Without values the list is still right.
            Err(problem) if problem.is_of_compiler() => Ok(()),
            other => other.map(drop),
        }
    }

    /// Removes the variables whose types have one of these names in them, if the code compiles, and returns their names. evcxr sees
    /// that only of some types; of the others it would read the old values as if they were new ones.
    pub fn forget(&mut self, changed: &BTreeSet<String>, code: &str) -> Result<Vec<String>, Problem> {
        let context = self.context()?;
        let of_them = |(_, kind): &(&str, &str)| definitions::mentions(kind, changed);
        let mut names: Vec<String> =
            context.variables_and_types().filter(of_them).map(|(name, _)| name.to_owned()).collect();
        names.sort();
        // evcxr's analysis finds faults with code of its own, such as texts that are kept.
        let is_fault =
            |error: &evcxr::CompilationError| error.level() == "error" && error.is_from_user_code();
        let compiles = |errors: Vec<evcxr::CompilationError>| !errors.iter().any(is_fault);
        if names.is_empty() || !context.check(code).is_ok_and(compiles) {
            return Ok(Vec::new());
        }
        self.forgotten += 1;
        self.run(&values::forgetting(&names, self.forgotten, FOLDER))?;
        Ok(names)
    }

    /// Forgets variables that keep a cell with this source from compiling, and says so.
    fn forget_stale(&mut self, stale: &Stale, source: &str) -> Result<(), Problem> {
        let before = self.names();
        let names: Vec<String> = stale.names.iter().cloned().collect();
        self.forgotten += 1;
        let code = values::forgetting(&names, self.forgotten, FOLDER);
        let ran = self.attempt(&code, &code, &Inserted::default());
        let mut why = "this cell changes what their types mean";
        if let Err(problem) = ran {
            if !problem.is_of_compiler() {
                return Err(problem);
            }
            // The variables keep every cell from compiling.
            why =
                "their types were known only in the cells that made them, such as those that a macro defines";
            let _ = self.attempt(&stale::forgetting(stale), "", &Inserted::default());
            self.desk.take_redefined();
            if self.names().iter().any(|name| stale.names.contains(name)) {
                why = "the types of some of them no longer compile";
                self.restart()?;
            }
        }
        self.stale = Stale::default();
        let now = self.names();
        let mut gone: Vec<String> = before.into_iter().filter(|name| !now.contains(name)).collect();
        gone.sort();
        let own = syntax::variables(source);
        let said: Vec<&str> =
            gone.iter().map(String::as_str).filter(|name| !own.iter().any(|own| own == name)).collect();
        if !said.is_empty() {
            self.desk.say(&format!("Gone, because {why}: {}.", said.join(", ")));
        }
        self.gone.extend(gone);
        Ok(())
    }

    /// Starts the process that runs the cells again.
    pub fn restart(&mut self) -> Result<(), Problem> {
        let starts = self.desk.starts();
        let ran = self.attempt(RESTART, "", &Inserted::default());
        self.wait_for_start(starts);
        self.desk.take_redefined();
        match ran {
            Err(problem) if self.desk.starts() == starts || !self.names().is_empty() => Err(problem),
            _ => Ok(()),
        }
    }

    /// Forgets everything, and loads again what cells need.
    pub fn clear(&mut self) -> Result<(), Problem> {
        let starts = self.desk.starts();
        self.run(":clear")?;
        self.wait_for_start(starts);
        load(self.context()?)
    }
}

/// Starts evcxr, and loads what cells need.
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
    load(&mut context)?;
    Ok(context)
}

/// Loads the configuration that cells need. No warning is ever shown; of a variable that cannot be kept, evcxr would return the cell's
/// warnings in place of the error.
fn load(context: &mut CommandContext) -> Result<(), Problem> {
    for code in [":load_config --quiet", "#![allow(warnings)]"] {
        context.execute(code).map_err(|error| Problem::of(&error, ""))?;
    }
    Ok(())
}
