"""Checks of the notebook runner and of the kernel's life and death. Part of `cargo lab --test`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from kernels import Kernel, processes_under
from notebooks import execute

BROKEN = {
    "an error through ?": ('std::fs::read_to_string("no such file")?;', "stderr: No such file"),
    "a false assert!": ("assert!(1 > 2);", "stderr: panicked at"),
    "a cell that does not compile": ("let x: u8 = true;", "error: mismatched types"),
    "a process that ends": ("std::process::exit(3);", "error: Subprocess terminated"),
    "a kernel that dies": (
        'std::process::Command::new("kill").args(["-9", &std::os::unix::process::parent_id().to_string()]).status()?;',
        "the kernel died",
    ),
    "a missing text": ('println!("41");', "'42' is not in the output"),
    "a missing picture": ('println!("42");', "no output of kind image/svg+xml"),
}


def check_runner():
    """Whether the runner fails each broken notebook, and passes a sound one."""
    all_well = True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.ipynb"
        for name, (source, expected) in {**BROKEN, "a sound notebook": ('println!("42");', None)}.items():
            cell = nbformat.v4.new_code_cell(source)
            if "missing" in name or expected is None:
                cell.metadata["expect"] = ["42"]
            if "picture" in name:
                cell.outputs = [nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg/>"})]
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
            _, problems = execute(path)
            noticed = not problems if expected is None else any(expected in problem for problem in problems)
            print(f"runner, {name}: {'ok' if noticed else 'WRONG'} {problems if not noticed else ''}", flush=True)
            all_well &= noticed
    return all_well


def alive(processes):
    """Those that have not ended."""
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
    """Starts a cell that never ends; returns the kernel's processes: starter, evcxr, cells."""
    kernel.client.execute("loop { std::hint::black_box(1); }")
    time.sleep(5)
    return processes_under(kernel.manager.provisioner.pid)


def check_kernels(runs):
    """Whether kernels live side by side, and whether one that is killed leaves nothing behind."""
    all_well = True

    def check(name, well):
        nonlocal all_well
        all_well &= bool(well)
        print(f"kernel, {name}: {'ok' if well else 'WRONG'}", flush=True)

    here = Path.cwd()
    first, second = Kernel(here), Kernel(here)
    first.cell("let x = 1;")
    second.cell("let x = 2;")
    check("two side by side have variables of their own", [first.text("x"), second.text("x")] == ["1", "2"])
    killed = []
    for number, (kernel, name) in enumerate([(first, "its starter"), (second, "evcxr")]):
        processes = busy(kernel)
        killed.append(runs / str(processes[0]))
        os.kill(processes[number], signal.SIGKILL)
        time.sleep(4)
        check(f"nothing runs on after kill -9 of {name} in a busy cell", not alive(processes))
    third = Kernel(here)
    check("the folders of killed kernels are gone when the next one starts", not any(map(Path.exists, killed)))
    processes = busy(third)
    third.manager.interrupt_kernel()
    check("after an interrupt the next cell works", third.text("6 * 7") == "42")
    third.stop()
    time.sleep(1)
    check("nothing is left after a shutdown", not alive(processes) and not (runs / str(processes[0])).exists())
    return all_well


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    arguments = parser.parse_args()
    well = check_runner()
    if sys.platform == "linux":
        well &= check_kernels(arguments.runs)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
