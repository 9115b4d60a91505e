"""New sets of eleven by docs/rules-2.md, and what they say of the published statements."""
import numpy as np
from scipy import stats

from checks.maps import BORDERS, READINGS
from checks.report import EXACT, report, report_words, rows

TAKEN = [(2_000, 3), (10_000, 2), (30_000, 2), (50_000, 1)]
X = np.array([1] * 3 + [2_000] * 3 + [10_000] * 2 + [30_000] * 2 + [50_000], float)
FORMS = ["linear", "exponential", "power"]
# Layer and image of the published statements.
RESPONSES = [(1, "bird"), (1, "static"), (2, "bird"), (2, "static")]
SETS = 100_000


def draw_sets(study, columns, count, random, predictive=True):
    """(count, 11, columns): untrained networks with replacement, sessions from the predictive distribution, or with replacement too."""
    places = [study.columns.index(column) for column in columns]
    untrained = study.untrained[:, places]
    parts = [untrained[random.integers(len(untrained), size=(count, 3))]]
    for level, take in TAKEN:
        own = study.levels[level][:, places]
        n = len(own)
        if not predictive:
            parts.append(own[random.integers(n, size=(count, take))])
            continue
        residuals = (own - own.mean(axis=0)) / np.sqrt(n - 1)
        scale = np.sqrt((n - 1) / random.chisquare(n - 1, (count, 1, 1)))
        mean = own.mean(axis=0) + scale / np.sqrt(n) * (random.standard_normal((count, 1, n)) @ residuals)
        parts.append(mean + scale * (random.standard_normal((count, take, n)) @ residuals))
    return np.concatenate(parts, axis=1)


def line(x, y):
    """Of straight lines through sets (count, 11, columns): the slope, R², and R² of a quadratic term beyond the line."""
    centred = x - x.mean()
    bend = x**2 - np.mean(x**2)
    bend = bend - centred * (bend @ centred) / (centred @ centred)
    spread = y - y.mean(axis=1, keepdims=True)
    total = np.sum(spread**2, axis=1)
    slope = np.einsum("sxc,x->sc", spread, centred) / (centred @ centred)
    explained = slope**2 * (centred @ centred)
    curved = np.einsum("sxc,x->sc", spread, bend) ** 2 / (bend @ bend)
    return slope, explained / total, curved / (total - explained)


def fits(sets):
    """What sets of ln scores show: the three forms, R² of the step, and AICc of the power model minus that of the step."""
    scores = np.exp(sets)
    found = {"linear": line(X, scores), "exponential": line(X, sets), "power": line(np.log(X), sets)}
    first, rest = sets[:, :3], sets[:, 3:]
    left = np.sum((first - first.mean(axis=1, keepdims=True)) ** 2, axis=1) + np.sum((rest - rest.mean(axis=1, keepdims=True)) ** 2, axis=1)
    step = 1 - left / np.sum((sets - sets.mean(axis=1, keepdims=True)) ** 2, axis=1)
    return found, step, 11 * np.log((1 - found["power"][1]) / (1 - step))


def statements(folder):
    """The published statements, each with its rule."""
    letters = {"softening": "D", "power_law": "E", "best_form": "F", "least_curved": "G", "inconsistent": "H"}
    table = [row for row in rows(folder / "published.csv") if row["kind"] != "slip"]
    for row in table:
        row["rule"] = letters.get(row["quantity"]) or ({"r_squared": "A", "p_value": "B"}[row["quantity"]] if row["relation"] == "=" else "C")
        row["response"] = RESPONSES.index((int(row["layer"] or 1), row["image"] or "bird"))
    return table


