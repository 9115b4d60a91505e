//! What Shift+Tab is asked about: a variable of an earlier cell, or something else that has its name.

use ra_ap_syntax::ast::{self, AstNode, HasLoopBody, HasName};
use ra_ap_syntax::{SyntaxKind, SyntaxNode, SyntaxToken, TextSize, TokenAtOffset};

use crate::syntax::{start_of_cell, tree_at};
use crate::text::{name_at, name_end};

/// What is at a place of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Under {
    /// Text or a comment.
    Text,
    /// What may be a variable of an earlier cell.
    Variable(String),
    /// A name that this cell binds, and where, and the type that is written with it.
    Bound { name: String, from: usize, kind: Option<String> },
    /// A field before its value or pattern, as in `Point { x: 1 }`.
    Label(String),
    /// A field, a method, a part of a path, a type, or no name.
    Other,
}

/// What is at or before this position.
pub fn under(code: &str, offset: usize) -> Under {
    let name = name_at(code, offset);
    let end = name_end(code, offset);
    let line = code[..offset].rfind('\n').map_or(0, |at| at + 1);
    match code[line..].trim_start().chars().next() {
        Some('!') => return Under::Text,
        Some(':' | '?') => return Under::Variable(name.to_owned()),
        _ => {}
    }
    let (tree, at) = tree_at(code, offset);
    if is_text(&tree.syntax().token_at_offset(at)) {
        return Under::Text;
    }
    let (tree, at) = tree_at(code, end - name.len());
    let token = tree.syntax().token_at_offset(at).right_biased();
    let Some(token) = token.filter(|token| token.kind() == SyntaxKind::IDENT) else { return Under::Other };
    let bound = |from: TextSize, kind| match usize::from(from).checked_sub(start_of_cell()) {
        Some(from) => Under::Bound { name: name.to_owned(), from: from.min(code.len()), kind },
        None => Under::Other,
    };
    let Some(parent) = token.parent() else { return Under::Other };
    if parent.kind() == SyntaxKind::NAME {
        let pattern = parent.parent().filter(|pattern| ast::IdentPat::can_cast(pattern.kind()));
        return pattern.and_then(|pattern| scope(&pattern)).map_or(Under::Other, |(from, kind)| {
            // The name that is asked about may be in a pattern with others, and has a part of their type.
            let is_whole = kind.as_ref().is_some_and(|kind| kind.1 == parent.text_range());
            bound(from, kind.filter(|_| is_whole).map(|kind| kind.0))
        });
    }
    let above = parent.parent().map(|above| above.kind());
    if matches!(above, Some(SyntaxKind::RECORD_EXPR_FIELD | SyntaxKind::RECORD_PAT_FIELD)) {
        return Under::Label(name.to_owned());
    }
    match reference(&parent).map(|reference| meaning(name, &reference)) {
        Some(Meaning::Free) => Under::Variable(name.to_owned()),
        Some(Meaning::Bound(kind)) => bound(token.text_range().start(), kind),
        Some(Meaning::InItem) | None => Under::Other,
    }
}

/// Whether this place is inside of a text or a comment.
fn is_text(place: &TokenAtOffset<SyntaxToken>) -> bool {
    let is_comment = |token: &SyntaxToken| token.kind() == SyntaxKind::COMMENT;
    match place {
        TokenAtOffset::Single(token) => {
            is_comment(token)
                || matches!(
                    token.kind(),
                    SyntaxKind::STRING
                        | SyntaxKind::BYTE_STRING
                        | SyntaxKind::C_STRING
                        | SyntaxKind::CHAR
                        | SyntaxKind::BYTE
                )
        }
        TokenAtOffset::Between(before, _) => is_comment(before),
        TokenAtOffset::None => false,
    }
}

/// The expression that is this name alone.
fn reference(parent: &SyntaxNode) -> Option<SyntaxNode> {
    let segment = parent.parent().and_then(ast::PathSegment::cast)?;
    let path = segment.parent_path();
    let expression = path.syntax().parent().filter(|above| ast::PathExpr::can_cast(above.kind()))?;
    path.qualifier().is_none().then_some(expression)
}

enum Meaning {
    /// The cell does not say what it is.
    Free,
    /// The cell does, perhaps with a type.
    Bound(Option<String>),
    /// It is in a function or another item, which has no variables of cells.
    InItem,
}

