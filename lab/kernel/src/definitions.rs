//! What the cells have defined, and which types are others when a cell defines something anew.

use std::collections::{BTreeMap, BTreeSet};

use ra_ap_syntax::ast::{self, AstNode, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode, SyntaxToken};

use crate::syntax::{body_of_cell, without_commands};

/// The types, traits and constants that cells have defined, and the modules with their types.
#[derive(Debug, Default)]
pub struct Definitions {
    /// The text of each definition, by name.
    texts: BTreeMap<String, String>,
    /// The types in each module, by name.
    modules: BTreeMap<String, BTreeSet<String>>,
    /// The text of each item of a cell itself, by name.
    items: BTreeMap<String, String>,
}

impl Definitions {
    /// What to say of items that earlier cells have defined and that `code`, which did not come to run, defines in another way: they
    /// stay as they were.
    pub fn staying(&self, code: &str) -> Option<String> {
        let is_other =
            |(name, text): &(String, String)| self.items.get(name).is_some_and(|before| before != text);
        let mut names: Vec<String> = Vec::new();
        for (name, _) in items(code).into_iter().filter(is_other) {
            let name = format!("`{name}`");
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let verb = if names.len() == 1 { "stays" } else { "stay" };
        (!names.is_empty()).then(|| format!("The earlier {} {verb}.", names.join(", ")))
    }

    /// The names that `code` defines in another way than earlier cells, and all types that lead to one of them.
    pub fn changed_by(&self, code: &str) -> BTreeSet<String> {
        let new = definitions(code);
        let is_other =
            |(name, text): &(&String, &String)| self.texts.get(*name).is_some_and(|before| before != *text);
        let mut changed: BTreeSet<String> =
            new.iter().filter(is_other).map(|(name, _)| name.clone()).collect();
        for (name, types) in types_in_modules(code) {
            let before = self.modules.get(&name).into_iter().flatten();
            changed.extend(before.filter(|kind| !types.contains(*kind)).cloned());
        }
        loop {
            let leads =
                |(name, text): &(&String, &String)| !changed.contains(*name) && mentions(text, &changed);
            let more: Vec<String> = self.texts.iter().filter(leads).map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                return changed;
            }
            changed.extend(more);
        }
    }

    /// Keeps what `code`, which has been compiled, defines.
    pub fn keep(&mut self, code: &str) {
        self.texts.extend(definitions(code));
        self.modules.extend(types_in_modules(code));
        self.items.extend(items(code));
    }
}

/// The items of a cell itself in their order, with their texts. An `impl` has its first line as its name.
fn items(code: &str) -> Vec<(String, String)> {
    let body = body_of_cell(code);
    let statements = body.iter().flat_map(ast::BlockExpr::statements);
    let found = statements.filter_map(|statement| match statement {
        ast::Stmt::Item(item) => Some((name_of_item(&item)?, text_of(item.syntax(), &|_| true))),
        _ => None,
    });
    found.collect()
}

