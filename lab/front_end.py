"""Checks of the kernel's front end: errors, outputs, interrupts, questions. Part of `cargo lab --test`.

With `--cells 10000` and `--starts 500` it runs as many failing cells, and starts as many kernels; `--load N` keeps N
other processes busy meanwhile.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks
from kernels import Kernel

# Seconds within which something that happens at once must be seen, on a busy machine.
AT_ONCE = 20


def run(kernel, source, **options):
    """Runs a cell; returns its reply and its outputs: (seconds, type, content)."""
    start = time.monotonic()
    cell = kernel.client.execute(source, **options)
    return collect(kernel, cell, start)


def collect(kernel, cell, start):
    """The reply and the outputs of a cell that was started with `client.execute`. Outputs of others are an error."""
    outputs = []
    while True:
        message = kernel.client.get_iopub_msg(timeout=300)
        kind, content = message["msg_type"], message["content"]
        ours = message["parent_header"].get("msg_id") == cell
        if kind in ("stream", "error", "display_data", "execute_result", "update_display_data"):
            outputs.append((time.monotonic() - start, kind if ours else f"of another cell: {kind}", content))
        if ours and kind == "status" and content["execution_state"] == "idle":
            break
    while True:
        reply = kernel.client.get_shell_msg(timeout=300)
        if reply["parent_header"].get("msg_id") == cell:
            return reply["content"], outputs


def text(outputs, name="stdout"):
    """What was printed."""
    return "".join(content["text"] for _, kind, content in outputs if kind == "stream" and content["name"] == name)


def kinds(outputs):
    """The types of the outputs, in order."""
    return [kind for _, kind, _ in outputs]


ERRORS = {
    "an error through ?": ('std::fs::read_to_string("no such file")?;', "Error", "No such file or directory (os error 2)"),
    "an error of several lines": ('Err::<(), _>("one\\ntwo")?;', "Error", "one\ntwo"),
    "an error after a line": ('println!("out"); Err::<(), _>("after a line")?;', "Error", "after a line"),
    "an error after text without an end": ('print!("out"); Err::<(), _>("after text")?;', "Error", "after text"),
    "an error after many lines": ('for i in 0..2000 { println!("{i}"); } Err::<(), _>("at last")?;', "Error", "at last"),
    "an error after a picture": ('shown(1); Err::<(), _>("after it")?;', "Error", "after it"),
    "a return": ("let n = 5;\nif n > 3 { return Ok(()); }", "Error", "`return` in line 2 would end the cell"),
    "a name that is not imported": ("HashMap::<u8, u8>::new()", "CompileError", "cannot find type `HashMap` in this scope"),
    "an error in the last expression": ('Err::<u8, String>("no value".to_owned())?', "Error", "no value"),
    "a panic": ('panic!("out of luck");', "Panic", "out of luck"),
    "a false assert": ("assert!(1 > 2, \"one is not more than two\");", "Panic", "one is not more than two"),
    "an index out of bounds": ("let v = vec![1]; let i = v.len(); println!(\"{}\", v[i]);", "Panic", "index out of bounds"),
    "a cell that does not compile": ("let x: u8 = true;", "CompileError", "mismatched types"),
    "a cell with a syntax error": ("let x = ;", "CompileError", "expected expression"),
    "a type that cannot be known": ("let x = Default::default();", "CompileError", ""),
    "a variable that borrows": ('let text = String::from("a b"); let word = text.trim();', None, "end its value in `.clone()`"),
    "an unknown command": (":nonsense", "CompileError", "Unrecognised command :nonsense"),
    "an unknown magic": ("%matplotlib inline", "Error", "`%matplotlib` is not known here"),
}


SHOWN = 'fn shown(x: u8) { println!("EVCXR_BEGIN_CONTENT text/plain\\n{x}\\nEVCXR_END_CONTENT"); }'


def check_errors(check, kernel):
    """A cell that fails is an error, with its sentence, in the output and in the reply."""
    run(kernel, SHOWN)
    for name, (source, ename, sentence) in ERRORS.items():
        reply, outputs = run(kernel, source)
        errors = [content for _, kind, content in outputs if kind == "error"]
        well = reply["status"] == "error" and len(errors) == 1 and errors[0]["evalue"] == reply["evalue"]
        well = well and (ename is None or reply["ename"] == ename) and sentence in reply["evalue"]
        well = well and reply["traceback"] == errors[0]["traceback"] and not text(outputs, "stderr")
        check(f"{name} is an error with its sentence", well, (reply, outputs))
        if "HashMap" in source:
            check("and with the line that imports it", "`use std::collections::HashMap;`" in "".join(reply["traceback"]), reply)
    reply, outputs = run(kernel, 'let error = "seen"; eprintln!("{}", error); eprintln!("x"); 5')
    well = reply["status"] == "ok" and text(outputs, "stderr") == "seen\nx\n" and kinds(outputs)[-1] == "execute_result"
    check("text on stderr is no error", well, outputs)
    reply, outputs = run(kernel, 'let caught = std::panic::catch_unwind(|| panic!("caught")).is_err(); caught')
    check("a panic that is caught is no error", reply["status"] == "ok" and "caught" in text(outputs, "stderr"), outputs)
    run(kernel, "let kept = 41;")
    run(kernel, 'Err::<(), _>("after kept")?;')
    run(kernel, 'panic!("after kept");')
    reply, outputs = run(kernel, "kept + 1")
    check("variables survive errors and panics", outputs and outputs[-1][2].get("data", {}).get("text/plain") == "42", outputs)
    reply, _ = run(kernel, 'let kept = 1; Err::<(), _>("declared anew")?;')
    gone = "Gone, because this cell moved or redeclared them before it failed: kept."
    check("a cell that fails says which variables it took along", reply["traceback"][-1] == gone, reply)
    missing = 'unsafe extern "C" { fn no_such_function(); } unsafe { no_such_function() }'
    reply, outputs = run(kernel, missing)
    named = "cannot be loaded" in text(outputs, "stderr") and "no_such_function" in text(outputs, "stderr")
    check("a function that is nowhere is named", reply["status"] == "error" and named, (reply, outputs))
    if sys.platform == "linux":
        # Otherwise the linker reads the symbols of the whole library for each cell.
        interface = run(kernel, 'std::env::var("SOFTNESS_LIBRARY").is_ok()')[1][-1][2]["data"]["text/plain"]
        check("cells are linked with the interface of the library", interface == "true", interface)


def check_types(check, kernel):
    """A value is never read as one of another type."""
    run(kernel, "struct Part { x: u32 } struct Whole { part: Part }\nlet whole = Whole { part: Part { x: 1065353216 } }; let other = 7;")
    run(kernel, 'struct Part { x: f32 } let wrong: u8 = "";')
    _, outputs = run(kernel, "whole.part.x")
    check("a type in a cell that does not compile changes nothing", "1065353216" in str(outputs), outputs)
    reply, outputs = run(kernel, "struct Part { x: f32 }")
    gone = "Gone, because this cell changes their types: whole.\n"
    check("a variable ends with a type inside its type", reply["status"] == "ok" and text(outputs, "stderr") == gone, outputs)
    check("the others stay", run(kernel, "other")[1][-1][2]["data"]["text/plain"] == "7")
    reply, _ = run(kernel, "whole.part.x")
    check("and its name is unknown", "cannot find value `whole`" in reply["evalue"], reply)
    run(kernel, "#[derive(Clone)] struct Other { n: u8 }\nlet third = Other { n: 7 };")
    run(kernel, "#[derive(Clone, Debug)] struct Other { n: u8 }")
    check("another derive keeps variables", "Other { n: 7 }" in str(run(kernel, "third")[1]))
    run(kernel, "struct Row { n: u8 }\nlet row = Row { n: 1 };")
    run(kernel, "struct Row { n: u8, m: u8 }\nlet row = Row { n: 1, m: 2 };")
    _, outputs = run(kernel, "row.m")
    check("a cell with a type and its variable can be edited and run again", "2" in str(outputs), outputs)


def check_stop(check, kernel):
    """After an error the cells that were sent with it are aborted, unless the cell may fail."""

    def statuses(first, **options):
        cells = [kernel.client.execute(first, **options), kernel.client.execute("1"), kernel.client.execute("2")]
        replies = {}
        while len(replies) < 3:
            reply = kernel.client.get_shell_msg(timeout=300)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
        idle = 0
        while idle < 3:
            message = kernel.client.get_iopub_msg(timeout=300)
            idle += message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        return [replies[cell] for cell in cells]

    found = statuses('Err::<(), _>("stop here")?;')
    check("after an error the next cells are aborted", found == ["error", "aborted", "aborted"], found)
    found = statuses('Err::<(), _>("go on")?;', stop_on_error=False)
    check("a cell that may fail stops nothing", found == ["error", "ok", "ok"], found)


def check_outputs(check, kernel):
    """Text shows at once and as it is; outputs come in their order, and can be replaced."""
    pause = "std::thread::sleep(std::time::Duration::from_millis(1500));"
    reply, outputs = run(kernel, f'print!("10 %"); {pause} print!("\\r20 %"); {pause}')
    seconds = [when for when, kind, _ in outputs if kind == "stream"]
    well = reply["status"] == "ok" and text(outputs) == "10 %\r20 %" and len(seconds) == 2 and seconds[1] - seconds[0] > 1
    check("text without a newline shows at once, and \\r arrives", well, outputs)
    flush = 'use std::io::Write; write!(std::io::stdout(), "no newline").unwrap(); std::io::stdout().flush().unwrap();'
    reply, outputs = run(kernel, flush)
    check("flushed text without a newline does not hang the cell", text(outputs) == "no newline", outputs)
    reply, outputs = run(kernel, 'write!(std::io::stdout(), "not even flushed").unwrap();')
    check("text that was not flushed arrives in its own cell", text(outputs) == "not even flushed", outputs)

    block = 'println!("EVCXR_BEGIN_CONTENT text/html\\n<b>{}</b>\\nEVCXR_END_CONTENT", NUMBER);'
    one, two, three = (block.replace("NUMBER", number) for number in "123")
    source = f'{one} print!("between"); {two} {pause} {three} print!("!"); 4'
    reply, outputs = run(kernel, source)
    well = kinds(outputs) == ["display_data", "stream", "display_data", "display_data", "stream", "execute_result"]
    check("several outputs arrive in order, while the cell runs", well and outputs[2][0] < outputs[3][0] - 1, outputs)

    line = 'println!("\\u{{1}}softness-output {{}}", r#"{{"id": "bar", "data": {{"text/plain": "VALUE"}}}}"#);'
    source = "".join(line.format().replace("VALUE", value) for value in ("a", "b"))
    reply, outputs = run(kernel, source)
    check("an output replaces itself", kinds(outputs) == ["display_data", "update_display_data"], outputs)
    reply, outputs = run(kernel, 'for i in 0..100_000 { println!("line {i}"); }')
    lines = text(outputs).splitlines()
    check("100,000 lines arrive", lines == [f"line {number}" for number in range(100_000)], len(lines))
    many = 'for i in 0..20_000 { println!("last {i}"); } std::process::abort();'
    reply, outputs = run(kernel, many)
    well = reply["ename"] == "ProcessEnded" and text(outputs).endswith("last 19999\n") and kinds(outputs)[-1] == "error"
    check("what a process wrote before it ended is shown", well, (reply, text(outputs)[-100:]))
    line = line.format().replace("VALUE", "late").replace("bar", "thread")
    later = "std::thread::spawn(|| { std::thread::sleep(std::time::Duration::from_secs(3)); LINE });".replace("LINE", line)
    run(kernel, later)
    kernel.client.inspect("later", 3, reply=True, timeout=60)
    run(kernel, "let quiet = 1;", silent=True)
    found = None
    while found is None:
        message = kernel.client.get_iopub_msg(timeout=60)
        found = message["content"].get("data", {}).get("text/plain")
    check("a thread's output arrives, also after an inspection and a silent cell", found == "late", found)
    reply, outputs = run(kernel, "let nothing = 1;", silent=True)
    check("a silent cell shows nothing", reply["status"] == "ok" and not outputs, outputs)


def check_interrupts(check, kernel):
    """An interrupt asks first. What cannot be asked is killed."""

    def interrupted(source, after):
        start = time.monotonic()
        cell = kernel.client.execute(source)
        time.sleep(after)
        kernel.manager.interrupt_kernel()
        reply, outputs = collect(kernel, cell, start)
        return reply, time.monotonic() - start - after

    run(kernel, "let kept = 41;")
    waits = "while !std::path::Path::new(&std::env::var(\"SOFTNESS_STOP\")?).exists() {}\nErr::<(), _>(\"stopped at 7\")?;"
    reply, _ = interrupted(waits, 3)
    well = (reply["status"], reply["ename"], reply["evalue"]) == ("error", "Interrupted", "stopped at 7")
    check("a cell that looks for interrupts ends with its sentence", well, reply)
    check("and variables survive", run(kernel, "kept + 1")[1][-1][2]["data"]["text/plain"] == "42")
    reply, seconds = interrupted("loop { std::hint::black_box(1); }", 3)
    well = reply["ename"] == "Interrupted" and "its process was ended" in reply["evalue"] and 3 < seconds < AT_ONCE
    well = well and "moved" not in str(reply["traceback"])
    check("a cell that does not look is killed after some seconds", well, (reply, seconds))
    run(kernel, "let kept = 41;")
    reply, seconds = interrupted("!sleep 30", 1)
    check("the command of a ! line ends at once", reply["ename"] == "Interrupted" and seconds < 3, (reply, seconds))
    check("and variables survive that too", run(kernel, "kept + 1")[1][-1][2]["data"]["text/plain"] == "42")
    reply, outputs = run(kernel, 'println!("{}", 6 * 7); print!("end")')
    check("the next cell works, with unterminated text", text(outputs) == "42\nend", outputs)
    reply, _ = run(kernel, 'panic!("again");')
    check("and a panic is still one sentence", (reply["ename"], reply["evalue"]) == ("Panic", "again"), reply)


def check_early_interrupt(check, folder):
    """An interrupt while the kernel loads reaches the cell that waits for it."""
    kernel = Kernel(folder)
    start = time.monotonic()
    cell = kernel.client.execute("loop { std::hint::black_box(1); }")
    kernel.manager.interrupt_kernel()
    reply, _ = collect(kernel, cell, start)
    check("an interrupt while the kernel loads ends the cell that waits", reply["ename"] == "Interrupted", reply)
    check("and the next cell works", run(kernel, "6 * 7")[1][-1][2]["data"]["text/plain"] == "42")
    kernel.stop()


def check_missing(check, folder):
    """A wrapper or a linker that is not on Jupyter's search path is named in the cell."""
    toolless = Path(folder) / "no-tools"
    toolless.mkdir()
    for name, variables, sentence in [
        ("wrapper", {"RUSTC_WRAPPER": "no-such-wrapper"}, "The program `no-such-wrapper`, which compiles every cell"),
        ("linker", {"PATH": str(toolless)}, "The linker `cc`, which every cell needs"),
    ]:
        before = dict(os.environ)
        os.environ.update(variables)
        try:
            kernel = Kernel(folder)
        finally:
            os.environ.clear()
            os.environ.update(before)
        reply, _ = run(kernel, "1 + 1")
        check(f"a missing {name} is named", reply["status"] == "error" and reply["evalue"].startswith(sentence), reply)
        kernel.stop()


