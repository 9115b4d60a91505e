"""Checks of cells that ask much of the kernel: they read, end their process, hide their error, or clear everything. Part of `cargo lab --test`."""

import os
import re
import sys
import tempfile
import time
from pathlib import Path

from cells_together import check_commands, check_failures, check_macros, check_meanings, check_moves, check_updates, plain, value
from checks import Checks
from front_end import AT_ONCE, collect, kinds, run, text
from kernels import Kernel


def inspected(kernel, code):
    """What Shift+Tab shows at `^`, else at the end."""
    before, _, after = code.partition("^")
    return kernel.client.inspect(before + after, len(before), reply=True, timeout=120)["content"]["data"].get("text/plain", "")


def completed(kernel, code):
    """The names that Tab offers, without arguments."""
    reply = kernel.client.complete(code, len(code), reply=True, timeout=120)["content"]
    return [name.split("(")[0] for name in reply["matches"]]


def check_input(check, kernel):
    """Standard input is empty. A cell that reads it goes on, and so does what it starts."""
    run(kernel, "let kept = 41;")
    start = time.monotonic()
    read = "let mut line = String::new();\nlet bytes = std::io::stdin().read_line(&mut line)?;\nbytes"
    check("a cell that reads a line finds the end", value(kernel, read) == "0", "")
    check("so does one that reads everything", value(kernel, "std::io::read_to_string(std::io::stdin())?") == '""')
    started = 'let status = std::process::Command::new("cat").status()?; status.success()'
    check("so does a program that it starts", value(kernel, started) == "true")
    # What the crate evcxr_input does.
    asks = 'println!("EVCXR_INPUT_REQUEST:Your name:"); let mut name = String::new(); std::io::stdin().read_line(&mut name)?; name.len()'
    reply, outputs = run(kernel, asks)
    check("a question is shown and has no answer", text(outputs) == "Your name:\n" and kinds(outputs)[-1] == "execute_result", (reply, outputs))
    check("all of that at once", time.monotonic() - start < AT_ONCE, time.monotonic() - start)
    check("and variables stay", value(kernel, "kept + 1") == "42")


HIDDEN = {
    "a closure next to an unused macro": ("macro_rules! unused { () => {} }\nlet double = |x: i32| 2 * x;", "is a closure, and a cell cannot keep that"),
    "a closure next to an unused function": ("fn f() { let unused = 1; }\nlet double = |x: i32| 2 * x;", "is a closure, and a cell cannot keep that"),
    "an unknown type next to an unused value": (
        "fn g() { let unused = 1; }\nlet x = std::iter::empty().collect();",
        "",
    ),
    "a closure that borrows": ("let mut n = 0; let mut next = || n += 1; next();", "is a closure, and a cell cannot keep that"),
    "an iterator without a name": ("let even = (0..9).filter(|x| x % 2 == 0);", "end an iterator in `.collect::<Vec<_>>()`"),
    "a closure in a box": ("let boxed = Box::new(|x: i32| 2 * x);", "has a closure in it, and a cell cannot keep that"),
    "a value that cannot be shown": ("struct Dark; Dark", "put `#[derive(Debug)]` before its type, or end the cell in `;`"),
    "an option before a `?`": ("let none: Option<u8> = None; none?", "write `.ok_or(\"..\")?`"),
    "an error without a text": ("struct Bare; Err::<(), Bare>(Bare)?;", "implement `std::fmt::Display` for it"),
    "a command after code": ("let n = 1;\n:opt 3", "a command, such as `:dep`, comes before all code of its cell"),
    "a thread that never returns": ("let never = std::thread::spawn(|| loop {});", "write the type"),
    "a brace too many": ("}", "This cell cannot be read, and nothing ran"),
    "a brace too many behind code": ("let a = 1; }", "`}` in line 1 closes nothing"),
    "a loop without its end": ('for i in 0..3 {\n  println!("{i}");', "`{` in line 1 is not closed"),
    "a text without its end": ('let s = "open;', "the text that begins in line 1 does not end"),
    "half of a sum": ("1 +", "the cell ends too early: expected expression"),
    "a comparison with one sign": ("let y = 4; if y = 3 { }", "compare for equality: `let y = 4; if y == 3 { }`"),
    "a shell command after code": ("let n = 5;\n!ls", "a command, such as `!ls` or `%time`, comes before all code"),
    "a trait that is not imported": (
        'fn load() -> Result<u8, Box<dyn std::error::Error>> { Ok("1".parse()?) }\nlet loaded = load();',
        "the variable `loaded`, and the trait `std::error::Error` in it",
    ),
    "a number in place of a result": ("fn h() -> Result<u8, String> {\n    3\n}", "help: try wrapping the expression in `Ok`: `Ok(3)`"),
    "a borrow next to an unused value": (
        'fn h() { let unused = 1; }\nlet words = String::from("a b"); let word = words.trim();',
        "end its value in `.clone()`",
    ),
}