/// What a name means in this expression.
fn meaning(name: &str, expression: &SyntaxNode) -> Meaning {
    let start = expression.text_range().start();
    let is_in = |part: Option<&SyntaxNode>| part.is_some_and(|part| part.text_range().contains(start));
    let is_after = |part: &SyntaxNode| part.text_range().end() <= start;
    let in_parameters = |list: Option<ast::ParamList>| {
        let found = list.into_iter().flat_map(|list| list.params()).find(|one| binds(one.pat(), name));
        found.map(|one| written(one.pat(), one.ty(), name))
    };
    let in_condition = |condition: Option<ast::Expr>| {
        let lets = condition.into_iter().flat_map(|condition| {
            condition.syntax().descendants().filter_map(ast::LetExpr::cast).collect::<Vec<_>>()
        });
        lets.filter(|one| is_after(one.syntax())).any(|one| binds(one.pat(), name)).then_some(None)
    };
    for above in expression.ancestors() {
        let found = if let Some(list) = ast::StmtList::cast(above.clone()) {
            let found = list.statements().filter_map(|statement| match statement {
                ast::Stmt::LetStmt(one) if is_after(one.syntax()) && binds(one.pat(), name) => {
                    Some(written(one.pat(), one.ty(), name))
                }
                ast::Stmt::Item(item) if is_named(item.syntax(), name) => Some(None),
                _ => None,
            });
            found.last()
        } else if let Some(one) = ast::ForExpr::cast(above.clone()) {
            (!is_in(one.iterable().as_ref().map(ast::Expr::syntax)) && binds(one.pat(), name)).then_some(None)
        } else if let Some(one) = ast::WhileExpr::cast(above.clone()) {
            in_condition(one.condition())
        } else if let Some(one) = ast::IfExpr::cast(above.clone()) {
            let is_other = match one.else_branch() {
                Some(ast::ElseBranch::Block(block)) => is_in(Some(block.syntax())),
                Some(ast::ElseBranch::IfExpr(other)) => is_in(Some(other.syntax())),
                None => false,
            };
            if is_other { None } else { in_condition(one.condition()) }
        } else if let Some(one) = ast::MatchArm::cast(above.clone()) {
            binds(one.pat(), name).then_some(None)
        } else if let Some(one) = ast::ClosureExpr::cast(above.clone()) {
            in_parameters(one.param_list())
        } else if let Some(one) = ast::Fn::cast(above.clone()) {
            if above.text_range().start() == 0.into() {
                return Meaning::Free;
            }
            return in_parameters(one.param_list()).map_or(Meaning::InItem, Meaning::Bound);
        } else {
            None
        };
        if let Some(kind) = found {
            return Meaning::Bound(kind);
        }
        if ast::Item::can_cast(above.kind()) && above.kind() != SyntaxKind::MACRO_CALL {
            return Meaning::InItem;
        }
    }
    Meaning::InItem
}

/// Whether a pattern gives something this name.
fn binds(pattern: Option<ast::Pat>, name: &str) -> bool {
    let is_it = |node: SyntaxNode| ast::IdentPat::can_cast(node.kind()) && is_named(&node, name);
    pattern.is_some_and(|pattern| pattern.syntax().descendants().any(is_it))
}

fn is_named(node: &SyntaxNode, name: &str) -> bool {
    let own = node.children().find(|child| child.kind() == SyntaxKind::NAME);
    own.is_some_and(|own| own.text() == name)
}

/// The type that is written with a pattern that is this name alone.
fn written(pattern: Option<ast::Pat>, kind: Option<ast::Type>, name: &str) -> Option<String> {
    let is_name = matches!(&pattern, Some(ast::Pat::IdentPat(one)) if is_named(one.syntax(), name));
    kind.filter(|_| is_name).map(|kind| kind.syntax().text().to_string())
}

