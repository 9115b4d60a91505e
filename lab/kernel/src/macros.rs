//! Macros of cells. evcxr keeps the items of cells in no order, and `macro_rules!` counts only for the code below it: a function of
//! another cell would find the macro or not, as chance has it. An exported macro is found everywhere in its crate.

use ra_ap_syntax::ast::{self, AstNode, HasAttrs, HasModuleItem};
use ra_ap_syntax::{Edition, SourceFile};

use crate::impls::{BEFORE, Inserted};
use crate::syntax::without_commands;

const EXPORT: &str = "#[macro_export] ";

/// The code with the macros of the cell itself exported, and where something was added for that.
pub fn exported(code: &str) -> (String, Inserted) {
    let (mut code, mut inserted) = (code.to_owned(), Inserted::default());
    let mut starts = starts(&code);
    // The last first, so that the others stay where they are.
    starts.reverse();
    for start in starts {
        inserted.insert(&mut code, start, EXPORT);
    }
    (code, inserted)
}

/// Where the macros of the cell itself begin that are not exported.
fn starts(code: &str) -> Vec<usize> {
    if !code.contains("macro_rules") {
        return Vec::new();
    }
    let tree =
        SourceFile::parse(&format!("{BEFORE}{}\n}}", without_commands(code)), Edition::Edition2024).tree();
    let Some(ast::Item::Fn(cell)) = tree.items().next() else { return Vec::new() };
    let statements = cell.body().into_iter().flat_map(|body| body.statements().collect::<Vec<_>>());
    let starts = statements.filter_map(|statement| {
        let ast::Stmt::Item(ast::Item::MacroRules(found)) = statement else { return None };
        let is_exported =
            |attribute: ast::Attr| attribute.syntax().text().to_string().contains("macro_export");
        if found.attrs().any(is_exported) {
            return None;
        }
        let start = found.macro_rules_token()?.text_range().start();
        usize::from(start).checked_sub(BEFORE.len())
    });
    starts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_of_the_cell_itself_are_exported() {
        let export = |code: &str| exported(code).0;
        let rules = "macro_rules! a { () => { 1 } }";
        assert_eq!(export(rules), format!("#[macro_export] {rules}"));
        let two = format!("!ls\n/// Text.\n{rules} {rules}\nlet x = a!();");
        assert_eq!(export(&two), two.replace("macro_rules", "#[macro_export] macro_rules"));
        for code in [
            "let x = 1; // macro_rules! a",
            "#[macro_export]\nmacro_rules! a { () => {} }",
            "fn f() { macro_rules! a { () => {} } }",
            "mod m { macro_rules! a { () => {} } }",
            "macro_rules!",
        ] {
            assert_eq!(export(code), code);
        }
    }

    #[test]
    fn columns_are_those_of_the_cell() {
        let before = "macro_rules! a { () => { 1 } } macro_rules! b { () => { 2 } } let x = y;";
        let (after, inserted) = exported(before);
        for part in ["() => { 1", "b {", "y;"] {
            let column = |code: &str| code.find(part).map(|at| at + 1);
            assert_eq!(column(&after).map(|column| inserted.column(1, column)), column(before), "{part}");
        }
    }
}
