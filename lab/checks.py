"""Checks of the notebook runner, and of how kernels start, train, stop and clean up. Part of `cargo lab --test`."""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import nbformat
from kernels import Kernel, processes_under
from notebooks import execute

BROKEN = {
    "an error through ?": ('std::fs::read_to_string("no such file")?;', "error: No such file"),
    "a false assert!": ("assert!(1 > 2);", "error: assertion failed"),
    "a cell that does not compile": ("let x: u8 = true;", "error: mismatched types"),
    "a process that ends": ("std::process::exit(3);", "error: The process that runs the cells ended"),
    "text on stderr": ('eprintln!("not well");', "stderr: not well"),
    "a missing text": ('println!("41");', "'42' is not in the output"),
    "a missing picture": ('println!("42");', "no output of kind image/png"),
}
DIES = 'std::process::Command::new("kill").args(["-9", &std::os::unix::process::parent_id().to_string()]).status()?;'


def noticed_in(folder, sources, tags=()):
    """Runs a notebook of these cells; returns the problems that the runner finds."""
    cells = []
    for name, source in sources.items():
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = list(tags)
        if "missing" in name or "correct" in name:
            cell.metadata["expect"] = ["42"]
        if "picture" in name:
            cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})]
        cells.append(cell)
    path = Path(folder) / "case.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return execute(path)[1]


def check_runner(check):
    """Checks that the runner fails a notebook for each thing that may be broken, stops at an error, and passes a correct one."""
    with tempfile.TemporaryDirectory() as folder:
        # The tag lets the cells after an error run. The runner counts the error all the same.
        found = noticed_in(folder, {name: source for name, (source, _) in BROKEN.items()}, ["raises-exception"])
        for number, (name, (_, expected)) in enumerate(BROKEN.items(), 1):
            noticed = any(problem.startswith(f"cell {number} ") and expected in problem for problem in found)
            check(f"the runner notices {name}", noticed, found)
        check("and nothing else", len(found) == len(BROKEN), found)
        found = noticed_in(folder, {"fails": 'Err::<(), _>("stop here")?;', "is missing": 'println!("41");'})
        check("the runner stops at an error", len(found) == 1 and "error: stop here" in found[0], found)
        found = noticed_in(folder, {"dies": DIES})
        check("the runner notices a kernel that dies", found and "the kernel died" in found[0], found)
        found = noticed_in(folder, {"a correct one": 'println!("42");'})
        check("the runner passes a correct notebook", not found, found)


def alive(processes):
    """The processes that have not ended."""
    running = []
    for process in processes:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.append(process)
    return running


def busy(kernel):
    """Starts a cell that never ends; returns it and the kernel's processes: softness-lab, the front end, the cells."""
    cell = kernel.client.execute('println!("busy"); loop { std::hint::black_box(1); }')
    while kernel.client.get_iopub_msg(timeout=300)["content"].get("text") != "busy\n":
        pass
    return cell, processes_under(kernel.manager.provisioner.pid)


class Checks:
    """Prints the checks, and remembers whether all of them passed."""

    def __init__(self):
        self.all_well = True

    def __call__(self, name, well, detail=""):
        self.all_well &= bool(well)
        print(f"kernel, {name}: {'ok' if well else f'WRONG {detail}'}", flush=True)


def check_kernels(check, runs):
    """Checks that kernels can run side by side, and that a killed kernel leaves nothing behind."""
    here = Path.cwd()
    first, second = Kernel(here), Kernel(here)
    first.cell("let x = 1;")
    second.cell("let x = 2;")
    check("two kernels side by side have separate variables", [first.text("x"), second.text("x")] == ["1", "2"])
    killed = []
    for number, (kernel, name) in enumerate([(first, "softness-lab"), (second, "the front end")]):
        _, processes = busy(kernel)
        killed.append(runs / str(processes[0]))
        os.kill(processes[number], signal.SIGKILL)
        time.sleep(4)
        check(f"nothing keeps running after kill -9 of {name} in a busy cell", not alive(processes))
    third = Kernel(here)
    check("the next kernel removes the folders of killed ones", not any(map(Path.exists, killed)))
    cell, processes = busy(third)
    third.manager.interrupt_kernel()
    third.text_of(cell)
    check("after an interrupt the next cell works", third.text("6 * 7") == "42")
    third.stop()
    time.sleep(1)
    check("nothing is left after a shutdown", not alive(processes) and not (runs / str(processes[0])).exists())


