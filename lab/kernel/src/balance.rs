//! Brackets, strings and comments of a cell that end nowhere, and brackets that close nothing.

use ra_ap_syntax::ast::AstNode;
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxToken};

use crate::syntax::without_commands;

/// What is out of place, and where: line and column from 1, counted in characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Unbalanced {
    pub sentence: String,
    pub line: usize,
    pub column: usize,
}

/// The first bracket of this code that closes nothing; else the last text, comment or bracket that is still open at its end.
pub fn unbalanced(code: &str) -> Option<Unbalanced> {
    let code = without_commands(code);
    let parse = SourceFile::parse(&code, Edition::Edition2024);
    let at = |offset: usize, say: &dyn Fn(usize) -> String| {
        let line = code[..offset].matches('\n').count() + 1;
        let start = code[..offset].rfind('\n').map_or(0, |end| end + 1);
        Unbalanced { sentence: say(line), line, column: code[start..offset].chars().count() + 1 }
    };
    let mut open: Vec<(SyntaxKind, usize)> = Vec::new();
    for token in parse.tree().syntax().descendants_with_tokens().filter_map(|element| element.into_token()) {
        let (kind, offset) = (token.kind(), usize::from(token.text_range().start()));
        if closing(kind).is_some() {
            open.push((kind, offset));
        } else if is_closing(kind) {
            match open.pop() {
                Some((opener, _)) if closing(opener) == Some(kind) => {}
                Some((opener, begin)) => {
                    let begins = at(begin, &|line| format!("`{}` in line {line}", sign(opener)));
                    let say =
                        |line| format!("`{}` in line {line} does not close {}", sign(kind), begins.sentence);
                    return Some(at(offset, &say));
                }
                None => {
                    return Some(at(offset, &|line| {
                        format!("`{}` in line {line} closes nothing", sign(kind))
                    }));
                }
            }
        }
    }
    let errors = parse.errors();
    let unterminated = errors.iter().find(|error| error.to_string().contains("to terminate the"));
    if let Some(error) = unterminated {
        let what = if error.to_string().contains("comment") { "comment" } else { "text" };
        let begin = usize::from(error.range().start()).min(code.len());
        return Some(at(begin, &|line| format!("the {what} that begins in line {line} does not end")));
    }
    let (opener, begin) = open.pop()?;
    Some(at(begin, &|line| format!("`{}` in line {line} is not closed", sign(opener))))
}

/// The code with the brackets that it leaves open closed, if a function is among what does not end: rust-analyzer knows nothing of the
/// types in it otherwise.
pub fn finished(code: &str) -> String {
    let text = without_commands(code);
    let tree = SourceFile::parse(&text, Edition::Edition2024).tree();
    let mut open: Vec<SyntaxKind> = Vec::new();
    let mut before = Vec::new();
    for token in tree.syntax().descendants_with_tokens().filter_map(|element| element.into_token()) {
        let kind = token.kind();
        if let Some(closing) = closing(kind) {
            open.push(closing);
            before.push(token);
        } else if is_closing(kind) {
            before.pop();
            if open.pop() != Some(kind) {
                return code.to_owned();
            }
        }
    }
    let is_of_function = |token: &SyntaxToken| {
        let block =
            token.parent_ancestors().nth(1).is_some_and(|above| above.kind() == SyntaxKind::BLOCK_EXPR);
        block && token.parent_ancestors().nth(2).is_some_and(|above| above.kind() == SyntaxKind::FN)
    };
    if !before.iter().any(is_of_function) {
        return code.to_owned();
    }
    let end: String = open.iter().rev().map(|kind| sign(*kind)).collect();
    format!("{code}\n{end}")
}

/// What closes this bracket.
fn closing(opener: SyntaxKind) -> Option<SyntaxKind> {
    match opener {
        SyntaxKind::L_PAREN => Some(SyntaxKind::R_PAREN),
        SyntaxKind::L_BRACK => Some(SyntaxKind::R_BRACK),
        SyntaxKind::L_CURLY => Some(SyntaxKind::R_CURLY),
        _ => None,
    }
}

fn is_closing(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::R_PAREN | SyntaxKind::R_BRACK | SyntaxKind::R_CURLY)
}

fn sign(kind: SyntaxKind) -> char {
    match kind {
        SyntaxKind::L_PAREN => '(',
        SyntaxKind::R_PAREN => ')',
        SyntaxKind::L_BRACK => '[',
        SyntaxKind::R_BRACK => ']',
        SyntaxKind::L_CURLY => '{',
        _ => '}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_named_with_its_place() {
        for (code, sentence, place) in [
            ("for i in 0..3 {\n  println!(\"{i}\");", "`{` in line 1 is not closed", (1, 15)),
            ("let x = 1;\nfoo(bar(1)", "`(` in line 2 is not closed", (2, 4)),
            ("let \u{e4} = [1, 2;\nlet y = 1;", "`[` in line 1 is not closed", (1, 9)),
            ("let a = 1; }", "`}` in line 1 closes nothing", (1, 12)),
            ("f(\n1];", "`]` in line 2 does not close `(` in line 1", (2, 2)),
            ("let s = \"open;\nlet t = 1;", "the text that begins in line 1 does not end", (1, 9)),
            ("println!(\"hello)", "the text that begins in line 1 does not end", (1, 10)),
            ("/* open", "the comment that begins in line 1 does not end", (1, 1)),
            ("!ls (\nf(", "`(` in line 2 is not closed", (2, 2)),
        ] {
            let found = unbalanced(code).unwrap_or_else(|| panic!("{code}"));
            assert_eq!((found.sentence.as_str(), (found.line, found.column)), (sentence, place), "{code}");
        }
        for code in [
            "",
            "1 +",
            "f(\"(\", '{', b'[') // (",
            "let x = r#\"\"(\"#;",
            "m!{ ( [ ] ) }",
            "let a = &'static str;",
        ] {
            assert_eq!(unbalanced(code), None, "{code}");
        }
    }

    #[test]
    fn a_function_that_does_not_end_is_closed() {
        for (code, end) in [
            ("fn q(r: &Session) { r.", "\n}"),
            ("impl A { fn q(&self) { for x in f(&[self.", "\n])}}"),
            ("fn q() {}\nf(", ""),
            ("for s in &sessions { s.", ""),
            ("fn q() { f(]", ""),
        ] {
            assert_eq!(finished(code), format!("{code}{end}"), "{code}");
        }
    }
}
