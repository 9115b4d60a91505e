#!/usr/bin/env python3
"""Compare our training step with a peer's, alternating on one core, and print the ratio of each pair, for docs/speed.md.

    cargo build --release --example time_steps
    V/bin/python benches/against_peers.py tensorflow|torch [--preset paper] [--rounds 5] [--iterations 300]
        [--after 15] [--cifar10 FOLDER] [--avx2]

V is the environment of benches/peer_step.py. A ratio below 1 means that ours is faster. The speed of a machine drifts, so read
the ratios rather than the milliseconds.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OURS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release/examples/time_steps"
CORE = str(max(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else "0"


def run(command, environment):
    """Runs a command, on one core if `taskset` exists; returns the last line that it prints, as JSON."""
    if shutil.which("taskset"):
        command = ["taskset", "-c", CORE, *command]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("framework", choices=["tensorflow", "torch"])
    parser.add_argument("--preset", choices=["paper", "hvass02", "deep_mnist"], default="paper")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--after", type=int, default=15)
    parser.add_argument("--cifar10", metavar="FOLDER")
    parser.add_argument("--avx2", action="store_true", help="restrict both sides to AVX2")
    options = parser.parse_args()
    if not OURS.is_file():
        sys.exit(f"{OURS} is missing: cargo build --release --example time_steps")
    numbers = ["--iterations", str(options.iterations), "--after", str(options.after)]
    peer = [sys.executable, str(HERE / "peer_step.py"), options.framework, "--preset", options.preset, *numbers]
    data, environment = "synthetic", {}
    if options.cifar10:
        peer += ["--cifar10", options.cifar10]
        data, environment = "auto", {"SOFTNESS_CIFAR10": options.cifar10}
    if options.avx2:
        environment |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "SOFTNESS_INSTRUCTIONS": "avx2"}
    ours = [str(OURS), options.preset, data, str(options.after), str(options.iterations)]
    ratios = []
    for number in range(1, options.rounds + 1):
        theirs, mine = run(peer, environment), run(ours, environment)
        milliseconds = mine["train_seconds"] * 1000 / mine["iterations"]
        ratios.append(milliseconds / theirs["median_ms"])
        print(f"round {number}: ours {milliseconds:.2f} ms, {theirs['peer']} {theirs['median_ms']:.2f} ms, "
              f"ratio {ratios[-1]:.3f}", flush=True)
    print(f"ratio to {options.framework}: median {statistics.median(ratios):.3f}, "
          f"min {min(ratios):.3f}, max {max(ratios):.3f}")


if __name__ == "__main__":
    main()