def check_questions(check, kernel):
    """`:vars`, `?name`, `%time`, `!command`, completion, the inspector."""
    run(kernel, "let numbers = vec![1, 2, 3]; struct Silent; let silent = Silent;")
    reply, outputs = run(kernel, ":vars")
    shown = outputs[-1][2]["data"]["text/plain"] if outputs else ""
    well = "numbers" in shown and "Vec<i32>" in shown and "[1, 2, 3]" in shown and "silent" in shown
    check(":vars shows types and values", well, shown)
    reply = kernel.client.inspect("numbers.len()", 3, reply=True, timeout=60)["content"]
    check("the inspector shows a variable's type and value", "[1, 2, 3]" in str(reply["data"]), reply)
    check("and the variable is still there", run(kernel, "numbers.len()")[1][-1][2]["data"]["text/plain"] == "3")
    for source in ["?Fit", ":doc Fit"]:
        reply, outputs = run(kernel, source)
        shown = outputs[-1][2]["data"]["text/plain"] if outputs else ""
        check(f"{source} shows documentation and methods", "Methods:" in shown and "predict" in shown, shown)
        check(f"{source} has no dead links", "docs.rs" not in str(outputs), outputs)
    reply, outputs = run(kernel, "%time 1 + 1")
    check("%time says how long", "s to compile" in text(outputs) and kinds(outputs)[-1] == "execute_result", outputs)
    reply, outputs = run(kernel, "!echo a shell")
    check("!command shows its output", "a shell" in str(outputs), outputs)
    reply, outputs = run(kernel, "!exit 3")
    check("!command that fails is an error", reply["status"] == "error", reply)
    run(kernel, "let training = Training::paper();")
    reply = kernel.client.complete("training.", 9, reply=True, timeout=60)["content"]
    well = reply["matches"][0] == "iterations(iterations)" and "iterations" not in reply["matches"]
    check("methods are completed first, and no private fields", well, reply["matches"][:20])
    kernel.client.execute("std::thread::sleep(std::time::Duration::from_secs(2));")
    start = time.monotonic()
    kernel.client.kernel_info(reply=True, timeout=60)
    check("the kernel says what it is while a cell runs", time.monotonic() - start < 1.9, time.monotonic() - start)
    run(kernel, "1")


