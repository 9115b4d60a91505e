"""Times, memory and disk use of kernels, and the time of training in a cell. `cargo lab --measure` prints them."""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_client import KernelManager

KERNEL = "softness"
TRAINS = re.compile(r"\btrain_|\.wait\(")
KERNEL_START = int(os.environ.get("SOFTNESS_KERNEL_START", "900"))


class Kernel:
    """A running kernel, and the time it took to start."""

    def __init__(self, folder):
        start = time.monotonic()
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=KERNEL_START)
        self.ready = time.monotonic() - start
        self.ready_work = self.work()

    def cell(self, source):
        """Runs a cell; returns the seconds it took, and whether it showed an image."""
        pictures = []

        def note(message):
            data = message["content"].get("data", {})
            pictures.extend(kind for kind in data if kind.startswith("image/"))
            if message["msg_type"] == "error" or message["content"].get("name") == "stderr":
                print(f"  {source.strip().splitlines()[0]}: {message['content']}", file=sys.stderr)

        start = time.monotonic()
        self.client.execute_interactive(source, timeout=None, output_hook=note, allow_stdin=False)
        return time.monotonic() - start, bool(pictures)

    def text(self, source):
        """Runs a cell; returns its value and what it printed, as text."""
        return self.text_of(self.client.execute(source))

    def text_of(self, cell):
        """The same for a cell that was started with `client.execute`; waits for its end."""
        parts = []
        while True:
            message = self.client.get_iopub_msg(timeout=None)
            if message["parent_header"].get("msg_id") != cell:
                continue
            content = message["content"]
            parts.append(content.get("data", {}).get("text/plain", "") or content.get("text", ""))
            if content.get("execution_state") == "idle":
                return "".join(parts).strip()

    def work(self):
        """Processor seconds of the kernel's processes and of their ended children; Linux only."""
        total = 0
        for process in processes_under(self.manager.provisioner.pid):
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += sum(int(field) for field in fields[11:15])
        return total / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Memory of the kernel's processes in megabytes, with shared pages divided among them; Linux only."""
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
    """A process and all its descendants."""
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
    """The size of a folder in megabytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure_cells(arguments):
    """Times kernels and the cells of notebooks, and prints how much memory and disk a kernel needs."""
    ready, figure, without_training = [], [], []
    ready_work, without_training_work = [], []
    memory, folders = [], []
    for path in arguments.notebooks:
        notebook = nbformat.read(path, as_version=4)
        start = time.monotonic()
        kernel = Kernel(path.resolve().parent)
        ready.append(kernel.ready)
        ready_work.append(kernel.ready_work)
        shown = None
        print(f"{path.name}:")
        for cell in notebook.cells:
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            before = kernel.work()
            seconds, picture = kernel.cell(cell.source)
            work = kernel.work() - before
            shown = shown or (picture and time.monotonic() - start)
            trains = TRAINS.search(cell.source)
            first_line = cell.source.strip().splitlines()[0][:70]
            print(f"  {seconds:6.2f} s, work {work:5.2f} s{', trains' if trains else ''}  {first_line}", flush=True)
            if not trains:
                without_training.append(seconds)
                without_training_work.append(work)
        if shown:
            figure.append(shown)
            print(f"  kernel start to the first figure: {shown:.2f} s")
        memory.append(kernel.memory())
        if arguments.runs.is_dir():
            folders.append(disk(arguments.runs))
        kernel.stop()
    median = statistics.median
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"processors: {os.cpu_count()}, load over 1, 5 and 15 minutes: {load}")
    print(f"kernels, started one after the other: {len(ready)}; work is processor time")
    print(f"kernel start to ready, median: {median(ready):.2f} s, work {median(ready_work):.2f} s")
    if figure:
        print(f"kernel start to the first figure, shortest of the notebooks: {min(figure):.2f} s")
    print(f"cells without training ({len(without_training)}), median: {median(without_training):.2f} s, work {median(without_training_work):.2f} s")
    print(f"memory of one kernel, maximum: {max(memory):.0f} MB")
    if folders:
        print(f"disk of one kernel while it runs, maximum: {max(folders):.0f} MB")


def work_of_program(arguments, iterations):
    """Processor seconds of `softness train`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [arguments.program, "train", "--dataset", "synthetic", "--iterations", str(iterations), "--seed", "1"]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_training(arguments):
    """Compares the processor time of training in a cell with that of `softness train`, alternating between them.

    Each value is the difference between a long and a short session, so that it excludes the data set, the
    compilation of the cell, and the accuracy at the end.
    """
    with tempfile.TemporaryDirectory() as store:
        os.environ["SOFTNESS_STORE"] = store
        kernel = Kernel(store)
        kernel.cell("use softness::prelude::*;\nlet dataset = Dataset::synthetic(1)?;")

        def work_of_cell(iterations):
            before = kernel.work()
            options = f"Training::paper().iterations({iterations}).seed(1).retrain()"
            kernel.cell(f"let session = train_session(&dataset, {options})?;")
            return kernel.work() - before

        iterations, cells, programs = 600, [], []
        for _ in range(arguments.repeats):
            cells.append(work_of_cell(1 + iterations) - work_of_cell(1))
            programs.append(work_of_program(arguments, 1 + iterations) - work_of_program(arguments, 1))
        kernel.stop()
    cell, program = statistics.median(cells), statistics.median(programs)
    print(f"training, {iterations} iterations, median of {arguments.repeats}: {cell:.2f} s of work in a cell, {program:.2f} s in `softness train`, ratio {cell / program:.3f}")
    print(f"  in a cell: {', '.join(f'{seconds:.2f}' for seconds in cells)}; in the program: {', '.join(f'{seconds:.2f}' for seconds in programs)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("notebooks", type=Path, nargs="+")
    arguments = parser.parse_args()
    measure_cells(arguments)
    measure_training(arguments)
    left = [entry for entry in arguments.runs.iterdir()] if arguments.runs.is_dir() else []
    print(f"folders left behind: {len(left)}")


if __name__ == "__main__":
    main()
