#!/usr/bin/env python3
"""Golden values: confidence intervals for R² from the noncentral F distribution, summed in 40 digits by mpmath,
and for comparison by inverting scipy's distribution function.

    python3 -m pip install scipy mpmath
    python3 tests/golden/r_squared_interval.py > tests/golden/r_squared_interval.json
"""
import json
import sys

import mpmath
import scipy
from scipy.optimize import brentq
from scipy.stats import ncf

mpmath.mp.dps = 40


def below(r_squared, freedom, noncentrality):
    """P(F < f) by definition: a Poisson mixture of beta distributions."""
    half = mpmath.mpf(noncentrality) / 2
    centre, reach = int(half), int(40 + 16 * mpmath.sqrt(half + 1))
    total = mpmath.mpf(0)
    for j in range(max(0, centre - reach), centre + reach):
        weight = mpmath.exp(-half + j * mpmath.log(half) - mpmath.loggamma(j + 1)) if half else mpmath.mpf(j == 0)
        total += weight * mpmath.betainc(mpmath.mpf(1) / 2 + j, mpmath.mpf(freedom) / 2, 0, r_squared, regularized=True)
    return total


def end(r_squared, n, probability):
    r_squared = mpmath.mpf(r_squared)
    if below(r_squared, n - 2, 0) <= probability:
        return 0.0, 0.0
    f = float(r_squared / (1 - r_squared) * (n - 2))
    high = 1.0
    while ncf.cdf(f, 1, n - 2, high) > probability:
        high *= 1.5
    guess = brentq(lambda nc: ncf.cdf(f, 1, n - 2, nc) - probability, 1e-9, high, xtol=1e-13, rtol=1e-14)
    root = mpmath.findroot(lambda nc: below(r_squared, n - 2, nc) - probability, guess)
    return float(root / (root + n)), guess / (guess + n)


rows = []
for n, r_squared, level in [
    (3, 0.5, 0.95), (5, 0.3, 0.95), (11, 0.0, 0.95), (11, 1e-4, 0.95), (11, 0.22, 0.95), (11, 0.362, 0.95), (11, 0.5, 0.9),
    (11, 0.8996, 0.95), (11, 0.9220, 0.95), (11, 0.934, 0.95), (50, 0.65, 0.99), (36, 0.99, 0.95),
]:
    (low, scipy_low), (high, scipy_high) = end(r_squared, n, (1 + level) / 2), end(r_squared, n, (1 - level) / 2)
    rows.append({"n": n, "r_squared": r_squared, "level": level, "low": low, "high": high, "scipy": [scipy_low, scipy_high]})
json.dump({"versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "mpmath": mpmath.__version__}, "rows": rows},
          sys.stdout, indent=None, separators=(",", ":"))
