"""Writes build_seconds.txt, from which the set-up tells how much is left.

    python3 lab/build_seconds.py KERNEL.html LIBRARY.html > lab/build_seconds.txt

The two pages are cargo's own reports (`cargo build --timings`) of complete builds on an otherwise idle machine.
"""

import json
import re
import sys
from collections import defaultdict

# Crates that take less count with this.
LEAST = 0.5

for build, path in zip(("the kernel", "the library"), sys.argv[1:], strict=True):
    with open(path, encoding="utf-8") as file:
        units = json.loads(re.search(r"const UNIT_DATA = (\[.*?\]);\n", file.read(), re.S)[1])
    seconds = defaultdict(float)
    for unit in units:
        seconds[unit["name"].replace("-", "_")] += unit["duration"]
    for name in sorted(seconds):
        print(build, name, round(max(seconds[name], LEAST), 1))
