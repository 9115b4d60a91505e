#!/usr/bin/env python3
"""Golden values: permutation tests by enumerating all arrangements, wild bootstraps by enumerating all sign vectors,
and, by statsmodels, HC2 standard errors and Koenker's form of the Breusch-Pagan test.

    python3 -m pip install numpy scipy statsmodels
    python3 -P tests/golden/resampling.py > tests/golden/resampling.json
"""
import itertools
import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.stats import kendalltau, rankdata
from statsmodels.stats.diagnostic import het_breuschpagan

PAPER = [1.0] * 3 + [2e3] * 3 + [1e4] * 2 + [3e4] * 2 + [5e4]


def arrangements(values):
    """All distinct arrangements of values, built by choosing the places of one level after the other."""
    levels = sorted(set(values))
    result = np.full((1, len(values)), np.nan)
    for level in levels:
        count = values.count(level)
        grown = []
        for row in result:
            free = np.flatnonzero(np.isnan(row))
            for places in itertools.combinations(free, count):
                new = row.copy()
                new[list(places)] = level
                grown.append(new)
        result = np.array(grown)
    return result


def r(x, y):
    x, y = x - x.mean(axis=-1, keepdims=True), y - y.mean()
    return (x @ y) / np.sqrt((x * x).sum(axis=-1) * (y @ y))


def share(values, observed):
    return float(np.mean(np.abs(values) >= abs(observed) * (1 - 1e-10)))


def scores(every, y):
    """Concordant minus discordant pairs (Kendall) for each arrangement."""
    pairs = itertools.combinations(range(len(y)), 2)
    return sum(np.sign(every[:, i] - every[:, j]) * np.sign(y[i] - y[j]) for i, j in pairs)


def one_fit(random, x, digits=6):
    x = np.array(x)
    y = np.exp(1 - 0.03 * np.log(x) + 0.25 * random.standard_normal(len(x))).round(digits)
    every = arrangements(x.tolist())
    ranks, rank_y = np.array([rankdata(row) for row in every]), rankdata(y)
    return {
        "x": x.tolist(), "y": y.tolist(), "arrangements": len(every),
        "linear": share(r(every, y), r(x, y)),
        "power": share(r(np.log(every), np.log(y)), r(np.log(x), np.log(y))),
        "spearman": share(r(ranks, rank_y), r(rankdata(x), rank_y)),
        "rho": float(r(rankdata(x), rank_y)),
        "tau": float(kendalltau(x, y).statistic),
        "kendall": share(scores(every, y), scores(x[None, :], y)[0]),
    }


def step_down(random):
    """Westfall and Young's max-T: two responses in three forms on the paper's x, all 277,200 arrangements."""
    x = np.array(PAPER)
    first = np.exp(1 - 0.06 * np.log(x) + 0.2 * random.standard_normal(11)).round(6)
    second = np.exp(0.5 + 3e-6 * x + 0.3 * random.standard_normal(11) + 0.5 * np.log(first)).round(6)
    every = arrangements(x.tolist())
    statistics, observed = [], []
    for y in (first, second):
        for take_x, take_y in ((lambda v: v, lambda v: v), (lambda v: v, np.log), (np.log, np.log)):
            statistics.append(np.abs(r(take_x(every), take_y(y))))
            observed.append(abs(r(take_x(x), take_y(y))))
    order = np.argsort(observed)[::-1]
    adjusted, least = [None] * 6, 0.0
    for k, fit in enumerate(order):
        largest = np.max([statistics[other] for other in order[k:]], axis=0)
        least = max(least, share(largest, observed[fit]))
        adjusted[fit] = least
    return {"x": x.tolist(), "y": [first.tolist(), second.tolist()], "adjusted": adjusted}


def hc2_t(x, y):
    design = sm.add_constant(x)
    fit = sm.OLS(y, design).fit()
    return float(fit.params[1]), float(fit.HC2_se[1])


def wild(random):
    """The wild bootstrap with Rademacher signs on ten points: all 1,024 sign vectors."""
    x = np.array([1.0, 1, 2, 3, 3, 4, 6, 7, 9, 10])
    y = (0.15 * x + 0.2 * x * random.standard_normal(10)).round(6)
    slope, error = hc2_t(x, y)
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=10)))
    null = y - y.mean()
    extreme = 0
    for row in signs:
        b, e = hc2_t(x, row * null)
        extreme += abs(b / e) >= abs(slope / error) * (1 - 1e-10)
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    hat = fit.get_influence().hat_matrix_diag
    fair = fit.resid / np.sqrt(1 - hat)
    sets = [hc2_t(x, fit.fittedvalues + row * fair) for row in signs]
    low, high = slope - error * np.quantile([(b - slope) / e for b, e in sets], [0.975, 0.025])
    residual = fair - fair.mean()
    return {
        "x": x.tolist(), "y": y.tolist(), "hc2": error, "p": extreme / 1024,
        "breusch_pagan": [float(v) for v in het_breuschpagan(fit.resid, sm.add_constant(x), robust=True)[:2]],
        "low": float(low), "high": float(high),
        "residual_std_err": float(np.sqrt((residual**2).mean() / ((x - x.mean()) ** 2).sum())),
    }


random = np.random.default_rng(20190402)
json.dump({
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "fits": [one_fit(random, x) for x in ([1, 1, 5, 5, 9], [1, 1, 2, 2, 3, 3, 4.5], [1, 2, 3, 4, 5, 6], PAPER)],
    "max_t": step_down(random),
    "wild": wild(random),
    # Ties in y only, and ties in both x and y.
    "tied": [one_fit(random, [1, 2, 3, 4, 5, 6, 7], digits=1), one_fit(random, [1, 1, 2, 2, 3, 3, 4.5, 9, 9], digits=0)],
}, sys.stdout, indent=None, separators=(",", ":"))
