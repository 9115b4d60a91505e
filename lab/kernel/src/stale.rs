//! Variables of earlier cells whose types no longer compile: a name in them now means something else, or was known only in the cell that
//! made them. Every cell loads all variables, so one such variable would make every cell fail.

use std::collections::BTreeSet;

use evcxr::CompilationError;

use crate::definitions::mentions;
use crate::place::{ESCAPES, line_with_mark};

/// How evcxr's lines begin that look at a variable, load it, and keep it.
const LOADS: [&str; 2] = ["check_variable::<", "take_variable::<"];
const KEEPS: &str = "put_variable::<";

/// Variables that must be forgotten, and the types that the compiler does not find.
#[derive(Debug, Default, PartialEq)]
pub struct Stale {
    /// The variables.
    pub names: BTreeSet<String>,
    /// The types, if each has a plain name.
    pub unknown: BTreeSet<String>,
}

/// The `variables`, with their types, at which all of these errors are; nothing if one of them is elsewhere.
pub fn of(errors: &[CompilationError], variables: &[(String, String)]) -> Stale {
    let mut stale = Stale::default();
    for error in errors.iter().filter(|error| error.level() != "warning") {
        let message = error.message();
        let (line, marked) = place(error).unwrap_or_default();
        let Some(names) = names_at(error.level(), &message, line, marked, variables) else {
            if error.code() == Some(ESCAPES) {
                continue;
            }
            return Stale::default();
        };
        stale.names.extend(names);
        stale.unknown.extend(unknown_type(&message).map(str::to_owned));
    }
    stale
}

/// The variables at which an error is, or nothing if it is elsewhere. If the reason is an item of a cell, evcxr keeps only the compiler's
/// note about that item.
fn names_at(
    level: &str,
    message: &str,
    line: &str,
    marked: &str,
    variables: &[(String, String)],
) -> Option<BTreeSet<String>> {
    if level == "note" {
        let in_ticks = message.split('`').skip(1).step_by(2);
        let is_definition = message.contains("defined here");
        let words: BTreeSet<String> =
            if is_definition { [marked.to_owned()].into() } else { in_ticks.map(str::to_owned).collect() };
        let names = variables.iter().filter(|(_, kind)| mentions(kind, &words));
        let names: BTreeSet<String> = names.map(|(name, _)| name.clone()).collect();
        return (!names.is_empty()).then_some(names);
    }
    let is_known = |name: &str| variables.iter().any(|(known, _)| known == name);
    let of_line = |begin: &str| {
        let (_, rest) = line.split_once(begin)?.1.rsplit_once(">(stringify!(")?;
        rest.split(')').next().filter(|name| is_known(name))
    };
    if level != "error" {
        return None;
    }
    if let Some(name) = LOADS.into_iter().find_map(of_line) {
        return Some([name.to_owned()].into());
    }
    if of_line(KEEPS).is_some() {
        return Some(BTreeSet::new());
    }
    // In its analysis, evcxr has each variable as an argument of a function.
    let line = line.trim();
    let argument = line.strip_prefix("mut ").unwrap_or(line);
    let is_of = |(name, kind): &&(String, String)| argument == format!("{name}: {kind},");
    variables.iter().find(is_of).map(|(name, _)| [name.clone()].into())
}

/// The line at which an error is, and what the compiler marks in it.
fn place(error: &CompilationError) -> Option<(&str, &str)> {
    let text = line_with_mark(error)?;
    let line = text["text"].as_str()?;
    let column = |name: &str| {
        let letters = usize::try_from(text[name].as_u64()?).ok()?.checked_sub(1)?;
        Some(line.char_indices().nth(letters).map_or(line.len(), |(at, _)| at))
    };
    let (start, end) = (column("highlight_start")?, column("highlight_end")?);
    Some((line, line.get(start..end).unwrap_or_default()))
}

/// The type that is not found.
fn unknown_type(message: &str) -> Option<&str> {
    message.strip_prefix("cannot find type `")?.strip_suffix("` in this scope")
}

/// A type that takes up to three types.
const ANY: &str =
    "<A: ?Sized = (), B: ?Sized = (), C: ?Sized = ()>(std::marker::PhantomData<(fn(&A), fn(&B), fn(&C))>);";

/// Code that makes evcxr forget variables whose types are not found: with types of these names it compiles, evcxr sees that the types are
/// other ones, forgets the variables, and compiles the code again, which then fails. So the types are forgotten as well.
pub fn forgetting(stale: &Stale) -> String {
    let types: String = stale.unknown.iter().map(|name| format!("struct {name}{ANY}\n")).collect();
    let names: String = stale.names.iter().map(|name| format!("let _ = &{name};\n")).collect();
    format!("{types}{{\n{names}}};")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Vec<(String, String)> {
        let pair = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
        vec![pair("r", "Result<i32, String>"), pair("n", "u8")]
    }

    fn at(level: &str, message: &str, line: &str, marked: &str) -> Option<Vec<String>> {
        names_at(level, message, line, marked, &variables()).map(|names| names.into_iter().collect())
    }

    #[test]
    fn a_variable_whose_type_does_not_compile_is_found() {
        let r = Some(vec!["r".to_owned()]);
        let check = "vars_ok &= evcxr_variable_store.check_variable::<Result<i32, String>>(stringify!(r));";
        assert_eq!(at("error", "type alias takes 1", check, "Result"), r);
        let load = "let mut r = evcxr_variable_store.take_variable::<Result<i32, String>>(stringify!(r));";
        assert_eq!(at("error", "type alias takes 1", load, "Result"), r);
        let keep = "evcxr_variable_store.put_variable::<Result<i32, String>>(stringify!(r), r);";
        assert_eq!(at("error", "type alias takes 1", keep, "Result"), Some(vec![]));
        assert_eq!(at("error", "mismatched types", &keep.replace("!(r)", "!(new)"), "new"), None);
        assert_eq!(at("error", "cannot find value `x`", "let y = x;", "x"), None);
        let noted = "type alias defined here, with 1 generic parameter: `T`";
        assert_eq!(at("note", noted, "type Result<T> = Option<T>;", "Result"), r);
        let ambiguous = "`Result` could refer to the type alias imported here";
        assert_eq!(at("note", ambiguous, "use m::*;", "m::*"), r);
        assert_eq!(at("note", "`f` could refer to the function", "use m::*;", "m::*"), None);
        assert_eq!(at("error", "type alias takes 1", "mut r: Result<i32, String>,\n", "Result"), r);
    }

    #[test]
    fn types_that_are_not_found_are_named() {
        assert_eq!(unknown_type("cannot find type `M` in this scope"), Some("M"));
        assert_eq!(unknown_type("cannot find type `M` in module `m`"), None);
        let stale = Stale { names: ["a".to_owned()].into(), unknown: ["M".to_owned()].into() };
        assert_eq!(forgetting(&stale), format!("struct M{ANY}\n{{\nlet _ = &a;\n}};"));
    }
}
