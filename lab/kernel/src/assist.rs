//! Completion and documentation.

use std::collections::HashSet;

use evcxr::{CommandContext, EvalOutputs};
use jupyter_protocol::{CompleteReply, ReplyStatus};
use serde_json::{Map, json};

use crate::private::{Owner, Private};
use crate::problem::unless_it_panics;
use crate::text::{
    byte_offset, char_offset, escaped, name_at, without_links, without_own_links, without_stops,
};

/// Whether evcxr's own code brings this name into every cell.
fn is_internal(code: &str) -> bool {
    code.starts_with("evcxr_") || code.starts_with("__")
}

/// The variables and items of earlier cells whose names begin as the word before this position does, for when
/// rust-analyzer panics: it does at most places of an expression if a variable has a generic type.
fn names(context: &CommandContext, code: &str, offset: usize) -> CompleteReply {
    let word = name_at(&code[..offset], offset);
    let before = code[..offset - word.len()].chars().next_back();
    let mut matches: Vec<String> = Vec::new();
    if !matches!(before, Some('.' | ':')) {
        let known = context.variables_and_types().map(|(name, _)| name).chain(context.defined_item_names());
        matches =
            known.filter(|name| name.starts_with(word) && !is_internal(name)).map(str::to_owned).collect();
        matches.sort();
    }
    let cursor_end = char_offset(code, offset);
    let cursor_start = cursor_end - word.chars().count();
    CompleteReply { matches, cursor_start, cursor_end, ..CompleteReply::default() }
}

/// What comes before a completion, in code that ends in `.` or `::`.
fn owner(context: &mut CommandContext, before: &str) -> Owner {
    // A cell's own item may have the name of one of the library.
    let is_own = |name: &str| context.defined_item_names().any(|own| own == name);
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let word = |text: &str| text[text.trim_end_matches(is_part).len()..].to_owned();
    if let Some(before) = before.strip_suffix("::") {
        let path = word(before);
        let name = last(&path);
        let is_ours = path == name && !is_own(&name) || path.starts_with("softness::");
        return match name.chars().next() {
            Some(first) if is_ours && first.is_uppercase() => Owner::Type(name),
            Some(_) if path.starts_with("softness") => Owner::Module(path),
            _ => Owner::Unknown,
        };
    }
    let Some(before) = before.strip_suffix('.') else { return Owner::Unknown };
    type_of(context, before).map_or(Owner::Unknown, |kind| owner_of_type(&kind))
}

/// The type of what code ends with, if it is a variable, an element of one, or a call.
fn type_of(context: &mut CommandContext, code: &str) -> Option<String> {
    if let Some(code) = code.strip_suffix('?') {
        return Some(parameter_of(&type_of(context, code)?, &["Result<", "Option<"])?.to_owned());
    }
    if let Some(open) = code.strip_suffix(']').and_then(|code| opening(code, '[', ']')) {
        let kind = type_of(context, &code[..open])?;
        return Some(parameter_of(&kind, &["Vec<", "["])?.to_owned());
    }
    if let Some(open) = code.strip_suffix(')').and_then(|code| opening(code, '(', ')')) {
        let (text, _) = documentation(context, code, open)?;
        // The path, the signature, and then what it does.
        let kind = text.split("\n\n\n").next()?.rsplit_once("-> ")?.1.trim();
        let place = text.lines().next()?.rsplit("::").next()?;
        return Some(if kind.contains("Self") { kind.replace("Self", place) } else { kind.to_owned() });
    }
    let name = name_at(code, code.len());
    if code[..code.len() - name.len()].ends_with(['.', ':']) {
        return None;
    }
    let known = context.variables_and_types().find(|(variable, _)| *variable == name);
    known.map(|(_, kind)| kind.to_owned()).or_else(|| {
        // A variable of this cell: `let session: &Session`.
        let (text, _) = documentation(context, code, code.len())?;
        let rest = text.lines().find_map(|line| line.split_once(name)?.1.strip_prefix(": "))?;
        Some(rest.trim().to_owned())
    })
}

/// Where the bracket opens that this code, without the closing one, is in.
fn opening(code: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    code.char_indices().rev().find_map(|(at, letter)| {
        depth += i32::from(letter == close) - i32::from(letter == open);
        (depth < 0).then_some(at)
    })
}

