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

/// Whether evcxr sees no statement in this code though it is not empty, because a brace or the end of a comment is out of place. It
/// would run nothing, and call that a success.
pub fn is_unreadable(code: &str) -> bool {
    let text = format!("fn cell() {{{}\n}}", without_commands(code));
    let parse = SourceFile::parse(&text, Edition::Edition2024);
    let Some(cell) = parse.tree().syntax().children().find_map(ast::Fn::cast) else { return true };
    let list = cell.body().and_then(|body| body.stmt_list());
    list.is_none_or(|list| list.syntax().children().next().is_none()) && !parse.errors().is_empty()
}

/// The variables of the cell itself that are closures, without a type.
pub fn closures_of_the_cell(code: &str) -> Vec<String> {
    let is_closure = |found: &ast::LetStmt| matches!(found.initializer(), Some(ast::Expr::ClosureExpr(_)));
    let names = lets_without_type(code).into_iter().filter(is_closure).filter_map(|found| found.pat());
    names
        .filter_map(|pattern| match pattern {
            ast::Pat::IdentPat(name) => name.name().map(|name| name.text().to_string()),
            _ => None,
        })
        .collect()
}

/// The variables of the cell itself that have no type.
pub fn variables_without_type(code: &str) -> Vec<String> {
    let patterns = lets_without_type(code).into_iter().filter_map(|found| found.pat());
    let names = patterns.flat_map(|pattern| {
        pattern.syntax().descendants().filter_map(ast::IdentPat::cast).filter_map(|name| name.name())
    });
    names.map(|name| name.text().to_string()).collect()
}

/// The `let`s of the cell itself that have no type.
fn lets_without_type(code: &str) -> Vec<ast::LetStmt> {
    let text = format!("fn cell() {{\n{}\n}}", without_commands(code));
    let tree = SourceFile::parse(&text, Edition::Edition2024).tree();
    let body = tree.syntax().children().find_map(ast::Fn::cast).and_then(|cell| cell.body());
    let statements = body.iter().flat_map(ast::BlockExpr::statements);
    let lets = statements.filter_map(|statement| match statement {
        ast::Stmt::LetStmt(found) => Some(found).filter(|found| found.ty().is_none()),
        _ => None,
    });
    lets.collect()
}

/// The variables that this code of evcxr keeps, with the types under which it keeps them.
pub fn kept_variables(code: &str) -> Vec<(&str, &str)> {
    let kept = code.split("put_variable::<").skip(1).filter_map(|rest| {
        let (kind, rest) = rest.split_once(">(stringify!(")?;
        Some((rest.split_once(')')?.0, kind))
    });
    kept.collect()
}

/// Whether a type has a placeholder in it, such as `[u8; _]`.
pub fn is_open(kind: &str) -> bool {
    let has_one = || {
        let tree = SourceFile::parse(&format!("type It = {kind};"), Edition::Edition2024).tree();
        let is_one = |kind: SyntaxKind| matches!(kind, SyntaxKind::INFER_TYPE | SyntaxKind::UNDERSCORE_EXPR);
        tree.syntax().descendants().any(|node| is_one(node.kind()))
    };
    kind.contains('_') && has_one()
}

/// The `static`s in this code that can change. Every cell compiles them again, so each cell has its own.
pub fn statics_that_change(code: &str) -> Vec<String> {
    const CHANGES: [&str; 5] = ["Atomic", "Mutex", "RwLock", "Cell", "OnceLock"];
    let tree = SourceFile::parse(&without_commands(code), Edition::Edition2024).tree();
    let changes = |item: ast::Static| {
        let kind = item.ty().map_or_else(String::new, |kind| kind.syntax().text().to_string());
        let changes = item.mut_token().is_some() || CHANGES.iter().any(|name| kind.contains(name));
        item.name().filter(|_| changes).map(|name| name.text().to_string())
    };
    let mut found: Vec<String> =
        tree.syntax().descendants().filter_map(ast::Static::cast).filter_map(changes).collect();
    for call in tree.syntax().descendants().filter_map(ast::MacroCall::cast) {
        let is_local =
            call.path().is_some_and(|path| path.syntax().text().to_string().ends_with("thread_local"));
        let Some(tokens) = call.token_tree().filter(|_| is_local) else { continue };
        let words: Vec<String> =
            tokens.syntax().text().to_string().split_whitespace().map(str::to_owned).collect();
        let names = words.windows(2).filter(|pair| pair[0].trim_start_matches('{') == "static");
        found.extend(names.map(|pair| pair[1].trim_end_matches(':').to_owned()));
    }
    found
}

/// The types, traits and constants that cells have defined, and the modules with their types.
#[derive(Debug, Default)]
pub struct Definitions {
    /// The text of each definition, by name.
    texts: BTreeMap<String, String>,
    /// The types in each module, by name.
    modules: BTreeMap<String, BTreeSet<String>>,
}

impl Definitions {
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
    }
}

