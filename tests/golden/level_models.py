#!/usr/bin/env python3
"""Golden values for models of level means: weighted least squares by statsmodels; the saturating model by scipy's curve_fit
from several starting points; the probability of a large Q of a linear model if the variances are known, by scipy's chi2.

    python3 -m pip install numpy scipy statsmodels
    python3 tests/golden/level_models.py > tests/golden/level_models.json
"""
import json
import sys

sys.path.pop(0)  # this folder has a statsmodels.py of its own

import numpy as np  # noqa: E402
import scipy  # noqa: E402
import statsmodels  # noqa: E402
import statsmodels.api as sm  # noqa: E402
from scipy.optimize import curve_fit  # noqa: E402

X = np.array([0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 50_000], float)


def designs():
    untrained, ln_x = (X == 0).astype(float), np.log(np.maximum(X, 1))
    one = np.ones_like(X)
    return {
        "constant": [one],
        "step": [untrained, 1 - untrained],
        "power": [one, ln_x],
        "step and power": [untrained, 1 - untrained, (1 - untrained) * ln_x],
    }


def saturating(mean, weight):
    def curve(x, c, d, ln_tau):
        return c + d * (1 - np.exp(-x / np.exp(ln_tau)))

    best = None
    for start in np.log([30, 300, 3_000, 30_000]):
        try:
            found, _ = curve_fit(curve, X, mean, [mean[0], mean[-1] - mean[0], start],
                                sigma=weight**-0.5, xtol=1e-14, ftol=1e-14, maxfev=20_000)
        except RuntimeError:
            continue
        q = float(np.sum(weight * (mean - curve(X, *found)) ** 2))
        if np.log(10) <= found[2] <= np.log(1e5) and (best is None or q < best["q"]):
            best = {"coefficients": found[:2].tolist(), "tau": float(np.exp(found[2])), "q": q}
    return best


def main():
    random = np.random.default_rng(16)
    cases = []
    for truth in ["saturating", "power", "step"]:
        n = np.array([4_000, 10, 10, 10, 10, 20, 20, 20, 20, 20])
        sd = random.uniform(0.01, 0.04, len(X)).round(6)
        shape = {"saturating": 1 - np.exp(-X / 900), "power": np.log(np.maximum(X, 1)) / 10, "step": (X > 0) * 1.0}[truth]
        mean = (1.5 - 0.2 * shape + sd / np.sqrt(n) * random.standard_normal(len(X))).round(9)
        weight = n / sd**2
        models = {}
        for name, columns in designs().items():
            fit = sm.WLS(mean, np.column_stack(columns), weights=weight).fit()
            models[name] = {"coefficients": fit.params.tolist(), "tau": None, "q": float(np.sum(weight * fit.resid**2))}
        models["saturating"] = saturating(mean, weight)
        cases.append({"truth": truth, "x": X.tolist(), "mean": mean.tolist(), "sd": sd.tolist(), "n": n.tolist(), "models": models})
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    json.dump({"versions": versions, "cases": cases}, sys.stdout, indent=1)


main()
