"""Runs notebooks without a screen, and measures kernels. Started by `cargo lab`, in its environment.

A notebook fails on an error output, on anything on stderr, on a kernel that dies, and on a missing
expected value. evcxr answers "ok" for a cell that ended in an error or a panic and prints the reason
on stderr, which is why stderr counts. What is expected of a cell:

- the kinds of output that its committed version shows (image/svg+xml, text/html, ..);
- every text in the list `expect` of the cell's metadata, anywhere in its output.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

KERNEL = "softness"
KERNEL_START = int(os.environ.get("SOFTNESS_KERNEL_START", "900"))


def kinds(cell):
    """The kinds of output a cell shows: "image/svg+xml", "text/html", "stdout"."""
    found = set()
    for output in cell.outputs:
        if output.output_type == "stream":
            found.add(output.name)
        else:
            found.update(output.get("data", {}))
    return found


def text_of(cell):
    """All text of a cell's output."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts.extend(str(value) for value in output.data.values())
    return "\n".join(parts)


def problems_of(cell, expected_kinds):
    """What is wrong with an executed cell, a sentence each."""
    problems = []
    for output in cell.outputs:
        if output.output_type == "error":
            problems.append(f"error: {output.evalue}")
        elif output.output_type == "stream" and output.name == "stderr":
            problems.append(f"stderr: {output.text.strip()}")
    missing = expected_kinds - kinds(cell) - {"stderr"}
    if missing and not problems:
        problems.append(f"no output of kind {', '.join(sorted(missing))}, which the committed notebook shows")
    text = text_of(cell)
    for expected in cell.metadata.get("expect", []):
        if expected not in text:
            problems.append(f"{expected!r} is not in the output: {text.strip()[:300]!r}")
    return problems


def execute(path):
    """An executed copy of a notebook, and what went wrong in it."""
    notebook = nbformat.read(path, as_version=4)
    expected = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            expected[number] = kinds(cell)
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=None,
        startup_timeout=KERNEL_START,
        allow_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    problems = []
    try:
        client.execute()
    except (DeadKernelError, CellExecutionError, RuntimeError) as error:
        problems.append(f"the kernel died: {error}")
    for number, kinds_before in expected.items():
        cell = notebook.cells[number]
        for problem in problems_of(cell, kinds_before):
            first = cell.source.strip().splitlines()[:1]
            problems.append(f"cell {number + 1} ({first[0] if first else 'empty'}): {problem}")
    return notebook, problems


def run(arguments):
    """Executes notebooks into a folder; returns whether all are well."""
    arguments.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for path in arguments.notebooks:
        if not path.exists():
            sys.exit(f"error: {path}: there is no such notebook")
        start = time.monotonic()
        notebook, problems = execute(path.resolve())
        target = arguments.out / path.name
        nbformat.write(notebook, target)
        page, _ = HTMLExporter().from_notebook_node(notebook)
        target.with_suffix(".html").write_text(page, encoding="utf-8")
        outcome = "failed" if problems else "ok"
        print(f"{path.name}: {outcome}, {time.monotonic() - start:.1f} s, {target.with_suffix('.html')}", flush=True)
        for problem in problems:
            print(f"  {problem}", flush=True)
        failed += bool(problems)
    return failed == 0


class Kernel:
    """A kernel that answers cells, and the times it took."""

    def __init__(self, folder):
        start = time.monotonic()
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=KERNEL_START)
        self.ready = time.monotonic() - start

    def cell(self, source):
        """Seconds for a cell, and whether it showed a picture."""
        pictures = []

        def note(message):
            data = message["content"].get("data", {})
            pictures.extend(kind for kind in data if kind.startswith("image/"))
            if message["msg_type"] == "error" or message["content"].get("name") == "stderr":
                print(f"  {source.strip().splitlines()[0]}: {message['content']}", file=sys.stderr)

        start = time.monotonic()
        self.client.execute_interactive(source, timeout=None, output_hook=note, allow_stdin=False)
        return time.monotonic() - start, bool(pictures)

    def memory(self):
        """Megabytes in memory of the kernel's processes, shared pages divided among them; Linux only."""
        total = 0
        for process in processes_under(self.manager.provisioner.pid):
            try:
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1000

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def processes_under(root):
    """A process and all it started."""
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in task.read_text().split())
            except OSError:
                pass
    return found


def disk(folder):
    """Megabytes in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure(arguments):
    """Prints how long kernels and cells take, and what a kernel needs of memory and disk."""
    notebook = nbformat.read(arguments.notebook, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    ready, first, figure, quick = [], [], [], []
    memory, folders = [], []
    for repeat in range(arguments.repeats):
        start = time.monotonic()
        kernel = Kernel(arguments.notebook.resolve().parent)
        ready.append(kernel.ready)
        shown, answered = None, None
        for cell in cells:
            seconds, picture = kernel.cell(cell.source)
            answered = answered or time.monotonic() - start
            shown = shown or (picture and time.monotonic() - start)
            if repeat == 0:
                print(f"  {seconds:6.2f} s  {cell.source.strip().splitlines()[0][:80]}")
            if "trains" not in cell.metadata.get("tags", []):
                quick.append(seconds)
        first.append(answered)
        if shown:
            figure.append(shown)
        memory.append(kernel.memory())
        if arguments.runs.is_dir():
            folders.append(disk(arguments.runs))
        kernel.stop()
    median = statistics.median
    print(f"processors: {os.cpu_count()}, kernels started one after the other: {arguments.repeats}")
    print(f"kernel start to ready, median: {median(ready):.2f} s")
    print(f"kernel start to the end of the first cell, median: {median(first):.2f} s")
    if figure:
        print(f"kernel start to the first picture, median: {median(figure):.2f} s")
    print(f"cells that do no training ({len(quick) // arguments.repeats}), median: {median(quick):.2f} s")
    print(f"memory of one kernel, largest: {max(memory):.0f} MB")
    if folders:
        print(f"disk of one kernel while it runs, largest: {max(folders):.0f} MB")
    left = [entry for entry in arguments.runs.iterdir()] if arguments.runs.is_dir() else []
    print(f"left behind: {len(left)} folders")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run")
    runner.add_argument("--out", type=Path, required=True)
    runner.add_argument("notebooks", type=Path, nargs="*")
    runner.set_defaults(act=run)
    measurer = commands.add_parser("measure")
    measurer.add_argument("--runs", type=Path, required=True)
    measurer.add_argument("--repeats", type=int, default=3)
    measurer.add_argument("notebook", type=Path)
    measurer.set_defaults(act=measure)
    arguments = parser.parse_args()
    sys.exit(0 if arguments.act(arguments) else 1)


if __name__ == "__main__":
    main()