/// The first parameter of a type that begins like one of these after its path.
fn parameter_of<'a>(kind: &'a str, beginnings: &[&str]) -> Option<&'a str> {
    let start = kind.find(['<', '['])?;
    let path = kind[..start].rfind("::").map_or(0, |at| at + 2);
    let kind = kind[path..].trim_start_matches('&');
    let inner = beginnings.iter().find_map(|beginning| kind.strip_prefix(beginning))?;
    let mut depth = 0;
    let end = inner.find(|letter| {
        depth += i32::from(['<', '(', '['].contains(&letter)) - i32::from(['>', ')', ']'].contains(&letter));
        depth < 0 || depth == 0 && [',', ';'].contains(&letter)
    });
    Some(inner[..end?].trim())
}

/// A type by its name, without what it is made of.
fn owner_of_type(kind: &str) -> Owner {
    let path = kind.split('<').next().unwrap_or(kind).trim_start_matches('&').trim();
    Owner::Type(path.rsplit("::").next().unwrap_or(path).to_owned())
}

/// The completions at this position, counted in characters.
pub fn complete(
    context: &mut CommandContext,
    private: &Private,
    code: &str,
    position: usize,
) -> CompleteReply {
    let offset = byte_offset(code, position);
    let found = match unless_it_panics(|| context.completions(code, offset)) {
        Some(Ok(found)) => found,
        Some(Err(_)) => {
            return CompleteReply {
                cursor_start: position,
                cursor_end: position,
                ..CompleteReply::default()
            };
        }
        None => return names(context, code, offset),
    };
    let (start, end) = (char_offset(code, found.start_offset), char_offset(code, found.end_offset));
    let mut completions: Vec<_> = found.completions.iter().filter(|item| !is_internal(&item.code)).collect();
    // rust-analyzer's order puts what belongs to the type first; what a blanket trait adds comes last.
    // After a dot, rust-analyzer's "instance" is a field.
    let is_member = code[..found.start_offset].ends_with('.');
    let kind = |kind| if is_member && kind == "instance" { "field" } else { kind };
    let owner = owner(context, &code[..found.start_offset]);
    let methods: HashSet<&str> =
        completions.iter().filter_map(|item| Some(item.code.split_once('(')?.0)).collect();
    completions.retain(|item| {
        // A field with a method of its name is what the method returns.
        let is_behind_method = is_member && methods.contains(item.code.as_str());
        !is_behind_method && !private.has(&owner, kind(item.kind), &item.code)
    });
    // Fields come after methods: those of other crates' types may be private, which rust-analyzer does not say.
    completions.sort_by_key(|item| (is_general(&item.code), kind(item.kind) == "field"));
    let types: Vec<_> = completions
        .iter()
        .map(|item| json!({ "text": without_stops(&item.code), "type": item.kind, "signature": item.label, "start": start, "end": end }))
        .collect();
    let mut metadata = Map::new();
    metadata.insert("_jupyter_types_experimental".to_owned(), types.into());
    CompleteReply {
        matches: completions.iter().map(|item| without_stops(&item.code)).collect(),
        cursor_start: start,
        cursor_end: end,
        metadata,
        status: ReplyStatus::Ok,
        error: None,
    }
}

/// Functions that derived traits give.
const DERIVED: [&str; 16] = [
    "clamp",
    "clone",
    "cmp",
    "default",
    "eq",
    "fmt",
    "from",
    "ge",
    "gt",
    "hash",
    "le",
    "lt",
    "max",
    "min",
    "ne",
    "partial_cmp",
];

/// Methods that every type has.
fn is_general(code: &str) -> bool {
    const GENERAL: [&str; 10] = [
        "into(",
        "try_into(",
        "borrow(",
        "borrow_mut(",
        "to_owned(",
        "clone_into(",
        "type_id(",
        "clone_from(",
        "by_ref(",
        "inspect_err(",
    ];
    GENERAL.iter().any(|name| code.starts_with(name))
}