def check_errors(check, kernel):
    """A warning does not hide an error."""
    for name, (source, sentence) in HIDDEN.items():
        reply, _ = run(kernel, source)
        shown = plain("\n".join(reply.get("traceback", [])))
        well = reply["status"] == "error" and sentence in shown and "unused" not in reply["evalue"]
        check(f"{name} is an error with its own sentence", well, reply)
    for source, sentence in [
        ("%time :vars", "`%time` times code, and `:vars` is none"),
        ("%time ?Fit", "`%time` times code, and `?Fit` is none"),
        ("?", "`?` needs a name"),
        ("let x = 1;\n:restart", "`:restart` needs a cell of its own"),
        (":quit", "`:quit` would end the kernel"),
        (":opt 9", "`:opt` takes 0, 1, 2, 3, s or z"),
        (":toolchain nightly", "`:toolchain` cannot change the compiler here"),
    ]:
        reply, _ = run(kernel, source)
        check(f"{source!r} is refused", reply["status"] == "error" and reply["evalue"].startswith(sentence), reply)
    source = "fn factorial(n: u64) -> u64 { if n == 0 { 1 } else { n * factorial(n - 1) } }\nfactorial(25)"
    reply, _ = run(kernel, source)
    check("a product that is too large is an error, not another number", "multiply with overflow" in reply.get("evalue", ""), reply)


