//! Positions in a cell, links, HTML, and evcxr's sentences.

/// What evcxr says of a variable whose type it cannot name.
const NO_TYPE: &str = "Couldn't automatically determine type of variable ";
/// And of one that borrows.
const BORROWS: &str = "contains a reference with a non-static lifetime";
/// And of a closure.
const CLOSURE: &str = "is a closure, which cannot be persisted";

/// And of what has a type without a name.
const NO_NAME: &str = "which cannot be persisted.";
/// What evcxr says of a variable whose type is no longer the same, before and after its name.
const REDEFINED: (&str, &str) = ("The type of the variable ", " was redefined, so was lost.");
/// What rustc says of a line that begins with `:`.
const COMMAND: &str = "expected expression, found `:`";
/// What rustc says of a `?` after an `Option`.
const OPTION: &str = "the `?` operator can only be used on `Result`s, not `Option`s";
/// What rustc says of a `?` whose error has no text.
const NO_TEXT: [&str; 2] = ["`?` couldn't convert the error: `", "Display` is not satisfied"];
/// What rustc says of a value whose type nothing determines, such as that of `text.parse()?`.
const UNKNOWN: &str = "the trait bound `!: ";
/// What rustc says of a type that evcxr has written out.
const NEVER: &str = "the `!` type is experimental";

/// Markdown links without their targets: most lead to pages of this crate that are not published.
pub fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        let Some(end) = after.find(')') else { break };
        let Some(open) = before.rfind('[') else {
            out += &rest[..at + 2];
            rest = &rest[at + 2..];
            continue;
        };
        out += &before[..open];
        out += &before[open + 1..];
        rest = &after[end + 1..];
    }
    out + rest
}

/// HTML in which only links to the standard library's pages are left.
pub fn without_own_links(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<a href=\"") {
        out += &rest[..at];
        let tail = &rest[at..];
        let (Some(open), Some(close)) = (tail.find('>'), tail.find("</a>")) else { break };
        if tail.starts_with("<a href=\"https://doc.rust-lang.org") {
            out += &tail[..close + 4];
        } else if open < close {
            out += &tail[open + 1..close];
        }
        rest = &tail[close + 4..];
    }
    out + rest
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A completion without the places, such as `$1`, at which an editor would stop. evcxr removes only some of them.
pub fn without_stops(code: &str) -> String {
    let mut parts = code.split('$');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| match part.trim_start_matches(|letter: char| letter.is_ascii_digit()) {
        rest if rest.len() < part.len() => out + rest,
        _ => out + "$" + part,
    })
}

/// Jupyter counts characters, evcxr bytes.
pub fn byte_offset(code: &str, position: usize) -> usize {
    code.char_indices().nth(position).map_or(code.len(), |(offset, _)| offset)
}

/// The same, the other way.
pub fn char_offset(code: &str, offset: usize) -> usize {
    code.char_indices().take_while(|(at, _)| *at < offset).count()
}

/// Whether a name may contain this.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where the name at or before this position ends.
pub fn name_end(code: &str, offset: usize) -> usize {
    code[offset..].find(|letter| !is_part(letter)).map_or(code.len(), |at| offset + at)
}

/// The name at or before this position.
pub fn name_at(code: &str, offset: usize) -> &str {
    let start = code[..offset].rfind(|letter| !is_part(letter)).map_or(0, |at| at + 1);
    let start = (start..=offset).find(|at| code.is_char_boundary(*at)).unwrap_or(offset);
    &code[start..name_end(code, offset)]
}

/// How rustc begins if there is no linker.
const NO_LINKER: &str = "linker `";
/// What cargo writes before the command line of a program that is not there.
const NEVER_STARTED: &str = "could not execute process `";

/// What rustc says, as it is in a cell: without the code of evcxr, and with `:dep` for `cargo add`.
pub fn in_cells(text: &str) -> String {
    if let Some(name) = text.split_once("use `cargo add ").and_then(|(_, rest)| Some(rest.split_once('`')?.0))
    {
        return format!(
            "if it is a crate, put `:dep {name} = \"*\"` before the code of the cell; `*` stands for its version"
        );
    }
    let text = text.replace(" to provide an error compatible with `Result<(), EvcxrUserCodeError>`", "");
    let mut parts = text.split("{closure@");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let rest = part.split_once('}').map_or("", |(_, rest)| rest);
        out + "{closure}" + rest
    })
}