/// What is known about a name: its documentation, and the methods if it is a type. As text and as HTML.
pub fn about(context: &mut CommandContext, private: &Private, name: &str) -> Option<(String, String)> {
    let (text, html) = documentation(context, name, name.len())?;
    let methods = methods(context, private, name);
    if methods.is_empty() {
        return Some((text, html));
    }
    let list: Vec<String> =
        methods.iter().map(|method| format!("<li><code>{}</code></li>", escaped(method))).collect();
    Some((
        format!("{text}\n\nMethods:\n  {}", methods.join("\n  ")),
        format!("{html}<p>Methods:</p><ul>{}</ul>", list.concat()),
    ))
}

/// The documentation of the name that ends here. A method comes before a field of its name, which may be private: at the end of the name
/// rust-analyzer finds the field, and behind the bracket of a call the method.
pub fn at_name(context: &mut CommandContext, code: &str, end: usize) -> Option<(String, String)> {
    let start = end - name_at(code, end).len();
    let (before, after) = code.split_at(end);
    if code[..start].ends_with('.') {
        let called = if after.starts_with('(') { code.to_owned() } else { format!("{before}(){after}") };
        let method = documentation(context, &called, end + 1).filter(|(text, _)| text.contains("fn "));
        if method.is_some() {
            return method;
        }
    }
    documentation(context, code, end)
}

/// The documentation at this position in bytes, as text and as HTML.
fn documentation(context: &mut CommandContext, code: &str, offset: usize) -> Option<(String, String)> {
    let (text, html) = unless_it_panics(|| context.hover_at(code, offset))?.ok()?;
    (text != "No documentation found").then(|| (without_links(&text), without_own_links(&html)))
}

/// The methods and functions of a type, as rust-analyzer completes them.
fn methods(context: &mut CommandContext, private: &Private, name: &str) -> Vec<String> {
    let is_type =
        name.rsplit("::").next().and_then(|last| last.chars().next()).is_some_and(char::is_uppercase);
    if !is_type {
        return Vec::new();
    }
    let owner = owner(context, &format!("{name}::"));
    let (mut names, mut all) = (Vec::new(), Vec::new());
    for code in [format!("let it: {name} = todo!(); it."), format!("{name}::")] {
        let found = unless_it_panics(|| context.completions(&code, code.len()));
        let Some(Ok(found)) = found else { continue };
        for item in found.completions {
            let name = item.label.split('(').next().unwrap_or_default().to_owned();
            let is_own = item.kind == "function"
                && item.label.contains('(')
                && !is_general(&item.code)
                && !private.has(&owner, item.kind, &item.code)
                && !DERIVED.contains(&name.as_str())
                && !is_internal(&item.code);
            if is_own && !names.contains(&name) {
                names.push(name);
                all.push(item.label);
            }
        }
    }
    all
}

/// The result of a command of evcxr, without empty parts.
pub fn command_output(outputs: &EvalOutputs) -> Option<Map<String, serde_json::Value>> {
    let data: Map<String, serde_json::Value> = outputs
        .content_by_mime_type
        .iter()
        .filter(|(_, content)| !content.is_empty())
        .map(|(mime, content)| (mime.clone(), content.clone().into()))
        .collect();
    (!data.is_empty()).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_of_a_type_is_the_first() {
        let [result, vector] = [["Result<", "Option<"], ["Vec<", "["]];
        for (kind, beginnings, inner) in [
            ("Result<FilterBank>", result, Some("FilterBank")),
            ("core::result::Result<Vec<(u8, Session)>, Error>", result, Some("Vec<(u8, Session)>")),
            ("Option<&str>", result, Some("&str")),
            ("alloc::vec::Vec<softness::session::Session>", vector, Some("softness::session::Session")),
            ("[Session; 3]", vector, Some("Session")),
            ("&[Session]", vector, Some("Session")),
            ("HashMap<String, u8>", vector, None),
            ("u8", vector, None),
        ] {
            assert_eq!(parameter_of(kind, &beginnings), inner, "{kind}");
        }
        assert_eq!(opening("f(a(1), (b", '(', ')'), Some(8));
        assert_eq!(opening("f(a(1), b", '(', ')'), Some(1));
        assert_eq!(opening("b", '(', ')'), None);
    }
}