/// What ends the name of a function, so that it is not taken for a field: a call follows it.
const CALL: &str = " (";

/// Whether a type or a definition has one of these names in it.
pub fn mentions(text: &str, names: &BTreeSet<String>) -> bool {
    let is_called = |name: &String| name.ends_with(CALL) && format!(" {text}").contains(&format!(" {name}"));
    names.iter().any(is_called)
        || text
            .split(|character: char| !character.is_alphanumeric() && character != '_')
            .any(|word| names.contains(word))
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
        let tokens = node.descendants_with_tokens().filter_map(|element| element.into_token());
        let tokens = tokens.filter(|token| !token.parent_ancestors().any(|above| is_derive(&above)));
        let matters = |kind: SyntaxKind| !matches!(kind, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT);
        let text =
            tokens.filter(|token| matters(token.kind())).map(|token| format!("{} ", token.text())).collect();
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

/// The name of the function that is defined here, if it may say how long an array is.
fn name_of_const_fn(node: SyntaxNode) -> Option<String> {
    let function = ast::Fn::cast(node).filter(|function| function.const_token().is_some())?;
    let of_a_type = |kind| kind == SyntaxKind::ASSOC_ITEM_LIST;
    let is_method = function.syntax().parent().is_some_and(|parent| of_a_type(parent.kind()));
    (!is_method).then_some(format!("{}{CALL}", function.name()?.text()))
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
    fn a_cell_of_which_evcxr_would_run_nothing_is_unreadable() {
        for code in ["}", "/* open", ":opt 3\n}"] {
            assert!(is_unreadable(code), "{code}");
        }
        for code in ["", "// a comment", "/* closed */", ":vars", "let x = ;", "1 }", "!ls }", "let x = 1; }"]
        {
            assert!(!is_unreadable(code), "{code}");
        }
    }

    #[test]
    fn closures_of_the_cell_are_told_from_others() {
        let code = "let n = 1; let mut inc = || n + 1; let add = move |x| x;\nlet boxed: Box<dyn Fn()> = Box::new(|| ()); { let inner = || 1; }";
        assert_eq!(closures_of_the_cell(code), ["inc", "add"]);
        let code = "let a = 1; let (b, Some(mut c)) = f(); let d: u8 = 2; { let e = 3; }";
        assert_eq!(variables_without_type(code), ["a", "b", "c"]);
    }

    #[test]
    fn a_type_with_a_placeholder_is_open() {
        for kind in ["[u8; _]", "&[[f64; 2]; _]", "(u8, [i32; _])", "Vec<_>"] {
            assert!(is_open(kind), "{kind}");
        }
        for kind in ["[u8; N_1]", "fn(_: u8) -> u8", "std::borrow::Cow<'_, str>", "My_type", "[u8; 3]"] {
            assert!(!is_open(kind), "{kind}");
        }
    }

    #[test]
    fn variables_that_evcxr_keeps_have_names_and_types() {
        let code = "let a = [0; 3];\nevcxr_variable_store.put_variable::<[i32; 3]>(stringify!(a), a);\n\
                    evcxr_variable_store.put_variable::<Vec<u8>>(stringify!(b), b);";
        assert_eq!(kept_variables(code), [("a", "[i32; 3]"), ("b", "Vec<u8>")]);
    }

    #[test]
    fn statics_that_change_are_told_from_constants() {
        let code = "static N: AtomicUsize = AtomicUsize::new(0);\nstatic mut M: u8 = 0;\nstatic NAMES: [&str; 1] = [\"Mutex\"];\n\
                    fn f() { static SEEN: std::sync::Mutex<u8> = std::sync::Mutex::new(0); }\n\
                    thread_local! { static T: RefCell<u8> = RefCell::new(1); static U: Cell<u8> = const { Cell::new(1) }; }";
        assert_eq!(statics_that_change(code), ["N", "M", "SEEN", "T", "U"]);
        assert!(statics_that_change("let static_n = 1; // static N: AtomicUsize").is_empty());
    }

    #[test]
    fn what_leads_to_a_changed_type_has_changed() {
        let mut definitions = Definitions::default();
        definitions.keep("#[derive(Debug)] struct Cfg { rate: f64 }\nstruct Run { cfg: Vec<Cfg> }\nstruct Other { n: usize }");
        definitions.keep("type Runs = Vec<Run>; const N: usize = 3; struct Row { values: [f64; N] }");
        definitions
            .keep("trait Area { fn area(&self) -> f64; }\nmod shapes { pub struct Disc; pub struct Ring; }");
        definitions
            .keep("const fn n() -> usize { 3 } struct Grid { cells: [u32; n()] } struct Pair { n: u8 }");
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
        assert!(changed("struct Two; impl Two { const fn n() -> usize { 2 } }").is_empty(), "a method");
        assert!(
            mentions("Option<Run>", &["Run".to_owned()].into())
                && !mentions("Runs", &["Run".to_owned()].into())
        );
    }
}