def check_many(check, kernel, cells):
    """Many failing cells: no message is lost, and none arrives in another cell."""
    wrong = []
    for number in range(cells):
        source = ['println!("line"); Err::<(), String>(format!("xxN"))?;', 'eprint!("xxN\\n");', 'panic!("xxN");'][number % 3]
        reply, outputs = run(kernel, source.replace("N", str(number)))
        found = str(outputs)
        if f"xx{number}" not in found or "of another cell" in found:
            wrong.append((number, outputs))
    check(f"of {cells} cells none loses its message", not wrong, wrong[:3])


def check_starts(check, starts):
    """Kernels answer after every start."""
    seconds = []
    for _ in range(starts):
        kernel = Kernel(Path.cwd())
        seconds.append(kernel.ready)
        kernel.stop()
    seconds.sort()
    check(f"of {starts} starts all answer", len(seconds) == starts)
    print(f"  seconds to the answer: median {seconds[len(seconds) // 2]:.2f}, longest {seconds[-1]:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=30)
    parser.add_argument("--starts", type=int, default=1)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--only", choices=["many", "starts"])
    arguments = parser.parse_args()
    check = Checks()
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(arguments.load)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SOFTNESS_STORE"] = folder
            if arguments.only != "starts":
                kernel = Kernel(folder)
                if not arguments.only:
                    check_errors(check, kernel)
                    check_types(check, kernel)
                    check_stop(check, kernel)
                    check_outputs(check, kernel)
                    check_questions(check, kernel)
                    check_interrupts(check, kernel)
                    check_early_interrupt(check, folder)
                    check_missing(check, folder)
                check_many(check, kernel, arguments.cells)
                kernel.stop()
            if arguments.only != "many":
                check_starts(check, arguments.starts)
    finally:
        for process in load:
            process.kill()
    sys.exit(0 if check.all_well else 1)


if __name__ == "__main__":
    main()
