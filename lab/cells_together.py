"""Checks of cells that meet others: what one cell defines, moves or prints changes what another one finds. Part of `hard_cells.py`."""

import re

from front_end import kinds, run, text


def value(kernel, source):
    """The text of a cell's value."""
    _, outputs = run(kernel, source)
    return outputs[-1][2].get("data", {}).get("text/plain") if outputs else None


def plain(line):
    """A line without colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", line)


STALE = {
    "an import": ("let r: Result<i32, String> = Ok(1);", "use std::io::Result;", "r"),
    "a type": ("let r: Result<i32, String> = Ok(1);", "type Result<T> = std::result::Result<T, String>;", "r"),
    "an enum": ("let o: Option<u8> = Some(1);", "enum Option { Yes, No }", "o"),
    "a struct": ("use std::collections::HashMap;\nlet h: HashMap<u8, u8> = HashMap::new();", "struct HashMap { n: u8 }", "h"),
    "a second import of all names": (
        "mod m { pub struct T { pub x: u8 } } mod n { pub struct T { pub y: u8 } } use m::*;\nlet t = T { x: 1 };",
        "use n::*;",
        "t",
    ),
}


def check_meanings(check, kernel):
    """A cell that makes the type of a variable mean something else takes that variable along, and nothing more."""
    for name, (first, second, gone) in STALE.items():
        run(kernel, ":clear")
        run(kernel, f"{first} let kept = 41;")
        reply, outputs = run(kernel, second)
        well = reply["status"] == "ok" and text(outputs, "stderr") == f"Gone, because this cell changes what their types mean: {gone}.\n"
        check(f"{name} with the name of a variable's type ends the variable and says so", well, (reply, outputs))
        check("and other cells work", value(kernel, "kept + 1") == "42")
    run(kernel, ":clear")
    run(kernel, "macro_rules! mk { ($t:ty) => { #[derive(Debug)] pub struct M { pub a: $t } } }")
    made = "mk!(u32);\nlet mac: M = M { a: 1 }; let kept = 41;"
    run(kernel, made)
    _, outputs = run(kernel, "kept + 1")
    well = text(outputs, "stderr").startswith("Gone, because their types were known only in") and outputs[-1][2]["data"]["text/plain"] == "42"
    check("a variable whose type a macro made ends with its cell, and says so", well, outputs)
    run(kernel, made.replace(": M ", ": Vec<M> ").replace("M { a: 1 }", "vec![M { a: 1 }]"))
    reply, _ = run(kernel, ":restart")
    check("`:restart` takes such a variable along", reply["status"] == "ok" and value(kernel, "6 * 7") == "42", reply)
    run(kernel, "const fn n() -> usize { 3 }")
    run(kernel, "struct Grid { cells: [u32; n()], last: u32 }\nlet grid = Grid { cells: [1, 2, 3], last: 99 };")
    _, outputs = run(kernel, "const fn n() -> usize { 2 }")
    check("a function that says how long an array is changes types", text(outputs, "stderr") == "Gone, because this cell changes their types: grid.\n", outputs)
    run(kernel, "use std::collections::HashMap as Map;\nlet map: Map<u8, u8> = Map::new();")
    _, outputs = run(kernel, "use std::collections::BTreeMap as Map;")
    check("a type that is another one is said in the cell that changes it", text(outputs, "stderr") == "Gone, because the type is another one now: map.\n", outputs)
    reply, outputs = run(kernel, "map.len()")
    check("and only there", len(reply["traceback"]) == 3 and not text(outputs, "stderr"), (reply, outputs))
    run(kernel, "struct Cfg { rate: u8 }\nlet cfg = Cfg { rate: 1 }; let other = Cfg { rate: 2 };")
    _, outputs = run(kernel, "struct Cfg { rate: u8, n: u8 }\nlet cfg = Cfg { rate: 1, n: 3 };")
    check("a variable that the cell makes anew is not called gone", text(outputs, "stderr") == "Gone, because this cell changes their types: other.\n", outputs)
    check("and is there", value(kernel, "cfg.n") == "3")


def check_failures(check, kernel):
    """A cell that does not compile takes nothing along, and shows the compiler's own error, though its value is shown in another way."""
    run(kernel, "struct Point { x: i32 }\nlet (left, right) = (Point { x: 1 }, Point { x: 1 });")
    for source, message in {
        "left == right": "binary operation `==` cannot be applied to type `Point`",
        "left + right": "cannot add `Point` to `Point`",
        "Some(left) == None": "binary operation `==` cannot be applied to type `Option<Point>`",
        "-left": "cannot apply unary operator `-` to type `Point`",
    }.items():
        reply, outputs = run(kernel, source)
        check(f"`{source}` is the compiler's own error", reply.get("evalue") == message and not text(outputs, "stderr"), (reply, outputs))
    check("and the variables stay", value(kernel, "(left.x, right.x)") == "(1, 1)")
    run(kernel, "#[derive(Debug)] struct Money(f64); impl Money { fn evcxr_display(&self) {} }\nlet wallet = Money(3.0);")
    check("an option of what shows itself is shown with `Debug`", value(kernel, "let n = 1;\nSome(Money(1.0))") == "Some(Money(1.0))")
    check("and no variable of its type is gone", value(kernel, "Some(wallet.0 + n as f64)") == "Some(4.0)")
    reply, _ = run(kernel, "struct Dots; impl Dots { fn evcxr_display(&self) {} }\ndots_of(Dots)")
    shown = [plain(line) for line in reply["traceback"]]
    well = shown == ["error[E0425]: cannot find function `dots_of` in this scope", "2 | dots_of(Dots)", "  | ^^^^^^^ not found in this scope"]
    check("a missing function is one error", well, reply)
    run(kernel, "fn count() -> u8 { 1 }")
    reply, _ = run(kernel, 'fn count() -> u8 { "2" }')
    check("a function that does not compile says that the earlier one stays", reply["traceback"][-1] == "The earlier `count` stays.", reply)
    reply, _ = run(kernel, 'fn count() -> u8 { 2 }\nErr::<(), _>("late")?;')
    check("one in a cell that fails later is there", "earlier" not in str(reply) and value(kernel, "count()") == "2", reply)


