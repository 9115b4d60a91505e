"""Runs notebooks without opening JupyterLab. `cargo lab --run` and `--test` start this in their environment.

A notebook fails if a cell ends in an error, if there is anything on stderr, if the kernel dies, or if expected output
is missing. The cells after an error are not run. The expected output of a cell is:

- the kinds of output that its committed version shows (text/html, image/png, ..), unless the cell's metadata
  says that its output `varies` from run to run;
- every text in the list `expect` of the cell's metadata, anywhere in its output.
"""

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

from kernels import KERNEL, KERNEL_START

def kinds(cell):
    """The kinds of output that a cell shows: "text/html", "image/png", "stdout"."""
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
    """The problems of an executed cell, one sentence each."""
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
    """Returns an executed copy of a notebook, and the problems in it."""
    notebook = nbformat.read(path, as_version=4)
    expected = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            expected[number] = set() if cell.metadata.get("varies") else kinds(cell)
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=None,
        startup_timeout=KERNEL_START,
        # Text in several pieces would differ from run to run.
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    problems = []
    try:
        client.execute()
    except CellExecutionError:
        # The failed cell has its error output; later cells were not run.
        failed = max(number for number in expected if notebook.cells[number].execution_count is not None)
        expected = {number: kinds for number, kinds in expected.items() if number <= failed}
    except (DeadKernelError, RuntimeError) as error:
        problems.append(f"the kernel died: {error}")
    for number, kinds_before in expected.items():
        cell = notebook.cells[number]
        for problem in problems_of(cell, kinds_before):
            first = cell.source.strip().splitlines()[:1]
            problems.append(f"cell {number + 1} ({first[0] if first else 'empty'}): {problem}")
    return notebook, problems


def run(arguments):
    """Executes notebooks and writes them to a folder; returns whether all of them passed."""
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("notebooks", type=Path, nargs="*")
    sys.exit(0 if run(parser.parse_args()) else 1)


if __name__ == "__main__":
    main()
