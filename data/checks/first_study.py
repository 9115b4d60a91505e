"""The verdicts of the first study by docs/verdicts.md, from the scores of its eighty sessions; and what a count of them is worth."""
import numpy as np
from scipy import stats

from checks.answers import holm, read_study
from checks.report import report_words, rows
from checks.sets import RESPONSES, fits, read_soft, statements, truth

TAKEN = [(1, 3), (2_000, 3), (10_000, 2), (30_000, 2), (50_000, 1)]
FILTERS = {1: 16, 2: 36}
# Each reading, and its place among those of soft.csv.
READ = {"forward-pass": 0, "kernel-slice-sum": 1, "kernel-slice": 3}
NEAR = 0.03


def read_levels(folder, reading):
    """The ln layer scores of the four responses by iterations, (sessions, 4)."""
    name = "session_scores.csv" if reading == "forward-pass" else f"session_scores-{reading}.csv"
    found = {}
    for row in rows(folder / name):
        response = (int(row["layer"]), row["images"])
        if row["measure"] == "local-deviation" and response in RESPONSES:
            session = found.setdefault(int(row["session"].split("-")[0]), {}).setdefault(row["session"], [0.0] * 4)
            session[RESPONSES.index(response)] = np.log(float(row["score"]) * FILTERS[response[0]])
    return {level: np.array(list(sessions.values())) for level, sessions in found.items()}


def by_limits(share):
    return "reproduced" if share >= 0.8 else "not reproduced" if share <= 0.2 else "cannot be tested"


def judge(levels, counts, table, draws, random):
    """The share and the ruling of each statement. `counts` are numbers of soft maps of sessions of one level; `None` leaves H out."""
    def places(sessions, take):
        return np.argsort(random.random((draws, sessions)), axis=1)[:, :take]

    found, _, aicc = fits(np.concatenate([levels[level][places(len(levels[level]), take)] for level, take in TAKEN], axis=1))
    trained = [level for level in levels if level >= 2_000]
    x = np.log(np.concatenate([np.full(len(levels[level]), float(level)) for level in trained]))
    lines = [stats.linregress(x, np.concatenate([levels[level][:, at] for level in trained])) for at in range(4)]
    corrected, t = holm([line.pvalue for line in lines]), stats.t.ppf(0.975, len(x) - 2)
    more = []
    for line, p in zip(lines, corrected):
        if p < 0.05:
            more.append("reproduced" if line.slope < 0 else "not reproduced")
        else:
            more.append("not reproduced" if abs(line.slope) + t * line.stderr <= 0.01 else "cannot be tested")
    judged = []
    for row in table:
        is_so, at = truth(row, found, aicc <= -2), row["response"]
        share = np.nan if is_so is None else np.mean(is_so)
        ruling = by_limits(share)
        if row["rule"] == "A":
            low, high = np.percentile(found["power"][1][:, at], [2.5, 97.5])
            ruling = "reproduced" if low <= float(row["value"]) <= high and share >= 0.8 else "not reproduced"
        elif row["rule"] == "B":
            ruling, share = "cannot be tested", np.nan
        elif row["rule"] == "D":
            ruling, share = more[at], np.nan
        elif row["rule"] == "E":
            ruling = "not reproduced" if more[at] == "not reproduced" else ruling if ruling != "reproduced" else more[at]
        elif row["rule"] == "H" and counts is not None:
            sizes = np.unique(counts, return_counts=True)[1]
            share = 1 - np.sum(sizes * (sizes - 1)) / (len(counts) * (len(counts) - 1))
            ruling = by_limits(share)
        judged.append((share, ruling))
    return judged


def check_first_study(folder, studies):
    random = np.random.default_rng(7)
    table, study, soft = statements(folder), read_study(folder / "second"), read_soft(folder / "second")
    differing, compared = [], 0
    for reading, at in READ.items():
        levels = read_levels(folder / "many", reading)
        theirs = rows(folder / "many" / f"verdicts-{reading}.csv")
        for (share, ruling), row, other in zip(judge(levels, None, table, 10_000, random), table, theirs):
            # The subsamples are others: a share near a limit may fall on either side.
            if row["rule"] == "H" or min(abs(share - 0.8), abs(share - 0.2)) <= NEAR:
                continue
            compared += 1
            differing += [f"{reading}: {other['claim']}"] if ruling != other["ruling"] else []
        untrained = study.untrained[:, [study.columns.index(f"{reading}/same/{image}/{layer}") for layer, image in RESPONSES]]
        common = np.mean([scores.mean(axis=0) for level, scores in levels.items() if level >= 2_000], axis=0)
        trained = np.concatenate([counts for level, counts in soft.items() if level >= 2_000])

        def world(name):
            drawn = {level: untrained[random.integers(len(untrained), size=10)] for level in levels}
            if name == "pure step":
                for level in [level for level in levels if level > 1]:
                    residuals = (levels[level] - levels[level].mean(axis=0)) / 3
                    drawn[level] = common + random.standard_normal((10, 10)) @ residuals
            counts = (soft[0] if name == "no effect" else trained)[:, at]
            return judge(drawn, counts[random.integers(len(counts), size=10)], table, 2_000, random)

        said = []
        for name in ["no effect", "pure step"]:
            totals = [sum(ruling == "reproduced" for _, ruling in world(name)) for _ in range(studies)]
            low, high = np.percentile(totals, [2.5, 97.5])
            said.append(f"{np.mean(totals):.1f} ({low:.0f} to {high:.0f}) in worlds of {name}")
        count = sum(row["ruling"] == "reproduced" for row in theirs)
        print(f"       the first study, {reading}: {count} reproduced; {', '.join(said)}")
    report_words("first study: rulings on the statements, subsamples drawn again", differing, compared)