def check_types(check, kernel):
    """A type that the kernel does not know is said in the cell that needs it, and never troubles another cell."""
    run(kernel, 'let kept = 41usize; let name = "conv1";')
    for source, sentence in [
        ("println!(\"ran\"); let open: [u8; _] = [1, 2, 3];", "only `[u8; _]`; write the type without `_`: `let open: .. = ..`"),
        ("let size = [0u8; include_str!(\"../Cargo.toml\").len()];", "takes the type of the variable `size` to be `[u8; "),
        ("let double = |x: i32| 2 * x;", "The variable `double` is a closure, and a cell cannot keep that"),
        ('let number = "7".parse()?;', "The compiler cannot tell which type a value has here (`!: FromStr`)"),
    ]:
        reply, outputs = run(kernel, source)
        well = reply["status"] == "error" and sentence in reply["evalue"] and not text(outputs)
        check(f"{source!r} says what it needs", well, (reply, outputs))
        check("and later cells go on", value(kernel, "kept + name.len()") == "46")
    run(kernel, "trait Named { fn first(&self) -> u8 { 1 } fn second(&self) -> u8 { 2 } }\nimpl Named for u8 {}\nlet it: Box<dyn Named> = Box::new(7u8);")
    _, outputs = run(kernel, "trait Named { fn second(&self) -> u8 { 2 } fn first(&self) -> u8 { 1 } }")
    check("a value of a trait ends with the trait", text(outputs, "stderr") == "Gone, because this cell changes their types: it.\n", outputs)
    run(kernel, "mod shapes { pub struct Disc; pub fn n() -> u8 { 1 } }\nlet disc = shapes::Disc;")
    _, outputs = run(kernel, "mod shapes { pub fn n() -> u8 { 2 } }")
    check("and one of a module with its type", text(outputs, "stderr") == "Gone, because this cell changes their types: disc.\n", outputs)
    check("the module is the new one", value(kernel, "shapes::n()") == "2")
    run(kernel, "struct Point { x: u8 }\nfn x_of(point: &Point) -> u8 { point.x }")
    reply, _ = run(kernel, "struct Point { y: u8 }")
    shown = "\n".join(reply["traceback"])
    check("an error in an earlier cell's code shows that code", "fn x_of" in shown and "an earlier cell, which no longer fits" in shown, reply)
    run(kernel, "let kept = 41;")
    reply, _ = run(kernel, "enum Answer { Ok, No }\nuse Answer::*;")
    check("a name that the kernel needs is said in the cell that takes it", "`:clear` resets the kernel" in str(reply), reply)
    check("and other cells work", value(kernel, "kept + 1") == "42")
    run(kernel, ":clear")
    run(kernel, "enum Answer { Ok, No }\nuse Answer::*;")
    reply, _ = run(kernel, "let other = 1; other")
    check("or, if there are no variables, in the next one", "`:clear` resets the kernel" in str(reply), reply)
    run(kernel, ":clear")
    run(kernel, "let fixed = vec![1];")
    for source in [
        "fixed.push(2);",
        "fn open() {",
        "let b = 5; b.foo()",
        "let v = vec![1]; v.lenn()",
        'let mut s = String::new(); let r1 = &mut s; let r2 = &mut s; println!("{r1}{r2}");',
    ]:
        reply, _ = run(kernel, source)
        check(f"but not of {source!r}", reply["status"] == "error" and "resets the kernel" not in str(reply), reply)


DEBUG = 'impl std::fmt::Debug for NAME { fn fmt(&self, _: &mut std::fmt::Formatter<\'_>) -> std::fmt::Result { BODY } }'


def check_values(check, kernel):
    """A value whose `Debug` fails is told from one that is fine, and what it takes along is said."""
    debug = DEBUG.replace("NAME", "Bad").replace("BODY", 'panic!("no text")')
    run(kernel, f"struct Bad;\n{debug}\nlet bad = Bad; let bad_too = Bad; let good = 7;")
    reply, outputs = run(kernel, ":vars")
    shown = str(outputs)
    well = reply["status"] == "ok" and shown.count("(its `Debug` panics)") == 4 and re.search(r"good +i32 +7", shown) and not text(outputs, "stderr")
    check(":vars says whose `Debug` panics, and shows the others", well, (reply, outputs))
    check("Shift+Tab says it too", "(its `Debug` panics)" in inspected(kernel, "bad"))
    check("and variables stay", value(kernel, "good") == "7")
    debug = DEBUG.replace("NAME", "Fatal").replace("BODY", "std::process::abort()")
    fatal = f"struct Fatal;\n{debug}\nlet fatal = Fatal; let good = 7;"
    run(kernel, fatal)
    reply, _ = run(kernel, ":vars")
    check(":vars says that it ended the process", reply["status"] == "error" and "Variables are lost" in reply["evalue"], reply)
    run(kernel, fatal)
    shown = inspected(kernel, "fatal")
    check("so does Shift+Tab", "Variables are lost" in shown, shown)
    reply, _ = run(kernel, "good")
    check("and the variables are gone, without a trap", "cannot find value `good`" in reply["evalue"], reply)