/// From where on the names of this pattern are known, and the type of the name that is all of it.
fn scope(pattern: &SyntaxNode) -> Option<(TextSize, Option<(String, ra_ap_syntax::TextRange)>)> {
    let body = |block: Option<ast::BlockExpr>| {
        Some(block?.stmt_list()?.l_curly_token()?.text_range().end()).map(|at| (at, None))
    };
    let of_type = |pattern: Option<ast::Pat>, kind: Option<ast::Type>| match pattern {
        Some(ast::Pat::IdentPat(one)) => {
            Some((kind?.syntax().text().to_string(), one.name()?.syntax().text_range()))
        }
        _ => None,
    };
    let mut kind = None;
    for above in pattern.ancestors() {
        if let Some(one) = ast::LetStmt::cast(above.clone()) {
            return Some((above.text_range().end(), of_type(one.pat(), one.ty())));
        } else if let Some(one) = ast::Param::cast(above.clone()) {
            kind = of_type(one.pat(), one.ty());
        } else if let Some(one) = ast::ForExpr::cast(above.clone()) {
            return body(one.loop_body());
        } else if let Some(one) = ast::WhileExpr::cast(above.clone()) {
            return body(one.loop_body());
        } else if let Some(one) = ast::IfExpr::cast(above.clone()) {
            return body(one.then_branch());
        } else if let Some(one) = ast::MatchArm::cast(above.clone()) {
            return Some((one.fat_arrow_token()?.text_range().end(), None));
        } else if let Some(one) = ast::ClosureExpr::cast(above.clone()) {
            return Some((one.body()?.syntax().text_range().start(), kind));
        } else if let Some(one) = ast::Fn::cast(above) {
            return Some((body(one.body())?.0, kind));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(code: &str) -> Under {
        let offset = code.find('^').unwrap();
        under(&code.replace('^', ""), offset)
    }

    #[test]
    fn a_variable_of_an_earlier_cell_is_told_from_what_has_its_name() {
        for code in [
            "x^",
            "x^.len()",
            "f(x^)?; 1",
            "Q { x^ }",
            "Q { y: x^ }",
            "let x = x^ + 1; x",
            "{ let x = 1; } x^",
            "for x in x^.iter() {}",
            "if let Some(x) = x^ {}",
            "if let Some(x) = y { 1 } else { x^ }",
            "let f = |y| x^ + y;",
            "match x^ { Some(x) => 1 }",
            "y.iter().map(|y| y + x^",
            "while x^ > 1 {}",
            "let n = 1;\n?x^",
            ":doc x^",
            "!ls\nx^",
            "a[x^]",
            "&mut x^",
        ] {
            assert_eq!(at(code), Under::Variable("x".to_owned()), "{code}");
        }
        for code in [
            "q.x^",
            "q.x^()",
            "Q::x^()",
            "x^::y()",
            "fn f() { x^ }",
            "mod m { fn f() { x^ } }",
            "const N: u8 = x^;",
            "x^!(1)",
            "fn x^() {}",
            "let y: x^ = 1;",
            "use x^;",
            "5^",
        ] {
            assert_eq!(at(code), Under::Other, "{code}");
        }
        for code in ["Q { x^: 1.0 }", "let Q { x^: y } = q;", "E::Q { x^: "] {
            assert_eq!(at(code), Under::Label("x".to_owned()), "{code}");
        }
        for code in ["\"hel^lo\"", "\"x^", "b\"x^\"", "r#\"x^\"#", "'x^'", "// x^", "f(/* x^ */)", "!ls x^"] {
            assert_eq!(at(code), Under::Text, "{code}");
        }
    }

    #[test]
    fn what_the_cell_binds_is_known_with_its_place_and_type() {
        for (code, before, kind) in [
            ("let x = \"new\"; x^", "let x = \"new\"; ", None),
            ("let x: u8 = 1;\n{ x^ }", "let x: u8 = 1;\n{ ", Some("u8")),
            ("let (x, y): (u8, u8) = z; x^", "let (x, y): (u8, u8) = z; ", None),
            ("fn f(x: &str) { x^ }", "fn f(x: &str) { ", Some("&str")),
            ("fn f(x: &str) { x^", "fn f(x: &str) { ", Some("&str")),
            ("for x in &y { x^ }", "for x in &y { ", None),
            ("y.map(|x: &str| x^)", "y.map(|x: &str| ", Some("&str")),
            ("if let Some(x) = y { x^ }", "if let Some(x) = y { ", None),
            ("if let Some(x) = y && x^ > 1 {}", "if let Some(x) = y && ", None),
            ("while let Some(Q { x, .. }) = y { x^ }", "while let Some(Q { x, .. }) = y { ", None),
            ("match y { Some(x) if x^ > 1 => 1 }", "match y { Some(x) if ", None),
            ("match y { Some(x) => x^ }", "match y { Some(x) => ", None),
            ("x^; fn x() {}", "", None),
            ("let x^ = \"new\"; 1", "let x = \"new\";", None),
            ("let x^: u8 = 1; 1", "let x: u8 = 1;", Some("u8")),
            ("let (x^, y): (u8, u8) = z;", "let (x, y): (u8, u8) = z;", None),
            ("for x^ in &y { 1 }", "for x in &y {", None),
            ("if let Some(x^) = y { 1 }", "if let Some(x) = y {", None),
            ("match y { Some(x^) => 1 }", "match y { Some(x) =>", None),
            ("y.map(|x^: u8| 1)", "y.map(|x: u8| ", Some("u8")),
            ("fn f(x^: &str) { 1 }", "fn f(x: &str) {", Some("&str")),
        ] {
            let Under::Bound { name, from, kind: found } = at(code) else { panic!("{code}") };
            let found = (name.as_str(), &code.replace('^', "")[..from], found.as_deref());
            assert_eq!(found, ("x", before, kind), "{code}");
        }
    }
}