/// A sentence of evcxr with what to do.
pub fn with_way_out(text: &str) -> String {
    let Some(name) = text.split('`').nth(1) else { return text.to_owned() };
    let path = "add its folder to PATH where Jupyter is started, and start Jupyter again";
    if text.starts_with(NO_LINKER) && text.contains("not found") {
        return format!(
            "The linker `{name}`, which every cell needs, is not on the kernel's search path: install a C compiler, or {path}."
        );
    }
    if let Some((_, command)) = text.split_once(NEVER_STARTED) {
        let program = command.split([' ', '`']).next().unwrap_or(command);
        return format!(
            "The program `{program}`, which compiles every cell, could not be started: if RUSTC_WRAPPER, \
             RUSTC_WORKSPACE_WRAPPER or cargo's configuration names it, install it, take it out there, or {path}."
        );
    }
    if text.starts_with(NO_TYPE) {
        return of_unknown_type(&[name.to_owned()]);
    }
    if text == COMMAND {
        return format!("{text}: a command, such as `:dep`, comes before all code of its cell");
    }
    if text.starts_with(OPTION) {
        return "`?` needs a `Result` in a cell, and this is an `Option`: write `.ok_or(\"..\")?`."
            .to_owned();
    }
    if text.starts_with(NO_TEXT[0]) && text.ends_with(NO_TEXT[1]) {
        return "`?` needs an error that has a text: implement `std::fmt::Display` for it, or write `.map_err(|error| format!(\"{error:?}\"))?`."
            .to_owned();
    }
    if text.starts_with(UNKNOWN) {
        return format!(
            "The compiler cannot tell which type a value has here (`{name}`); write it: `let x: .. = ..`."
        );
    }
    if text.contains(CLOSURE) {
        return of_closure(name);
    }
    if text.contains(NO_NAME) {
        let kind = text.split('`').nth(3).unwrap_or_default();
        // evcxr's word for a type that it has not found.
        if kind == "String" {
            return of_unknown_type(&[name.to_owned()]);
        }
        if kind.contains("impl Fn") && !kind.contains("iter::") {
            return format!(
                "The type of the variable `{name}`, `{kind}`, has a closure in it, and a cell cannot keep that: box the closure and write the \
                 type with `Box<dyn Fn(..) -> ..>`, or put the cell in braces, `{{ .. }}`, so that `{name}` ends with it."
            );
        }
        // An iterator and a future are better ended than put into a box.
        let of_trait = kind.strip_prefix("impl ").filter(|of| !of.contains(" + "));
        if let Some(of) = of_trait.filter(|of| !of.contains("Iterator<") && !of.contains("Future<")) {
            return format!(
                "The type of the variable `{name}`, `{kind}`, has no name, and a cell cannot keep that: box the value if its trait allows it, \
                 `let {name}: Box<dyn {of}> = Box::new(..)`, or put the cell in braces, `{{ .. }}`, so that `{name}` ends with it."
            );
        }
        return format!(
            "The type of the variable `{name}`, `{kind}`, has no name, and a cell cannot keep that: end an iterator in \
             `.collect::<Vec<_>>()`, a future in `.await`, box another value (`Box<dyn ..>`), or put the cell in braces, `{{ .. }}`, so that `{name}` ends with it."
        );
    }
    if text.contains(NEVER) {
        return "The type `!`, of what never returns, cannot be part of a variable's type: write the type, such as \
                `let thread: std::thread::JoinHandle<()> = ..`."
            .to_owned();
    }
    if text.contains(BORROWS) {
        return format!(
            "The variable `{name}` borrows from another variable, and a cell cannot keep that: end its value in \
             `.clone()` or `.to_owned()`, or use it within one cell, in braces."
        );
    }
    text.to_owned()
}

