"""The answers of the second study by docs/rules-2.md, from its layer scores: levels, effects of training, models of the mean."""
import numpy as np
from scipy import stats
from scipy.optimize import brentq, minimize_scalar

from checks.report import EXACT, report, report_words, rows

TRAINED, LONGEST = 2_000, 50_000
MODELS = ["constant", "step", "power", "step and power", "saturating"]
TESTED = MODELS[1:]
TAU_GRID = np.linspace(np.log(10), np.log(1e5), 400)
DRAWS = 10_000


class Study:
    """ln layer scores: of the untrained, (networks, columns), and of sessions by iterations, (sessions, columns)."""

    def __init__(self, columns, untrained, levels):
        self.columns, self.untrained, self.levels = columns, untrained, levels

    def column(self, name):
        """The scores of one column: of the untrained, and by iterations."""
        place = self.columns.index(name)
        return self.untrained[:, place], {level: scores[:, place] for level, scores in self.levels.items()}

    def fitted(self):
        return [level for level, scores in self.levels.items() if level <= LONGEST and len(scores) >= 5]


def read_study(folder):
    table = rows(folder / "scores.csv")
    columns = [name for name in table[0] if "/" in name]
    x = np.array([int(row["iterations"]) for row in table])
    y = np.log([[float(row[column]) for column in columns] for row in table])
    levels = {int(level): y[x == level] for level in np.unique(x)}
    return Study(columns, np.log(np.load(folder / "untrained.npy")), levels)


def holm(p_values):
    order, corrected, worst = np.argsort(p_values), np.empty(len(p_values)), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(order) - rank) * p_values[place]))
        corrected[place] = worst
    return corrected


def check_levels(folder, study):
    differences = []
    for row in rows(folder / "levels.csv"):
        untrained, levels = study.column(row["response"])
        own = untrained if row["iterations"] == "0" else levels[int(row["iterations"])]
        low, high = np.percentile(own, [2.5, 97.5])
        found = {"n": len(own), "mean": own.mean(), "sd": own.std(ddof=1), "low": low, "high": high}
        differences += [abs(value - float(row[name])) for name, value in found.items()]
    report("second study: levels", max(differences), EXACT, len(differences))


# ---- Any training, more training

def effects(study, column):
    """Questions 1 and 2 for one column."""
    start, own = study.column(column)
    levels = [level for level in study.fitted() if level >= TRAINED]
    parts = [(np.var(own[level], ddof=1) / len(own[level]) / len(levels) ** 2, len(own[level]) - 1) for level in levels]
    parts.append((np.var(start, ddof=1) / len(start), len(start) - 1))
    error = np.sqrt(sum(variance for variance, _ in parts))
    freedom = error**4 / sum(variance**2 / free for variance, free in parts)
    change = np.mean([own[level].mean() for level in levels]) - start.mean()
    t = stats.t.ppf(0.975, freedom)
    found = {"any": change, "any_low": change - t * error, "any_high": change + t * error, "any_p": 2 * stats.t.sf(abs(change / error), freedom)}
    for prefix, fewest in [("slope", TRAINED), ("late", 10_000)]:
        x = np.concatenate([np.full(len(own[level]), level, float) for level in levels if level >= fewest])
        y = np.concatenate([own[level] for level in levels if level >= fewest])
        line = stats.linregress(np.log(x), y)
        t = stats.t.ppf(0.975, len(x) - 2)
        slope = "slope" if prefix == "slope" else "late_slope"
        found |= {slope: line.slope, f"{prefix}_low": line.slope - t * line.stderr, f"{prefix}_high": line.slope + t * line.stderr, f"{prefix}_p": line.pvalue}
        if prefix == "slope":
            centred = np.log(x) - np.log(x).mean()
            sxx, n = np.sum(centred**2), len(x)
            residuals = y - y.mean() - line.slope * centred
            hc3 = np.sqrt(np.sum((centred * residuals / (1 - 1 / n - centred**2 / sxx)) ** 2)) / sxx
            found["hc3_p"] = 2 * stats.t.sf(abs(line.slope / hc3), n - 2)
            found["tau_b"], found["tau_b_p"] = stats.kendalltau(x, y, method="asymptotic")
    return found


