//! What a completion belongs to: the type of what comes before a dot, and the type or module before `::`.

use evcxr::CommandContext;
use ra_ap_syntax::ast::{self, AstNode};

use crate::assist::documentation;
use crate::private::Owner;
use crate::syntax::tree_at;

/// The crate whose private names are known.
const LIBRARY: &str = "softness::";
/// A variable that has the value before a dot.
const RECEIVER: &str = "softness_receiver";
/// Types whose methods are those of the type in them.
const POINTERS: [&str; 9] =
    ["Box", "Rc", "Arc", "Ref", "RefMut", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "LazyLock"];

/// What comes before a completion, in code that ends in `.` or `::`.
pub fn owner(context: &mut CommandContext, before: &str) -> Owner {
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    if let Some(path) = path_before(before) {
        let name = last(path);
        let is_ours = path == name && !is_own(context, &name) || path.starts_with(LIBRARY);
        return match name.chars().next() {
            Some(first) if is_ours && first.is_uppercase() => Owner::Type(name),
            Some(_) if path.starts_with("softness") => Owner::Module(path.to_owned()),
            _ => Owner::Unknown,
        };
    }
    let Some(before) = before.strip_suffix('.') else { return Owner::Unknown };
    match type_of(context, before).as_deref().and_then(name_of_type) {
        Some(name) if !is_own(context, name) => Owner::Type(name.to_owned()),
        _ => Owner::Unknown,
    }
}

/// The path with which code ends that ends in `::`.
fn path_before(code: &str) -> Option<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let code = code.strip_suffix("::")?;
    Some(&code[code.trim_end_matches(is_part).len()..])
}

/// Whether a cell has defined this. It may have the name of an item of the library.
fn is_own(context: &CommandContext, name: &str) -> bool {
    context.defined_item_names().any(|own| own == name)
}

/// Whether a completion after a path into a module of a cell is public. rust-analyzer finds nothing of what is not.
pub fn is_public(context: &mut CommandContext, before: &str, completion: &str) -> bool {
    let name = completion.split(['(', '!', ':', '{', ' ']).next().unwrap_or_default();
    let code = format!("{before}{name}");
    documentation(context, &code, code.len()).is_some()
}

/// Whether this code ends in a path into a module of a cell.
pub fn is_in_own_module(context: &CommandContext, before: &str) -> bool {
    let Some(path) = path_before(before) else { return false };
    let is_module = |part: &str| part.starts_with(|first: char| !first.is_uppercase());
    let first = path.trim_start_matches("crate::").split("::").next().unwrap_or_default();
    path.split("::").all(is_module) && (is_own(context, first) || before.contains(&format!("mod {first} ")))
}

/// Whether a completion that is a private name of a type of the library belongs to that type, and not to another one of its name.
pub fn is_of_the_library(
    context: &mut CommandContext,
    owner: &Owner,
    before: &str,
    completion: &str,
) -> bool {
    let name = completion.split('(').next().unwrap_or_default();
    let call = if completion.contains('(') { "(" } else { "" };
    let code = format!("{before}{name}{call}");
    let found = documentation(context, &code, code.len()).or_else(|| {
        // In a function that does not end rust-analyzer knows no types.
        let Owner::Type(name) = owner else { return None };
        documentation(context, name, name.len())
    });
    found.is_some_and(|(text, _)| text.starts_with(LIBRARY))
}

/// The type of the expression with which code ends.
fn type_of(context: &mut CommandContext, code: &str) -> Option<String> {
    let expression = expression_before(code);
    let known = expression.as_ref().and_then(|(start, _)| {
        let code = format!("{}{{ let {RECEIVER} = {}; {RECEIVER}", &code[..*start], &code[*start..]);
        let (text, _) = documentation(context, &code, code.len())?;
        let kind = text.lines().find_map(|line| line.strip_prefix("let ")?.strip_prefix(RECEIVER));
        Some(kind?.strip_prefix(": ")?.to_owned())
    });
    known.filter(|kind| name_of_type(kind).is_some()).or_else(|| expression?.1)
}

/// Where the expression begins with which code ends, and the type that a parameter of its function has, if it is one.
fn expression_before(code: &str) -> Option<(usize, Option<String>)> {
    let (tree, end) = tree_at(&format!("{code}.it"), code.len() + 1);
    let token = tree.syntax().token_at_offset(end).right_biased()?;
    let field = token.parent_ancestors().find_map(ast::FieldExpr::cast)?;
    let expression = field.expr()?;
    let length = usize::from(end - expression.syntax().text_range().start());
    let start = (code.len() + 1).checked_sub(length)?;
    let function = field.syntax().ancestors().find_map(ast::Fn::cast);
    let parameters = function.and_then(|function| function.param_list());
    let name = expression.syntax().text().to_string();
    let kind = parameters.into_iter().flat_map(|list| list.params()).find_map(|parameter| {
        let is_it = parameter.pat()?.syntax().text().to_string().trim_start_matches("mut ") == name;
        parameter.ty().filter(|_| is_it).map(|kind| kind.syntax().text().to_string())
    });
    Some((start, kind))
}

/// The name of a type without its path and what it is made of; of a pointer, the one in it.
fn name_of_type(kind: &str) -> Option<&str> {
    let mut kind = kind.trim_start_matches(['&', ' ']);
    if let Some((_, rest)) = kind.strip_prefix('\'').and_then(|rest| rest.split_once(' ')) {
        kind = rest;
    }
    let kind = kind.strip_prefix("mut ").unwrap_or(kind);
    let (path, inner) = kind.split_once('<').unwrap_or((kind, ""));
    let name = path.rsplit("::").next()?.trim();
    if POINTERS.contains(&name) {
        let inner = match inner.strip_prefix('\'') {
            Some(rest) => rest.split_once(", ")?.1,
            None => inner,
        };
        return name_of_type(inner.trim_end_matches('>'));
    }
    let is_name = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (is_name && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_a_name_without_path_and_parameters() {
        for (kind, name) in [
            ("softness::session::Session", Some("Session")),
            ("&'static mut Vec<Session>", Some("Vec")),
            ("&'a str", Some("str")),
            ("std::sync::Arc<softness::session::Session>", Some("Session")),
            ("Rc<Vec<Session>>", Some("Vec")),
            ("MutexGuard<'_, Dataset>", Some("Dataset")),
            ("Iter<'_, i32>", Some("Iter")),
            ("&{unknown}", None),
            ("[Session; 3]", None),
            ("impl Fn(u8) -> u8", None),
            ("(u8, Session)", None),
        ] {
            assert_eq!(name_of_type(kind), name, "{kind}");
        }
    }

    #[test]
    fn the_expression_before_a_dot_is_found() {
        for (code, expression, kind) in [
            ("v", "v", None),
            ("let y = foo(1, v.iter().map(|x| x + 1)", "v.iter().map(|x| x + 1)", None),
            ("for s in &sessions { s", "s", None),
            ("a + &b[0]", "b[0]", None),
            ("f(x)?; session.filters(1)?", "session.filters(1)?", None),
            ("[&s.name, r#\"}\"#, t", "t", None),
            (":dep rand\nfn q(n: u8, mut r: &Session) { r", "r", Some("&Session")),
            ("fn q(r: &Session) { r.name()", "r.name()", None),
        ] {
            let (start, found) = expression_before(code).unwrap_or_else(|| panic!("{code}"));
            assert_eq!((&code[start..], found.as_deref()), (expression, kind), "{code}");
        }
        assert_eq!(expression_before("let x ="), None);
    }
}