TRAINING = """let dataset = Dataset::synthetic(7)?;
let training = Training::paper().iterations(3_000).seed(9);
let session = train_session(&dataset, training)?;
session.history().len()"""


def sessions(store):
    """The bytes of the finished sessions in a store, without the files that contain times."""
    found = {}
    for path in sorted(store.glob("sessions/*/*.session")):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name not in ("session.json", "SHA256SUMS")]
            found.update({f"{path.name}/{name}": archive.read(name) for name in names})
    return found


def check_training(check, folder):
    """Checks that a session survives kill -9, a second kernel that asks for it, and a restart."""
    whole, cut = folder / "whole", folder / "cut"
    os.environ["SOFTNESS_STORE"] = str(whole)
    kernel = Kernel(folder)
    text = kernel.text(TRAINING)
    check("training shows its progress, and the cell shows its value", "iterations done" in text and text.endswith("300"), text)
    kernel.stop()

    os.environ["SOFTNESS_STORE"] = str(cut)
    killed = Kernel(folder)
    killed.client.execute(TRAINING)
    written = lambda: [file.stat().st_mtime for file in cut.glob("unfinished/*.checkpoint")]
    while not written():
        time.sleep(0.1)
    # The second checkpoint is some seconds of training further.
    first = written()
    while written() == first:
        time.sleep(0.1)
    processes = processes_under(killed.manager.provisioner.pid)
    for process in processes:
        os.kill(process, signal.SIGKILL)
    # The killed processes may still own their locks for a moment, which would make the next kernels wait.
    time.sleep(2)
    check("nothing keeps training after kill -9 during training", not alive(processes) and not sessions(cut))

    both = [Kernel(folder), Kernel(folder)]
    cells = [kernel.client.execute(TRAINING) for kernel in both]
    texts = sorted((kernel.text_of(cell) for kernel, cell in zip(both, cells)), key=lambda text: "loaded" in text)
    began = re.search(r"iteration (\d+) of 3000", texts[0])
    well = began and int(began[1]) >= 40
    check("of two kernels that ask for the same session, one resumes from the checkpoint", well, texts)
    follows = ["being trained by another process or cell", "in another process", "in the store already, loaded"]
    check("the other one follows its progress, then loads the session", all(text in texts[1] for text in follows), texts)
    check("the session is bit-identical to one that was never interrupted", sessions(cut) == sessions(whole) != {})
    check("no checkpoint is left in the store", not list(cut.glob("unfinished/*.checkpoint")))

    both[0].manager.restart_kernel()
    both[0].client.wait_for_ready(timeout=None)
    text = both[0].text(TRAINING)
    check("after a restart the same cell loads the session", "in the store already, loaded" in text and text.endswith("300"), text)
    for kernel in both:
        kernel.stop()


def check_help(check, kernel):
    """Checks completions and documentation."""
    kernel.text("let dataset = Dataset::synthetic(7)?;\nlet training = Training::paper();")
    for code, expected in [
        ("softness_ta", "softness_table"),
        ("training.ite", "iterations"),
        ("dataset.bi", "bird"),
        ("Form::Po", "Power"),
    ]:
        reply = kernel.client.complete(code, len(code), reply=True, timeout=60)
        matches = reply["content"]["matches"]
        check(f"{code!r} is completed", any(match.startswith(expected) for match in matches), matches)
    for item, expected in [
        ("softness_table", "The softness of every filter"),
        ("Training", "The options of one training session"),
        ("Training::paper", "The paper's options"),
    ]:
        text = kernel.text(f":doc {item}")
        check(f":doc {item} shows its documentation", expected in text, text)


