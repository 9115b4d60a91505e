//! evcxr, with what the kernel adds to a run: interrupts, and how it failed. Variables, their values, and the ways to lose them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use evcxr::{CommandContext, EvalOutputs};

use crate::cell::Desk;
use crate::impls::Inserted;
use crate::interrupt::{GRACE, Interrupted, Interrupts, STOP};
use crate::problem::{Problem, unless_it_panics};
use crate::streams::Event;
use crate::{FOLDER, KERNEL, patience, shell, syntax, values};

/// How long the process that runs the cells may take to start again.
const NEXT_PROCESS: Duration = Duration::from_secs(10);

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
    runs: u64,
}

impl Engine {
    /// Starts evcxr and loads what cells need.
    pub fn new(desk: Desk, interrupts: Interrupts, folder: &Path) -> Self {
        let context = start(folder);
        if let Ok(context) = &context {
            interrupts.of_process(context.process_handle());
        }
        Self { desk, interrupts, context, forgotten: 0, runs: 0 }
    }

    /// evcxr itself.
    pub fn context(&mut self) -> Result<&mut CommandContext, Problem> {
        self.context.as_mut().map_err(|problem| problem.clone())
    }

    /// Runs code to its end, an interrupt included.
    pub fn run(&mut self, code: &str) -> Result<EvalOutputs, Problem> {
        self.run_cell(code, code, Inserted::default())
    }

    /// Runs the code of a cell with this source, to which names have been added.
    pub fn run_cell(&mut self, code: &str, source: &str, inserted: Inserted) -> Result<EvalOutputs, Problem> {
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
        let of_them = |(_, kind): &(&str, &str)| syntax::mentions(kind, changed);
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

    /// Starts the process that runs the cells again. evcxr's own `:restart` would keep the names of the variables, and every later cell
    /// would fail; if the process ends by itself, it forgets them.
    pub fn restart(&mut self) -> Result<(), Problem> {
        let process = self.context()?.process_handle();
        let _ = process.lock().unwrap_or_else(PoisonError::into_inner).kill();
        match self.run("();") {
            Err(problem) if !problem.loses_variables() => Err(problem),
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
