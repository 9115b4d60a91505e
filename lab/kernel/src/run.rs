//! Runs the code of a cell, and says which variables are gone afterwards, and why.

use std::time::{Duration, Instant};

use evcxr::EvalOutputs;
use serde_json::Value;

use crate::cell::Bundle;
use crate::evaluator::{Evaluator, said, text_in_lines};
use crate::problem::Problem;
use crate::streams::Event;
use crate::{assist, macros, magic, shell, statics, syntax};

/// What evcxr says of a new level of optimisation.
const LEVEL: &str = "Optimization: ";
/// And of the times of cells.
const TIMING: &str = "Timing: ";
/// And of the types of values.
const TYPES: &str = "Types: ";

impl Evaluator {
    /// Runs code and returns its result. An error says which earlier items the code did not replace.
    pub(crate) fn run_code(&mut self, code: &str, timed: bool) -> Result<Option<Bundle>, Problem> {
        let ran = self.run_lines(code, timed);
        ran.map_err(|problem| {
            if problem.is_of_compiler() {
                self.errors = Some(problem.numbers());
            }
            let staying = self.definitions.staying(code).filter(|_| !problem.says_what_is_there());
            problem.with_note(staying)
        })
    }

    /// What the error with this number means, or the last errors if there is none.
    pub(crate) fn explain(&self, number: &str) -> Result<Bundle, Problem> {
        let last = self.errors.clone().filter(|_| number.is_empty());
        let numbers = last.unwrap_or_else(|| vec![number.to_owned()]);
        if numbers == [""] {
            return Err(Problem::error(
                "No cell has failed to compile so far: `:explain E0382` explains that error.",
            ));
        }
        let texts = numbers.iter().map(|number| Ok(format!("{number}: {}", shell::explained(number)?)));
        let texts = texts.collect::<Result<Vec<_>, Problem>>()?;
        match &texts[..] {
            [] => Err(Problem::error("The compiler has no explanation of the last error.")),
            texts => Ok(text_in_lines(texts.join("\n\n"))),
        }
    }

    /// Runs code and returns its result.
    fn run_lines(&mut self, code: &str, timed: bool) -> Result<Option<Bundle>, Problem> {
        let start = Instant::now();
        if let Some(line) = syntax::return_of_the_cell(code) {
            return Err(Problem::error(&format!(
                "`return` in line {line} would end the cell, and a cell cannot end early: put what follows into an `else`, or \
                 the code into a function. `Err(\"..\")?` ends a cell with an error."
            )));
        }
        if syntax::is_unreadable(code) {
            return Err(Problem::error(
                "This cell cannot be read, and nothing ran: a brace or the end of a comment is out of place.",
            ));
        }
        let (commands, code) = magic::without_shell(code);
        if !commands.is_empty() {
            self.engine.shell(&commands)?;
        }
        let (exported, mut inserted) = macros::exported(&code);
        let mut prepared = self.impls.prepare(&exported);
        inserted.extend(std::mem::take(&mut prepared.inserted));
        let own = syntax::variables(&code);
        self.forget_variables_of_changed_types(&prepared.code, &own)?;
        let (before, starts) = (self.engine.names(), self.desk.starts());
        if !before.is_empty() && syntax::has_only_items(&code) {
            // With a statement, evcxr compiles the variables as well, so what does not fit them is seen in this cell.
            prepared.code += "\n();";
        }
        self.warn_of_statics(&code);
        let outputs = self.engine.run_cell(&prepared.code, &code, &inserted);
        if outputs.as_ref().err().is_none_or(Problem::keeps_definitions) {
            self.definitions.keep(&code);
            if !prepared.gone.is_empty() {
                self.desk.say(&format!(
                    "Gone, because the `impl` of this cell replaces an earlier one: {}.",
                    prepared.gone.join(", ")
                ));
            }
            self.impls.keep(prepared);
        }
        let redefined = self.redefined(&own, &code);
        let lost = self.lost_since(&before, &redefined);
        // If the process has ended, all variables are lost, and the error says so.
        let lost = if self.desk.starts() == starts { lost } else { Vec::new() };
        let outputs = match outputs {
            Ok(outputs) => outputs,
            Err(problem) if problem.loses_variables() => {
                self.moved.clear();
                return Err(problem);
            }
            Err(problem) => {
                let sentence = "Gone, because this cell moved or redeclared them before it failed";
                let of_lost = (!lost.is_empty()).then(|| format!("{sentence}: {}.", lost.join(", ")));
                let of_moved = self.moved_earlier(&problem);
                return Err(problem.with_note(of_lost).with_note(of_moved));
            }
        };
        let now = self.engine.names();
        let own = own.into_iter().filter(|name| !now.contains(name) && !redefined.contains(name));
        self.moved.extend(own.chain(lost));
        let result = self.desk.end().filter(|value| !is_unit(value));
        let command = assist::command_output(&outputs).map(|data| Bundle { data, ..Bundle::default() });
        // `:timing` alone runs nothing.
        if timed || outputs.timing.is_some() && !outputs.phases.is_empty() {
            let (whole, build) = (start.elapsed(), compile_time(&outputs));
            let text =
                format!("{:.2} s, of which {:.2} s to compile", whole.as_secs_f64(), build.as_secs_f64());
            self.desk.happened(Event::Text(text + "\n"));
            self.desk.no_more_yet();
        }
        Ok(result.or(command.map(in_words)))
    }