def changes(family):
    """The answers to both questions for the effects of a family of responses: any training, more training."""
    corrected = {name: holm([float(found[name]) for found in family]) for name in ["any_p", "slope_p", "hc3_p", "tau_b_p"]}
    answers = []
    for place, found in enumerate(family):
        found = {name: float(found[name]) for name in ["any", "slope", "slope_low", "slope_high", "tau_b"]}
        any_training = ("softer" if found["any"] < 0 else "harder") if corrected["any_p"][place] < 0.05 else "not known"
        agree = found["slope"] * found["tau_b"] > 0 and all(corrected[name][place] < 0.05 for name in ["slope_p", "hc3_p", "tau_b_p"])
        if agree:
            more = "softer" if found["slope"] < 0 else "harder"
        else:
            more = "hardly" if -0.01 <= found["slope_low"] and found["slope_high"] <= 0.01 else "not known"
        answers.append((any_training, more))
    return answers


def check_effects(folder, study):
    differences, differing, words = [], [], 0
    table = rows(folder / "effects.csv")
    for border in ["same", "valid"]:
        family = [row for row in table if f"/{border}/" in row["response"]]
        found = [effects(study, row["response"]) for row in family]
        for row, own, answer in zip(family, found, changes(found)):
            differences += [abs(value - float(row[name])) for name, value in own.items()]
            pairs = zip(answer, (row["any_training"], row["more_training"]))
            differing += [row["response"] for ours, theirs in pairs if ours != theirs]
            words += 2
    report("second study: effects of training", max(differences), EXACT, len(differences))
    report_words("second study: answers to questions 1 and 2", differing, words)


# ---- Models of the mean

def design(model, x):
    """The columns of a linear model at x, 0 for the untrained."""
    untrained, ln_x, one = (x == 0).astype(float), np.log(np.maximum(x, 1)), np.ones(len(x))
    columns = {"constant": [one], "step": [untrained, 1 - untrained], "power": [one, ln_x], "step and power": [untrained, 1 - untrained, (1 - untrained) * ln_x]}
    return np.column_stack(columns[model])


def approach(ln_tau, x):
    return np.column_stack([np.ones(len(x)), -np.expm1(-x / np.exp(ln_tau))])


def weighted(matrix, mean, weight):
    """The coefficients of weighted least squares, the values of the model, and the Q that it leaves."""
    root = np.sqrt(weight)
    found = np.linalg.lstsq(matrix * root[:, None], mean * root, rcond=None)[0]
    return found, matrix @ found, float(np.sum(weight * (mean - matrix @ found) ** 2))


def level_fit(model, x, mean, weight):
    """The coefficients, tau, values and Q of a model."""
    if model != "saturating":
        found, values, q = weighted(design(model, x), mean, weight)
        return found, None, values, q
    at = lambda ln_tau: weighted(approach(ln_tau, x), mean, weight)
    best = int(np.argmin(q_by_tau(TAU_GRID, x, mean[None], weight[None])))
    ends = TAU_GRID[max(best - 1, 0)], TAU_GRID[min(best + 1, 399)]
    ln_tau = minimize_scalar(lambda value: at(value)[2], bounds=ends, method="bounded", options={"xatol": 1e-12}).x
    # The search does not try the ends of its range, where the best tau may be.
    ln_tau = min([ln_tau, TAU_GRID[0], TAU_GRID[-1]], key=lambda value: at(value)[2])
    found, values, q = at(ln_tau)
    return found, float(np.exp(ln_tau)), values, q


def tau_interval(x, mean, weight, tau, q):
    """Where Q exceeds its minimum by at most 3.84, on both sides of tau."""
    largest = q + stats.chi2.ppf(0.95, 1)
    excess = lambda ln_tau: weighted(approach(ln_tau, x), mean, weight)[2] - largest
    ends = []
    for limit in [TAU_GRID[0], TAU_GRID[-1]]:
        steps = np.linspace(np.log(tau), limit, 401)
        outside = np.flatnonzero(q_by_tau(steps[1:], x, mean[None], weight[None])[0] > largest)
        ends.append(np.exp(brentq(excess, *steps[outside[0]:outside[0] + 2], xtol=1e-14) if len(outside) else limit))
    return ends