/// What to do with a closure.
pub fn of_closure(name: &str) -> String {
    format!(
        "The variable `{name}` is a closure, and a cell cannot keep that: put the cell in braces, `{{ .. }}`, so that `{name}` ends with \
         it, or box it: `let {name}: Box<dyn Fn(..) -> ..> = Box::new(..)`."
    )
}

/// What to do with a variable, one of these, whose type has a trait in it that the cell does not import.
pub fn of_unknown_trait(path: &str, names: &[String]) -> String {
    let variable = match names {
        [name] => format!("the variable `{name}`"),
        _ => "a variable".to_owned(),
    };
    let name = names.first().filter(|_| names.len() == 1).map_or("x", String::as_str);
    format!(
        "The kernel must name the type of {variable}, and the trait `{path}` in it is not imported here: write the type, with \
         `dyn {path}` in it (`let {name}: .. = ..`), or add `use {path};`."
    )
}

/// What to do with a variable of whose type only a part is known.
pub fn of_open_type(name: &str, kind: &str) -> String {
    format!(
        "Nothing of this cell ran: the kernel cannot determine the whole type of the variable `{name}`, only `{kind}`; write the type \
         without `_`: `let {name}: .. = ..`."
    )
}

/// What cells write to standard error, without evcxr's lines about variables whose types are no longer the same, and their names.
pub fn of_cells(text: &str) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let is_other = |line: &&str| {
        let name = line.trim_end().strip_prefix(REDEFINED.0).and_then(|rest| rest.strip_suffix(REDEFINED.1));
        names.extend(name.map(str::to_owned));
        name.is_none()
    };
    (text.split_inclusive('\n').filter(is_other).collect(), names)
}

/// What to do if the type of one of these variables is not known.
pub fn of_unknown_type(names: &[String]) -> String {
    let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names {
        [name] => format!(
            "The kernel cannot determine the type of the variable `{name}`; write the type: `let {name}: .. = ..`."
        ),
        [] => "The kernel cannot determine the type of a variable of this cell; write the type: `let x: .. = ..`."
            .to_owned(),
        [first, ..] => format!(
            "The kernel cannot determine the type of one of the variables {listed}; write their types: `let {first}: .. = ..`."
        ),
    }
}

