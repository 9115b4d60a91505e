//! `impl`s in cells of their own. evcxr keeps such an `impl` for ever, so a cell that is edited and run again would not compile: its
//! method or trait would be there twice. evcxr does replace an `impl` that comes after an item with a name. So such a name is put before
//! the first `impl`: a constant that nobody uses.

use std::collections::{BTreeMap, BTreeSet};

use ra_ap_syntax::ast::{self, AstNode, AstToken, HasModuleItem, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxToken};

use crate::syntax::without_commands;

/// Some `impl`s: of each its first line, without spaces, and the functions, constants and types in it if it is of no trait.
type Set = BTreeMap<String, BTreeSet<String>>;

/// The `impl`s of cells of their own, each set under a number.
#[derive(Debug, Default)]
pub struct Impls {
    sets: BTreeMap<usize, Set>,
    next: usize,
}

/// A cell that is ready for evcxr.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Prepared {
    /// The code with the names in it.
    pub code: String,
    /// Where something was added.
    pub inserted: Inserted,
    /// What earlier cells have that no longer exists after this one.
    pub gone: Vec<String>,
    /// The sets that end.
    ends: Vec<usize>,
    /// The new set.
    new: Option<(usize, Set)>,
}

/// What has been added to a cell's code, one after the other.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Inserted(Vec<Place>);

/// Where something has been added: the line and the column, from 1, and how many characters it has.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    line: usize,
    column: usize,
    length: usize,
}

impl Inserted {
    /// Adds this at a place of the code, in bytes.
    pub fn insert(&mut self, code: &mut String, start: usize, text: &str) {
        let line = code[..start].rfind('\n').map_or(0, |at| at + 1);
        self.0.push(Place {
            line: code[..start].matches('\n').count() + 1,
            column: code[line..start].chars().count() + 1,
            length: text.chars().count(),
        });
        code.insert_str(start, text);
    }

    /// Adds what was added after this.
    pub fn extend(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// The column without what was added.
    pub fn column(&self, line: usize, column: usize) -> usize {
        self.0.iter().rev().fold(column, |column, place| {
            let is_behind = line == place.line && column >= place.column + place.length;
            if is_behind { column - place.length } else { column }
        })
    }
}

impl Impls {
    /// Prepares a cell.
    pub fn prepare(&self, code: &str) -> Prepared {
        let unchanged = Prepared { code: code.to_owned(), ..Prepared::default() };
        let Some((start, items)) = items(code) else { return unchanged };
        let mut all = Set::new();
        items.iter().filter_map(set_of).for_each(|(line, names)| all.entry(line).or_default().extend(names));
        let leading = items.iter().take_while(|item| !has_name(item)).filter_map(set_of);
        let mut leads = Set::new();
        leading.for_each(|(line, names)| leads.entry(line).or_default().extend(names));
        let replaced = self.replaced_by(&all);
        if replaced.is_empty() && leads.is_empty() {
            return unchanged;
        }
        let number =
            if leads.is_empty() { None } else { Some(replaced.first().copied().unwrap_or(self.next)) };
        let last = replaced.iter().copied().filter(|one| Some(*one) != number).chain(number);
        let names: String = last.map(|number| format!("const __impl_{number}: () = (); ")).collect();
        let (mut code, mut inserted) = (code.to_owned(), Inserted::default());
        inserted.insert(&mut code, start, &names);
        Prepared {
            code,
            inserted,
            gone: replaced.iter().flat_map(|number| missing(&self.sets[number], &all)).collect(),
            ends: replaced,
            new: number.map(|number| (number, leads)),
        }
    }

    /// Keeps what a prepared cell has defined.
    pub fn keep(&mut self, prepared: Prepared) {
        self.sets.retain(|number, _| !prepared.ends.contains(number));
        if let Some((number, set)) = prepared.new {
            self.sets.insert(number, set);
            self.next = self.next.max(number + 1);
        }
    }