def check_ends(check, kernel):
    """How the process ended is said."""
    run(kernel, "fn deep(n: u64) -> u64 { let page = [n; 512]; if n == u64::MAX { 0 } else { deep(n + 1) + std::hint::black_box(page)[7] } }")
    for name, source, reason in [
        ("a stack that overflows", "deep(1)", "its stack overflowed"),
        ("a stack that overflows in a thread", "std::thread::spawn(|| deep(1)).join();", "its stack overflowed"),
        ("too little memory", "let huge = vec![1u8; usize::MAX / 2];", "it asked for more memory than there is"),
    ]:
        reply, _ = run(kernel, source)
        check(f"{name} is named", reply.get("ename") == "ProcessEnded" and reason in reply["evalue"], reply)
    reply, _ = run(kernel, "unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }")
    check("a wrong address is none", reply["ename"] == "ProcessEnded" and "SIGSEGV" in reply["evalue"], reply)
    run(kernel, 'struct Fatal; impl Drop for Fatal { fn drop(&mut self) { panic!("in drop") } }\nlet fatal = Fatal;')
    reply, _ = run(kernel, "let fatal = 1;")
    check("a panic in a `drop` outside of a cell is named", "a panic in a `drop`" in reply.get("evalue", ""), reply)
    check("the next cell works", value(kernel, "6 * 7") == "42")


def check_again(check, kernel):
    """`:restart` and `:clear` leave a kernel in which cells work."""
    for command in [":restart", ":clear"]:
        run(kernel, "let gone = vec![1]; fn stays() -> u8 { 5 }")
        reply, _ = run(kernel, command)
        check(f"{command} works", reply["status"] == "ok", reply)
        check(f"after {command} cells work", value(kernel, "6 * 7") == "42")
        reply, _ = run(kernel, "gone.len()")
        check(f"after {command} variables are gone, without a trap", "cannot find value `gone`" in reply.get("evalue", ""), reply)
        reply, _ = run(kernel, "stays()")
        check(f"after {command} functions are as it says", (reply["status"] == "ok") == (command == ":restart"), reply)
        reply, outputs = run(kernel, "use softness::prelude::*;\nTraining::paper()")
        check(f"after {command} the library is there", reply["status"] == "ok" and bool(outputs), reply)
        reply, _ = run(kernel, 'Err::<(), _>("marked")?;')
        check(f"after {command} an error has its sentence", (reply["ename"], reply["evalue"]) == ("Error", "marked"), reply)


def check_interrupts(check, kernel):
    """What an interrupt says is true."""

    def interrupted(source, *waits):
        start = time.monotonic()
        cell = kernel.client.execute(source)
        for wait in waits:
            time.sleep(wait)
            kernel.manager.interrupt_kernel()
        return collect(kernel, cell, start)[0]

    reply = interrupted("loop { std::hint::black_box(1); }", 3, 1)
    check("a second interrupt says that it was the second", reply["evalue"].startswith("The cell was interrupted twice, so"), reply)
    run(kernel, "let kept = 41;")
    # The compiler takes a minute to evaluate this.
    long = "{ let mut sum = 0u64; let mut n = 0; while n < 1_000_000_000 { sum = sum.wrapping_mul(n); n += 1 } sum }"
    long = f"#[allow(long_running_const_eval)] const LONG: u64 = {long};\nlet sum: u64 = LONG;"
    reply = interrupted(long, 3, 0.5)
    check("a cell that is not compiled yet does not run", "Interrupted before the cell ran" in reply.get("evalue", ""), reply)
    # The second may come when the cell has ended already, and would then be for the next one.
    time.sleep(2)
    check("and variables stay, also after two interrupts", value(kernel, "kept + 1") == "42")


# What Tab must offer, by what comes before it: names that the library has too, as private ones.
PUBLIC = {
    "list.pu": "push",
    "list.iter().ta": "take",
    "map.values().le": "len",
    "text.par": "parse",
    "some.is_n": "is_none",
    "lock.lo": "lock",
    "std::mem::re": "replace",
    "geo::": "area",
    "fn q(r: &Session) { r.na": "name",
    'println!("{}", text.le': "len",
}
# Where Tab must offer no private names.
PRIVATE = ["geo::", "fn q(r: &Session) { r.", 'println!("{}", trained.', "fn q(r: &[Session]) { for one in r { one."]


