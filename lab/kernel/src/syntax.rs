//! What a cell's code says before it is compiled: whether it returns, what it defines, and whether anything runs.

use ra_ap_syntax::ast::{self, AstNode, HasGenericParams, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode, TextSize};

use crate::impls::Inserted;

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

/// The code with spaces for each line that may be a command, such as `!grep return src/lib.rs`, so that all that is found is at its place.
pub fn without_commands(code: &str) -> String {
    let blank = |line: &str| match line.trim_start().starts_with(['!', ':', '?']) {
        true => line
            .chars()
            .map(|letter| if letter == '\n' { "\n".to_owned() } else { " ".repeat(letter.len_utf8()) })
            .collect(),
        false => line.to_owned(),
    };
    code.split_inclusive('\n').map(blank).collect()
}

/// Macros whose arguments are expressions.
const OF_EXPRESSIONS: [&str; 16] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "eprint",
    "eprintln",
    "format",
    "panic",
    "print",
    "println",
    "todo",
    "vec",
    "write",
    "writeln",
];

/// What is before a cell that is the body of a function.
const BEFORE: &str = "fn cell() {\n";

/// Where the cell begins in its tree.
pub fn start_of_cell() -> usize {
    BEFORE.len()
}

/// A cell, finished or not, as the body of a function, and where this position of the cell is in it.
pub fn tree_at(code: &str, offset: usize) -> (SourceFile, TextSize) {
    let text = format!("{BEFORE}{}\n}}", without_commands(code));
    let offset = u32::try_from(BEFORE.len() + offset).unwrap_or_default();
    (SourceFile::parse(&text, Edition::Edition2024).tree(), offset.into())
}

/// The body of the function that a cell is in `tree_at`.
pub fn body_of_cell(code: &str) -> Option<ast::BlockExpr> {
    tree_at(code, 0).0.syntax().children().find_map(ast::Fn::cast)?.body()
}

/// The code without the macros around this position that take expressions: `println!("{}", x)` is a call then, `vec![x]` an array, and
/// `x` an expression.
pub fn without_macros_around(code: &str, offset: usize) -> String {
    let mut code = code.to_owned();
    loop {
        let (tree, at) = tree_at(&code, offset);
        let token = tree.syntax().token_at_offset(at).left_biased();
        let Some(call) = token.and_then(|token| token.parent_ancestors().find_map(ast::MacroCall::cast))
        else {
            return code;
        };
        let name = call.path().map_or_else(String::new, |path| path.syntax().text().to_string());
        let arguments = call.token_tree().filter(|found| found.syntax().text_range().start() < at);
        let Some(arguments) = arguments.filter(|_| OF_EXPRESSIONS.contains(&name.as_str())) else {
            return code;
        };
        let name = call.path().filter(|_| arguments.l_paren_token().is_none());
        let name_start = name.map(|name| name.syntax().text_range().start());
        let Some(start) = name_start.or_else(|| Some(call.excl_token()?.text_range().start())) else {
            return code;
        };
        let start = usize::from(start) - BEFORE.len();
        let end = usize::from(arguments.syntax().text_range().start()) - BEFORE.len();
        code.replace_range(start..end, &" ".repeat(end - start));
    }
}

/// The code with the function in which it stops as a block, in which the parameters are variables. rust-analyzer knows no types in a
/// function that does not end.
pub fn as_block(code: &str) -> Option<String> {
    let (tree, end) = tree_at(code, code.len());
    let token = tree.syntax().token_at_offset(end).left_biased()?;
    let function = token.parent_ancestors().find_map(ast::Fn::cast)?;
    let is_in_cell = ast::StmtList::can_cast(function.syntax().parent()?.kind());
    if !is_in_cell || function.generic_param_list().is_some() {
        return None;
    }
    let body = function.body()?.stmt_list()?.l_curly_token()?.text_range();
    let variables = function.param_list()?.params().map(|parameter| {
        let (pattern, kind) = (parameter.pat()?, parameter.ty()?);
        Some(format!("let {}: {} = todo!(); ", pattern.syntax().text(), kind.syntax().text()))
    });
    let variables = variables.collect::<Option<String>>()?;
    let start = usize::from(function.syntax().text_range().start()) - BEFORE.len();
    let body = (usize::from(body.end()) - BEFORE.len()).min(code.len());
    Some(format!("{}{{ {variables}{}", &code[..start], &code[body..]))
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
    names_of(lets_without_type(code).into_iter())
}

/// The variables of the cell itself.
pub fn variables(code: &str) -> Vec<String> {
    names_of(lets(code).into_iter())
}

/// The names that these `let`s define.
fn names_of(lets: impl Iterator<Item = ast::LetStmt>) -> Vec<String> {
    let names = lets.filter_map(|found| found.pat()).flat_map(|pattern| {
        pattern.syntax().descendants().filter_map(ast::IdentPat::cast).filter_map(|name| name.name())
    });
    names.map(|name| name.text().to_string()).collect()
}

/// The `let`s of the cell itself that have no type.
fn lets_without_type(code: &str) -> Vec<ast::LetStmt> {
    lets(code).into_iter().filter(|found| found.ty().is_none()).collect()
}

/// The `let`s of the cell itself.
fn lets(code: &str) -> Vec<ast::LetStmt> {
    let body = body_of_cell(code);
    let statements = body.iter().flat_map(ast::BlockExpr::statements);
    let lets = statements.filter_map(|statement| match statement {
        ast::Stmt::LetStmt(found) => Some(found),
        _ => None,
    });
    lets.collect()
}

