//! Completion and documentation.

use std::collections::HashSet;

use evcxr::{CommandContext, EvalOutputs};
use jupyter_protocol::{CompleteReply, ReplyStatus};
use serde_json::{Map, json};

use crate::balance::finished;
use crate::cursor::Under;
use crate::private::{Owner, Private};
use crate::problem::unless_it_panics;
use crate::receiver::{is_in_own_module, is_of_the_library, is_public, owner};
use crate::syntax::{as_block, without_macros_around};
use crate::text::{
    byte_offset, char_offset, escaped, name_at, name_end, without_links, without_own_links, without_stops,
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

/// The completions at this position, counted in characters.
pub fn complete(
    context: &mut CommandContext,
    private: &Private,
    code: &str,
    position: usize,
) -> CompleteReply {
    let offset = byte_offset(code, position);
    let ended = finished(code);
    let mut found = unless_it_panics(|| context.completions(&ended, offset));
    if matches!(&found, Some(Ok(found)) if found.completions.is_empty()) {
        let plain = finished(&without_macros_around(code, offset));
        if plain != ended {
            found = unless_it_panics(|| context.completions(&plain, offset));
        }
    }
    let found = match found {
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
    let before = without_macros_around(&code[..found.start_offset], found.start_offset);
    let before = &as_block(&before).unwrap_or(before);
    let mut owner = owner(context, before);
    let is_private = |owner: &Owner, found, code: &str| private.has(owner, kind(found), code);
    let first = completions.iter().find(|item| is_private(&owner, item.kind, &item.code));
    let first = first.filter(|_| is_member);
    if first.is_some_and(|item| !is_of_the_library(context, &owner, before, &item.code)) {
        owner = Owner::Unknown;
    }
    // Each one costs a question.
    if completions.len() <= 30 && is_in_own_module(context, before) {
        let (public, others): (Vec<_>, Vec<_>) =
            completions.into_iter().partition(|item| is_public(context, before, &item.code));
        // Nothing is found either where rust-analyzer panics.
        completions = if public.is_empty() { others } else { public };
    }
    let methods: HashSet<&str> =
        completions.iter().filter_map(|item| Some(item.code.split_once('(')?.0)).collect();
    completions.retain(|item| {
        // A field with a method of its name is what the method returns.
        let is_behind_method = is_member && methods.contains(item.code.as_str());
        !is_behind_method && !is_private(&owner, item.kind, &item.code)
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

/// What is known of this place if it is no variable of an earlier cell.
pub fn about_name(
    context: &mut CommandContext,
    code: &str,
    offset: usize,
    under: &Under,
) -> Option<(String, String)> {
    let (name, from, kind) = match under {
        Under::Bound { name, from, kind } => (name, from, kind),
        Under::Text => return None,
        Under::Label(name) => {
            // Behind what rust-analyzer says of a variable of that name.
            let (text, html) = at_name(context, code, name_end(code, offset))?;
            let is_variable = text.trim_start_matches("let ").starts_with(&format!("{name}: "));
            let field = || Some((text.split_once("\n\n\n")?.1, html.split_once("<hr />")?.1));
            let (text, html) = if is_variable { field()? } else { (text.as_str(), html.as_str()) };
            return Some((text.trim().to_owned(), html.to_owned()));
        }
        Under::Variable(_) | Under::Other => return at_name(context, code, name_end(code, offset)),
    };
    // As if it stood where it is known.
    let code = format!("{} {name}", &code[..*from]);
    let code = as_block(&code).unwrap_or(code);
    let found = documentation(context, &code, code.len()).filter(|(text, _)| !text.contains("{unknown}"));
    found.or_else(|| {
        let text = format!("{name}: {}", kind.as_ref()?);
        let html = format!("<pre>{}</pre>", escaped(&text));
        Some((text, html))
    })
}

/// The documentation of the name that ends here. A method comes before a field of its name, which may be private: at the end of the name
/// rust-analyzer finds the field, and behind the bracket of a call the method.
fn at_name(context: &mut CommandContext, code: &str, end: usize) -> Option<(String, String)> {
    let start = end - name_at(code, end).len();
    let (before, after) = code.split_at(end);
    if code[..start].ends_with('.') {
        let before = as_block(before).unwrap_or_else(|| before.to_owned());
        let called = format!("{before}(){after}");
        let method =
            documentation(context, &called, before.len() + 1).filter(|(text, _)| text.contains("fn "));
        if method.is_some() {
            return method;
        }
        return documentation(context, &before, before.len());
    }
    if before.ends_with('(') {
        let before = as_block(before).unwrap_or_else(|| before.to_owned());
        return documentation(context, &before, before.len());
    }
    documentation(context, code, end)
}

/// The documentation at this position in bytes, as text and as HTML.
pub(crate) fn documentation(
    context: &mut CommandContext,
    code: &str,
    offset: usize,
) -> Option<(String, String)> {
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