def check_end(check, program):
    """Checks that SIGTERM to `cargo lab` ends JupyterLab."""
    command = [program, "--", "--no-browser", "--ServerApp.port=0", "--ServerApp.port_retries=0"]
    lab = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = next((line for line in lab.stderr if "is running at" in line), "")
    processes = processes_under(lab.pid)
    lab.terminate()
    try:
        lab.wait(timeout=60)
    except subprocess.TimeoutExpired:
        lab.kill()
    check("SIGTERM to `cargo lab` ends JupyterLab", line and processes and not alive(processes), processes)


ROOT = Path(__file__).resolve().parent.parent


def blocks_of(page):
    """The Rust code of a page, block by block."""
    return re.findall(r"```rust\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def outputs_of(kernel, block):
    """The outputs of a cell, and those of them that are errors or stand on stderr."""
    outputs = []
    kernel.client.execute_interactive(block, timeout=None, output_hook=outputs.append, allow_stdin=False)
    is_wrong = lambda output: output["msg_type"] == "error" or output["content"].get("name") == "stderr"
    return outputs, [output["content"] for output in outputs if is_wrong(output)]


def check_readme(check, folder):
    """Checks that the README's code runs as it stands, a cell per block, that a first cell can show a figure, and what helps to write cells."""
    os.environ["SOFTNESS_STORE"] = str(folder / "readme")
    kernel = Kernel(folder)
    seconds, picture = kernel.cell("shipped_sessions()?[0].filters(1)?.grid()?")
    check("the first cell of a kernel can end in `?` and shows its figure", picture)
    check_help(check, kernel)
    kernel.stop()

    kernel = Kernel(folder)
    blocks = blocks_of("README.md")
    for number, block in enumerate(blocks, 1):
        outputs, wrong = outputs_of(kernel, block)
        shown = any("text/html" in output["content"].get("data", {}) for output in outputs)
        shown |= any("image/png" in output["content"].get("data", {}) for output in outputs)
        check(f"the README's block {number} runs as it stands", not wrong and (shown or number == 1), wrong)
    check("the README has code", len(blocks) > 1)
    kernel.stop()


# What the cells of docs/crates.md show, in their order.
CRATES = ["[1, 3] [6, 14]", "score", "0.9", "slope 2.000", "p 0.0500", "image/", "image/", "["]


def check_crates(check, folder):
    """Checks that every cell of docs/crates.md runs as it stands: one for each crate that softness re-exports."""
    kernel = Kernel(folder)
    blocks = blocks_of("docs/crates.md")
    for block, expected in zip(blocks, CRATES):
        start = time.monotonic()
        outputs, wrong = outputs_of(kernel, block)
        shown = str([output["content"] for output in outputs])
        name = f"{block.splitlines()[0]!r} and the rest of its cell ({time.monotonic() - start:.1f} s)"
        check(f"docs/crates.md: {name}", not wrong and expected in shown, wrong or shown[:500])
    check("docs/crates.md has a cell for each expected output", len(blocks) == len(CRATES))
    kernel.stop()


def ours(runs):
    """The folders of kernels that this program started: not those that were there before, nor those of other programs."""

    def is_ours(folder):
        try:
            process = int(folder.name)
            while process > 1:
                if process == os.getpid():
                    return True
                process = int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            return True
        return False

    # Another program's kernel may end, and its folder be removed, after the folders were listed.
    return [folder for folder in runs.iterdir() if is_ours(folder) and folder.exists()] if runs.is_dir() else []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    arguments = parser.parse_args()
    check = Checks()
    check_runner(check)
    if sys.platform == "linux":
        with tempfile.TemporaryDirectory() as folder:
            temporary = Path(folder) / "tmp"
            temporary.mkdir()
            # For the kernels; this process has already chosen its temporary folder.
            os.environ["TMPDIR"] = str(temporary)
            check_kernels(check, arguments.runs)
            check_training(check, Path(folder))
            check_readme(check, Path(folder))
            check_end(check, arguments.program)
            check_crates(check, Path(folder))
            left = [*temporary.iterdir(), *ours(arguments.runs)]
            check("nothing is left in the temporary folder or among the kernels' folders", not left, left)
    sys.exit(0 if check.all_well else 1)


if __name__ == "__main__":
    main()