/// The name of an item, if a later one replaces it.
fn name_of_item(item: &ast::Item) -> Option<String> {
    let name = match item {
        ast::Item::Const(item) => item.name(),
        ast::Item::Fn(item) => item.name(),
        ast::Item::MacroRules(item) => return Some(format!("{}!", item.name()?.text())),
        ast::Item::Module(item) => item.name(),
        ast::Item::Static(item) => item.name(),
        ast::Item::Impl(item) => {
            let of = item.trait_().map_or_else(String::new, |of| format!("{} for ", of.syntax().text()));
            let line = format!("impl {of}{}", item.self_ty()?.syntax().text());
            return Some(line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        _ => return name_of_type(item.syntax().clone()),
    };
    Some(name?.text().to_string())
}

/// The words of an item that `matter`, without spaces and comments.
fn text_of(node: &SyntaxNode, matter: &dyn Fn(&SyntaxToken) -> bool) -> String {
    let tokens = node.descendants_with_tokens().filter_map(|element| element.into_token());
    let tokens = tokens.filter(|token| !matches!(token.kind(), SyntaxKind::WHITESPACE | SyntaxKind::COMMENT));
    tokens.filter(|token| matter(token)).map(|token| format!("{} ", token.text())).collect()
}

/// What ends the name of a function, so that it is not taken for a field: a call follows it.
const CALL: &str = " (";

/// Whether this code has a word in it.
pub fn has_word(code: &str, word: &str) -> bool {
    mentions(code, &BTreeSet::from([word.to_owned()]))
}

/// Whether a type or a definition has one of these names in it.
pub fn mentions(text: &str, names: &BTreeSet<String>) -> bool {
    names.iter().any(|name| name.strip_suffix(CALL).is_some_and(|name| calls(text, name)))
        || text
            .split(|character: char| !character.is_alphanumeric() && character != '_')
            .any(|word| names.contains(word))
}

/// Whether a definition calls a function: with its type, `Type :: name`, or one of no type.
fn calls(text: &str, name: &str) -> bool {
    let (of, name) = name.split_once(" :: ").map_or((None, name), |(of, name)| (Some(of), name));
    let words: Vec<&str> = text.split(' ').collect();
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", |at| words[at]);
    let is_one = |at: usize| {
        let in_path = (before(at, 1) == "::").then(|| before(at, 2));
        words[at] == name
            && matches!(words.get(at + 1), Some(&"(" | &"::"))
            && match of {
                Some(of) => in_path.is_some_and(|path| path == of || path == "Self"),
                None => {
                    before(at, 1) != "fn" && !in_path.is_some_and(|path| path.starts_with(char::is_uppercase))
                }
            }
    };
    (0..words.len()).any(is_one)
}

/// Struct, enum, union, trait, type alias, constant and constant function: name and text.
fn definitions(code: &str) -> BTreeMap<String, String> {
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let found = tree.syntax().descendants().filter_map(|node| {
        let name = match node.kind() {
            SyntaxKind::CONST => ast::Const::cast(node.clone())?.name()?.text().to_string(),
            SyntaxKind::FN => name_of_const_fn(node.clone())?,
            _ => name_of_type(node.clone())?,
        };
        // Spaces, comments and derives do not lay a value out in another way.
        let text = text_of(&node, &|token| !token.parent_ancestors().any(|above| is_derive(&above)));
        Some((name, text))
    });
    found.collect()
}

/// The modules in this code, with the names of their types.
fn types_in_modules(code: &str) -> BTreeMap<String, BTreeSet<String>> {
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let modules = tree.syntax().descendants().filter_map(ast::Module::cast);
    let named = modules.filter_map(|module| {
        let types = module.syntax().descendants().filter_map(name_of_type).collect();
        Some((module.name()?.text().to_string(), types))
    });
    named.collect()
}

/// The name of the function that is defined here, if it may say how long an array is, with that of its type.
fn name_of_const_fn(node: SyntaxNode) -> Option<String> {
    let function = ast::Fn::cast(node).filter(|function| function.const_token().is_some())?;
    let of = function.syntax().ancestors().find_map(ast::Impl::cast).and_then(|found| found.self_ty());
    let of = of
        .and_then(|kind| kind.syntax().first_token())
        .map_or_else(String::new, |name| format!("{name} :: "));
    Some(format!("{of}{}{CALL}", function.name()?.text()))
}

/// The name of the type or trait that is defined here.
fn name_of_type(node: SyntaxNode) -> Option<String> {
    let name = match node.kind() {
        SyntaxKind::STRUCT => ast::Struct::cast(node)?.name(),
        SyntaxKind::ENUM => ast::Enum::cast(node)?.name(),
        SyntaxKind::UNION => ast::Union::cast(node)?.name(),
        SyntaxKind::TRAIT => ast::Trait::cast(node)?.name(),
        SyntaxKind::TYPE_ALIAS => ast::TypeAlias::cast(node)?.name(),
        _ => None,
    };
    Some(name?.text().to_string())
}

fn is_derive(node: &SyntaxNode) -> bool {
    node.kind() == SyntaxKind::ATTR && node.text().to_string().starts_with("#[derive")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_a_changed_type_has_changed() {
        let mut definitions = Definitions::default();
        definitions.keep("#[derive(Debug)] struct Cfg { rate: f64 }\nstruct Run { cfg: Vec<Cfg> }\nstruct Other { n: usize }");
        definitions.keep("type Runs = Vec<Run>; const N: usize = 3; struct Row { values: [f64; N] }");
        definitions
            .keep("trait Area { fn area(&self) -> f64; }\nmod shapes { pub struct Disc; pub struct Ring; }");
        definitions
            .keep("const fn n() -> usize { 3 } struct Grid { cells: [u32; n()] } struct Pair { n: u8 }");
        definitions
            .keep("impl One { const fn n() -> usize { 3 } } struct Long { cells: [u32; One::n::<u8>()] }");
        let changed = |code: &str| definitions.changed_by(code).into_iter().collect::<Vec<_>>();
        assert_eq!(changed("struct Cfg { rate: f64, n: usize }"), ["Cfg", "Run", "Runs"]);
        assert_eq!(changed("const N: usize = 4;"), ["N", "Row"]);
        assert!(changed("#[derive(Debug)]\nstruct Cfg {\n    rate: f64 }").is_empty(), "the same again");
        assert!(changed("#[derive(Debug, Clone)] struct Cfg { rate: f64 }").is_empty(), "another derive");
        assert_eq!(changed("#[repr(C)] struct Cfg { rate: f64 }"), ["Cfg", "Run", "Runs"]);
        assert!(changed("struct New { cfg: Cfg }").is_empty());
        assert_eq!(changed("trait Area { fn name(&self) -> u8; fn area(&self) -> f64; }"), ["Area"]);
        assert_eq!(changed("mod shapes { pub struct Disc; pub fn f() {} }"), ["Ring"]);
        assert_eq!(changed("const fn n() -> usize { 2 }"), ["Grid", "n ("]);
        assert!(changed("struct Two; impl Two { const fn n() -> usize { 2 } }").is_empty(), "of a type");
        assert_eq!(changed("impl One { const fn n() -> usize { 2 } }"), ["Long", "One :: n ("]);
        assert!(
            mentions("Option<Run>", &["Run".to_owned()].into())
                && !mentions("Runs", &["Run".to_owned()].into())
        );
    }

    #[test]
    fn items_that_a_failed_cell_defines_again_stay() {
        let mut definitions = Definitions::default();
        assert_eq!(definitions.staying("fn count() -> u8 { 1 }"), None);
        definitions.keep("fn count() -> u8 { 1 }\nstruct Fit { n: u8 }\nimpl Fit { fn n(&self) -> u8 { self.n } }\nimpl Copy for Fit {}");
        definitions
            .keep("macro_rules! one { () => { 1 } } mod m { fn inner() {} } const N: u8 = 1; enum E { A }");
        let staying = |code: &str| definitions.staying(code).unwrap_or_default();
        assert_eq!(staying("fn count() -> u8 { // two\n    1\n}\nlet x = y;"), "", "the same again");
        assert_eq!(staying("!ls\nfn count() -> u8 { \"2\" }\ncount()"), "The earlier `count` stays.");
        assert_eq!(staying("fn count() -> u8 {"), "The earlier `count` stays.");
        assert_eq!(
            staying(
                "#[derive(Debug)] struct Fit { n: u8 }\nimpl Fit { fn n(&self) -> u16 { self.n } }\nimpl  Copy for Fit { x }"
            ),
            "The earlier `Fit`, `impl Fit`, `impl Copy for Fit` stay."
        );
        assert_eq!(staying("macro_rules! one { () => { 2 } } mod m {}"), "The earlier `one!`, `m` stay.");
        assert_eq!(staying("fn inner() { 1 } let count = 3;"), "", "neither is an item of an earlier cell");
    }
}