/// Whether a cell has items, new crates or another level of optimisation, and nothing that runs. evcxr compiles it without the variables, so it does not see whether
/// their types still are what they were.
pub fn has_only_items(code: &str) -> bool {
    let text = format!("fn cell() {{\n{}\n}}", without_commands(code));
    let parse = SourceFile::parse(&text, Edition::Edition2024);
    let cell = parse.tree().syntax().children().find_map(ast::Fn::cast);
    let Some(body) = cell.and_then(|cell| cell.body()).filter(|_| parse.errors().is_empty()) else {
        return false;
    };
    let mut statements = body.statements().peekable();
    let has_some = statements.peek().is_some() || changes_all_types(code);
    has_some && body.tail_expr().is_none() && statements.all(|one| matches!(one, ast::Stmt::Item(_)))
}

/// Whether a cell may make all types others: it has a `:dep`, an `:opt`, an `extern crate` or an `.await`.
pub fn changes_all_types(code: &str) -> bool {
    let is_one = |line: &str| line.starts_with(":dep") || line.starts_with(":opt");
    code.lines().any(|line| is_one(line.trim_start()))
        || code.contains(".await")
        || code.contains("extern crate")
}

/// The variables that this code of evcxr keeps, with the types under which it keeps them.
pub fn kept_variables(code: &str) -> Vec<(&str, &str)> {
    let kept = code.split("put_variable::<").skip(1).filter_map(|rest| {
        let (kind, rest) = rest.split_once(">(stringify!(")?;
        Some((rest.split_once(')')?.0, kind))
    });
    kept.collect()
}

/// What is put round a value so that it is shown with `Debug`.
pub const DEBUG: &str = "std::format_args!(\"{:?}\", ";

/// Has the value of a cell shown with its `Debug`, and says where the code has changed; nothing if the cell has no value, or if this has
/// been done.
pub fn show_with_debug(code: &mut String) -> Option<Inserted> {
    let range = body_of_cell(code)?.tail_expr()?.syntax().text_range();
    let place = |at: usize| at.checked_sub(BEFORE.len());
    let (start, end) = (place(range.start().into())?, place(range.end().into())?);
    let is_new = !code.get(start..)?.starts_with(DEBUG) && end <= code.len();
    is_new.then(|| {
        let mut inserted = Inserted::default();
        inserted.insert(code, end, ")");
        inserted.insert(code, start, DEBUG);
        inserted
    })
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
    fn macros_around_a_place_are_left_out() {
        for (code, left) in [
            ("println!(\"{}\", vec![1].len() + s|", "println (\"{}\", vec![1].len() + s"),
            ("f(vec![x, format!(\"{}\", y|)])", "f(    [x, format (\"{}\", y)])"),
            ("println!(\"{}\", x); y|", "println!(\"{}\", x); y"),
            ("matches!(x, Some(y) if y|)", "matches!(x, Some(y) if y)"),
            ("println|!(\"{}\", x)", "println!(\"{}\", x)"),
            ("if !(a|) {}", "if !(a) {}"),
        ] {
            let offset = code.find('|').unwrap();
            assert_eq!(without_macros_around(&code.replace('|', ""), offset), left, "{code}");
        }
    }

    #[test]
    fn a_function_that_does_not_end_can_be_a_block() {
        for (code, block) in [
            (
                "f();\nfn q(mut r: &Session, (a, b): (u8, u8)) -> u8 { let n = r",
                Some("f();\n{ let mut r: &Session = todo!(); let (a, b): (u8, u8) = todo!();  let n = r"),
            ),
            ("fn q() { 1 }\nfor x in y { x", None),
            ("fn q<T>(r: T) { r", None),
            ("impl A { fn q(&self) { self", None),
            ("fn q(r: u8", None),
        ] {
            assert_eq!(as_block(code).as_deref(), block, "{code}");
        }
    }

    #[test]
    fn closures_of_the_cell_are_told_from_others() {
        let code = "let n = 1; let mut inc = || n + 1; let add = move |x| x;\nlet boxed: Box<dyn Fn()> = Box::new(|| ()); { let inner = || 1; }";
        assert_eq!(closures_of_the_cell(code), ["inc", "add"]);
        let code = "let a = 1; let (b, Some(mut c)) = f(); let d: u8 = 2; { let e = 3; }";
        assert_eq!(variables_without_type(code), ["a", "b", "c"]);
        assert_eq!(variables(code), ["a", "b", "c", "d"]);
    }

    #[test]
    fn cells_that_run_nothing_are_told_from_others() {
        for code in ["use a::B;", "struct A;\n// text\nfn f() {}", ":dep rand", "!ls\nenum E { A }"] {
            assert!(has_only_items(code), "{code}");
        }
        for code in ["", "1", "fn f() {}\nf()", "fn f() {}\nf();", "mk!(u8);", "// text", ":vars", "fn f() {"]
        {
            assert!(!has_only_items(code), "{code}");
        }
    }

    #[test]
    fn the_value_of_a_cell_is_shown_with_debug() {
        let mut code = "let é = 1;\nSome( é\n)  ".to_owned();
        let inserted = show_with_debug(&mut code);
        assert_eq!(code, "let é = 1;\nstd::format_args!(\"{:?}\", Some( é\n))  ");
        assert_eq!(inserted.map(|it| (it.column(2, DEBUG.len() + 7), it.column(1, 5))), Some((7, 5)));
        assert_eq!(show_with_debug(&mut code), None, "once");
        for code in ["let x = 1;", "fn f() -> u8 { 1 }", ":vars", "x;"] {
            assert_eq!(show_with_debug(&mut code.to_owned()), None, "{code}");
        }
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
}