    /// The sets that these `impl`s replace: the one that has the most in common with them, if all its `impl`s are among them, and those
    /// of which nothing is missing.
    fn replaced_by(&self, all: &Set) -> Vec<usize> {
        let are_there = |set: &Set| set.keys().all(|line| all.contains_key(line));
        let found = self.sets.iter().filter(|(_, set)| are_there(set));
        let mut found: Vec<(usize, usize)> = found
            .map(|(number, set)| (*number, common(set, all)))
            .filter(|(_, common)| *common > 0)
            .collect();
        found.sort_by_key(|(_, common)| std::cmp::Reverse(*common));
        let stays = |number: &usize| !missing(&self.sets[number], all).is_empty();
        let numbers = found.into_iter().map(|(number, _)| number).enumerate();
        numbers.filter(|(index, number)| *index == 0 || !stays(number)).map(|(_, number)| number).collect()
    }
}

/// How much two sets have in common.
fn common(set: &Set, other: &Set) -> usize {
    let both = set.iter().filter_map(|(line, names)| Some((names, other.get(line)?)));
    both.map(|(one, other)| if one.is_empty() { 1 } else { one.intersection(other).count() }).sum()
}

/// What the first set has that the other has not.
fn missing(set: &Set, other: &Set) -> Vec<String> {
    let both = set.iter().filter_map(|(line, names)| Some((names, other.get(line)?)));
    both.flat_map(|(one, other)| one.difference(other).cloned()).collect()
}

/// What stands before a cell's code so that it can be read.
pub const BEFORE: &str = "fn cell() {";

/// The items of the cell itself, and where the first `impl` or item with a name begins.
fn items(code: &str) -> Option<(usize, Vec<ast::Item>)> {
    let tree =
        SourceFile::parse(&format!("{BEFORE}{}\n}}", without_commands(code)), Edition::Edition2024).tree();
    let Some(ast::Item::Fn(cell)) = tree.items().next() else { return None };
    let statements = cell.body()?.statements().collect::<Vec<_>>();
    let items = statements.into_iter().filter_map(|statement| match statement {
        ast::Stmt::Item(item) => Some(item),
        _ => None,
    });
    let items: Vec<ast::Item> =
        items.filter(|item| has_name(item) || matches!(item, ast::Item::Impl(_))).collect();
    let start = items
        .first()?
        .syntax()
        .descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .find(is_code)?;
    let start = usize::from(start.text_range().start()).checked_sub(BEFORE.len())?;
    Some((start, items))
}

/// Whether a token is neither space nor a comment, unless that is documentation.
fn is_code(token: &SyntaxToken) -> bool {
    ast::Comment::cast(token.clone()).map_or(!token.kind().is_trivia(), |comment| comment.is_doc())
}

/// Whether evcxr keeps an item, and the `impl`s after it, under a name.
fn has_name(item: &ast::Item) -> bool {
    match item {
        ast::Item::Const(item) => item.name().is_some(),
        ast::Item::Enum(_)
        | ast::Item::Fn(_)
        | ast::Item::Module(_)
        | ast::Item::Static(_)
        | ast::Item::Struct(_)
        | ast::Item::Trait(_)
        | ast::Item::TypeAlias(_)
        | ast::Item::Union(_) => true,
        _ => false,
    }
}

/// An `impl`: its first line, and the names in it if it is of no trait.
fn set_of(item: &ast::Item) -> Option<(String, BTreeSet<String>)> {
    let ast::Item::Impl(found) = item else { return None };
    let list = found.assoc_item_list()?;
    let end = list.syntax().text_range().start();
    let tokens = found.syntax().descendants_with_tokens().filter_map(|element| element.into_token());
    let first = found.impl_token()?.text_range().start();
    let tokens =
        tokens.filter(|token| token.text_range().start() >= first && token.text_range().end() <= end);
    let line = tokens.filter(|token| !token.kind().is_trivia()).map(|token| format!("{} ", token.text()));
    let names = list.assoc_items().filter_map(|item| match item {
        ast::AssocItem::Fn(item) => item.name(),
        ast::AssocItem::Const(item) => item.name(),
        ast::AssocItem::TypeAlias(item) => item.name(),
        ast::AssocItem::MacroCall(_) => None,
    });
    let names = names.map(|name| name.text().to_string());
    Some((line.collect(), if found.trait_().is_some() { BTreeSet::new() } else { names.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells one after the other, each of which compiles: what evcxr gets, and what is gone.
    fn after(cells: &[&str]) -> (String, Vec<String>) {
        let mut impls = Impls::default();
        let mut last = Prepared::default();
        for cell in cells {
            last = impls.prepare(cell);
            impls.keep(last.clone());
        }
        (last.code, last.gone)
    }

    #[test]
    fn an_impl_in_a_cell_of_its_own_gets_a_name_and_keeps_it() {
        let one = "impl P { fn a(&self) {} }";
        assert_eq!(after(&[one]).0, format!("const __impl_0: () = (); {one}"));
        let two = "let x = 1;\n\timpl P { fn a(&self) -> u8 { 1 } fn b(&self) {} }";
        assert_eq!(after(&[one, two]).0, two.replace("impl", "const __impl_0: () = (); impl"));
        let other = "impl P { fn c(&self) {} }";
        assert_eq!(after(&[one, other]).0, format!("const __impl_1: () = (); {other}"));
        assert_eq!(after(&[one, other, one]).0, format!("const __impl_0: () = (); {one}"));
        let of_a_trait = "// text\n/// Shows.\nimpl  std::fmt::Display for P { }";
        let named = of_a_trait.replace("/// S", "const __impl_0: () = (); /// S");
        assert_eq!(after(&[of_a_trait, of_a_trait]).0, named);
        let command = "// text\n:dep a\n// more\nimpl Clone for P {}";
        assert_eq!(after(&[command]).0, command.replace("impl", "const __impl_0: () = (); impl"));
        assert_eq!(after(&["impl Clone for P {}", of_a_trait]).0, named.replace("impl_0", "impl_1"));
    }

    #[test]
    fn an_impl_after_its_type_needs_no_name_and_ends_an_earlier_one() {
        for code in [
            "",
            "let x = 1;",
            "struct P;\nimpl P { fn a(&self) {} }",
            "use a::b; f()",
            "fn f() { impl P {} }",
            "impl",
            "}",
        ] {
            assert_eq!(after(&[code]).0, code);
        }
        let whole = "#[derive(Debug)]\nstruct P;\nimpl P { fn a(&self) {} }";
        let one = "impl P { fn a(&self) {} }";
        assert_eq!(after(&[one, whole]).0, format!("const __impl_0: () = (); {whole}"));
        assert_eq!(after(&[one, whole, whole]).0, whole);
    }

    #[test]
    fn what_an_edited_impl_no_longer_has_is_gone() {
        let both = "impl P { fn a(&self) {} fn b(&self) {} }";
        assert_eq!(after(&[both, "impl P { fn a(&self) {} }"]).1, ["b"]);
        // An `impl` for another trait in the same cell would be gone as well, so nothing is replaced.
        let two = "impl P { fn a(&self) {} }\nimpl Clone for P {}";
        assert_eq!(
            after(&[two, "impl P { fn a(&self) {} }"]),
            ("const __impl_1: () = (); impl P { fn a(&self) {} }".to_owned(), vec![])
        );
        assert_eq!(
            after(&["impl P { fn a(&self) {} }", "impl P { fn b(&self) {} }", both]).0,
            format!("const __impl_1: () = (); const __impl_0: () = (); {both}")
        );
    }

    #[test]
    fn columns_are_those_of_the_cell() {
        let prepared = Impls::default().prepare(":opt 3\nlet é = 1; impl P { fn a(&self) {} }");
        let inserted = prepared.inserted;
        let line = prepared.code.lines().nth(1).unwrap();
        let column = |of: &str| line[..line.find(of).unwrap()].chars().count() + 1;
        assert_eq!(inserted.column(2, column("impl P")), 12);
        assert_eq!(inserted.column(2, column("é")), 5);
        assert_eq!(inserted.column(1, 40), 40);
    }
}