def q_by_tau(ln_taus, x, means, weights):
    """The Q that the saturating model leaves of many studies at each tau, (studies, taus)."""
    total = weights.sum(axis=1, keepdims=True)
    centred = means - np.sum(weights * means, axis=1, keepdims=True) / total
    curves = -np.expm1(-x[:, None] / np.exp(ln_taus))
    covariance = (weights * centred) @ curves
    variance = weights @ curves**2 - (weights @ curves) ** 2 / total
    return np.sum(weights * centred**2, axis=1, keepdims=True) - covariance**2 / variance


def many_q(model, x, means, weights):
    """The Q that a model leaves of many studies, (studies, levels)."""
    if model != "saturating":
        matrix = design(model, x)
        gram = np.einsum("lc,sl,ld->scd", matrix, weights, matrix)
        solved = np.linalg.solve(gram, ((weights * means) @ matrix)[..., None])[..., 0]
        return np.sum(weights * (means - solved @ matrix.T) ** 2, axis=1)
    return q_by_tau(TAU_GRID, x, means, weights).min(axis=1)


def lack_of_fit(model, x, n, sd, values, q, random, draws):
    """The share of simulated studies whose Q is as large or larger; the study itself is one of them."""
    means = values + sd / np.sqrt(n) * random.standard_normal((draws, len(x)))
    weights = n * (n - 1) / (sd**2 * random.chisquare(n - 1, (draws, len(x))))
    return (np.sum(many_q(model, x, means, weights) >= q) + 1) / (draws + 1)


def summaries(study, column):
    """Iterations (0 for the untrained), numbers, means and standard deviations of the levels that enter fits."""
    untrained, own = study.column(column)
    levels = [untrained] + [own[level] for level in study.fitted()]
    return (np.array([0.0] + study.fitted()), np.array([len(level) for level in levels]),
            np.array([level.mean() for level in levels]), np.array([level.std(ddof=1) for level in levels]))


def is_tested(response):
    _, border, images, layer = response.split("/")
    return (border, layer) == ("same", "2") and images in ["bird", "static"]


def check_shapes(folder, study):
    random = np.random.default_rng(1)
    exact, ends, drawn = [], [], []
    table = rows(folder / "shapes.csv")
    for response in dict.fromkeys(row["response"] for row in table):
        x, n, mean, sd = summaries(study, response)
        weight = n / sd**2
        own = {row["model"]: row for row in table if row["response"] == response}
        fits = {model: level_fit(model, x, mean, weight) for model in MODELS}
        least = fits["saturating"][3]
        for model, (found, tau, values, q) in fits.items():
            row, size = own[model], max(1, q, least)
            difference = q - least + 2 * (len(found) + (tau is not None) - 3)
            exact += [abs(q - float(row["q"])) / size, abs(difference - float(row["aic_difference"])) / size]
            # As ln, if the file has it above 0: exp(-Q / 2) is tiny where Q is some thousands.
            theirs = float(row["relative_likelihood"])
            exact += [abs((least - q) / 2 - np.log(theirs)) / size] if theirs > 1e-300 else []
            if tau is None:
                exact += [abs(a - float(b)) for a, b in zip(found, row["coefficients"].split())]
            else:
                limits = [tau, *tau_interval(x, mean, weight, tau, q)]
                ends += [abs(np.log(a / float(row[name]))) for a, name in zip(limits, ["tau", "tau_low", "tau_high"])]
            p, theirs = lack_of_fit(model, x, n, sd, values, q, random, DRAWS), float(row["lack_of_fit_p"])
            middle = (p + theirs) / 2
            drawn.append(abs(p - theirs) / np.sqrt(2 * max(middle * (1 - middle), 1 / DRAWS) / DRAWS))
    report("second study: models, likelihoods, AIC", max(exact), EXACT, len(exact))
    # Where Q is flat, the two searches for its minimum stop at different places.
    report("second study: tau and its interval, ratio", np.expm1(max(ends)), 1e-4, len(ends))
    report("second study: lack of fit, drawn again", max(drawn), 5, len(drawn), "standard deviations")

    family = [row for row in table if is_tested(row["response"]) and row["model"] in TESTED]
    corrected = holm([float(row["lack_of_fit_p"]) for row in family])
    differences = [abs(p - float(row["lack_of_fit_p_holm"])) for p, row in zip(corrected, family)]
    report("second study: lack of fit after Holm", max(differences), EXACT, len(differences))
    differing = [row["response"] for p, row in zip(corrected, family) if ("yes" if p < 0.05 else "no") != row["rejected"]]
    report_words("second study: models rejected", differing, len(family))
