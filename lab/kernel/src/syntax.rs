//! What a cell's code says before it is compiled: whether it returns, and which types it defines.

use std::collections::{BTreeMap, BTreeSet};

use ra_ap_syntax::ast::{self, AstNode, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};

/// The line, from 1, of a `return` that would end the cell. evcxr keeps no variable then, and the next cell would end its process.
/// `return Err(..)` ends a cell as `?` does.
pub fn return_of_the_cell(code: &str) -> Option<usize> {
    let text = format!("async fn cell() {{\n{}\n}}", without_commands(code));
    let tree = SourceFile::parse(&text, Edition::Edition2024).tree();
    let ends_the_cell = |found: &ast::ReturnExpr| {
        let is_err = found.expr().is_some_and(|value| value.syntax().text().to_string().starts_with("Err"));
        !is_err && is_directly_in_cell(found.syntax())
    };
    let found = tree.syntax().descendants().filter_map(ast::ReturnExpr::cast).find(ends_the_cell)?;
    let start = usize::from(found.syntax().text_range().start());
    Some(text[..start].matches('\n').count())
}

/// The code with an empty line for each line that may be a command, such as `!grep return src/lib.rs`.
fn without_commands(code: &str) -> String {
    let may_be_one = |line: &str| line.trim_start().starts_with(['!', ':', '?']);
    code.lines().map(|line| if may_be_one(line) { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// Whether no function, closure or block of its own lies between an expression and the cell.
fn is_directly_in_cell(node: &SyntaxNode) -> bool {
    for above in node.ancestors() {
        let is_block = ast::BlockExpr::cast(above.clone()).is_some_and(|block| {
            block.async_token().is_some()
                || block.const_token().is_some()
                || block.try_block_modifier().is_some()
        });
        if is_block || above.kind() == SyntaxKind::CLOSURE_EXPR {
            return false;
        }
        if above.kind() == SyntaxKind::FN {
            return above.parent().is_some_and(|parent| parent.kind() == SyntaxKind::SOURCE_FILE);
        }
    }
    false
}

/// The types and constants that cells have defined, by name: the text of the definition.
#[derive(Debug, Default)]
pub struct Definitions(BTreeMap<String, String>);

impl Definitions {
    /// The names that `code` defines in another way than earlier cells, and all types that lead to one of them.
    pub fn changed_by(&self, code: &str) -> BTreeSet<String> {
        let new = definitions(code);
        let is_other =
            |(name, text): &(&String, &String)| self.0.get(*name).is_some_and(|before| before != *text);
        let mut changed: BTreeSet<String> =
            new.iter().filter(is_other).map(|(name, _)| name.clone()).collect();
        loop {
            let leads =
                |(name, text): &(&String, &String)| !changed.contains(*name) && mentions(text, &changed);
            let more: Vec<String> = self.0.iter().filter(leads).map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                return changed;
            }
            changed.extend(more);
        }
    }

    /// Keeps what `code`, which has been compiled, defines.
    pub fn keep(&mut self, code: &str) {
        self.0.extend(definitions(code));
    }
}

/// Whether a type or a definition has one of these names in it.
pub fn mentions(text: &str, names: &BTreeSet<String>) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|word| names.contains(word))
}

/// Struct, enum, union, type alias and constant: name and text.
fn definitions(code: &str) -> BTreeMap<String, String> {
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let found = tree.syntax().descendants().filter_map(|node| {
        let name = match node.kind() {
            SyntaxKind::STRUCT => ast::Struct::cast(node.clone())?.name(),
            SyntaxKind::ENUM => ast::Enum::cast(node.clone())?.name(),
            SyntaxKind::UNION => ast::Union::cast(node.clone())?.name(),
            SyntaxKind::TYPE_ALIAS => ast::TypeAlias::cast(node.clone())?.name(),
            SyntaxKind::CONST => ast::Const::cast(node.clone())?.name(),
            _ => None,
        };
        // Spaces, comments and derives do not lay a value out in another way.
        let tokens = node.descendants_with_tokens().filter_map(|element| element.into_token());
        let tokens = tokens.filter(|token| !token.parent_ancestors().any(|above| is_derive(&above)));
        let matters = |kind: SyntaxKind| !matches!(kind, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT);
        let text =
            tokens.filter(|token| matters(token.kind())).map(|token| format!("{} ", token.text())).collect();
        Some((name?.text().to_string(), text))
    });
    found.collect()
}

fn is_derive(node: &SyntaxNode) -> bool {
    node.kind() == SyntaxKind::ATTR && node.text().to_string().starts_with("#[derive")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_of_the_cell_is_told_from_those_of_its_functions() {
        for (code, line) in [
            ("let n = 5;\nif n > 3 {\n    return Ok(());\n}", Some(3)),
            ("return;", Some(1)),
            ("for x in 0..3 { if x == 1 { return Ok(()) } }", Some(1)),
            ("return Err(\"no\".into());", None),
            ("fn f(x: u8) -> u8 { return x; }\nf(1)", None),
            ("let f = |x: u8| -> u8 { return x };", None),
            ("struct A; impl A { fn f(&self) -> u8 { return 1; } }", None),
            ("async { return 1 }.await", None),
            ("println!(\"return\"); // return", None),
            (":dep rand = \"1\"\nlet x = 1;", None),
            ("!grep return src/lib.rs", None),
            (":doc return\nreturn", Some(2)),
        ] {
            assert_eq!(return_of_the_cell(code), line, "{code}");
        }
    }

    #[test]
    fn what_leads_to_a_changed_type_has_changed() {
        let mut definitions = Definitions::default();
        definitions.keep("#[derive(Debug)] struct Cfg { rate: f64 }\nstruct Run { cfg: Vec<Cfg> }\nstruct Other { n: usize }");
        definitions.keep("type Runs = Vec<Run>; const N: usize = 3; struct Row { values: [f64; N] }");
        let changed = |code: &str| definitions.changed_by(code).into_iter().collect::<Vec<_>>();
        assert_eq!(changed("struct Cfg { rate: f64, n: usize }"), ["Cfg", "Run", "Runs"]);
        assert_eq!(changed("const N: usize = 4;"), ["N", "Row"]);
        assert!(changed("#[derive(Debug)]\nstruct Cfg {\n    rate: f64 }").is_empty(), "the same again");
        assert!(changed("#[derive(Debug, Clone)] struct Cfg { rate: f64 }").is_empty(), "another derive");
        assert_eq!(changed("#[repr(C)] struct Cfg { rate: f64 }"), ["Cfg", "Run", "Runs"]);
        assert!(changed("struct New { cfg: Cfg }").is_empty());
        assert!(
            mentions("Option<Run>", &["Run".to_owned()].into())
                && !mentions("Runs", &["Run".to_owned()].into())
        );
    }
}
