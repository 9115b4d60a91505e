#!/usr/bin/env python3
"""Compare one process that trains many sessions side by side with one pinned process per core; then print the memory that an
additional session takes. For docs/speed.md; Linux only.

    cargo build --release --example train_many
    python3 benches/side_by_side.py [--sessions 110] [--iterations 200] [--rounds 2] [--preset paper]
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release/examples/train_many"


def training(sessions, options, jobs, seed, core=None):
    """The command that trains this number of sessions."""
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    return [*pinned, str(PROGRAM), options.preset, str(sessions), str(options.iterations), str(jobs), str(seed)]


def seconds(commands):
    """The elapsed time and the processor time of these commands, run at the same time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for process in [subprocess.Popen(command, **quiet) for command in commands]:
        said = process.communicate()[1]
        if process.returncode:
            sys.exit(f"{process.args} ended with {process.returncode}: {said[-2000:]}")
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(command):
    """The peak memory of a command, in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} ended with {status}")
    return usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=110)
    parser.add_argument("--iterations", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--preset", choices=["paper", "hvass02", "deep_mnist"], default="paper")
    options = parser.parse_args()
    if not PROGRAM.is_file():
        sys.exit(f"{PROGRAM} is missing: cargo build --release --example train_many")
    cores = sorted(os.sched_getaffinity(0))
    ratios = []
    share, rest = divmod(options.sessions, len(cores))
    for number in range(1, options.rounds + 1):
        one = [training(options.sessions, options, len(cores), 1)]
        many = [training(share + (place < rest), options, 1, 2 + place, core) for place, core in enumerate(cores)]
        (ours, ours_cpu), (theirs, theirs_cpu) = seconds(one), seconds(many)
        ratios.append(ours / theirs)
        print(f"round {number}: {options.sessions} sessions in one process {ours:.1f} s (processor {ours_cpu:.1f} s), in "
              f"{len(cores)} pinned processes {theirs:.1f} s ({theirs_cpu:.1f} s), ratio {ratios[-1]:.3f}", flush=True)
    if ratios:
        print(f"median ratio {statistics.median(ratios):.3f}")
    jobs = (1, 8)
    one, many = (peak(training(8, options, count, 1)) for count in jobs)
    print(f"8 sessions, {jobs[0]} at a time: {one:.0f} MB; {jobs[1]} at a time: {many:.0f} MB; "
          f"{(many - one) / (jobs[1] - jobs[0]):.1f} MB per additional session")


if __name__ == "__main__":
    main()