def check_moves(check, kernel):
    """A variable that an earlier cell has moved is missed with the reason."""
    run(kernel, "let a = vec![1]; let b = vec![2];")
    run(kernel, "(a, b)")
    reply, _ = run(kernel, "a")
    check("a moved variable is missed with the reason", reply["traceback"][-1] == "Moved in an earlier cell: a. Make it again; there, write `&a` if a reference is enough, or `a.clone()` if it can be cloned.", reply)
    run(kernel, "let a = 3;")
    run(kernel, ":restart")
    reply, _ = run(kernel, "b")
    check("but not after a restart", not any("Moved" in line for line in reply["traceback"]), reply)


def check_macros(check, kernel):
    """A macro of a cell is found in every cell, wherever evcxr puts it."""
    run(kernel, "macro_rules! square { ($x:expr) => { $x * $x } }")
    # evcxr puts items in a random order, so one function alone may find it by chance.
    functions = " ".join(f"fn area{i}(n: u32) -> u32 {{ {i} * square!(n) }}" for i in range(12))
    check("a function finds a macro of an earlier cell", value(kernel, f"{functions}\narea3(2)") == "12")
    run(kernel, "macro_rules! fourth { ($x:expr) => { square!($x) * square!($x) } }\nfn four(n: u32) -> u32 { fourth!(n) }")
    boxed = "let boxed: Box<dyn Fn(u32) -> u32> = Box::new(|n| fourth!(n)); (boxed(3), four(2))"
    check("so do a closure and a macro", value(kernel, boxed) == "(81, 16)")
    run(kernel, "macro_rules! square { ($x:expr) => { $x * $x + 1 } }")
    check("an edited macro replaces the one before", value(kernel, "(area2(2), square!(3))") == "(10, 10)")
    source = 'macro_rules! one { () => { 1 } } macro_rules! two { () => { 2 } } let wrong: u8 = "text";'
    reply, _ = run(kernel, source)
    place = [plain(line) for line in reply["traceback"] if "^" in line]
    check("an error after macros is shown at its place", place and place[0].index("^") == len("1 | ") + source.index('"text"'), reply)


def check_commands(check, kernel):
    """Commands next to code say what they did."""
    reply, outputs = run(kernel, '!echo one\nprintln!("two"); 3')
    well = text(outputs) == "one\ntwo\n" and outputs[-1][2].get("data", {}).get("text/plain") == "3"
    check("a shell command before code shows what it writes", well, (reply, outputs))
    _, outputs = run(kernel, "!echo one\nlet six = 6;")
    check("as text", (text(outputs), kinds(outputs)) == ("one\n", ["stream"]), outputs)
    reply, _ = run(kernel, "!false\nlet six = 7;")
    well = reply["evalue"] == "The command failed (exit status: 1): false"
    check("one that fails ends its cell", well and value(kernel, "six") == "6", reply)
    run(kernel, 'let wrong: u8 = "text";')
    shown = [str(value(kernel, source)) for source in (":explain E0382", ":explain")]
    well = shown[0].startswith("E0382: A variable was used after") and shown[1].startswith("E0308: Expected type did not match")
    check("`:explain` explains the error that it names, or the last one", well, shown)
    run(kernel, ":timing")
    _, outputs = run(kernel, "six")
    check("`:timing` times cells", re.match(r"[\d.]+ s, of which [\d.]+ s to compile\n$", text(outputs)), outputs)
    run(kernel, ":timing")
    _, outputs = run(kernel, "six")
    check("until the next one", not text(outputs), outputs)


LATE = """use std::println as p;
struct Late; impl Late { fn evcxr_display(&self) {
p!("EVCXR_BEGIN_CONTENT text/plain\\nlate\\nEVCXR_END_CONTENT"); UPDATE
} }
UPDATE"""
UPDATE = 'p!("\\u{1}softness-output {{\\"id\\":\\"late\\",\\"data\\":{{\\"text/plain\\":\\"shown\\"}}}}");'


def check_updates(check, kernel):
    """An update of an earlier cell's output leaves the value of this cell its result."""
    _, outputs = run(kernel, LATE.replace("UPDATE", UPDATE))
    check("an output is shown", kinds(outputs) == ["display_data"], outputs)
    _, outputs = run(kernel, "Late")
    check("an update of it after a value leaves the value the result", kinds(outputs) == ["update_display_data", "execute_result"], outputs)
