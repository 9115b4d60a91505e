#!/usr/bin/env python3
"""Golden values for assignments, kappas and ROC curves, by scipy, statsmodels, irrCAC, scikit-learn and confidenceinterval.

    python3 -m pip install numpy scipy pandas statsmodels scikit-learn irrCAC confidenceinterval
    python3 -P tests/golden/agreement.py > tests/golden/agreement.json

Run this script from the repository's root. Every set is drawn by hash_noise.noise, which the tests draw alike.
"""
import json
import sys
from importlib.metadata import version
from pathlib import Path

# Otherwise `import statsmodels` would find the script beside this one.
here = str(Path(__file__).parent)
sys.path = [path for path in sys.path if path not in ("", here)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from confidenceinterval.delong import delong_roc_variance  # noqa: E402
from irrCAC.raw import CAC  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402
from scipy.stats import norm  # noqa: E402
from sklearn.metrics import cohen_kappa_score, roc_auc_score, roc_curve  # noqa: E402
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa, to_table  # noqa: E402

sys.path.insert(0, here)
from hash_noise import noise  # noqa: E402


def assignment(rows, columns, salt, steps):
    gains = noise(rows * columns, salt).reshape(rows, columns)
    if steps:
        gains = np.floor(gains * steps) / steps
    one, other = linear_sum_assignment(gains, maximize=True)
    return {"rows": rows, "columns": columns, "salt": salt, "steps": steps, "sum": gains[one, other].sum(),
            "pairs": [[int(i), int(j)] for i, j in zip(one, other)]}


def labels(people, things, salt, own):
    """(people, things), as the tests draw them."""
    shared = noise(things, salt)
    return np.array([shared + own * noise(things, salt + 100 + person) < -0.2 for person in range(people)])


def pairwise_agreement(drawn):
    """The share of pairs of people with the same label, pair by pair."""
    people = len(drawn)
    pairs = [(i, j) for i in range(people) for j in range(i)]
    return float(np.mean([(drawn[i] == drawn[j]).mean() for i, j in pairs]))


def cohen(things, salt, own):
    drawn = labels(2, things, salt, own)
    result = cohens_kappa(to_table(drawn.T.astype(int), bins=2)[0])
    assert abs(result.kappa - cohen_kappa_score(*drawn)) < 1e-12
    return {"people": 2, "things": things, "salt": salt, "own": own, "kappa": result.kappa,
            "std_err": result.std_kappa, "agreement": pairwise_agreement(drawn),
            "interval": [result.kappa_low, result.kappa_upp]}


def gwet(drawn, kappa):
    """Gwet's (2021) standard error, thing by thing. irrCAC has it too, rounded to five digits."""
    people, things = drawn.shape
    share = drawn.mean()
    chance = share**2 + (1 - share)**2
    own, by_chance = np.empty(things), np.empty(things)
    for thing in range(things):
        column = drawn[:, thing]
        same = [column[i] == column[j] for i in range(people) for j in range(people) if i != j]
        own[thing] = (np.mean(same) - chance) / (1 - chance)
        by_chance[thing] = np.mean([share if label else 1 - share for label in column])
    adjusted = own - 2 * (1 - kappa) * (by_chance - chance) / (1 - chance)
    return np.sqrt(((adjusted - kappa)**2).sum() / (things * (things - 1)))


def fleiss(people, things, salt, own):
    drawn = labels(people, things, salt, own)
    kappa = fleiss_kappa(aggregate_raters(drawn.T.astype(int), n_cat=2)[0])
    error = gwet(drawn, kappa)
    theirs = CAC(pd.DataFrame(drawn.T.astype(int))).fleiss()["est"]
    assert abs(theirs["coefficient_value"] - kappa) < 1e-5 and abs(theirs["se"] - error) < 1e-5, (theirs, kappa, error)
    return {"people": people, "things": things, "salt": salt, "own": own, "kappa": kappa, "std_err": error,
            "agreement": pairwise_agreement(drawn)}


def roc(count, salt, steps):
    scores = noise(count, salt)
    positive = scores + noise(count, salt + 1) < -0.1
    if steps:
        scores = np.floor(scores * steps) / steps
    auc = float(roc_auc_score(positive, -scores))
    # DeLong's variance pair by pair. The package computes in float32.
    wins = np.array([[(a < b) + (a == b) / 2 for b in scores[~positive]] for a in scores[positive]])
    variance = sum(wins.mean(axis=axis).var(ddof=1) / wins.shape[1 - axis] for axis in (0, 1))
    theirs = delong_roc_variance(positive.astype(int), -scores)
    assert abs(theirs[0] - auc) < 1e-5 and abs(theirs[1] - variance) < 1e-5, (theirs, auc, variance)
    reach = float(norm.ppf(0.975) * np.sqrt(variance))
    false_rate, true_rate, _ = roc_curve(positive, -scores, drop_intermediate=False)
    return {"count": count, "salt": salt, "steps": steps, "auc": auc, "interval": [auc - reach, auc + reach],
            "rates": [list(rates) for rates in zip(false_rate.tolist(), true_rate.tolist())]}


packages = ["numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "irrCAC", "confidenceinterval"]
json.dump({
    "versions": {"python": sys.version.split()[0]} | {name: version(name) for name in packages},
    "assignments": [assignment(*case) for case in [
        (1, 1, 1, 0), (2, 2, 2, 0), (5, 5, 3, 0), (16, 16, 4, 0), (36, 36, 5, 0), (64, 64, 6, 0), (7, 12, 7, 0),
        (12, 7, 8, 0), (36, 16, 9, 0), (10, 10, 10, 4), (36, 36, 11, 10), (20, 33, 12, 3)]],
    "cohen": [cohen(*case) for case in [(40, 1, 0.5), (176, 2, 1.0), (396, 3, 0.25), (25, 4, 3.0), (1000, 5, 2.0)]],
    "fleiss": [fleiss(*case) for case in [(3, 40, 1, 0.5), (5, 176, 2, 1.0), (4, 396, 3, 0.25), (10, 25, 4, 3.0), (2, 60, 5, 1.0)]],
    "roc": [roc(*case) for case in [(30, 1, 0), (176, 3, 0), (60, 5, 8), (200, 7, 20), (12, 9, 0)]],
}, sys.stdout, indent=1)
print()