# What Shift+Tab at `^` shows where a variable of an earlier cell has that name. An empty text is no answer.
SHOWN = {
    "trained.name^()": "pub fn name(&self",
    "Session::name^(..)": "pub fn name(&self",
    'println!("{}", trained.history^())': "pub fn history(&self",
    "pair.x^": "Pair\n\nx: f64",
    "Pair { x^: 1.0 }": "Pair\n\nx: f64",
    "f(Pair { x^ })": "x: i32\n5",
    'let x = "new"; x^': "let x: &str",
    'let x^ = "new";': "let x: &str",
    "fn foo(x: &Session) { x^ }": "x: &Session",
    "for x in &[true] { x^ }": "x: &bool",
    "fn foo(all: &[Session]) { for x in all { x.name^() } }": "pub fn name(&self",
    "f(|x: &str| x^)": "x: &str",
    "if let Some(x) = Some(1.5) { x^ }": "x: f64",
    "let y = x^ + 1;": "x: i32\n5",
    'let y = "x^ ";': "",
    "// x^": "",
}


def check_names(check, kernel):
    """Tab and `?` show what is public."""
    names = completed(kernel, "Figure::")
    well = "hinton_diagram" in names and not {"new", "html", "in_words"} & set(names)
    check("Tab shows a type's public functions", well, names)
    reply, outputs = run(kernel, "?Figure")
    shown = outputs[-1][2]["data"]["text/plain"] if outputs else ""
    check("?Figure shows no private functions", "hinton_diagram" in shown and "\n  new(" not in shown and "in_words" not in shown, shown)
    for code in ["shipped_sessions()?[0].", "for one in &shipped_sessions()? { one.", "Dataset::tiny().bird().", "shipped_sessions()?[0].filters(1)?."]:
        names = completed(kernel, code)
        check(f"Tab after {code} shows public methods alone", "clone" in names and not {"initial", "covers", "place"} & set(names), names)
    names = completed(kernel, "softness::error::")
    check("Tab shows no private names of a module", not {"fmt", "Path", "PathBuf"} & set(names), names)
    run(kernel, "struct Sheet; impl Sheet { fn new() -> Self { Sheet } fn html(&self) {} }\nlet sheet = Sheet::new();")
    names = completed(kernel, "Sheet::") + completed(kernel, "sheet.")
    run(kernel, "let trained = shipped_sessions()?[1].clone();")
    for method in ["filters", "name", "history"]:
        shown = inspected(kernel, f"trained.{method}")
        check(f"Shift+Tab at {method} shows the method, not a private field", f"pub fn {method}(&self" in shown, shown)
    run(kernel, 'let name = 5; let history = "mine"; let x = 5; struct Pair { x: f64 } let pair = Pair { x: 1.0 };')
    found = {code: inspected(kernel, code) for code in SHOWN}
    wrong = {code: shown for code, shown in found.items() if SHOWN[code] not in shown or bool(shown) != bool(SHOWN[code])}
    check("Shift+Tab shows what is at the place, not a variable of that name", not wrong, wrong)
    check("functions of a cell's own type are shown", "new" in names and "html" in names, names)
    others = "let list = vec![1]; let text = String::new(); let some = Some(1); let lock = std::sync::Mutex::new(1);"
    run(kernel, f"{others}\nlet map = std::collections::HashMap::from([(1, 2)]); mod geo {{ fn hidden() {{}} pub fn area() {{}} }}")
    wrong = [code for code, end in PUBLIC.items() if not set(end.split()) & set(completed(kernel, code))]
    check("Tab shows the public methods of types that are not the library's", not wrong, wrong)
    names = [name for code in PRIVATE for name in completed(kernel, code)]
    check("and no private ones in a function, a macro or a module", not {"initial", "covers", "place", "hidden"} & set(names), names)


