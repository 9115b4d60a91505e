#!/usr/bin/env python3
"""Golden values for the regressions: by scipy's linregress, ill-conditioned ones to 60 digits by mpmath, and
p-values by mpmath's incomplete beta function.

    python3 -m pip install numpy scipy mpmath
    python3 tests/golden/models.py > tests/golden/models.json
"""
import json
import sys

import mpmath
import numpy as np
import scipy
from scipy.stats import linregress

mpmath.mp.dps = 60


def by_scipy(x, y):
    line = linregress(x, y)
    return {
        "slope": line.slope,
        "intercept": line.intercept,
        "slope_std_err": line.stderr,
        "intercept_std_err": line.intercept_stderr,
        "r": line.rvalue,
        "p_value": line.pvalue,
        "residuals": (y - (line.intercept + line.slope * x)).tolist(),
    }


def drawn(random, n, slope, noise, x_low, x_high):
    x = np.sort(random.uniform(x_low, x_high, n))
    y = np.exp(slope * np.log(x) + noise * random.standard_normal(n) + random.uniform(-1, 1))
    x, y = x.round(6), y.round(9)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "linear": by_scipy(x, y),
        "exponential": by_scipy(x, np.log(y)),
        "power": by_scipy(np.log(x), np.log(y)),
    }


def two_tailed(t, freedom):
    t = mpmath.mpf(t)
    return mpmath.betainc(mpmath.mpf(freedom) / 2, mpmath.mpf(1) / 2, 0, freedom / (freedom + t * t), regularized=True)


def exactly(name, x, y):
    """The regression on the doubles x and y, in 60 digits."""
    xs, ys = [mpmath.mpf(v) for v in x], [mpmath.mpf(v) for v in y]
    n = len(xs)
    x_mean, y_mean = mpmath.fsum(xs) / n, mpmath.fsum(ys) / n
    sxx = mpmath.fsum((a - x_mean) ** 2 for a in xs)
    syy = mpmath.fsum((b - y_mean) ** 2 for b in ys)
    sxy = mpmath.fsum((a - x_mean) * (b - y_mean) for a, b in zip(xs, ys))
    slope = sxy / sxx
    intercept = y_mean - slope * x_mean
    residuals = [b - intercept - slope * a for a, b in zip(xs, ys)]
    ssr = mpmath.fsum(e**2 for e in residuals)
    slope_std_err = mpmath.sqrt(ssr / (n - 2) / sxx)
    t = slope / slope_std_err
    return {
        "name": name,
        "x": [float(v) for v in x],
        "y": [float(v) for v in y],
        "slope": float(slope),
        "intercept": float(intercept),
        "slope_std_err": float(slope_std_err),
        "intercept_std_err": float(mpmath.sqrt(ssr / (n - 2) * (mpmath.mpf(1) / n + x_mean**2 / sxx))),
        "r": float(sxy / mpmath.sqrt(sxx * syy)),
        "r_squared": float(1 - ssr / syy),
        "t": float(t),
        "p_value": float(two_tailed(t, n - 2)),
        "residuals": [float(e) for e in residuals],
    }


def hard(random):
    far = 1e9 + random.uniform(0, 10, 12)
    line = np.arange(1.0, 41.0)
    return [
        exactly("x far from zero", far, 3 * (far - 1e9) + random.standard_normal(12)),
        exactly("y far from zero", line, 1e10 + 0.25 * line + random.standard_normal(40)),
        exactly("x next to 1e15, a few spacings wide", 1e15 + np.array([0, 0.125, 0.25, 0.5, 0.875, 1.0, 1.375]), random.standard_normal(7)),
        exactly("x very large", 1e150 * line, 2 * line + random.standard_normal(40)),
        exactly("y very small", line, 1e-200 * (line + random.standard_normal(40))),
        exactly("noise a billionth of y", line, 2 * line + 1 + 1e-9 * random.standard_normal(40)),
        exactly("a hundred thousandth part of a slope", line, 1e-5 * line + random.standard_normal(40)),
        exactly("almost exact, many points", np.arange(300.0), np.arange(300.0) + 1e-2 * random.standard_normal(300)),
        exactly("three points", np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])),
    ]


def p_values():
    rows = []
    for freedom in (1, 2, 3, 8, 9, 30, 100, 1000, 100000):
        for t in (1e-6, 0.1, 0.9, 1.5, 2.262, 4.0, 8.0, 15.0, 30.0, 60.0, 500.0, 1e5, 1e10, 1e30):
            p = two_tailed(t, freedom)
            if p > 1e-305:
                rows.append({"freedom": freedom, "t": t, "p": float(p)})
    for freedom in (9, 30, 100, 298, 1000):  # the t of p = 1e-300
        low, high = mpmath.mpf(1), mpmath.mpf("1e40")
        for _ in range(400):
            middle = mpmath.sqrt(low * high)
            low, high = (middle, high) if two_tailed(middle, freedom) > mpmath.mpf("1e-300") else (low, middle)
        t = float(low)
        rows.append({"freedom": freedom, "t": t, "p": float(two_tailed(t, freedom))})
    return rows


random = np.random.default_rng(20190401)
sets = [
    drawn(random, n, slope, noise, low, high)
    for n in (3, 4, 8, 11, 40)
    for slope, noise, low, high in ((-0.3, 0.1, 1, 50000), (0.5, 1.0, 0.1, 10), (2.0, 0.01, 100, 200), (-1.5, 0.5, 1e-3, 1))
]
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "mpmath": mpmath.__version__},
    "sets": sets,
    "hard": hard(random),
    "p_values": p_values(),
}, sys.stdout, indent=None, separators=(",", ":"))