def truth(row, found, better):
    """In which sets a statement is true; for a printed number, whether the slope is negative. `found` is of the four responses."""
    at = row["response"]
    if row["rule"] in "AB":
        return found["power"][0][:, at] < 0
    if row["rule"] == "C":
        r_squared = found[row["form"]][1][:, at]
        if row["quantity"] == "r_squared":
            return r_squared < float(row["value"])
        t = stats.t.ppf(0.975, 9)
        least = t**2 / (t**2 + 9)
        return r_squared > least if row["relation"] == "<" else r_squared <= least
    if row["rule"] == "E":
        return better[:, at]
    if row["rule"] == "F":
        return found["power"][1][:, at] >= np.max([found[form][1][:, at] for form in FORMS], axis=0)
    if row["rule"] == "G":
        return found["power"][2][:, at] <= np.min([found[form][2][:, at] for form in FORMS], axis=0)
    return None


def shares(study, reading, border, table, count, random):
    """For each statement, in which of new sets it is true; and the sets' R² of layer 2, (sets, 2)."""
    found, _, aicc = fits(draw_sets(study, [f"{reading}/{border}/{image}/{layer}" for layer, image in RESPONSES], count, random))
    return [truth(row, found, aicc <= -2) for row in table], found["power"][1][:, 2:]


def by_share(share):
    if min(abs(share - 0.8), abs(share - 0.2)) <= 0.02:
        return "cannot be tested"
    return "reproduced" if share >= 0.8 else "not reproduced" if share <= 0.2 else "cannot be tested"


def ruling(row, share, is_inside, more, rejected, pairs):
    """The ruling on a statement. `is_inside`: the printed R² lies in the predictive interval. `rejected`: the power and the step model."""
    by_more = {"softer": "reproduced", "not known": "cannot be tested"}.get(more, "not reproduced")
    if row["rule"] == "A":
        return "reproduced" if is_inside and share >= 0.8 else "not reproduced"
    if row["rule"] == "B":
        return "cannot be tested"
    if row["rule"] == "D":
        return by_more
    if row["rule"] == "E":
        if by_more == "not reproduced" or rejected[0]:
            return "not reproduced"
        return "reproduced" if by_more == "reproduced" and rejected[1] else "cannot be tested"
    return pairs if row["rule"] == "H" else by_share(share)


def pairs_that_differ(counts, random, resamples=10_000):
    """The share of pairs of sessions whose counts differ, and its bootstrap interval; a session is no pair with itself."""
    counts = np.asarray(counts)
    n = len(counts)
    pairs = lambda sizes: np.sum(sizes * (sizes - 1) / 2, axis=-1)
    kinds = counts[:, None] == np.unique(counts)
    value = 1 - pairs(kinds.sum(axis=0)) / pairs(np.array([n]))
    times = random.multinomial(n, np.full(n, 1 / n), size=resamples)
    itself = pairs(times)
    other = n * (n - 1) / 2 - itself
    resampled = 1 - (pairs(times @ kinds) - itself)[other > 0] / other[other > 0]
    return value, *np.percentile(resampled, [2.5, 97.5])


def judge_pairs(counts, untrained, random):
    """Rule H: the share, and the ruling."""
    share, low, high = pairs_that_differ(counts, random)
    return share, "reproduced" if low > untrained else "not reproduced" if high < untrained else "cannot be tested"


def untrained_share(counts):
    sizes = np.unique(counts, return_counts=True)[1]
    return 1 - np.sum(sizes * (sizes - 1)) / (len(counts) * (len(counts) - 1))


def read_soft(folder):
    """The numbers of soft maps by iterations, (sessions, readings)."""
    table = rows(folder / "soft.csv")
    x = np.array([int(row["iterations"]) for row in table])
    counts = np.array([[int(row[reading]) for reading in READINGS] for row in table])
    return {int(level): counts[x == level] for level in np.unique(x)}