    /// Removes the variables whose types the code, if it compiles, defines in another way, and says so of those that it does not define
    /// anew.
    fn forget_variables_of_changed_types(&mut self, code: &str, own: &[String]) -> Result<(), Problem> {
        let changed = self.definitions.changed_by(code);
        if changed.is_empty() {
            return Ok(());
        }
        let mut names = self.engine.forget(&changed, code)?;
        names.retain(|name| !own.contains(name));
        if !names.is_empty() {
            let sentence = format!("Gone, because this cell changes their types: {}.", names.join(", "));
            self.desk.say(&sentence);
        }
        Ok(())
    }

    /// Says which values will not last.
    fn warn_of_statics(&self, code: &str) {
        let of_cell = statics::of_the_cell(code);
        let mut names = statics::that_change(code);
        names.retain(|name| !of_cell.contains(name));
        let ends = if of_cell.len() == 1 { "ends" } else { "end" };
        let last = "what is to last needs a variable: `let x = ..;`.";
        for (names, before, after) in [
            (names, "Every cell has its own ", ", with the first value;".to_owned()),
            (of_cell, "", format!(" {ends} with this cell;")),
        ] {
            if !names.is_empty() {
                let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                self.desk.happened(Event::Text(format!("{before}{names}{after} {last}\n")));
            }
        }
    }

    /// The variables that were there `before` this code and that it has moved, without those that are gone for another reason.
    fn lost_since(&mut self, before: &[String], redefined: &[String]) -> Vec<String> {
        let (now, stale) = (self.engine.names(), self.engine.take_gone());
        self.moved.retain(|name| !now.contains(name));
        let is_gone =
            |name: &&String| !now.contains(name) && !redefined.contains(name) && !stale.contains(name);
        let mut lost: Vec<String> = before.iter().filter(is_gone).cloned().collect();
        lost.sort();
        lost
    }

    /// The variables that are gone because their types are others now, and says so. evcxr then forgets the variable of this name that the
    /// cell itself makes, too.
    fn redefined(&self, own: &[String], code: &str) -> Vec<String> {
        let mut names = self.desk.take_redefined();
        let now = self.engine.names();
        names.retain(|name| !now.contains(name));
        names.sort();
        names.dedup();
        if !names.is_empty() {
            let mut sentence = format!("Gone, because the type is another one now: {}.", names.join(", "));
            if syntax::changes_all_types(code) {
                sentence += " After a new `:dep`, another `:opt`, or a first `.await`, all types of cells are others.";
            }
            if names.iter().any(|name| own.contains(name)) {
                sentence += " What this cell makes under such a name is there when the cell has run again.";
            }
            self.desk.say(&sentence);
        }
        names
    }

    /// What to say of variables that this problem misses and that earlier cells have moved.
    fn moved_earlier(&self, problem: &Problem) -> Option<String> {
        let is_missed = |name: &&String| problem.shows(&format!("cannot find value `{name}`"));
        let names: Vec<&str> = self.moved.iter().filter(is_missed).map(String::as_str).collect();
        let name = names.first()?;
        Some(format!(
            "Moved in an earlier cell: {}. Make it again; there, write `&{name}` if a reference is enough, or `{name}.clone()` if it can be \
             cloned.",
            names.join(", ")
        ))
    }
}

/// Whether a value says nothing: that of a loop, or of a function that returns nothing, also with its type.
fn is_unit(value: &Bundle) -> bool {
    let text = value.data.get("text/plain").and_then(Value::as_str);
    value.data.len() == 1 && text.is_some_and(|text| ["()", ": () = ()"].contains(&text))
}

/// The time until the code could run.
fn compile_time(outputs: &EvalOutputs) -> Duration {
    outputs.phases.iter().filter(|phase| phase.name != "Execution").map(|phase| phase.duration).sum()
}

/// What a command of evcxr says, in words if it is `:opt`, which alone changes the level too, `:timing` or
/// `:types`.
fn in_words(command: Bundle) -> Bundle {
    let text = command.data.get("text/plain").and_then(Value::as_str).unwrap_or_default().trim();
    if let Some(level) = text.strip_prefix(LEVEL).filter(|level| !level.contains('\n')) {
        return said(&format!(
            "Cells are compiled with optimisation level {level} from now on. `:opt 3` sets another level; `:opt` alone changes to 2, and \
             from 2 to 0."
        ));
    }
    match text.strip_prefix(TIMING) {
        Some("true") => said("From now on each cell says how long it took, until the next `:timing`."),
        Some("false") => said("Cells no longer say how long they took."),
        _ => match text.strip_prefix(TYPES) {
            Some("true") => said("From now on each value is shown with its type, until the next `:types`."),
            Some("false") => said("Values are shown without their types."),
            _ => command,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_plainly(text: &str) -> Bundle {
        let mut data = said(text).data;
        data.remove("text/html");
        Bundle { data, ..Bundle::default() }
    }

    #[test]
    fn what_opt_and_timing_change_is_said_in_words() {
        let text = |command: &str| {
            let shown = in_words(said(command)).data;
            shown.get("text/plain").and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        assert!(
            text("Optimization: 2\n")
                .starts_with("Cells are compiled with optimisation level 2 from now on.")
        );
        assert!(text("Timing: true").starts_with("From now on each cell says how long it took"));
        assert_eq!(text("Timing: false"), "Cells no longer say how long they took.");
        assert!(text("Types: true").starts_with("From now on each value is shown with its type"));
        assert_eq!(text("Types: false"), "Values are shown without their types.");
        assert!(is_unit(&said_plainly("()")) && is_unit(&said_plainly(": () = ()")));
        assert!(!is_unit(&said_plainly(": u8 = 1")));
        assert_eq!(text("Optimization: 2\nTiming: true"), "Optimization: 2\nTiming: true");
    }
}