/// What to do with a variable whose type the kernel and the compiler see differently.
pub fn of_other_type(name: &str, kind: &str) -> String {
    format!(
        "The kernel takes the type of the variable `{name}` to be `{kind}`, and the compiler finds another; write the type: \
         `let {name}: .. = ..`."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(byte_offset("é = fit", 4), 5);
        assert_eq!(char_offset("é = fit", 5), 4);
        assert_eq!(byte_offset("ab", 9), 2);
    }

    #[test]
    fn a_variable_whose_type_is_another_one_is_gone() {
        let (text, names) = of_cells("a\nThe type of the variable layer was redefined, so was lost.\nb");
        assert_eq!((text.as_str(), names), ("a\nb", vec!["layer".to_owned()]));
    }

    #[test]
    fn a_completion_has_no_stops() {
        assert_eq!(without_stops("fn($1)"), "fn()");
        assert_eq!(without_stops("enum $1 {\n    $20\n}"), "enum  {\n    \n}");
        assert_eq!(without_stops("$x:expr"), "$x:expr");
    }

    #[test]
    fn the_name_round_a_position() {
        assert_eq!(name_at("let x = fits.len()", 10), "fits");
        assert_eq!(name_at("größe", 6), "größe");
        assert_eq!(name_at("a + ", 4), "");
    }

    #[test]
    fn links_keep_their_text() {
        assert_eq!(without_links("see [`Fit`](https://docs.rs/x) and [this]"), "see `Fit` and [this]");
        let html =
            "<a href=\"https://docs.rs/softness\">Fit</a> <a href=\"https://doc.rust-lang.org/std\">Vec</a>";
        assert_eq!(without_own_links(html), "Fit <a href=\"https://doc.rust-lang.org/std\">Vec</a>");
    }

    #[test]
    fn a_sentence_of_evcxr_says_what_to_do() {
        let text =
            "Couldn't automatically determine type of variable `df`.\nPlease give it an explicit type.";
        let expected =
            "The kernel cannot determine the type of the variable `df`; write the type: `let df: .. = ..`.";
        assert_eq!(with_way_out(text), expected);
        let text = "The variable `f` contains a reference with a non-static lifetime so\ncan't be persisted.";
        assert!(with_way_out(text).contains("end its value in `.clone()`"));
        let text =
            "The variable `label` is a closure, which cannot be persisted.\nYou can however persist closures";
        let expected = "The variable `label` is a closure, and a cell cannot keep that: put the cell in braces, `{ .. }`, so that \
                        `label` ends with it, or box it: `let label: Box<dyn Fn(..) -> ..> = Box::new(..)`.";
        assert_eq!(with_way_out(text), expected);
        let text = "The variable `it` has type `Filter<Range<i32>, impl FnMut(&i32) -> bool>` which cannot be persisted.\nYou might";
        let sentence = with_way_out(text);
        assert!(
            sentence.starts_with("The type of the variable `it`, `Filter<Range<i32>, impl"),
            "{sentence}"
        );
        let sentence =
            with_way_out("The variable `t` has type `impl Summary` which cannot be persisted.\nYou");
        assert!(
            sentence
                .contains("box the value if its trait allows it, `let t: Box<dyn Summary> = Box::new(..)`"),
            "{sentence}"
        );
        let text =
            "The variable `pair` has type `(impl Fn() -> i32, i32)` which cannot be persisted.\nYou might";
        assert!(with_way_out(text).contains("has a closure in it"));
        let sentence =
            with_way_out("`?` couldn't convert the error: `E: std::fmt::Display` is not satisfied");
        assert!(sentence.contains("implement `std::fmt::Display`"), "{sentence}");
        assert!(
            with_way_out("the `?` operator can only be used on `Result`s, not `Option`s, in a closure")
                .contains(".ok_or(")
        );
        let sentence = with_way_out("the trait bound `!: FromStr` is not satisfied");
        assert!(sentence.ends_with("(`!: FromStr`); write it: `let x: .. = ..`."), "{sentence}");
        assert!(
            with_way_out("expected expression, found `:`").ends_with("comes before all code of its cell")
        );
        let crates = in_cells(
            "if you wanted to use a crate named `rand`, use `cargo add rand` to add it to your `Cargo.toml`",
        );
        assert!(crates.starts_with("if it is a crate, put `:dep rand = \"*\"` before"), "{crates}");
        assert_eq!(
            in_cells("`{closure@src/lib.rs:1:1: 1:9}` and `{closure@b}`"),
            "`{closure}` and `{closure}`"
        );
        assert_eq!(in_cells("add `;`"), "add `;`");
        let unknown = of_unknown_type(&["a".to_owned(), "b".to_owned()]);
        assert!(
            unknown.contains("one of the variables `a`, `b`; write their types: `let a: .. = ..`"),
            "{unknown}"
        );
        assert!(
            of_open_type("a", "[u8; _]")
                .ends_with("only `[u8; _]`; write the type without `_`: `let a: .. = ..`.")
        );
        assert!(
            of_other_type("e", "[u8; 3]").contains("`e` to be `[u8; 3]`, and the compiler finds another")
        );
        assert!(with_way_out("the `!` type is experimental").contains("JoinHandle<()>"));
        assert_eq!(with_way_out("mismatched types"), "mismatched types");
        assert_eq!(with_way_out("expected `u8`, found `i8`"), "expected `u8`, found `i8`");
    }

    #[test]
    fn a_missing_linker_or_wrapper_is_named() {
        let linker = with_way_out("linker `cc` not found");
        assert!(linker.starts_with("The linker `cc`, which every cell needs, is not on"), "{linker}");
        let text = "Compilation failed, but no parsable errors were found. STDERR:\nerror: could not execute process \
                    `sccache /toolchain/bin/rustc -vV` (never executed)\n\nCaused by:\n  No such file or directory";
        let wrapper = with_way_out(text);
        assert!(
            wrapper.starts_with("The program `sccache`, which compiles every cell, could not"),
            "{wrapper}"
        );
    }
}
