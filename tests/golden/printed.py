#!/usr/bin/env python3
"""Golden values, by scipy: the degrees of freedom that a printed R² and p allow, and the smallest R² for a p.

    python3 -m pip install numpy scipy
    python3 tests/golden/printed.py > tests/golden/printed.json
"""
import json
import sys

import numpy as np
import scipy
from scipy.stats import t as student

FREEDOMS = np.arange(1, 10_001)


def p_of(r_squared, freedom):
    with np.errstate(divide="ignore"):
        return 2 * student.sf(np.sqrt(freedom * r_squared / (1 - r_squared)), freedom)


def half(printed):
    digits, _, exponent = printed.partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


def implied(r_squared, p):
    r_low, r_high = max(float(r_squared) - half(r_squared), 0), min(float(r_squared) + half(r_squared), 1)
    fits = (p_of(r_high, FREEDOMS) <= float(p) + half(p)) & (p_of(r_low, FREEDOMS) >= float(p) - half(p))
    return [int(d) for d in FREEDOMS[fits]]


rows = []
random = np.random.default_rng(1)
for freedom in (1, 2, 5, 9, 30, 100, 2000):
    for digits in (2, 4):
        r_squared = random.uniform(0.02, 0.95) if freedom < 100 else random.uniform(0.01, 0.1)
        texts = f"{r_squared:.{digits}f}", f"{p_of(r_squared, freedom):.{digits - 1}e}"
        rows.append({"r_squared": texts[0], "p": texts[1], "made_with": freedom, "freedoms": implied(*texts)})
least = [
    {"p": p, "freedom": d, "r_squared": float(t * t / (t * t + d))}
    for p in (0.9, 0.05, 0.01, 1e-5, 1e-10)
    for d in (1, 2, 8, 9, 30, 1000)
    for t in [student.isf(p / 2, d)]
]
json.dump({"versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__}, "rows": rows, "least": least},
          sys.stdout, indent=None, separators=(",", ":"))
