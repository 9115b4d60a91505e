"""Worlds that the second study could come from, by docs/rules-2.md: do its intervals hold what they say, and what are its rulings worth?"""
import numpy as np

from checks.answers import TESTED, TRAINED, Study, changes, effects, holm, is_tested, lack_of_fit, level_fit, summaries
from checks.maps import READINGS
from checks.report import report, rows
from checks.sets import RESPONSES, draw_sets, fits, judge_pairs, read_soft, ruling, shares, statements, untrained_share


def world(study, columns, name, random):
    """A simulated study of the same size, with these columns and the levels of 2,000 iterations and more."""
    places = [study.columns.index(column) for column in columns]
    untrained = study.untrained[:, places]
    own = {level: study.levels[level][:, places] for level in study.fitted() if level >= TRAINED}
    common = np.mean([scores.mean(axis=0) for scores in own.values()], axis=0)
    levels = {}
    for level, scores in own.items():
        n = len(scores)
        if name in ["resampled", "no effect"]:
            source = scores if name == "resampled" else untrained
            levels[level] = source[random.integers(len(source), size=n)]
        else:
            residuals = (scores - scores.mean(axis=0)) / np.sqrt(n - 1)
            levels[level] = (common if name == "pure step" else scores.mean(axis=0)) + random.standard_normal((n, n)) @ residuals
    return Study(columns, untrained, levels)


def truth_sets(study, columns, name, count, random):
    """New sets of eleven from the world itself."""
    if name == "resampled":
        return draw_sets(study, columns, count, random, predictive=False)
    parts = [study.untrained[:, [study.columns.index(column) for column in columns]][random.integers(len(study.untrained), size=(count, 3))]]
    for level, take in [(2_000, 3), (10_000, 2), (30_000, 2), (50_000, 1)]:
        own = study.levels[level][:, [study.columns.index(column) for column in columns]]
        residuals = (own - own.mean(axis=0)) / np.sqrt(len(own) - 1)
        parts.append(own.mean(axis=0) + random.standard_normal((count, take, len(own))) @ residuals)
    return np.concatenate(parts, axis=1)


def check_coverage(folder, study, studies):
    """Studies simulated again: each makes an interval from 4,000 sets, and is tested with 20 new ones."""
    random = np.random.default_rng(4)
    columns = [column for column in study.columns if is_tested(column)]
    table = rows(folder / "coverage.csv")
    theirs = {(row["world"], row["response"]): float(row["coverage"]) for row in table if row["nominal"] == "0.95"}
    differences = []
    for name in ["normal", "resampled"]:
        inside = []
        for _ in range(studies):
            predicted = fits(draw_sets(world(study, columns, name, random), columns, 4_000, random))[0]["power"][1]
            low, high = np.percentile(predicted, [2.5, 97.5], axis=0)
            found = fits(truth_sets(study, columns, name, 20, random))[0]["power"][1]
            inside.append(np.mean((low <= found) & (found <= high), axis=0))
        means, errors = np.mean(inside, axis=0), np.std(inside, axis=0, ddof=1) * np.sqrt(1 / studies + 1 / 1_000)
        print(f"       coverage of 95 % in {studies} {name} worlds: " + ", ".join(f"{column.split('/')[0]} {column.split('/')[2]} {mean:.3f}" for column, mean in zip(columns, means)))
        differences += [abs(mean - theirs[name, column]) / error for column, mean, error in zip(columns, means, errors)]
    report("second study: coverage, simulated again", max(differences), 5, len(differences), "standard deviations")


def judge(study, soft, table, random):
    """The rulings on every statement of a simulated study, by reading. `soft` are its numbers of soft maps, and those of the untrained."""
    more = dict(zip(study.columns, (answer[1] for answer in changes([effects(study, column) for column in study.columns]))))
    tested = [column for column in study.columns if is_tested(column)]
    p_values = []
    for column in tested:
        x, n, mean, sd = summaries(study, column)
        for model in TESTED:
            _, _, values, q = level_fit(model, x, mean, n / sd**2)
            p_values.append(lack_of_fit(model, x, n, sd, values, q, random, 999))
    rejected = (holm(p_values) < 0.05).reshape(len(tested), len(TESTED))
    rulings = []
    for at, reading in enumerate(READINGS):
        truths, r_squared = shares(study, reading, "same", table, 4_000, random)
        low, high = np.percentile(r_squared, [2.5, 97.5], axis=0)
        pairs = judge_pairs(soft[0][:, at], untrained_share(soft[1][:, at]), random)[1]
        own = []
        for row, is_so in zip(table, truths):
            layer, image = RESPONSES[row["response"]]
            column = f"{reading}/same/{image}/{layer}"
            models = [rejected[tested.index(column), TESTED.index(model)] for model in ["power", "step"]] if layer == 2 else None
            place = row["response"] - 2
            is_inside = row["rule"] == "A" and low[place] <= float(row["value"]) <= high[place]
            own.append(ruling(row, np.nan if is_so is None else np.mean(is_so), is_inside, more[column], models, pairs))
        rulings.append(own)
    return rulings


def check_null_worlds(folder, study, studies):
    """Studies simulated again where training does less than is claimed, each judged by the same rules."""
    random = np.random.default_rng(5)
    table, soft, theirs = statements(folder.parent), read_soft(folder), rows(folder / "statements.csv")
    columns = [column for column in study.columns if "/same/" in column]
    trained = np.concatenate([counts for level, counts in soft.items() if level >= TRAINED])
    totals = {row["reading"]: row for row in rows(folder / "totals.csv") if row["ruling"] == "reproduced"}
    differences = []
    for name, column in [("no effect", "no_effect"), ("pure step", "pure_step")]:
        counts = soft[0] if name == "no effect" else trained
        found = []
        for _ in range(studies):
            simulated = world(study, columns, name, random)
            drawn = counts[random.integers(len(counts), size=len(soft[30_000]))]
            found.append(np.array(judge(simulated, (drawn, soft[0]), table, random)) == "reproduced")
        ours, their_share = np.sum(found, axis=0), np.array([float(row[f"reproduced_in_{column}"]) for row in theirs]).reshape(len(READINGS), -1)
        # The share in both together, with one success and one failure more.
        middle = (ours + 200 * their_share + 1) / (studies + 202)
        differences += list((np.abs(ours / studies - their_share) / np.sqrt(middle * (1 - middle) * (1 / studies + 1 / 200))).ravel())
        means = np.mean(np.sum(found, axis=2), axis=0)
        print(f"       reproduced on average in {studies} worlds of {name} (in the file): " + ", ".join(f"{reading} {mean:.1f} ({float(totals[reading][column]):.1f})" for reading, mean in zip(READINGS, means)))
    report("second study: statements in null worlds, simulated again", max(differences), 5, len(differences), "standard deviations")
