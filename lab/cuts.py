"""Interrupts a set-up with kill -9 repeatedly, at the given seconds after its start. The next run must succeed.

Run it by hand, in a project whose `.lab` you can afford to lose: `python3 lab/cuts.py 1 3 6 10 15 20 30 45 60`.
It starts from the existing `.lab`, but first removes the stamps and results of the steps given with `--again`.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LAB = PROJECT / ".lab"
MADE = {"1-jupyterlab": "venv", "2-kernel": "kernel", "3-library": "library", "4-first-notebook": "proof"}


def start(out):
    """Starts `cargo lab --run` on the first notebook. cargo replaces itself by the program, so a kill reaches it."""
    notebook = sorted((PROJECT / "notebooks").glob("0*.ipynb"))[0]
    command = ["cargo", "lab", "--run", str(notebook), "--out", str(out)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", choices=MADE, nargs="*", default=[])
    parser.add_argument("seconds", type=float, nargs="+")
    arguments = parser.parse_args()
    for step in arguments.again:
        (LAB / "stamps" / step).unlink(missing_ok=True)
        shutil.rmtree(LAB / MADE[step], ignore_errors=True)
    with tempfile.TemporaryDirectory() as out:
        for seconds in arguments.seconds:
            run = start(out)
            time.sleep(seconds)
            run.kill()
            lines = run.stdout.read().strip().splitlines()
            print(f"killed after {seconds} s ({run.wait()}): {lines[-1] if lines else 'nothing was printed'}", flush=True)
        run = start(out)
        text = run.communicate()[0]
        print(text)
    print("the set-up succeeded" if run.returncode == 0 else f"the set-up failed: {run.returncode}")
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