def check_sets(folder, study):
    random = np.random.default_rng(2)
    theirs = {row["response"]: row for row in rows(folder / "sets.csv")}
    pattern = {(row["reading"], row["border"]): row for row in rows(folder / "pattern.csv")}
    judged = rows(folder / "statements.csv")
    table = statements(folder.parent)
    bounds = [place for place, row in enumerate(table) if row["relation"] in ["<", ">="]]
    printed = [float(row["value"]) for row in table if row["rule"] == "A"]
    differences, patterns, of_statements = [], [], []
    for reading in READINGS:
        for border in BORDERS:
            columns = [name for name in theirs if name.startswith(f"{reading}/{border}/")]
            found, step, aicc = fits(draw_sets(study, columns, SETS, random))
            slope, r_squared_of, _ = found["power"]
            for place, column in enumerate(columns):
                row, r_squared = theirs[column], r_squared_of[:, place]
                tail = (1 - float(row["nominal"])) / 2
                low, middle, high = np.quantile(r_squared, [tail, 0.5, 1 - tail])
                found = {
                    "r_squared": middle, "r_squared_low": low, "r_squared_high": high, "step_r_squared": np.median(step[:, place]),
                    "softer": np.mean(slope[:, place] < 0), "clearly_better": np.mean(aicc[:, place] <= -2), "clearly_worse": np.mean(aicc[:, place] >= 2),
                }
                differences += [abs(value - float(row[name])) for name, value in found.items()]
            truths, r_squared = shares(study, reading, border, table, SETS, random)
            bounded = np.all([truths[place] for place in bounds], axis=0)
            near = np.all(np.abs(r_squared - printed) <= 0.02, axis=1)
            for name, is_so in [("bounds_and_significances", bounded), ("both_r_squared", near), ("whole_pattern", bounded & near)]:
                value, other = np.mean(is_so), float(pattern[reading, border][name])
                middle = max((value + other) / 2, 1 / SETS)
                patterns.append(abs(value - other) / np.sqrt(2 * middle * (1 - middle) / SETS))
            own = [row for row in judged if row["reading"] == reading] if border == "same" else []
            of_statements += [abs(np.mean(is_so) - float(row["share"])) for is_so, row in zip(truths, own) if row["rule"] in "ACEFG"]
    # Two quantiles or shares of 100,000 sets each differ by some thousandths.
    report("second study: 100,000 new sets of eleven, drawn again", max(differences), 0.01, len(differences))
    report("second study: shares of the statements, drawn again", max(of_statements), 0.01, len(of_statements))
    report("second study: the published pattern, drawn again", max(patterns), 5, len(patterns), "standard deviations")


def check_statements(folder):
    """The rulings, by the rules, from the other files; and their totals."""
    random = np.random.default_rng(3)
    table, judged, soft = statements(folder.parent), rows(folder / "statements.csv"), read_soft(folder)
    sets = {row["response"]: row for row in rows(folder / "sets.csv")}
    more = {row["response"]: row["more_training"] for row in rows(folder / "effects.csv")}
    rejected = {(row["response"], row["model"]): row["rejected"] == "yes" for row in rows(folder / "shapes.csv")}
    differing, h_shares = [], []
    for at, reading in enumerate(READINGS):
        pairs = judge_pairs(soft[30_000][:, at], untrained_share(soft[0][:, at]), random)
        for row, theirs in zip(table, [row for row in judged if row["reading"] == reading]):
            layer, image = RESPONSES[row["response"]]
            column = f"{reading}/same/{image}/{layer}"
            own = sets[column]
            is_inside = row["rule"] == "A" and float(own["r_squared_low"]) <= float(row["value"]) <= float(own["r_squared_high"])
            share = float(theirs["share"] or "nan")
            ours = ruling(row, share, is_inside, more[column], [rejected[column, model] for model in ["power", "step"]], pairs[1])
            if ours != theirs["ruling"] or row["rule"] != theirs["rule"]:
                differing.append(f"{reading}: {theirs['statement']}")
            if row["rule"] == "H":
                h_shares.append(abs(share - pairs[0]))
    report_words("second study: rulings on the statements", differing, len(judged))
    report("second study: pairs of sessions that differ", max(h_shares), EXACT, len(h_shares))
    counted = [abs(int(row["count"]) - sum((other["reading"], other["ruling"]) == (row["reading"], row["ruling"]) for other in judged)) for row in rows(folder / "totals.csv")]
    report("second study: totals of the rulings", max(counted), 0, len(counted))