def check_shell(check, kernel):
    """What a shell command writes is shown while it runs, also if it fails."""
    reply, outputs = run(kernel, "!echo one; sleep 2; echo two >&2\n!echo three; exit 4\n!echo never")
    seconds = [when for when, kind, _ in outputs if kind == "stream"]
    well = (text(outputs), text(outputs, "stderr")) == ("one\nthree\n", "two\n") and seconds[1] - seconds[0] > 1
    well = well and reply["evalue"] == "The command failed (exit status: 4): echo three; exit 4"
    check("a shell command shows what it writes as it comes, and how it failed", well, (reply, outputs))
    start = time.monotonic()
    _, outputs = run(kernel, "!sleep 60 & printf 'without an end'")
    well = text(outputs) == "without an end" and time.monotonic() - start < AT_ONCE
    check("a command in the background is not waited for", well, outputs)


def check_threads(check, kernel):
    """A panic in a thread is said without a place in code that evcxr has written."""
    _, outputs = run(kernel, 'std::thread::spawn(|| { if true { panic!("in a thread") } }).join().is_err()')
    check("a panic in a thread is one sentence", text(outputs, "stderr") == "A thread panicked: in a thread\n", outputs)


def check_statics(check, kernel):
    """A cell says which values do not last."""
    _, outputs = run(kernel, "static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);")
    check("a static that can change is named", text(outputs).startswith("Every cell has its own `COUNT`"), outputs)


def check_impls(check, kernel):
    """An `impl` in a cell of its own can be edited and run again."""
    run(kernel, "struct Disc { r: u8 }\nlet disc = Disc { r: 3 };")
    run(kernel, "impl Disc { fn size(&self) -> u8 { self.r } fn old(&self) {} }")
    reply, outputs = run(kernel, "impl Disc { fn size(&self) -> u8 { 2 * self.r } }\ndisc.size()")
    well = outputs and outputs[-1][2].get("data", {}).get("text/plain") == "6"
    check("an edited `impl` replaces the one before", well, (reply, outputs))
    gone = "Gone, because the `impl` of this cell replaces an earlier one: old.\n"
    check("and says what is gone", text(outputs, "stderr") == gone, outputs)
    shown = 'impl std::fmt::Display for Disc { fn fmt(&self, f: &mut std::fmt::Formatter<\'_>) -> std::fmt::Result { write!(f, "NAME") } }'
    run(kernel, shown.replace("NAME", "old"))
    run(kernel, shown.replace("NAME", "new"))
    check("so does one of a trait", value(kernel, "disc.to_string()") == '"new"')
    reply, _ = run(kernel, "let n = 1; impl Disc { fn size(&self) -> u8 { self.x } }")
    place = [line for line in reply["traceback"] if "^" in line]
    column = "let n = 1; impl Disc { fn size(&self) -> u8 { self.x } }".index("x }")
    check("an error in it is shown at its place", place and plain(place[0]).index("^") == len("1 | ") + column, reply)
    check("and changes nothing", value(kernel, "disc.size()") == "6")
    run(kernel, "struct Disc { r: u8 }\nimpl Disc { fn size(&self) -> u8 { self.r } }")
    check("one in the cell of its type replaces one in another cell", value(kernel, "disc.size()") == "3")
    reply, _ = run(kernel, "impl Disc { fn size(&self) -> u8 { 7 } }")
    check("and is changed where it is", reply["traceback"][-1].endswith("change it there and run that cell again"), reply)


def check_units(check, kernel):
    """A loop has no value to show."""
    reply, outputs = run(kernel, "for i in 0..2 { println!(\"{i}\"); }")
    check("a loop shows what it prints and nothing else", (reply["status"], kinds(outputs)) == ("ok", ["stream"]), outputs)


def main():
    check = Checks()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SOFTNESS_STORE"] = folder
        kernel = Kernel(Path(folder))
        for part in [
            check_input,
            check_errors,
            check_types,
            check_values,
            check_ends,
            check_again,
            check_interrupts,
            check_names,
            check_shell,
            check_threads,
            check_statics,
            check_impls,
            check_units,
            check_meanings,
            check_failures,
            check_moves,
            check_macros,
            check_commands,
            check_updates,
        ]:
            part(check, kernel)
        kernel.stop()
    sys.exit(0 if check.all_well else 1)


if __name__ == "__main__":
    main()
