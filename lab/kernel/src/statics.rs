//! The `static`s of a cell: which can change, and which end with their cell.

use ra_ap_syntax::ast::{self, AstNode, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};

use crate::syntax::without_commands;

/// The `static`s in this code that can change. Every cell compiles them again, so each cell has its own.
pub fn that_change(code: &str) -> Vec<String> {
    const CHANGES: [&str; 5] = ["Atomic", "Mutex", "RwLock", "Cell", "OnceLock"];
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let changes = |item: ast::Static| {
        let kind = item.ty().map_or_else(String::new, |kind| kind.syntax().text().to_string());
        let changes = item.mut_token().is_some() || CHANGES.iter().any(|name| kind.contains(name));
        item.name().filter(|_| changes).map(|name| name.text().to_string())
    };
    let mut found: Vec<String> =
        tree.syntax().descendants().filter_map(ast::Static::cast).filter_map(changes).collect();
    found.extend(of_threads(&tree).into_iter().map(|(_, name)| name));
    found
}

/// The `static`s of threads that are in no item of this code, so that they end with its cell.
pub fn of_the_cell(code: &str) -> Vec<String> {
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let is_item = |node: SyntaxNode| matches!(node.kind(), SyntaxKind::FN | SyntaxKind::MODULE);
    let found = of_threads(&tree).into_iter();
    found.filter(|(call, _)| !call.ancestors().any(is_item)).map(|(_, name)| name).collect()
}

/// Each `static` in a `thread_local!`: that call and the name.
fn of_threads(tree: &SourceFile) -> Vec<(SyntaxNode, String)> {
    let mut found = Vec::new();
    for call in tree.syntax().descendants().filter_map(ast::MacroCall::cast) {
        let is_local =
            call.path().is_some_and(|path| path.syntax().text().to_string().ends_with("thread_local"));
        let Some(tokens) = call.token_tree().filter(|_| is_local) else { continue };
        let words: Vec<String> =
            tokens.syntax().text().to_string().split_whitespace().map(str::to_owned).collect();
        let names = words.windows(2).filter(|pair| pair[0].trim_start_matches('{') == "static");
        found.extend(names.map(|pair| (call.syntax().clone(), pair[1].trim_end_matches(':').to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statics_that_change_are_told_from_constants() {
        let code = "static N: AtomicUsize = AtomicUsize::new(0);\nstatic mut M: u8 = 0;\nstatic NAMES: [&str; 1] = [\"Mutex\"];\n\
                    fn f() { static SEEN: std::sync::Mutex<u8> = std::sync::Mutex::new(0); }\n\
                    thread_local! { static T: RefCell<u8> = RefCell::new(1); static U: Cell<u8> = const { Cell::new(1) }; }";
        assert_eq!(that_change(code), ["N", "M", "SEEN", "T", "U"]);
        assert!(that_change("let static_n = 1; // static N: AtomicUsize").is_empty());
    }

    #[test]
    fn statics_of_threads_end_with_their_cell_unless_they_are_in_an_item() {
        let local = "thread_local! { static T: Cell<u8> = const { Cell::new(1) }; }";
        assert_eq!(of_the_cell(&format!("let x = 1;\n{local}\nx")), ["T"]);
        assert!(of_the_cell(&format!("mod m {{ {local} }} fn f() {{ {local} }}")).is_empty());
    }
}
